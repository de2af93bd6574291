// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said about alerts, and whom it is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alertlook.h"
#include "template.h"

void tracked_measure(struct tracked *tracked, const struct place *place)
{
	struct alert *alert = &tracked->alert;
	enum kin_type type;

	alert->has_value = kin_expr_measure(place->sight->expr, &place->row,
					    &alert->value, &alert->type);
	alert->has_bar = kin_expr_bar(place->sight->expr, &place->row, &alert->bar,
				      &type);
}

/* A text that cannot be had for lack of memory stays as it was. */
static void set_text(char **text, char *fresh)
{
	if (!fresh)
		return;
	free(*text);
	*text = fresh;
}

static void fill(char **text, const char *format, struct alertlook *look)
{
	if (format)
		set_text(text, template_fill(format, alertlook_up, look));
}

/* Another rule of the same name may have more of them, or fewer. */
static void fill_next(struct alert *alert, const struct rule *rule, struct alertlook *look)
{
	alert_free_next(alert);
	alert->next = calloc(rule->n_next + 1, sizeof(*alert->next));
	for (size_t i = 0; alert->next && i < rule->n_next; i++) {
		char *text = template_fill_command(rule->next[i], alertlook_up, look);

		if (text)
			alert->next[alert->n_next++] = text;
	}
}

static void copy_labels(struct alert *alert, const struct rule *rule)
{
	alert_free_labels(alert);
	alert->labels = calloc(rule->n_labels + 1, sizeof(*alert->labels));
	for (size_t i = 0; alert->labels && i < rule->n_labels; i++) {
		struct label label = {
			strdup(rule->labels[i].name), strdup(rule->labels[i].value),
		};

		if (label.name && label.value) {
			alert->labels[alert->n_labels++] = label;
			continue;
		}
		free(label.name);
		free(label.value);
	}
}

static void fill_process(struct alert *alert, const struct kin_node *node)
{
	if (!node)
		return;
	set_text(&alert->family, family_path(node));
	/* a label of alerts elsewhere: it stays, or nobody would see that it is resolved */
	if (!alert->comm)
		set_text(&alert->comm,
			 text_safe(node->task.base.comm,
				   strnlen(node->task.base.comm, KIN_COMM_LEN)));
}

static void fill_more(struct alert *alert, const struct rule *rule)
{
	char *text = NULL;

	if (asprintf(&text, "%llu more than the %u that are told one by one",
		     (unsigned long long)alert->more, rule->max_alerts) > 0)
		set_text(&alert->summary, text);
}

void tracked_fill(struct judge *judge, struct tracked *tracked, const struct rule *rule,
		  const struct place *place)
{
	const struct kin_node *node = place->row.row;
	struct alert *alert = &tracked->alert;
	struct alertlook look;

	alert->severity = rule->severity;
	copy_labels(alert, rule);
	if (alert->more) {
		fill_more(alert, rule);
		return;
	}
	tracked_measure(tracked, place);
	fill_process(alert, node);
	alertlook_init(&look, judge, tracked, node);
	alertlook_needs(&look, rule_texts_need(rule));
	fill(&alert->summary, rule->summary, &look);
	fill(&alert->description, rule->description, &look);
	fill(&alert->cause, rule->cause, &look);
	fill_next(alert, rule, &look);
	alertlook_free(&look);
}

void tracked_add_remark(struct tracked *tracked, const char *sentence)
{
	struct alert *alert = &tracked->alert;
	const char *before = alert->description ? alert->description : "";
	char *text = NULL;

	if (asprintf(&text, "%s%s%s", before, *before ? " " : "", sentence) > 0)
		set_text(&alert->description, text);
}

/* Of a rule that nobody has any more: whoever listens to all is told. */
static const struct rule *rule_or(const struct rule *rule, struct rule *instead,
				  const struct alert *alert)
{
	*instead = (struct rule){ .name = alert->rule, .severity = alert->severity };
	return rule ? rule : instead;
}

void tracked_tell(struct judge *judge, struct tracked *tracked, const struct rule *rule,
		  struct place *place, enum alert_news news)
{
	struct alert *alert = &tracked->alert;
	struct rule instead;

	rule = rule_or(rule, &instead, alert);
	if (place)
		tracked_fill(judge, tracked, rule, place);
	alert->told_ns = judge->now_ns;
	alert->times_told++;
	if (judge->news)
		judge->news(alert, rule, news, judge->news_arg);
}
