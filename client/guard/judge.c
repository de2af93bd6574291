// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "tracked.h"

/* So many nodes are looked at by all rules before the next: they stay at hand. */
#define SOME_NODES 64

/* ---- rules ---- */

struct watched *judge_find_rule(const struct judge *judge, const char *name)
{
	for (size_t i = 0; i < judge->n_watched; i++)
		if (!strcmp(judge->watched[i].rule->name, name))
			return &judge->watched[i];
	return NULL;
}

static void free_rules(struct judge *judge)
{
	for (size_t i = 0; i < judge->n_watched; i++)
		watched_free(&judge->watched[i]);
	free(judge->watched);
	free(judge->plan);
	free(judge->row_meters);
}

static int init_rules(struct judge *judge, const struct rules *rules)
{
	int err = 0;

	judge->rules = rules;
	judge->wants_exe = rules_need_exe(rules);
	judge->plan = judge->row_meters = NULL;
	judge->n_plan = judge->n_row_pasts = judge->n_watched = 0;
	judge->watched = calloc(rules->n + 1, sizeof(*judge->watched));
	if (!judge->watched)
		return -ENOMEM;
	while (!err && judge->n_watched < rules->n) {
		const size_t i = judge->n_watched++;

		err = watched_init(judge, &judge->watched[i], &rules->list[i]);
	}
	return err ? err : watched_plan(judge);
}

int judge_init(struct judge *judge, const struct rules *rules)
{
	return init_rules(judge, rules);
}

/* Each finds its rule and its subject again, or has ended. */
static void bind_all(struct judge *judge)
{
	struct tracked *next;

	for (struct tracked *tracked = judge->alerts; tracked; tracked = next) {
		const struct rule *old = tracked->watched ? tracked->watched->rule : NULL;

		next = tracked->next;
		tracked_unbind(tracked);
		if (!tracked_bind_again(judge, tracked))
			tracked_end(judge, tracked, old,
				    "The rule, or its subject, is not there any more.");
	}
}

int judge_set_rules(struct judge *judge, const struct rules *rules)
{
	struct judge old = *judge;
	int err = init_rules(judge, rules);

	if (err) {
		free_rules(judge);
		*judge = old;
		return err;
	}
	/* what was remembered belongs to the meters of before */
	rows_forget_pasts(&old);
	bind_all(judge);
	free_rules(&old);
	return 0;
}

void judge_free(struct judge *judge)
{
	while (judge->alerts)
		tracked_free(judge, judge->alerts);
	while (judge->rows)
		rows_free(judge, judge->rows);
	free_rules(judge);
}

size_t judge_history_bytes(const struct judge *judge)
{
	size_t bytes = 0;

	for (const struct row *row = judge->rows; row; row = row->next) {
		if (!row->pasts)
			continue;
		bytes += judge->n_row_pasts * sizeof(*row->pasts);
		for (size_t i = 0; i < judge->n_row_pasts; i++)
			bytes += past_bytes(&row->pasts[i], judge->row_meters[i]->slot);
	}
	return bytes;
}

/* ---- reading meters ---- */

struct some {
	const struct kin_node *const *nodes;
	size_t n;
	uint8_t awake[SOME_NODES];	/* which of them are not at rest */
	size_t n_awake;
	uint64_t passed;		/* sets that some of those at rest are in */
	bool alerts;			/* of some of those at rest */
};

static bool is_of_host(const struct meter *meter)
{
	return meter->of == METER_HOST && meter_is_over_time(meter);
}

/* Of rows at rest only what they add to others, and what is never the same. */
static bool is_for_all(const struct meter *meter, const struct some *some)
{
	if (!meter->steady.now || (meter_is_set(meter) && !meter->bit))
		return true;
	return meter_is_set(meter) && (some->passed & meter->bit);
}

static void read_rows(struct judge *judge, const struct some *some)
{
	struct place place;

	for (size_t i = 0; i < judge->n_plan; i++) {
		struct meter *meter = judge->plan[i];
		const bool all = is_for_all(meter, some);
		const size_t n = all ? some->n : some->n_awake;

		if (!n || is_of_host(meter))
			continue;
		place_init(&place, judge, meter->sight, NULL, NULL);
		for (size_t j = 0; j < n; j++) {
			place.row.row = some->nodes[all ? j : some->awake[j]];
			meter_row(meter, &place);
		}
	}
}

