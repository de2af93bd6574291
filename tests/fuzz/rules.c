// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: a file of rules. Input: its text. What is refused comes with messages
 * whose places are in the text; what is taken is whole, and all that is made of it later
 * can be.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ruleset.h"
#include "template.h"

/* Besides these: rulesbuiltin of the program, which a fuzzer does not need. */
const char rules_default[1];

static void must(bool good)
{
	if (!good)
		abort();
}

static int look(const char *name, size_t len, char *to, size_t room, void *arg)
{
	must(len && !memchr(name, '}', len) && room > 1);
	to[0] = *name;
	return 1;
}

static void fill(const char *text, char *(*filler)(const char *, template_look *, void *))
{
	char message[240];
	uint32_t at;
	char *filled;

	if (!text)
		return;
	must(!template_check(text, &at, message, sizeof(message)));
	filled = filler(text, look, NULL);
	must(filled);
	free(filled);
	(void)template_needs(text);
}

static void explain(const struct kin_expr *expr)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(out);
	kin_expr_explain(expr, out);
	must(!fclose(out) && size);
	free(text);
}

static void check_rule(const struct rules *rules, const struct rule *rule)
{
	must(rule->name && *rule->name && rule->text && rule->expr && rule->max_alerts);
	must(rule->severity <= SEVERITY_CRITICAL && rule->line);
	for (size_t i = 0; i < rule->n_receivers; i++)
		must(rule->receivers[i] >= rules->receivers &&
		     rule->receivers[i] < rules->receivers + rules->n_receivers);
	for (size_t i = 0; i < rule->n_labels; i++)
		must(rule->labels[i].name && rule->labels[i].value);
	explain(rule->expr);
	if (rule->resolve)
		explain(rule->resolve);
	fill(rule->summary, template_fill);
	fill(rule->description, template_fill);
	fill(rule->cause, template_fill);
	for (size_t i = 0; i < rule->n_next; i++)
		fill(rule->next[i], template_fill_command);
}

static void check_receiver(const struct receiver *receiver)
{
	static const bool url[] = { [RECEIVER_WEBHOOK] = true,
				    [RECEIVER_ALERTMANAGER] = true };

	must(receiver->name && receiver->kind <= RECEIVER_SIGNAL);
	must((receiver->kind == RECEIVER_JSON) == !!receiver->path);
	must((receiver->kind == RECEIVER_COMMAND) == !!receiver->argv);
	must((receiver->kind <= RECEIVER_ALERTMANAGER && url[receiver->kind]) ==
	     !!receiver->url);
	must((receiver->kind == RECEIVER_SIGNAL) == !!receiver->signal);
	must(receiver->timeout_ns && receiver->queue_bytes);
}

/* "t:LINE:COLUMN: error: ..." of a line that is there. */
static void check_message(const char *line, const char *text, size_t len)
{
	unsigned int nr, column, lines = 1;

	if (!strncmp(line, "more than ", 10) || !strncmp(line, "t: error: ", 10))
		return;
	must(sscanf(line, "t:%u:%u: error: ", &nr, &column) == 2);
	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	must(nr && nr <= lines && column && column <= len + 1);
}

static void check_messages(char *said, const char *text, size_t len)
{
	char *rest;

	for (char *line = strtok_r(said, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		check_message(line, text, len);
}

/* As kin alert check has it; what is said with excerpts is not read. */
static int load(const char *text, size_t len, bool excerpts, struct rules *rules,
		char **said)
{
	struct rulefile_seen seen;
	size_t size;
	FILE *errors = open_memstream(said, &size);
	struct ruleset *set = ruleset_new(1, errors, excerpts);
	int err;

	must(errors && set);
	ruleset_add(set, "t", text, len, &seen);
	memset(rules, 0, sizeof(*rules));
	err = ruleset_finish(set, rules);
	ruleset_free(set);
	must(!fclose(errors) && !size == !err);
	return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rules rules;
	char *said = NULL;
	int err = load((const char *)bytes, len, true, &rules, &said), again;

	free(said);
	rules_free(&rules);
	again = load((const char *)bytes, len, false, &rules, &said);
	must(err == again && (!err || err == -EINVAL));
	if (err)
		check_messages(said, (const char *)bytes, len);
	for (size_t i = 0; i < rules.n; i++)
		check_rule(&rules, &rules.list[i]);
	for (size_t i = 0; i < rules.n_receivers; i++)
		check_receiver(&rules.receivers[i]);
	free(said);
	rules_free(&rules);
	return 0;
}
