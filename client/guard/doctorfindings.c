// SPDX-License-Identifier: GPL-2.0-or-later
/* What was found, and about whom. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

/* ---- copies of alerts ---- */

static void free_alert(struct alert *alert)
{
	for (size_t i = 0; i < alert->n_next; i++)
		free(alert->next[i]);
	free(alert->next);
	free(alert->rule);
	free(alert->summary);
	free(alert->description);
	free(alert->cause);
	free(alert->family);
	free(alert->comm);
	free(alert->subject.key);
	memset(alert, 0, sizeof(*alert));
}

static char *copy_text(const char *text, bool *enough)
{
	char *copy = text ? strdup(text) : NULL;

	*enough &= !text == !copy;
	return copy;
}

static char **copy_list(char *const *list, size_t n, bool *enough)
{
	char **copy = calloc(n + 1, sizeof(*copy));

	*enough &= !!copy;
	for (size_t i = 0; copy && i < n; i++)
		copy[i] = copy_text(list[i], enough);
	return copy;
}

/* But for the labels, which say nothing to who reads a report. */
static int copy_alert(struct alert *to, const struct alert *from)
{
	bool enough = true;

	*to = *from;
	to->labels = NULL;
	to->n_labels = 0;
	to->rule = copy_text(from->rule, &enough);
	to->summary = copy_text(from->summary, &enough);
	to->description = copy_text(from->description, &enough);
	to->cause = copy_text(from->cause, &enough);
	to->family = copy_text(from->family, &enough);
	to->comm = copy_text(from->comm, &enough);
	to->subject.key = copy_text(from->subject.key, &enough);
	to->next = copy_list(from->next, from->n_next, &enough);
	if (!to->next)
		to->n_next = 0;
	if (enough)
		return 0;
	free_alert(to);
	return -ENOMEM;
}

/* ---- what a rule is about ---- */

static const struct {
	uint32_t group;
	uint32_t parts;
} part_of_group[] = {
	{ KIN_GROUP_SCHED, SIGNS_CPU },	 { KIN_GROUP_MEM, SIGNS_MEMORY },
	{ KIN_GROUP_FILES, SIGNS_FILES }, { KIN_GROUP_IO, SIGNS_IO },
	{ KIN_GROUP_DELAY, SIGNS_IO },	 { KIN_GROUP_WAIT, SIGNS_WAIT },
	{ KIN_GROUP_STACK, SIGNS_WAIT },
};

/* The evidence is of the sort of numbers that the rule looks at: of what comes with
 * every task, threads or children. */
static uint32_t parts_of(const struct rule *rule)
{
	const uint32_t needs = kin_expr_needs(rule->expr);
	uint32_t parts = 0;

	for (size_t i = 0; i < sizeof(part_of_group) / sizeof(*part_of_group); i++)
		if (needs & part_of_group[i].group)
			parts |= part_of_group[i].parts;
	if (kin_expr_subject(rule->expr) == KIN_EXPR_GROUP)
		parts |= SIGNS_CHILDREN;
	return parts ? parts : SIGNS_WAIT | SIGNS_THREADS;
}

static bool has_events(const struct rule *rule)
{
	const struct kin_expr_slot *slots;
	size_t n;

	slots = kin_expr_slots(rule->expr, &n);
	for (size_t i = 0; i < n; i++)
		if (slots[i].kind == KIN_SLOT_EVENTS)
			return true;
	return false;
}

/* ---- the list ---- */

static struct finding *find(struct findings *findings, uint64_t id)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->list[i].alert.id == id)
			return &findings->list[i];
	return NULL;
}

static struct finding *add(struct findings *findings)
{
	const size_t room = findings->room ? 2 * findings->room : 16;
	struct finding *list;

	if (findings->n == findings->room) {
		list = reallocarray(findings->list, room, sizeof(*list));
		if (!list)
			return NULL;
		findings->list = list;
		findings->room = room;
	}
	return &findings->list[findings->n++];
}

int findings_note(struct findings *findings, const struct alert *alert,
		  const struct rule *rule)
{
	struct finding *finding = find(findings, alert->id);
	struct finding news = { .over = alert->state == ALERT_RESOLVED };
	const int err = copy_alert(&news.alert, alert);

	if (err)
		return err;
	if (finding) {
		news.parts = finding->parts;
		news.of_events = finding->of_events;
		free_alert(&finding->alert);
	} else if (rule) {
		news.parts = parts_of(rule);
		news.of_events = has_events(rule);
	}
	if (!finding)
		finding = add(findings);
	if (!finding) {
		free_alert(&news.alert);
		return -ENOMEM;
	}
	*finding = news;
	return 0;
}

void findings_drop(struct findings *findings, size_t at)
{
	free_alert(&findings->list[at].alert);
	findings->n--;
	memmove(&findings->list[at], &findings->list[at + 1],
		(findings->n - at) * sizeof(*findings->list));
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		free_alert(&findings->list[i].alert);
	free(findings->list);
	memset(findings, 0, sizeof(*findings));
}

/* ---- patients ---- */

/* What stands for those that are too many to be told of one by one has no subject. */
static bool is_same_subject(const struct finding *a, const struct finding *b)
{
	const struct subject *x = &a->alert.subject, *y = &b->alert.subject;

	if (a->alert.more || b->alert.more)
		return a == b;
	if (x->pid || y->pid)
		return x->pid == y->pid &&
		       x->start_boottime_ns == y->start_boottime_ns;
	if (x->kind != y->kind)
		return false;
	return x->kind == KIN_EXPR_HOST ||
	       (x->by == y->by && x->key && y->key && !strcmp(x->key, y->key));
}

/* A process, before a group, before the host: who is to blame before who suffers. */
static int rank(const struct finding *finding)
{
	const struct subject *subject = &finding->alert.subject;

	if (finding->alert.more)
		return 3;
	if (subject->pid)
		return 0;
	return subject->kind == KIN_EXPR_HOST ? 2 : 1;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* The worse one first; of the same, who has been ill for longer. */
static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = (x->over > y->over) - (x->over < y->over);

	if (!order)
		order = (int)y->alert.severity - (int)x->alert.severity;
	if (!order)
		order = rank(x) - rank(y);
	if (!order)
		order = compare_numbers(x->alert.since_ns, y->alert.since_ns);
	return order ? order : compare_numbers(x->alert.id, y->alert.id);
}

/* After each finding, the others of the same subject, in their order. */
static void gather(struct findings *findings)
{
	struct finding *list = findings->list, moved;
	size_t end;

	for (size_t i = 0; i < findings->n; i = end) {
		end = i + 1;
		for (size_t j = end; j < findings->n; j++) {
			if (!is_same_subject(&list[i], &list[j]))
				continue;
			moved = list[j];
			memmove(&list[end + 1], &list[end],
				(j - end) * sizeof(*list));
			list[end++] = moved;
		}
	}
}

void findings_sort(struct findings *findings)
{
	if (findings->n)
		qsort(findings->list, findings->n, sizeof(*findings->list), compare);
	gather(findings);
}

size_t findings_group(const struct findings *findings, size_t at,
		      struct patient *patient)
{
	const struct finding *list = findings->list;
	size_t end = at + 1;

	while (end < findings->n && is_same_subject(&list[at], &list[end]))
		end++;
	*patient = (struct patient){
		.findings = &list[at],
		.n = end - at,
		.severity = list[at].alert.severity,
	};
	return end;
}
