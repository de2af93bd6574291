// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel is asked to filter, and what of it is told. */
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exprmade.h"

/* ---- who there is, instead of those of this machine ---- */

/* 8 is the name of somebody else: names of digits are no help. */
int getpwnam_r(const char *name, struct passwd *pw, char *room, size_t size,
	       struct passwd **found)
{
	*found = NULL;
	if (strcmp(name, "root") && strcmp(name, "8"))
		return 0;
	*pw = (struct passwd){ .pw_uid = !strcmp(name, "root") ? 0 : 5 };
	*found = pw;
	return 0;
}

/* ---- as text, to compare it ---- */

static void put_list(FILE *out, const char *name, const uint32_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%u", i ? "," : name, list[i]);
}

static void put_scope(FILE *out, const struct kin_scope *scope)
{
	static const char letters[] = KIN_STATE_LETTERS;

	put_list(out, " pid=", scope->pids, scope->n_pids);
	put_list(out, " tgid=", scope->tgids, scope->n_tgids);
	put_list(out, " subtree=", scope->subtrees, scope->n_subtrees);
	put_list(out, " uid=", scope->uids, scope->n_uids);
	for (size_t i = 0; i < scope->n_cgroups; i++)
		fprintf(out, " cgroup=%llu", (unsigned long long)scope->cgroups[i]);
	fputs(scope->states ? " state=" : "", out);
	for (size_t i = 0; letters[i]; i++)
		if (scope->states >> i & 1)
			fputc(letters[i], out);
}

static void put_filter(FILE *out, const struct kin_event_filter *filter)
{
	put_scope(out, &filter->scope);
	fputs(filter->events ? " event=" : "", out);
	for (size_t i = 0; kin_event_names[i]; i++)
		if (filter->events >> i & 1)
			fprintf(out, "%s,", kin_event_names[i]);
	for (size_t i = 0; i < filter->n_comms; i++)
		fprintf(out, " comm=%s", filter->comms[i]);
	fputs(filter->failed ? " failed" : "", out);
}

static void assert_pushed(const struct kin_expr_place *place, const char *text,
			  struct kin_event_filter filter, const char *expected)
{
	const bool tasks = place->columns == &kin_task_columns;
	struct kin_expr_error error;
	struct kin_expr *expr;
	char *said = NULL;
	size_t size;
	FILE *out;
	bool done;

	if (kin_expr_parse(place, text, &expr, &error))
		fail_msg("%s: %s", text, error.message);
	done = tasks ? kin_expr_push(expr, &filter.scope) : kin_expr_push_events(expr, &filter);
	out = open_memstream(&said, &size);
	put_filter(out, &filter);
	fclose(out);
	if (strcmp(said, expected))
		fail_msg("%s: '%s', not '%s'", text, said, expected);
	assert_int_equal(done, !!*expected);
	free(said);
	kin_expr_free(expr);
}

static const struct kin_event_filter empty;