static void wake_rows(struct judge *judge, struct some *some)
{
	for (size_t i = 0; i < some->n; i++) {
		struct row *row = row_of(some->nodes[i]);

		if (row_is_at_rest(judge, row)) {
			some->passed |= row->passed;
			some->alerts |= !!row->alerts;
			continue;
		}
		row_wake(judge, row);
		some->awake[some->n_awake++] = i;
	}
}

static void rest_rows(struct judge *judge, const struct some *some)
{
	for (size_t i = 0; i < some->n_awake; i++)
		row_rest(judge, row_of(some->nodes[some->awake[i]]));
	for (size_t i = 0; i < some->n; i++)
		row_of(some->nodes[i])->seen_ns = judge->now_ns;
}

/* ---- judging ---- */

static void judge_host(struct judge *judge, struct watched *watched)
{
	struct place place;

	place_init(&place, judge, &watched->expr, NULL, NULL);
	tracked_judge(judge, watched, &place);
	judge->evaluations++;
}

/* @node: the process that it is of; NULL: none, or it is no more */
static void judge_group(struct judge *judge, struct watched *watched,
			struct group *group, const struct kin_node *node)
{
	struct place place;

	place_init(&place, judge, &watched->expr, node, group);
	tracked_judge(judge, watched, &place);
	group->touched = false;
	judge->evaluations++;
}

static void judge_groups(struct judge *judge, struct watched *watched)
{
	struct group *group = NULL;

	while ((group = groups_next(&watched->groups, group)))
		judge_group(judge, watched, group,
			    group_process(judge, watched->by, &group->key));
	groups_sweep(judge, watched);
}

/* Of rows at rest it was not true, and is what it was, if there is no alert. */
static void judge_rows(struct judge *judge, struct watched *watched,
		       const struct some *some)
{
	const bool all = !watched->steady.now || some->alerts;
	const size_t n = all ? some->n : some->n_awake;
	struct place place;

	if (!n)
		return;
	place_init(&place, judge, &watched->expr, NULL, NULL);
	for (size_t i = 0; i < n; i++) {
		place.row.row = some->nodes[all ? i : some->awake[i]];
		tracked_judge(judge, watched, &place);
	}
	judge->evaluations += n;
}

/* Nodes without a row, for lack of memory, are left out. */
static struct some some_of(struct judge *judge, const struct kin_node **nodes,
			   const struct kin_node *const *from, size_t n)
{
	struct some some = { .nodes = nodes };

	for (size_t i = 0; i < n && i < SOME_NODES; i++)
		if (rows_get(judge, from[i]))
			nodes[some.n++] = from[i];
	return some;
}

/* One after the other through all of it, as long as they are at hand. */
static void judge_all_rows(struct judge *judge, const struct kin_node *const *nodes,
			   size_t n)
{
	const struct kin_node *at_hand[SOME_NODES];

	for (size_t i = 0; i < n; i += SOME_NODES) {
		struct some some = some_of(judge, at_hand, nodes + i, n - i);

		wake_rows(judge, &some);
		read_rows(judge, &some);
		for (size_t j = 0; j < judge->n_watched; j++)
			if (judge->watched[j].subject == KIN_EXPR_ROW)
				judge_rows(judge, &judge->watched[j], &some);
		rest_rows(judge, &some);
	}
}

static void look_at_host(struct judge *judge)
{
	for (size_t i = 0; i < judge->n_plan; i++) {
		steady_look(judge, &judge->plan[i]->steady);
		if (judge->plan[i]->of == METER_HOST)
			meter_host(judge, judge->plan[i]);
	}
	for (size_t i = 0; i < judge->n_watched; i++)
		steady_look(judge, &judge->watched[i].steady);
}

/* All pasts begin anew then. */
static void notice_break(struct judge *judge)
{
	if (judge->sampled_ns && judge->now_ns - judge->sampled_ns > judge->gap_ns)
		judge->woke_ns = judge->now_ns;
	judge->sampled_ns = judge->now_ns;
}

