// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of alerts: pending, firing, resolved. */
#include "tracked.h"

static struct tracked *find(const struct watched *watched, const struct place *place)
{
	const struct kin_node *node = place->row.row;
	struct tracked *tracked;

	if (watched->subject == KIN_EXPR_HOST)
		return watched->alert;
	if (place->group)
		return place->group->alert;
	tracked = row_of(node) ? row_of(node)->alerts : NULL;
	while (tracked && tracked->watched != watched)
		tracked = tracked->row_next;
	return tracked;
}

static struct tracked *begin(struct judge *judge, struct watched *watched,
			     const struct place *place)
{
	const bool of_row = watched->subject == KIN_EXPR_ROW;
	struct row *row = of_row ? rows_get(judge, place->row.row) : NULL;
	struct tracked *tracked;

	tracked = of_row && !row ? NULL : tracked_new(judge, watched->rule->name);
	if (!tracked) {
		judge->no_memory = true;
		return NULL;
	}
	tracked->alert.since_ns = tracked->seen_ns = judge->now_ns;
	tracked_bind(tracked, watched, row, place->group);
	return tracked;
}

/* ---- firing ---- */

static void fire(struct judge *judge, struct tracked *tracked, struct place *place)
{
	struct watched *watched = tracked->watched;

	if (tracked->held)
		watched->n_held--;
	tracked->held = false;
	watched->n_firing++;
	tracked->alert.state = ALERT_FIRING;
	tracked->alert.fired_ns = judge->now_ns;
	tracked_tell(judge, tracked, watched->rule, place, ALERT_NEWS_FIRING);
}

static void hold(struct tracked *tracked)
{
	if (!tracked->held)
		tracked->watched->n_held++;
	tracked->held = true;
}

static bool is_full(const struct watched *watched)
{
	return watched->rule->max_alerts &&
	       watched->n_firing >= watched->rule->max_alerts;
}

/* It fires still. */
static void tell_again_if_due(struct judge *judge, struct tracked *tracked,
			      struct place *place)
{
	const struct rule *rule = tracked->watched->rule;

	if (judge->fresh_texts)
		tracked_fill(judge, tracked, rule, place);
	if (rule->repeat_ns &&
	    judge->now_ns - tracked->alert.told_ns >= rule->repeat_ns)
		tracked_tell(judge, tracked, rule, place, ALERT_NEWS_AGAIN);
}

/* ---- the end ---- */

/* What stands for others, or has lost its subject, is not counted. */
static void count_out(struct tracked *tracked)
{
	struct watched *watched = tracked->watched;

	if (!watched || !(tracked->row || tracked->group || watched->alert == tracked))
		return;
	watched->n_held -= tracked->held;
	watched->n_firing -= tracked->alert.state == ALERT_FIRING;
}

void tracked_end(struct judge *judge, struct tracked *tracked, const struct rule *rule,
		 const char *remark)
{
	struct alert *alert = &tracked->alert;

	count_out(tracked);
	if (alert->state == ALERT_FIRING) {
		alert->state = ALERT_RESOLVED;
		alert->resolved_ns = judge->now_ns;
		judge->n_resolved++;
		if (remark)
			tracked_add_remark(tracked, remark);
		tracked_tell(judge, tracked, rule, NULL, ALERT_NEWS_RESOLVED);
	}
	tracked_free(judge, tracked);
}

static bool is_over(const struct tracked *tracked, struct place *place)
{
	const struct sight *resolve = &tracked->watched->resolve;
	const struct sight *sight = place->sight;
	bool over;

	if (!resolve->expr)
		return true;
	place->sight = resolve;
	over = kin_expr_test(resolve->expr, &place->row) == KIN_TRUE;
	place->sight = sight;
	return over;
}

static bool has_ended(const struct place *place)
{
	const struct kin_node *node = place->row.row;

	return node && node->life != KIN_LIFE_ALIVE;
}

