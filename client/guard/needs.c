// SPDX-License-Identifier: GPL-2.0-or-later
/* What rules want to know. What only messages say is asked for when there is one. */
#include "judge.h"
#include "template.h"

static bool counts_events_alone(const struct kin_expr *expr)
{
	const struct kin_expr_slot *slots;
	size_t n;

	slots = kin_expr_slots(expr, &n);
	for (size_t i = 0; i < n; i++)
		if (slots[i].kind != KIN_SLOT_EVENTS)
			return false;
	return n;
}

/* The paths of who is counted in events come with the events. */
static uint32_t needs_of(const struct kin_expr *expr)
{
	uint32_t needs;

	if (!expr)
		return 0;
	needs = kin_expr_needs(expr);
	if (kin_expr_by(expr) == KIN_BY_EXE && counts_events_alone(expr))
		needs &= ~KIN_GROUP_EXE;
	return needs;
}

static uint32_t needs_of_text(const char *text)
{
	return text ? template_needs(text) : 0;
}

uint32_t rule_texts_need(const struct rule *rule)
{
	uint32_t needs = needs_of_text(rule->summary) |
			 needs_of_text(rule->description) |
			 needs_of_text(rule->cause);

	for (size_t i = 0; i < rule->n_next; i++)
		needs |= needs_of_text(rule->next[i]);
	return needs;
}

uint32_t rules_needs(const struct rules *rules)
{
	uint32_t needs = 0;

	for (size_t i = 0; i < rules->n; i++)
		needs |= needs_of(rules->list[i].expr) |
			 needs_of(rules->list[i].resolve) |
			 (rule_texts_need(&rules->list[i]) &
			  (KIN_NEED_HOST | KIN_NEED_NAMES));
	return needs;
}

bool rules_need_exe(const struct rules *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		if (kin_expr_by(rules->list[i].expr) == KIN_BY_EXE)
			return true;
	return false;
}
