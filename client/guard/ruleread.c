// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "ruleread.h"

#define SECOND 1000000000ull
#define DAY (86400 * SECOND)

const char *const severity_names[] = { "info", "warning", "critical", NULL };

/* ---- labels ---- */

#define MAX_LABELS 32

/* Prometheus' rule for them. */
static bool is_label(const char *name)
{
	if (!isalpha((unsigned char)*name) && *name != '_')
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return false;
	return true;
}

/* What every alert has already. */
static bool is_taken(const char *name)
{
	return !strcmp(name, "alertname") || !strcmp(name, "severity");
}

static void read_label(struct source *src, const yaml_node_pair_t *pair,
		       struct rule *rule)
{
	const yaml_node_t *key = source_node(src, pair->key);
	const char *name = field_text(src, "a label's name", key);
	struct label *label = &rule->labels[rule->n_labels];
	const char *value = name ? field_text(src, name, source_node(src, pair->value)) :
				   NULL;

	*label = (struct label){ NULL, NULL };
	if (name && !is_label(name))
		complain(src, key, "'%s' is no label: letters, digits and '_', no digit first",
			 name);
	else if (name && is_taken(name))
		complain(src, key, "every alert has a label '%s' already", name);
	else if (value)
		*label = (struct label){ field_copy(src, name), field_copy(src, value) };
	/* the list has pairs: of one alone, what is there goes */
	if (label->name && label->value) {
		rule->n_labels++;
	} else {
		free(label->name);
		free(label->value);
	}
}

static void read_labels(struct source *src, const struct field *field,
			const yaml_node_t *node, void *to)
{
	struct rule *rule = &((struct draft *)to)->rule;
	const yaml_node_pair_t *pair, *end;

	if (node->type != YAML_MAPPING_NODE) {
		complain(src, node, "'labels' is to be names with values: { team: ops }");
		return;
	}
	pair = node->data.mapping.pairs.start;
	end = node->data.mapping.pairs.top;
	if (end - pair > MAX_LABELS) {
		complain(src, node, "more than %d labels", MAX_LABELS);
		return;
	}
	rule->labels = calloc(end - pair + 1, sizeof(*rule->labels));
	src->said->no_memory |= !rule->labels;
	for (; rule->labels && pair < end; pair++)
		if (!field_again(src, node, pair))
			read_label(src, pair, rule);
}

/* ---- a rule ---- */

#define RULE(name) offsetof(struct draft, rule.name)

static const struct field fields[] = {
	{ "name", field_name, RULE(name), 0, 0, NULL },
	{ "expr", field_string, RULE(text), 0, 0, NULL },
	{ "for", field_duration, RULE(for_ns), 0, DAY, NULL },
	{ "keep", field_duration, RULE(keep_ns), 0, DAY, NULL },
	{ "resolve", field_later, 0, 0, 0, NULL },
	{ "severity", field_word, RULE(severity), 0, 0, severity_names },
	{ "summary", field_string, RULE(summary), 0, 0, NULL },
	{ "description", field_string, RULE(description), 0, 0, NULL },
	{ "cause", field_string, RULE(cause), 0, 0, NULL },
	{ "next", field_strings, RULE(next), 0, 0, NULL },
	{ "labels", read_labels, 0, 0, 0, NULL },
	{ "repeat", field_duration, RULE(repeat_ns), 0, 365 * DAY, NULL },
	{ "receivers", field_later, 0, 0, 0, NULL },
	{ "max_alerts", field_count, RULE(max_alerts), 1, 10000, NULL },
	{ "disabled", field_bool, offsetof(struct draft, disabled), 0, 0, NULL },
	{ NULL, NULL, 0, 0, 0, NULL }
};

void rule_read(struct source *src, const yaml_node_t *node, struct draft *draft)
{
	struct rule *rule = &draft->rule;

	*draft = (struct draft){
		.src = src,
		.node = node,
		.rule = {
			.severity = SEVERITY_WARNING,
			.max_alerts = 20,
			.line = node->start_mark.line + 1,
		},
	};
	if (!fields_read(src, node, fields, "a rule", draft))
		return;
	while (rule->next && rule->next[rule->n_next])
		rule->n_next++;
	if (!source_value(src, node, "name"))
		complain(src, node, "a rule without a name");
	if (!source_value(src, node, "expr") && !draft->disabled)
		complain(src, node, "a rule without an expression: 'expr'");
	rule_check(draft);
}

void rule_free(struct rule *rule)
{
	free(rule->name);
	free(rule->text);
	kin_expr_free(rule->expr);
	kin_expr_free(rule->resolve);
	free(rule->summary);
	free(rule->description);
	free(rule->cause);
	field_free_list(rule->next);
	for (size_t i = 0; i < rule->n_labels; i++) {
		free(rule->labels[i].name);
		free(rule->labels[i].value);
	}
	free(rule->labels);
	free(rule->receivers);
}