/* After a restart, or with new rules, no event is known that made it fire: that none
 * came since says nothing before a whole window has passed. */
static bool is_waking_of_events(const struct judge *judge, const struct watched *watched,
		      const struct tracked *tracked)
{
	return tracked->alert.fired_ns < watched->began_ns &&
	       judge->now_ns - watched->began_ns < watched->window_ns;
}

/* The same of pasts, which a break ends, too: what is not known yet is not over. A set
 * has left out those of whom it is not known. */
static bool is_waking_of_past(const struct judge *judge, const struct watched *watched,
			      const struct tracked *tracked, enum kin_truth truth)
{
	const uint64_t woke_ns = watched->began_ns > judge->woke_ns ? watched->began_ns :
								      judge->woke_ns;

	return watched->of_past && (truth == KIN_UNKNOWN || watched->of_sets) &&
	       tracked->alert.fired_ns < woke_ns &&
	       judge->now_ns - woke_ns <= watched->past_ns + judge->gap_ns;
}

static bool is_waking(const struct judge *judge, const struct watched *watched,
		      const struct tracked *tracked, enum kin_truth truth)
{
	return is_waking_of_events(judge, watched, tracked) ||
	       is_waking_of_past(judge, watched, tracked, truth);
}

/* What has ended does not come back: nothing to wait for. What is told of one that is
 * waking is what it was: its numbers are not there yet. */
static void resolve_if_due(struct judge *judge, struct tracked *tracked,
			   struct place *place, enum kin_truth truth)
{
	const struct watched *watched = tracked->watched;
	const struct rule *rule = watched->rule;
	const bool waking = is_waking(judge, watched, tracked, truth);

	if (has_ended(place)) {
		tracked_end(judge, tracked, rule, "The process has ended.");
		return;
	}
	if (waking || !is_over(tracked, place)) {
		tracked->clear_ns = 0;
		tell_again_if_due(judge, tracked, waking ? NULL : place);
		return;
	}
	if (!tracked->clear_ns)
		tracked->clear_ns = judge->now_ns;
	if (judge->now_ns - tracked->clear_ns >= rule->keep_ns)
		tracked_end(judge, tracked, rule, NULL);
}

/* ---- one round ---- */

/* What nobody has looked at for long (we were stopped, the host slept) may have
 * been otherwise meanwhile. */
static void notice_break(const struct judge *judge, struct tracked *tracked)
{
	if (judge->now_ns - tracked->seen_ns > judge->gap_ns) {
		if (tracked->alert.state == ALERT_PENDING && !tracked->held)
			tracked->alert.since_ns = judge->now_ns;
		tracked->clear_ns = 0;
	}
	tracked->seen_ns = judge->now_ns;
}

static void go_on(struct judge *judge, struct tracked *tracked, struct place *place)
{
	struct watched *watched = tracked->watched;

	tracked->clear_ns = 0;
	if (tracked->alert.state == ALERT_FIRING) {
		tracked_measure(tracked, place);
		tell_again_if_due(judge, tracked, place);
	} else if (judge->now_ns - tracked->alert.since_ns < watched->for_ns) {
		tracked_measure(tracked, place);
	} else if (is_full(watched)) {
		hold(tracked);
	} else {
		fire(judge, tracked, place);
	}
}

/* That there was no event says nothing before a whole window has passed: what would be
 * true without any is not known until then. */
static bool is_for_want_of_events(struct judge *judge, const struct watched *watched,
				  struct place *place)
{
	enum kin_truth truth;

	if (judge->now_ns - watched->began_ns >= watched->window_ns)
		return false;
	judge->no_events = true;
	truth = kin_expr_test(watched->expr.expr, &place->row);
	judge->no_events = false;
	return truth == KIN_TRUE;
}

static enum kin_truth truth_of(struct judge *judge, const struct watched *watched,
			       struct place *place)
{
	const enum kin_truth truth = kin_expr_test(watched->expr.expr, &place->row);

