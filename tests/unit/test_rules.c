// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules that are good: what they say is what is read. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "alertcheck.h"
#include "rulefile.h"
#include "rulesread.h"

#define SEC 1000000000ull

/* ---- one file ---- */

static void test_least(void **state)
{
	struct rulesread read;
	const struct rule *rule;

	rulesread_good(&read, "rules: [{ name: a, expr: rss > 1 }]\n");
	assert_int_equal(read.rules.n, 1);
	assert_int_equal(read.rules.n_receivers, 0);
	assert_int_equal(read.rules.interval_ns, 0);
	rule = &read.rules.list[0];
	assert_string_equal(rule->name, "a");
	assert_string_equal(rule->text, "rss > 1");
	assert_non_null(rule->expr);
	assert_null(rule->resolve);
	assert_int_equal(rule->for_ns, 0);
	assert_int_equal(rule->keep_ns, 0);
	assert_int_equal(rule->repeat_ns, 0);
	assert_int_equal(rule->severity, SEVERITY_WARNING);
	assert_null(rule->summary);
	assert_null(rule->cause);
	assert_int_equal(rule->n_next, 0);
	assert_int_equal(rule->n_labels, 0);
	assert_int_equal(rule->n_receivers, 0);
	assert_int_equal(rule->max_alerts, 20);
	assert_int_equal(rule->line, 1);
	rulesread_free(&read);
}

static const char whole[] =
	"interval: 1.5s\n"
	"external_url: https://example.org/\n"
	"rules:\n"
	"  - name: zombies\n"
	"    expr: count(where state == \"Z\") by (parent) > 100\n"
	"    resolve: count(where state == \"Z\") by (parent) < 20\n"
	"    for: 1m30s\n"
	"    keep: 30\n"
	"    repeat: 4h\n"
	"    severity: critical\n"
	"    summary: '{comm}({pid}): {value}'\n"
	"    description: \"{family}\"\n"
	"    cause: why\n"
	"    next: [\"kill {pid}\", look]\n"
	"    labels: { team: ops, where: here }\n"
	"    receivers: [late]\n"
	"    max_alerts: 7\n"
	"    disabled: false\n"
	"receivers:\n"
	"  - name: late\n"
	"    journal:\n";

static void test_whole(void **state)
{
	struct rulesread read;
	const struct rule *rule;

	rulesread_good(&read, whole);
	assert_int_equal(read.rules.interval_ns, SEC + SEC / 2);
	assert_string_equal(read.rules.external_url, "https://example.org/");
	rule = &read.rules.list[0];
	assert_int_equal(rule->line, 4);
	assert_int_equal(kin_expr_by(rule->expr), KIN_BY_PARENT);
	assert_int_equal(kin_expr_by(rule->resolve), KIN_BY_PARENT);
	assert_int_equal(rule->for_ns, 90 * SEC);
	assert_int_equal(rule->keep_ns, 30 * SEC);
	assert_int_equal(rule->repeat_ns, 4 * 3600 * SEC);
	assert_int_equal(rule->severity, SEVERITY_CRITICAL);
	assert_string_equal(rule->summary, "{comm}({pid}): {value}");
	assert_string_equal(rule->description, "{family}");
	assert_string_equal(rule->cause, "why");
	assert_int_equal(rule->n_next, 2);
	assert_string_equal(rule->next[0], "kill {pid}");
	assert_string_equal(rule->next[1], "look");
	assert_int_equal(rule->n_labels, 2);
	assert_string_equal(rule->labels[1].name, "where");
	assert_string_equal(rule->labels[1].value, "here");
	assert_int_equal(rule->n_receivers, 1);
	assert_ptr_equal(rule->receivers[0], &read.rules.receivers[0]);
	assert_int_equal(rule->max_alerts, 7);
	rulesread_free(&read);
}

/* "for" may stand in the expression. */
static void test_for(void **state)
{
	struct rulesread read;

	rulesread_good(&read, "rules: [{ name: a, expr: rss > 1 for 90s }]\n");
	assert_int_equal(read.rules.list[0].for_ns, 90 * SEC);
	rulesread_free(&read);
}

static const char receivers[] =
	"receivers:\n"
	"  - { name: t, terminal: {} }\n"
	"  - { name: j, json: { path: /var/log/x.json } }\n"
	"  - { name: o, json: { path: \"-\" }, only_named: true }\n"
	"  - { name: l, journal: {} }\n"
	"  - { name: c, command: { argv: [/bin/a, -b, c], timeout: 2s, queue: 1MiB } }\n"
	"  - { name: w, webhook: { url: \"https://h/x\", headers: [\"A: b\"] } }\n"
	"  - { name: a, alertmanager: { url: \"http://127.0.0.1:9093\" } }\n"
	"  - { name: s, signal: { signal: TERM } }\n"
	"  - { name: k, signal: { signal: SIGKILL } }\n"
	"rules:\n"
	"  - { name: default, expr: rss > 1 }\n"
	"  - { name: named, expr: rss > 1, receivers: [s, o] }\n"
	"  - { name: none, expr: rss > 1, receivers: [] }\n";

