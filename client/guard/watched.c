// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules at work: their expressions, and the memory that these need. */
#include <errno.h>
#include <stdlib.h>

#include "judge.h"

/* Sets do not stand in sets, nor below anything over time: groups have no past. */
static enum meter_of place_of(const struct kin_expr *expr, const struct meter *meter)
{
	if (meter_is_over_time(meter))
		return meter->slot->of_host ? METER_HOST : METER_ROW;
	return kin_expr_by(expr) == KIN_BY_NONE ? METER_HOST : METER_GROUP;
}

/* The filter only reads; the lists that it makes belong to the expression. */
static uint32_t kinds_of(const struct kin_expr_slot *slot)
{
	struct kin_event_filter filter = { 0 };

	if (slot->where)
		kin_expr_push_events((struct kin_expr *)slot->where, &filter);
	return filter.events ? filter.events : UINT32_MAX;
}

static void meter_init(struct meter *meter, struct sight *sight,
		       const struct kin_expr_slot *slot)
{
	meter->slot = slot;
	meter->sight = sight;
	meter->of = place_of(sight->expr, meter);
	steady_add(&meter->steady, slot->arg);
	steady_add(&meter->steady, slot->where);
	/* a past at rest is not to be disturbed by the host */
	if (meter->of == METER_ROW && meter->steady.n_hosts)
		meter->steady.never = true;
	if (slot->kind == KIN_SLOT_EVENTS) {
		meter->events = kinds_of(slot);
		sight->watched->of_events = true;
	}
	if (meter->of == METER_GROUP)
		meter->index = sight->watched->groups.n_cells++;
}

static int sight_init(struct sight *sight, struct watched *watched,
		      const struct kin_expr *expr)
{
	const struct kin_expr_slot *slots;

	sight->watched = watched;
	sight->expr = expr;
	if (!expr)
		return 0;
	slots = kin_expr_slots(expr, &sight->n);
	sight->meters = calloc(sight->n + 1, sizeof(*sight->meters));
	if (!sight->meters) {
		sight->n = 0;
		return -ENOMEM;
	}
	for (size_t i = 0; i < sight->n; i++)
		meter_init(&sight->meters[i], sight, &slots[i]);
	return 0;
}

static void sight_free(struct sight *sight)
{
	for (size_t i = 0; i < sight->n; i++) {
		struct meter *meter = &sight->meters[i];

		if (meter->of == METER_HOST && meter_is_over_time(meter))
			past_forget(&meter->past, meter->slot);
	}
	free(sight->meters);
}

static void note_windows(struct watched *watched, const struct sight *sight)
{
	for (size_t i = 0; i < sight->n; i++) {
		const struct meter *meter = &sight->meters[i];
		const bool of_past = meter_is_over_time(meter);
		uint64_t *longest_ns = of_past ? &watched->past_ns : &watched->window_ns;

		watched->of_past |= of_past;
		watched->of_sets |= meter_is_set(meter);
		if (meter->slot->window_ns > *longest_ns)
			*longest_ns = meter->slot->window_ns;
	}
}

int watched_init(struct judge *judge, struct watched *watched, const struct rule *rule)
{
	const uint64_t for_ns = kin_expr_for_ns(rule->expr);
	int err;

	watched->rule = rule;
	watched->began_ns = judge->now_ns;
	watched->for_ns = for_ns > rule->for_ns ? for_ns : rule->for_ns;
	watched->subject = kin_expr_subject(rule->expr);
	watched->by = kin_expr_by(rule->expr);
	steady_add(&watched->steady, rule->expr);
	steady_add(&watched->steady, rule->resolve);
	err = sight_init(&watched->expr, watched, rule->expr);
	if (!err)
		err = sight_init(&watched->resolve, watched, rule->resolve);
	note_windows(watched, &watched->expr);
	note_windows(watched, &watched->resolve);
	return err;
}

void watched_free(struct watched *watched)
{
	groups_free(&watched->groups);
	sight_free(&watched->expr);
	sight_free(&watched->resolve);
}

/* ---- in which order meters are read ---- */

static size_t count_meters(const struct judge *judge)
{
	size_t n = 0;

	for (size_t i = 0; i < judge->n_watched; i++)
		n += judge->watched[i].expr.n + judge->watched[i].resolve.n;
	return n;
}

/* What slots look at comes before them. */
static void plan_sight(struct judge *judge, struct sight *sight, uint64_t *bit)
{
	for (size_t i = 0; i < sight->n; i++) {
		struct meter *meter = &sight->meters[i];

		if (meter->slot->kind == KIN_SLOT_EVENTS)
			continue;
		if (meter->of == METER_ROW) {
			meter->index = judge->n_row_pasts;
			judge->row_meters[judge->n_row_pasts++] = meter;
		}
		if (meter_is_set(meter)) {
			meter->bit = *bit;
			*bit <<= 1;
		}
		judge->plan[judge->n_plan++] = meter;
	}
}

int watched_plan(struct judge *judge)
{
	const size_t n = count_meters(judge);
	uint64_t bit = 1;

	judge->plan = calloc(n + 1, sizeof(*judge->plan));
	judge->row_meters = calloc(n + 1, sizeof(*judge->row_meters));
	if (!judge->plan || !judge->row_meters)
		return -ENOMEM;
	for (size_t i = 0; i < judge->n_watched; i++) {
		plan_sight(judge, &judge->watched[i].expr, &bit);
		plan_sight(judge, &judge->watched[i].resolve, &bit);
	}
	return 0;
}