	if (truth == KIN_TRUE && is_for_want_of_events(judge, watched, place))
		return KIN_UNKNOWN;
	return truth;
}

void tracked_judge(struct judge *judge, struct watched *watched, struct place *place)
{
	const enum kin_truth truth = truth_of(judge, watched, place);
	struct tracked *tracked = find(watched, place);

	if (!tracked && truth == KIN_TRUE)
		tracked = begin(judge, watched, place);
	if (!tracked)
		return;
	notice_break(judge, tracked);
	if (truth == KIN_TRUE)
		go_on(judge, tracked, place);
	else if (tracked->alert.state == ALERT_FIRING)
		resolve_if_due(judge, tracked, place, truth);
	else
		tracked_end(judge, tracked, watched->rule, NULL);
}

/* ---- those above max_alerts ---- */

static void tell_overflow(struct judge *judge, struct watched *watched)
{
	struct tracked *tracked = watched->overflow;
	struct place place;

	place_init(&place, judge, &watched->expr, NULL, NULL);
	tracked->alert.more = watched->n_held;
	if (tracked->alert.state == ALERT_FIRING) {
		tell_again_if_due(judge, tracked, &place);
		return;
	}
	tracked->alert.state = ALERT_FIRING;
	tracked->alert.fired_ns = judge->now_ns;
	tracked_tell(judge, tracked, watched->rule, &place, ALERT_NEWS_FIRING);
}

void tracked_settle(struct judge *judge, struct watched *watched)
{
	if (!watched->n_held) {
		if (watched->overflow)
			tracked_end(judge, watched->overflow, watched->rule, NULL);
		return;
	}
	if (!watched->overflow) {
		watched->overflow = tracked_new(judge, watched->rule->name);
		if (!watched->overflow) {
			judge->no_memory = true;
			return;
		}
		watched->overflow->alert.since_ns = judge->now_ns;
		watched->overflow->watched = watched;
	}
	watched->overflow->seen_ns = judge->now_ns;
	tell_overflow(judge, watched);
}

/* ---- without a subject, or without a rule ---- */

void tracked_settle_lost(struct judge *judge)
{
	struct tracked *next;

	for (struct tracked *tracked = judge->alerts; tracked; tracked = next) {
		next = tracked->next;
		if (tracked->lost)
			tracked_end(judge, tracked, tracked->watched ? tracked->watched->rule : NULL,
			    "The host has been started anew.");
		else if (!tracked->watched)
			tracked_end(judge, tracked, NULL, "The rule is not there any more.");
		else if (!tracked->row && !tracked->group &&
			 tracked->alert.subject.kind != KIN_EXPR_HOST)
			tracked_end(judge, tracked, tracked->watched->rule,
			    "The process has ended.");
	}
}

void tracked_row_gone(struct judge *judge, struct row *row)
{
	while (row->alerts)
		tracked_end(judge, row->alerts, row->alerts->watched->rule,
		    "The process has ended.");
}

void tracked_group_gone(struct judge *judge, struct group *group)
{
	if (group->alert)
		tracked_end(judge, group->alert, group->alert->watched->rule,
		    "The process has ended.");
}

/* ---- when something is due ---- */

static uint64_t due_ns(const struct tracked *tracked)
{
	const struct watched *watched = tracked->watched;

	if (!watched || tracked->held || tracked == watched->overflow)
		return UINT64_MAX;
	if (tracked->alert.state == ALERT_PENDING)
		return tracked->alert.since_ns + watched->for_ns;
	return tracked->clear_ns ? tracked->clear_ns + watched->rule->keep_ns : UINT64_MAX;
}

uint64_t judge_due_ns(const struct judge *judge)
{
	uint64_t first_ns = UINT64_MAX;

	for (const struct tracked *tracked = judge->alerts; tracked; tracked = tracked->next)
		if (due_ns(tracked) < first_ns)
			first_ns = due_ns(tracked);
	return first_ns;
}
