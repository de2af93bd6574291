// SPDX-License-Identifier: GPL-2.0-or-later
/* Which alerts there are, and of whom. */
#include <stdlib.h>
#include <string.h>

#include "tracked.h"

struct tracked *tracked_new(struct judge *judge, const char *rule)
{
	struct tracked *tracked = calloc(1, sizeof(*tracked));

	if (!tracked)
		return NULL;
	tracked->alert.rule = strdup(rule);
	if (!tracked->alert.rule) {
		free(tracked);
		return NULL;
	}
	tracked->alert.id = judge->next_id++;
	tracked->alert.subject.kind = KIN_EXPR_HOST;
	tracked->next = judge->alerts;
	if (judge->alerts)
		judge->alerts->prev = tracked;
	judge->alerts = tracked;
	return tracked;
}

void alert_free_next(struct alert *alert)
{
	while (alert->n_next)
		free(alert->next[--alert->n_next]);
	free(alert->next);
	alert->next = NULL;
}

void alert_free_labels(struct alert *alert)
{
	while (alert->n_labels) {
		struct label *label = &alert->labels[--alert->n_labels];

		free(label->name);
		free(label->value);
	}
	free(alert->labels);
	alert->labels = NULL;
}

static void free_texts(struct alert *alert)
{
	alert_free_labels(alert);
	alert_free_next(alert);
	free(alert->rule);
	free(alert->subject.key);
	free(alert->summary);
	free(alert->description);
	free(alert->cause);
	free(alert->family);
	free(alert->comm);
}

static void take_out_of_row(struct tracked *tracked)
{
	struct tracked **at = &tracked->row->alerts;

	while (*at != tracked)
		at = &(*at)->row_next;
	*at = tracked->row_next;
	tracked->row_next = NULL;
	tracked->row = NULL;
}

void tracked_unbind(struct tracked *tracked)
{
	struct watched *watched = tracked->watched;

	if (tracked->row)
		take_out_of_row(tracked);
	if (tracked->group)
		tracked->group->alert = NULL;
	if (watched && watched->alert == tracked)
		watched->alert = NULL;
	if (watched && watched->overflow == tracked)
		watched->overflow = NULL;
	tracked->group = NULL;
	tracked->watched = NULL;
}

void tracked_free(struct judge *judge, struct tracked *tracked)
{
	tracked_unbind(tracked);
	if (tracked->next)
		tracked->next->prev = tracked->prev;
	if (tracked->prev)
		tracked->prev->next = tracked->next;
	else
		judge->alerts = tracked->next;
	free_texts(&tracked->alert);
	free(tracked->path);
	free(tracked);
}

/* ---- of whom ---- */

static void name_row(struct subject *subject, const struct row *row)
{
	subject->pid = row->pid;
	subject->start_boottime_ns = row->start_boottime_ns;
}

static void name_group(struct subject *subject, const struct group_key *key)
{
	if (subject->by == KIN_BY_PARENT || subject->by == KIN_BY_SUBTREE) {
		subject->pid = key->b;
		subject->start_boottime_ns = key->a;
	} else if (!subject->key) {
		subject->key = key_text(subject->by, key);
	}
}

/* What was made safe for people is no path any more. */
static void keep_path(struct tracked *tracked, const struct group_key *key)
{
	const struct subject *subject = &tracked->alert.subject;

	if (subject->by != KIN_BY_EXE || tracked->path || !subject->key || !key->text)
		return;
	if (strcmp(subject->key, key->text))
		tracked->path = strdup(key->text);
}

void tracked_bind(struct tracked *tracked, struct watched *watched, struct row *row,
		  struct group *group)
{
	struct subject *subject = &tracked->alert.subject;

	tracked->watched = watched;
	tracked->alert.severity = watched->rule->severity;
	subject->kind = watched->subject;
	subject->by = watched->by;
	tracked->row = row;
	tracked->group = group;
	if (row) {
		name_row(subject, row);
		tracked->row_next = row->alerts;
		row->alerts = tracked;
	} else if (group) {
		name_group(subject, &group->key);
		keep_path(tracked, &group->key);
		tracked->key = group->key;
		tracked->key.text = NULL;
		group->alert = tracked;
	} else {
		watched->alert = tracked;
	}
}

static struct row *find_row(struct judge *judge, const struct subject *subject)
{
	const struct kin_node *node =
		judge->source.find(subject->pid, judge->source.arg);

	if (!node || node->task.base.start_boottime_ns != subject->start_boottime_ns)
		return NULL;
	return rows_get(judge, node);
}

/* A group of a process that is no more has none of its members either. */
static struct group *find_group(struct judge *judge, struct watched *watched,
				const struct tracked *tracked)
{
	const struct subject *subject = &tracked->alert.subject;
	const char *text = tracked->path ? tracked->path : subject->key;
	struct group_key key;

	/* of a user it is the number, which the key has already */
	group_key_set(&key, tracked->key.a, tracked->key.b,
		      subject->by == KIN_BY_UID ? NULL : text);
	if (subject->pid && !group_process(judge, subject->by, &key))
		return NULL;
	return groups_get(&watched->groups, &key);
}

static bool bind_to(struct judge *judge, struct tracked *tracked,
		    struct watched *watched)
{
	const struct subject *subject = &tracked->alert.subject;
	struct group *group = NULL;
	struct row *row = NULL;

	if (subject->kind == KIN_EXPR_ROW)
		row = find_row(judge, subject);
	else if (subject->kind == KIN_EXPR_GROUP)
		group = find_group(judge, watched, tracked);
	if (!row && !group && subject->kind != KIN_EXPR_HOST)
		return false;
	if (group ? !!group->alert : !row && watched->alert)
		return false;
	tracked_bind(tracked, watched, row, group);
	if (tracked->alert.state == ALERT_FIRING)
		watched->n_firing++;
	watched->n_held += tracked->held;
	return true;
}

bool tracked_bind_again(struct judge *judge, struct tracked *tracked)
{
	struct watched *watched = judge_find_rule(judge, tracked->alert.rule);
	const struct subject *subject = &tracked->alert.subject;

	if (!watched)
		return false;
	if (tracked->alert.more) {
		tracked->watched = watched;
		watched->overflow = tracked;
		return true;
	}
	if (watched->subject != subject->kind || watched->by != subject->by)
		return false;
	if (bind_to(judge, tracked, watched))
		return true;
	tracked->watched = watched;
	return false;
}
