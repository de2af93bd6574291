// SPDX-License-Identifier: GPL-2.0-or-later
/* The sets that are built in: whole, and true in what they tell people to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd.h"
#include "rulesread.h"
#include "template.h"

static struct rulesread watch, doctor;

static int setup(void **state)
{
	rulesread_text(&watch, rules_default, strlen(rules_default));
	rulesread_text(&doctor, rules_doctor, strlen(rules_doctor));
	return 0;
}

static int teardown(void **state)
{
	rulesread_free(&watch);
	rulesread_free(&doctor);
	return 0;
}

static void check_clean(const struct rulesread *read)
{
	if (read->err)
		fail_msg("%s", read->said);
	assert_string_equal(read->said, "");
	assert_true(read->rules.n > 0);
}

static void test_clean(void **state)
{
	check_clean(&watch);
	check_clean(&doctor);
}

/* What the documentation promises. */
static void test_covers(void **state)
{
	static const char *const names[] = {
		"runaway", "cpu-contention", "load", "memory-leak", "memory-low",
		"swap-full", "oom-kill", "exit-137", "zombie-flood", "stuck", "fork-bomb",
		"short-lived", "crash-loop", "thread-explosion", "pids", "fd-leak",
		"fd-limit", "io-wait",
	};
	const size_t n = sizeof(names) / sizeof(*names);
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < watch.rules.n; j++)
			found += !strcmp(watch.rules.list[j].name, names[i]);
	assert_int_equal(found, n);
	assert_int_equal(watch.rules.n, n);
}

/* Each says who, why, and what to do. */
static void test_tells(void **state)
{
	for (size_t i = 0; i < watch.rules.n; i++) {
		const struct rule *rule = &watch.rules.list[i];
		const bool process = kin_expr_subject(rule->expr) == KIN_EXPR_ROW;

		if (!rule->summary || !rule->description || !rule->cause || !rule->n_next)
			fail_msg("%s lacks a text", rule->name);
		if (process && !strstr(rule->description, "{family}"))
			fail_msg("%s does not tell the family", rule->name);
		if (!rule->for_ns && !rule->keep_ns &&
		    kin_expr_subject(rule->expr) == KIN_EXPR_ROW)
			fail_msg("%s could come and go", rule->name);
	}
}

/* A mirror keeps not everything. */
static void test_mirror_has_it(void **state)
{
	const uint32_t beside = KIN_NEED_HOST | KIN_NEED_NAMES;

	for (size_t i = 0; i < watch.rules.n; i++) {
		const struct rule *rule = &watch.rules.list[i];
		uint32_t needs = kin_expr_needs(rule->expr) |
				 template_needs(rule->summary) |
				 template_needs(rule->description);

		for (size_t j = 0; j < rule->n_next; j++)
			needs |= template_needs(rule->next[j]);
		if (needs & ~(KIN_MIRROR_GROUPS | beside))
			fail_msg("%s needs what no mirror has", rule->name);
	}
}

/* ---- commands ---- */

static const struct cmd_option *find_long(const struct cmd *cmd, const char *name)
{
	const size_t len = strcspn(name, "=");

	for (const struct cmd_option *o = cmd->options; o && o->name; o++)
		if (strlen(o->name) == len && !strncmp(o->name, name, len))
			return o;
	return NULL;
}

static const struct cmd_option *find_short(const struct cmd *cmd, char letter)
{
	for (const struct cmd_option *o = cmd->options; o && o->name; o++)
		if (o->key == letter)
			return o;
	return NULL;
}

/* Whether all options in the rest of a line are some of this command. */
static bool options_exist(const struct cmd *cmd, char *rest)
{
	const struct cmd_option *option;
	char *word;

	while ((word = strtok_r(NULL, " ", &rest))) {
		if (*word != '-')
			continue;
		option = word[1] == '-' ? find_long(cmd, word + 2) :
					  find_short(cmd, word[1]);
		if (!option)
			return false;
		/* its argument may look like one */
		if (option->arg && !strchr(word, '='))
			strtok_r(NULL, " ", &rest);
	}
	return true;
}

/* Whether "kin COMMAND --option" has such a command with such options. */
static bool exists(const char *command)
{
	char line[256], *word, *rest;
	const struct cmd *cmd;

	snprintf(line, sizeof(line), "%s", command);
	word = strtok_r(line, " ", &rest);
	if (strcmp(word, "kin"))
		return true;
	word = strtok_r(NULL, " ", &rest);
	cmd = word ? cmd_find(word) : NULL;
	return cmd && options_exist(cmd, rest);
}

static void check_next(const struct rules *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		for (size_t j = 0; j < rules->list[i].n_next; j++)
			if (!exists(rules->list[i].next[j]))
				fail_msg("%s: no such command, or option: %s",
					 rules->list[i].name, rules->list[i].next[j]);
}

static void test_next(void **state)
{
	assert_true(exists("kin ps --sort=-rss -o pid"));
	assert_false(exists("kin sp"));
	assert_false(exists("kin ps --srot"));
	assert_false(exists("kin ps -9"));
	check_next(&watch.rules);
	check_next(&doctor.rules);
}

/* A new limit is a soft one, with a colon behind it: the hard one, which nobody without
 * privilege gets back, stays as it is. */
static void test_soft_limits(void **state)
{
	for (size_t i = 0; i < doctor.rules.n; i++) {
		const struct rule *rule = &doctor.rules.list[i];

		for (size_t j = 0; j < rule->n_next; j++)
			if (!strncmp(rule->next[j], "prlimit ", 8) && strchr(rule->next[j], '='))
				assert_int_equal(rule->next[j][strlen(rule->next[j]) - 1], ':');
	}
}

/* ---- the manual ---- */

/* The next example of the manual, its indent taken away; NULL: that was the last. */
static char *next_example(FILE *page, size_t *len)
{
	char line[256], *text = NULL;
	FILE *out = NULL;
	bool end;

	while (fgets(line, sizeof(line), page)) {
		end = !strcmp(line, "\t```\n");
		if (end && out)
			break;
		if (end)
			out = open_memstream(&text, len);
		else if (out)
			fputs(*line == '\t' ? line + 1 : line, out);
	}
	if (out)
		fclose(out);
	return text;
}

/* Each stands alone, or after the built-in set. */
static void test_manual(void **state)
{
	FILE *page = fopen("client/man/kin-rules.5.scd", "r");
	struct rulesread read;
	unsigned int n = 0;
	char *text;
	size_t len;

	assert_non_null(page);
	while ((text = next_example(page, &len))) {
		rulesread_text(&read, text, len);
		if (read.err && !strstr(read.said, "no rule 'load' in an earlier file"))
			fail_msg("%s%s", text, read.said);
		rulesread_free(&read);
		free(text);
		n++;
	}
	fclose(page);
	assert_true(n >= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_covers),
		cmocka_unit_test(test_tells),
		cmocka_unit_test(test_mirror_has_it),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_soft_limits),
		cmocka_unit_test(test_manual),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