int judge_sample(struct judge *judge, const struct kin_node *const *nodes, size_t n)
{
	judge->pass++;
	notice_break(judge);
	judge->no_memory = false;
	tracked_settle_lost(judge);
	look_at_host(judge);
	judge_all_rows(judge, nodes, n);
	for (size_t i = 0; i < judge->n_watched; i++) {
		struct watched *watched = &judge->watched[i];

		watched->touched = false;
		if (watched->subject == KIN_EXPR_HOST)
			judge_host(judge, watched);
		else if (watched->subject == KIN_EXPR_GROUP)
			judge_groups(judge, watched);
		tracked_settle(judge, watched);
	}
	return judge->no_memory ? -ENOMEM : 0;
}

/* ---- events ---- */

static void set_exe(struct judge *judge, const struct kin_event *ev, const char *path)
{
	const struct kin_node *node = judge->source.find(ev->tgid, judge->source.arg);
	struct row *row;

	if (!node || node->task.base.start_boottime_ns != ev->start_boottime_ns)
		return;
	row = rows_get(judge, node);
	if (row)
		row_set_exe(row, path);
}

/* A child runs what its creator does, which may end before it, or execute another one. */
static void inherit_exe(struct judge *judge, const struct kin_event_record *rec)
{
	const struct kin_node *creator;
	const char *exe;

	if (!rec->fork || (rec->base->flags & (KIN_EVENT_THREAD | KIN_EVENT_KTHREAD)))
		return;
	creator = judge->source.find(rec->fork->creator_tgid, judge->source.arg);
	exe = creator ? row_exe(creator) : NULL;
	if (exe)
		set_exe(judge, rec->base, exe);
}

static void learn_exe(struct judge *judge, const struct kin_event_record *rec)
{
	if (rec->base->kind == KIN_EVENT_KIND_EXEC)
		set_exe(judge, rec->base, rec->filename);
	else if (rec->base->kind == KIN_EVENT_KIND_FORK)
		inherit_exe(judge, rec);
}

static void read_events(struct judge *judge, struct sight *sight,
			const struct kin_event_record *rec)
{
	for (size_t i = 0; i < sight->n; i++)
		if (sight->meters[i].slot->kind == KIN_SLOT_EVENTS)
			meter_event(judge, &sight->meters[i], rec);
}

void judge_event(struct judge *judge, const struct kin_event_record *rec)
{
	if (!rec->base)
		return;
	if (judge->wants_exe)
		learn_exe(judge, rec);
	for (size_t i = 0; i < judge->n_watched; i++) {
		if (!judge->watched[i].of_events)
			continue;
		read_events(judge, &judge->watched[i].expr, rec);
		read_events(judge, &judge->watched[i].resolve, rec);
	}
}

/* (No rule is of rows and of events.) */
void judge_events_end(struct judge *judge)
{
	for (size_t i = 0; i < judge->n_watched; i++) {
		struct watched *watched = &judge->watched[i];
		struct group *group = NULL;

		if (!watched->touched)
			continue;
		watched->touched = false;
		if (watched->subject == KIN_EXPR_HOST)
			judge_host(judge, watched);
		while ((group = groups_next(&watched->groups, group)))
			if (group->touched)
				judge_group(judge, watched, group,
					    group_process(judge, watched->by, &group->key));
		tracked_settle(judge, watched);
	}
}

/* ---- the end of a process ---- */

/* Its events may have come just before it, and nobody has judged them yet. */
static void group_of_process_gone(struct judge *judge, struct watched *watched,
				  const struct group_key *key,
				  const struct kin_node *node)
{
	struct group *group;

	if (watched->by != KIN_BY_PARENT && watched->by != KIN_BY_SUBTREE)
		return;
	group = groups_find(&watched->groups, key);
	if (!group)
		return;
	if (group->touched)
		judge_group(judge, watched, group, node);
	tracked_group_gone(judge, group);
	groups_drop(&watched->groups, group);
}

void judge_gone(struct judge *judge, const struct kin_node *node)
{
	const struct kin_base *base = &node->task.base;
	struct row *row = row_of(node);
	struct group_key key;

	key_of_process(&key, base->pid, base->start_boottime_ns);
	for (size_t i = 0; i < judge->n_watched; i++)
		group_of_process_gone(judge, &judge->watched[i], &key, node);
	if (row) {
		tracked_row_gone(judge, row);
		rows_free(judge, row);
	}
}