static void test_receivers(void **state)
{
	struct rulesread read;
	const struct receiver *r;

	rulesread_good(&read, receivers);
	r = read.rules.receivers;
	assert_int_equal(read.rules.n_receivers, 9);
	assert_int_equal(r[0].kind, RECEIVER_TERMINAL);
	assert_int_equal(r[1].kind, RECEIVER_JSON);
	assert_string_equal(r[1].path, "/var/log/x.json");
	assert_false(r[1].only_named);
	assert_true(r[2].only_named);
	assert_int_equal(r[3].kind, RECEIVER_JOURNAL);
	assert_int_equal(r[4].kind, RECEIVER_COMMAND);
	assert_string_equal(r[4].argv[2], "c");
	assert_null(r[4].argv[3]);
	assert_int_equal(r[4].timeout_ns, 2 * SEC);
	assert_int_equal(r[4].queue_bytes, 1 << 20);
	assert_int_equal(r[5].kind, RECEIVER_WEBHOOK);
	assert_string_equal(r[5].headers[0], "A: b");
	assert_null(r[5].headers[1]);
	assert_int_equal(r[5].timeout_ns, 10 * SEC);
	assert_int_equal(r[5].queue_bytes, 16 << 20);
	assert_int_equal(r[6].kind, RECEIVER_ALERTMANAGER);
	assert_string_equal(r[6].url, "http://127.0.0.1:9093");
	assert_int_equal(r[7].kind, RECEIVER_SIGNAL);
	assert_int_equal(r[7].signal, SIGTERM);
	assert_true(r[7].only_named);
	assert_int_equal(r[8].signal, SIGKILL);
	assert_int_equal(r[8].line, 10);
	rulesread_free(&read);
}

/* Whom a rule tells that names nobody: not those who want to be named. */
static void test_whom(void **state)
{
	struct rulesread read;
	const struct rule *rule;

	rulesread_good(&read, receivers);
	rule = read.rules.list;
	assert_int_equal(rule[0].n_receivers, 6);
	for (size_t i = 0; i < 6; i++)
		assert_false(rule[0].receivers[i]->only_named);
	assert_int_equal(rule[1].n_receivers, 2);
	assert_string_equal(rule[1].receivers[0]->name, "s");
	assert_string_equal(rule[1].receivers[1]->name, "o");
	assert_int_equal(rule[2].n_receivers, 0);
	rulesread_free(&read);
}

/* ---- several files ---- */

#define FILES 3

struct files {
	char names[FILES][32];
	const char *list[FILES];
	struct rules rules;
	struct rulefile_seen seen[FILES];
	char *said;
	int err;
};

/* "" stands for the built-in set; NULL ends the list. */
static void load(struct files *files, const char *const *texts)
{
	size_t n = 0, size;
	FILE *errors = open_memstream(&files->said, &size);

	for (; n < FILES && texts[n]; n++) {
		int fd;

		files->list[n] = "";
		if (!*texts[n])
			continue;
		strcpy(files->names[n], "/tmp/kin-rules-XXXXXX");
		fd = mkstemp(files->names[n]);
		assert_true(fd >= 0);
		assert_int_equal(write(fd, texts[n], strlen(texts[n])), strlen(texts[n]));
		close(fd);
		files->list[n] = files->names[n];
	}
	files->err = rulefile_load(&files->rules, files->list, n, errors, files->seen);
	fclose(errors);
	for (size_t i = 0; i < n; i++)
		if (*files->list[i])
			unlink(files->names[i]);
}

static void unload(struct files *files)
{
	rules_free(&files->rules);
	free(files->said);
}

static const struct rule *find(const struct rules *rules, const char *name)
{
	for (size_t i = 0; i < rules->n; i++)
		if (!strcmp(rules->list[i].name, name))
			return &rules->list[i];
	return NULL;
}

/* A later one takes the place of an earlier one, as a whole. */
static void test_replaced(void **state)
{
	static const char *const texts[] = {
		"rules: [{ name: a, expr: rss > 1, severity: info, cause: x },"
		" { name: b, expr: rss > 2 }]\n"
		"receivers: [{ name: r, journal: {} }]\n"
		"interval: 1s\n",
		"rules: [{ name: a, expr: rss > 3, receivers: [r] }]\n"
		"receivers: [{ name: r, json: { path: \"-\" } }]\n"
		"interval: 2s\n",
		NULL,
	};
	struct files files;

	load(&files, texts);
	assert_string_equal(files.said, "");
	assert_int_equal(files.err, 0);
	assert_int_equal(files.rules.n, 2);
	assert_string_equal(files.rules.list[0].name, "a");
	assert_string_equal(files.rules.list[0].text, "rss > 3");
	assert_int_equal(files.rules.list[0].severity, SEVERITY_WARNING);
	assert_null(files.rules.list[0].cause);
	assert_int_equal(files.rules.n_receivers, 1);
	assert_int_equal(files.rules.receivers[0].kind, RECEIVER_JSON);
	assert_ptr_equal(files.rules.list[1].receivers[0], &files.rules.receivers[0]);
	assert_int_equal(files.rules.interval_ns, 2 * SEC);
	assert_int_equal(files.seen[0].rules, 2);
	assert_int_equal(files.seen[1].rules, 1);
	assert_int_equal(files.seen[1].receivers, 1);
	unload(&files);
}

