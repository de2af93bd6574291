// SPDX-License-Identifier: GPL-2.0-or-later
/* Slots of expressions with their memory: how they are filled, and read. */
#include "judge.h"

/* ---- at a sample ---- */

static void remember(const struct judge *judge, const struct meter *meter,
		     const struct place *place, struct past *past)
{
	double value;

	if (kin_expr_number(meter->slot->arg, &place->row, &value))
		past_add(past, meter->slot, judge->gap_ns, judge->now_ns, value);
	else if (past->last_ns)
		past_forget(past, meter->slot);
}

struct addition {
	const struct judge *judge;
	struct meter *meter;
	double value;
};

static void add(const struct group_key *key, void *arg)
{
	const struct addition *addition = arg;
	struct group *group = groups_get(&addition->meter->sight->watched->groups, key);

	if (group)
		group_add(addition->judge, addition->meter, group, addition->value);
}

/* What is not known adds nothing. */
static void count(struct meter *meter, struct place *place)
{
	const struct kin_expr_slot *slot = meter->slot;
	struct addition addition = { place->judge, meter, 1 };

	if (slot->where && kin_expr_test(slot->where, &place->row) != KIN_TRUE)
		return;
	row_of(place->row.row)->passed |= meter->bit;
	if (slot->kind == KIN_SLOT_SUM &&
	    !kin_expr_number(slot->arg, &place->row, &addition.value))
		return;
	if (meter->of == METER_HOST)
		meter->host.total += addition.value;
	else
		keys_of_node(kin_expr_by(meter->sight->expr), place->row.row, add,
			     &addition);
}

void meter_row(struct meter *meter, struct place *place)
{
	struct past *pasts;

	if (meter_is_set(meter)) {
		count(meter, place);
		return;
	}
	pasts = row_pasts(place->judge, row_of(place->row.row));
	if (pasts)
		remember(place->judge, meter, place, &pasts[meter->index]);
}

void meter_host(struct judge *judge, struct meter *meter)
{
	struct place place;

	if (meter_is_set(meter)) {
		meter->host.total = 0;
		return;
	}
	place_init(&place, judge, meter->sight, NULL, NULL);
	remember(judge, meter, &place, &meter->past);
}

/* ---- at an event ---- */

struct tick {
	struct meter *meter;
	uint64_t at_ns;
};

static void tick(const struct group_key *key, void *arg)
{
	const struct tick *one = arg;
	struct watched *watched = one->meter->sight->watched;
	struct group *group = groups_get(&watched->groups, key);

	if (!group)
		return;
	ticks_add(&group->cells[one->meter->index].ticks, one->meter->slot->window_ns,
		  one->at_ns);
	group->touched = watched->touched = true;
}

void meter_event(struct judge *judge, struct meter *meter,
		 const struct kin_event_record *rec)
{
	struct tick one = { meter, rec->base->boottime_ns };
	struct place place;

	if (!(meter->events & rec->base->kind))
		return;
	place_init_event(&place, judge, meter->sight, rec);
	if (meter->slot->where &&
	    kin_expr_test(meter->slot->where, &place.row) != KIN_TRUE)
		return;
	if (meter->of == METER_GROUP) {
		keys_of_event(judge, kin_expr_by(meter->sight->expr), rec, tick, &one);
		return;
	}
	ticks_add(&meter->host.ticks, meter->slot->window_ns, one.at_ns);
	meter->sight->watched->touched = true;
}

/* ---- what it says ---- */

static union cell *cell_of(struct meter *meter, struct group *group)
{
	if (meter->of == METER_HOST)
		return &meter->host;
	return group ? &group->cells[meter->index] : NULL;
}

static bool past_of_row(const struct meter *meter, const struct kin_node *node,
			double *value)
{
	const struct row *row = node ? row_of(node) : NULL;

	if (!row || !row->pasts)
		return false;
	return past_value(&row->pasts[meter->index], meter->slot, value);
}

bool meter_value(const struct judge *judge, struct meter *meter,
		 const struct kin_node *node, struct group *group, double *value)
{
	union cell *cell;

	if (meter->of == METER_ROW)
		return past_of_row(meter, node, value);
	if (meter_is_over_time(meter))
		return past_value(&meter->past, meter->slot, value);
	cell = cell_of(meter, group);
	if (!cell)
		return false;
	if (meter->slot->kind == KIN_SLOT_EVENTS && judge->no_events)
		*value = 0;
	else if (meter->slot->kind == KIN_SLOT_EVENTS)
		*value = ticks_count(&cell->ticks, meter->slot->window_ns,
				     judge_events_now(judge));
	else if (meter->of == METER_GROUP && group->pass != judge->pass)
		*value = 0;
	else
		*value = cell->total;
	return true;
}