static void test_tasks(void **state)
{
	static const char *const texts[][2] = {
		{ "pid == 5", " pid=5" },
		{ "5 == pid", " pid=5" },
		{ "pid in (5, 6, 0x10)", " pid=5,6,16" },
		{ "tgid == 7", " tgid=7" },
		{ "uid == 0 || uid == 5", " uid=0,5" },
		{ "uid == 0 || uid in (5, 6) || uid == 7", " uid=0,5,6,7" },
		{ "state == \"D\"", " state=D" },
		{ "state in (\"D\", \"Z\", \"I\")", " state=DZI" },
		{ "state == \"t\" || state == \"T\"", " state=Tt" },
		{ "cgroup_id == 0", " cgroup=0" },
		{ "cgroup_id == 18446744073709551614", " cgroup=18446744073709551614" },
		{ "descendant_of(1)", " subtree=1" },
		{ "descendant_of(1) || descendant_of(2)", " subtree=1,2" },
		{ "user == \"root\"", " uid=0" },
		{ "user == \"root\" || uid == 5", " uid=0,5" },
		{ "pid == 5 && uid == 0 && state == \"S\" && rss > 5", " pid=5 uid=0 state=S" },
		{ "rss > 5 && (pid == 5 && (uid == 0))", " pid=5 uid=0" },
		/* the first of a kind */
		{ "pid == 5 && pid == 6", " pid=5" },
		{ "(rss > 5 || uid == 0) && uid == 1", " uid=1" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_pushed(&made_filter, texts[i][0], empty, texts[i][1]);
}

/* Terms that the kernel would take for others, or that need not be true. */
static void test_not_pushed(void **state)
{
	static const char *const texts[] = {
		"rss > 5", "pid != 5", "pid > 5", "pid < 5", "not pid == 5", "pid not in (5, 6)",
		"pid == 5 || rss > 5", "pid == 5 || uid == 5", "pid == 5 || tgid == 5",
		"(pid == 5 && rss > 1) || (pid == 6 && rss > 1)",
		"pid == 0", "tgid in (0, 1)", "pid == 1.5", "pid == -1", "pid == 4294967295", "pid == 4294967296",
		"uid == 4294967295", "uid == 65534", "uid in (5, 65534)", "cgroup_id == 18446744073709551615",
		"pid == ppid", "ancestor pid == 5", "parent.pid == 5", "state != \"D\"",
		"user == \"nobody-has-this-name\"", "user == \"0\"", "user == \"8\"", "user == \"\"",
		"user == \"root\\x00x\"", "user =~ \"root\"", "euid == 0", "comm == \"x\"",
		"not descendant_of(5)", "descendant_of(5) || rss > 5",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_pushed(&made_filter, texts[i], empty, "");
}

static void test_events(void **state)
{
	static const char *const texts[][2] = {
		{ "event == \"exit\"", " event=exit," },
		{ "event in (\"fork\", \"oom\")", " event=fork,oom," },
		{ "event == \"other\"", "" },
		{ "event == \"exit\" && status != 0", " event=exit, failed" },
		{ "status > 0", " failed" },
		{ "status >= 1", " failed" },
		{ "status == 5", " failed" },
		{ "status == 1 || status == 2", " failed" },
		{ "code != 0", " failed" },
		{ "status == 0", "" },
		{ "status >= 0", "" },
		{ "status < 5", "" },
		{ "status != 5", "" },
		{ "status != 0 || uid == 0", "" },
		{ "not status != 0", "" },
		{ "comm == \"a\" || comm == \"b\"", " comm=a comm=b" },
		{ "comm in (\"a\", \"b\") && uid == 0", " uid=0 comm=a comm=b" },
		{ "comm == \"\"", "" },
		{ "tgid == 5", " tgid=5" },
		{ "tgid == 0", "" },
		{ "pid == 5", "" },
		{ "cgroup_id == 5", " cgroup=5" },
		{ "descendant_of(5) && status != 0", " subtree=5 failed" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_pushed(&made_events, texts[i][0], empty, texts[i][1]);
}

/* What was asked for by options stays as it is. */
static void test_kept(void **state)
{
	static const uint32_t one = 1;
	static const char *const comm = "x";
	static struct kin_event_filter given;

	given = empty;
	given.scope.pids = &one;
	given.scope.n_pids = 1;
	given.scope.states = KIN_STATE_SLEEPING;
	assert_pushed(&made_filter, "pid == 5 && state == \"D\" && uid == 7", given,
		      " pid=1 uid=7 state=S");
	given = empty;
	given.comms = &comm;
	given.n_comms = 1;
	given.events = KIN_EVENT_KIND_FORK;
	assert_pushed(&made_events, "comm == \"y\" && event == \"exit\" && tgid == 3", given,
		      " tgid=3 event=fork, comm=x");
}

/* No more values than the kernel takes, or than there is room for. */
static void test_many(void **state)
{
	static uint32_t list[KIN_MAX_VALUES];
	struct kin_event_filter given = empty;
	char text[3000] = "pid in (1";

	given.scope.uids = list;
	given.scope.n_uids = KIN_MAX_VALUES - 1;
	for (size_t i = 0; i < KIN_MAX_VALUES - 1; i++)
		list[i] = i;
	for (int round = 0; round < 2; round++) {
		struct kin_event_filter filter = given;
		struct kin_expr_error error;
		struct kin_expr *expr;

		assert_int_equal(kin_expr_parse(&made_filter, round ? "tgid in (1, 2)" : "tgid == 1",
						&expr, &error), 0);
		assert_int_equal(kin_expr_push(expr, &filter.scope), !round);
		assert_int_equal(filter.scope.n_tgids, !round);
		kin_expr_free(expr);
	}
	for (int i = 2; i <= 256; i++)
		sprintf(text + strlen(text), ",%d", i);
	strcat(text, ",257)");
	assert_pushed(&made_filter, text, empty, "");
}

/* Who passes the whole is never kept back by what is pushed. */
static void test_answered(void **state)
{
	struct kin_event_filter filter = empty;
	struct kin_expr_error error;
	struct kin_expr_row row = { .ctx = &filter };
	struct kin_expr *expr;

	assert_int_equal(kin_expr_parse(&made_events, "descendant_of(5)", &expr, &error), 0);
	assert_int_equal(kin_expr_test(expr, &row), KIN_UNKNOWN);
	assert_true(kin_expr_push_events(expr, &filter));
	assert_int_equal(kin_expr_test(expr, &row), KIN_TRUE);
	kin_expr_free(expr);
}

/* ---- told ---- */

static void assert_told(const struct kin_expr_place *place, const char *text,
			const char *expected)
{
	struct kin_expr_error error;
	struct kin_expr *expr;
	char *said = NULL;
	size_t size;
	FILE *out = open_memstream(&said, &size);

	assert_int_equal(kin_expr_parse(place, text, &expr, &error), 0);
	kin_expr_explain(expr, out);
	fclose(out);
	assert_string_equal(said, expected);
	free(said);
	kin_expr_free(expr);
}

static void test_told(void **state)
{
	assert_told(&made_filter, "uid==0 && uid==1&&rss>2G && user == 'x' && state=='D'",
		    "understood: ((uid == 0) && (uid == 1) && (rss > 2G) && (user == 'x') && (state == 'D'))\n"
		    "kernel:     (uid == 0) && (state == 'D')\n"
		    "here:       (uid == 1) && (rss > 2G) && (user == 'x')\n"
		    "reads:      base, mem, names of users\n");
	assert_told(&made_filter, "pid == 1",
		    "understood: (pid == 1)\n"
		    "kernel:     (pid == 1)\n"
		    "here:       nothing is left\n"
		    "reads:      base\n");
	assert_told(&made_filter, "pid != 1 or fds > 5",
		    "understood: ((pid != 1) || (open > 5))\n"
		    "kernel:     filters nothing of it\n"
		    "here:       ((pid != 1) || (open > 5))\n"
		    "reads:      base, files\n");
	assert_told(&made_rules, "sum(rss where uid != 0) by (cgroup) > 50% * host.mem_total for 90s",
		    "understood: (sum(rss, where (uid != 0)) by (cgroup) > (50% * host.mem_total)) for 90s\n"
		    "watches:    each cgroup\n"
		    "reads:      base, mem, cgroup, the host's summary\n");
	assert_told(&made_events, "status != 0 && signal == 9",
		    "understood: ((status != 0) && (signal == 9))\n"
		    "kernel:     (status != 0)\n"
		    "here:       (signal == 9)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tasks),
		cmocka_unit_test(test_not_pushed),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_answered),
		cmocka_unit_test(test_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