static void test_disabled(void **state)
{
	static const char *const texts[] = {
		"", "rules: [{ name: runaway, disabled: true },"
		    " { name: own, expr: rss > 1, disabled: true }]\n", NULL,
	};
	struct files built_in, files;

	load(&built_in, (const char *const[]){ "", NULL });
	load(&files, texts);
	assert_string_equal(files.said, "");
	assert_non_null(find(&built_in.rules, "runaway"));
	assert_null(find(&files.rules, "runaway"));
	assert_null(find(&files.rules, "own"));
	assert_int_equal(files.rules.n, built_in.rules.n - 1);
	unload(&built_in);
	unload(&files);
}

/* What is wrong in one file does not hide what is wrong in another. */
static void test_all_are_told(void **state)
{
	static const char *const texts[] = {
		"rules: [{ name: a, expr: rss > 1, severity: bad }]\n",
		"rules: [{ name: runawya, disabled: true }]\n",
		"rules: [{ name: b, expr: rss > 1, receivers: [x] }]\n",
	};
	struct files files;
	size_t n = 0;

	load(&files, texts);
	assert_int_equal(files.err, -EINVAL);
	for (const char *at = files.said; (at = strstr(at, "error: ")); at++)
		n++;
	assert_int_equal(n, 3);
	assert_non_null(strstr(files.said, ":1:45: error: unknown severity 'bad'"));
	assert_non_null(strstr(files.said, "no rule 'runawya' in an earlier file"));
	assert_non_null(strstr(files.said, "unknown receiver 'x'"));
	unload(&files);
}

/* As compilers do it: below the message the line, and what is meant of it. */
static void test_excerpts(void **state)
{
	static const char *const texts[] = {
		"#\nrules: [{ name: a, expr: rss > 1, sverity: bad }]\n"
		"a\xc3\xa4: { b: c }\n", NULL,
	};
	struct files files;

	load(&files, texts);
	assert_non_null(strstr(files.said,
			       "    2 | rules: [{ name: a, expr: rss > 1, sverity: bad }]\n"
			       "      |                                   ^~~~~~~\n"));
	/* (in the C locale: what is not ASCII is four columns a byte) */
	assert_non_null(strstr(files.said, "    3 | a\\xc3\\xa4: { b: c }\n"
					   "      | ^~~~~~~~~\n"));
	unload(&files);
}

static void test_unreadable(void **state)
{
	static const struct {
		const char *name;
		int err;
	} cases[] = {
		{ "/nonexistent/rules.yaml", -ENOENT },
		{ "/", -EISDIR },
	};
	struct rulesread read;
	size_t size;
	FILE *errors;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		errors = open_memstream(&read.said, &size);
		read.err = rules_load(&read.rules, &cases[i].name, 1, errors);
		fclose(errors);
		assert_int_equal(read.err, cases[i].err);
		assert_non_null(strstr(read.said, ": error: cannot be read: "));
		assert_int_equal(read.rules.n, 0);
		rulesread_free(&read);
	}
}

/* ---- named by a user ---- */

static void test_names(void **state)
{
	const char *files[RULEFILE_MAX];
	size_t n = 0;

	assert_int_equal(rulefile_take(&alert_cmd, "builtin", files, &n), CMD_OK);
	assert_string_equal(files[0], "");
	/* and nothing else is the built-in set */
	assert_int_equal(rulefile_take(&alert_cmd, "", files, &n), CMD_USAGE);
	assert_int_equal(n, 1);
	while (n < RULEFILE_MAX)
		assert_int_equal(rulefile_take(&alert_cmd, "x.yaml", files, &n), CMD_OK);
	assert_string_equal(files[RULEFILE_MAX - 1], "x.yaml");
	assert_int_equal(rulefile_take(&alert_cmd, "x.yaml", files, &n), CMD_USAGE);
}

static void test_check(void **state)
{
	char empty[] = "", builtin[] = "builtin";
	char *none[] = { empty }, *one[] = { builtin }, *two[] = { builtin, empty };

	assert_int_equal(alertcheck(false, 0, NULL), CMD_OK);
	assert_int_equal(alertcheck(false, 1, one), CMD_OK);
	assert_int_equal(alertcheck(false, 1, none), CMD_USAGE);
	assert_int_equal(alertcheck(false, 2, two), CMD_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_for),
		cmocka_unit_test(test_receivers),
		cmocka_unit_test(test_whom),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_disabled),
		cmocka_unit_test(test_all_are_told),
		cmocka_unit_test(test_excerpts),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
