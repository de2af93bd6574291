// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "eventcolumn.h"
#include "hostcolumn.h"
#include "ruleread.h"
#include "template.h"

const struct kin_expr_place rule_place = {
	.columns = &kin_task_columns,
	.host = &kin_host_columns,
	.events = &kin_event_columns,
	.kinship = true,
	.time = true,
	.sets = true,
};

/* ---- expressions ---- */

/* One that is wrong in its value, said where it is wrong in the file. */
static void parse(struct draft *draft, const yaml_node_t *node, const char *text,
		  struct kin_expr **exprp)
{
	struct kin_expr_error error = { 0 };
	struct source *src = draft->src;
	size_t at, end;
	int err = kin_expr_parse(&rule_place, text, exprp, &error);

	if (err == -ENOMEM)
		src->said->no_memory = true;
	if (err != -EINVAL || complaints_are_many(src->said))
		return;
	at = source_within(src, node, error.at);
	end = source_within(src, node, error.at + error.len);
	complain_at(src, at, end > at ? end - at : 1, "%s", error.message);
}

#define MOST_FOR_NS 86400000000000ull /* as the field beside it */

/* "for" may stand in the expression, and beside it. */
static void check_for(struct draft *draft)
{
	struct rule *rule = &draft->rule;
	const uint64_t within = kin_expr_for_ns(rule->expr);
	const yaml_node_t *beside = source_value(draft->src, draft->node, "for");

	if (within && beside)
		complain(draft->src, beside, "'for' is in the expression already");
	else if (within > MOST_FOR_NS)
		complain(draft->src, source_value(draft->src, draft->node, "expr"),
			 "'for' is to be at most 1d");
	else if (within)
		rule->for_ns = within;
}

static void check_resolve(struct draft *draft)
{
	const yaml_node_t *node = source_value(draft->src, draft->node, "resolve");
	const struct kin_expr *expr = draft->rule.expr, *resolve;
	const char *text;

	text = node && node->type == YAML_SCALAR_NODE ? source_scalar(node) : NULL;
	if (!node)
		return;
	if (!text || !*text || strlen(text) != node->data.scalar.length) {
		complain(draft->src, node, "'resolve' is to be an expression");
		return;
	}
	parse(draft, node, text, &draft->rule.resolve);
	resolve = draft->rule.resolve;
	if (!expr || !resolve)
		return;
	if (kin_expr_for_ns(resolve))
		complain(draft->src, node, "no 'for' in 'resolve': it is 'keep' that tells how long it must be true");
	if (kin_expr_subject(resolve) != KIN_EXPR_HOST &&
	    (kin_expr_subject(resolve) != kin_expr_subject(expr) ||
	     kin_expr_by(resolve) != kin_expr_by(expr)))
		complain(draft->src, node, "'resolve' is about something else than 'expr': both are to be about each process, about the same groups, or 'resolve' about the host");
}

/* ---- templates ---- */

bool rule_has_process(const struct rule *rule)
{
	const enum kin_expr_by by = kin_expr_by(rule->expr);

	switch (kin_expr_subject(rule->expr)) {
	case KIN_EXPR_ROW:
		return true;
	case KIN_EXPR_GROUP:
		return by == KIN_BY_PARENT || by == KIN_BY_SUBTREE;
	default:
		return false;
	}
}

static unsigned int about(const struct rule *rule)
{
	unsigned int what = rule_has_process(rule) ? TEMPLATE_PROCESS : 0;

	if (kin_expr_subject(rule->expr) == KIN_EXPR_GROUP)
		what |= TEMPLATE_GROUP;
	return what;
}

static void check_template(struct draft *draft, const yaml_node_t *node, const char *text)
{
	struct source *src = draft->src;
	char message[240];
	uint32_t at;

	if (complaints_are_many(src->said))
		return;
	if (template_check_about(text, about(&draft->rule), &at, message, sizeof(message)))
		complain_at(src, source_within(src, node, at), 1, "%s", message);
}

static void check_next(struct draft *draft, const yaml_node_t *list)
{
	const yaml_node_t *item;
	size_t n;

	if (!list || list->type != YAML_SEQUENCE_NODE)
		return;
	n = list->data.sequence.items.top - list->data.sequence.items.start;
	for (size_t i = 0; i < n; i++) {
		item = source_item(draft->src, list, i);
		if (item->type == YAML_SCALAR_NODE)
			check_template(draft, item, source_scalar(item));
	}
}

static void check_templates(struct draft *draft)
{
	const struct {
		const char *key, *text;
	} texts[] = {
		{ "summary", draft->rule.summary },
		{ "description", draft->rule.description },
		{ "cause", draft->rule.cause },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (texts[i].text)
			check_template(draft,
				       source_value(draft->src, draft->node, texts[i].key),
				       texts[i].text);
	check_next(draft, source_value(draft->src, draft->node, "next"));
}

void rule_check(struct draft *draft)
{
	const yaml_node_t *node = source_value(draft->src, draft->node, "expr");

	if (!draft->rule.text)
		return;
	parse(draft, node, draft->rule.text, &draft->rule.expr);
	check_resolve(draft);
	if (!draft->rule.expr)
		return;
	check_for(draft);
	check_templates(draft);
}
