// SPDX-License-Identifier: GPL-2.0-or-later
/* What is refused: where, and with which words. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exprmade.h"

struct bad {
	const char *text;
	uint32_t at, len;
	const char *words;	/* part of the message */
};

static void check_one(const struct kin_expr_place *place, const struct bad *bad)
{
	struct kin_expr_error error;
	struct kin_expr *expr = (struct kin_expr *)&error;
	const int err = kin_expr_parse(place, bad->text, &expr, &error);

	if (err != -EINVAL)
		fail_msg("%s: taken", bad->text);
	assert_null(expr);
	if (error.at != bad->at || error.len != bad->len || !strstr(error.message, bad->words))
		fail_msg("%s: at %u, %u bytes: %s", bad->text, error.at, error.len,
			 error.message);
	/* a sentence that goes on: no full stop, no capital */
	assert_true(error.message[strlen(error.message) - 1] != '.');
}

static void check(const struct kin_expr_place *place, const struct bad *bad, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_one(place, &bad[i]);
}
#define CHECK(place, bad) check(place, bad, sizeof(bad) / sizeof(bad[0]))

static void test_words(void **state)
{
	static const struct bad bad[] = {
		{ "state = \"D\"", 6, 1, "== compares" },
		{ "pid <> 5", 4, 2, "!= is unequal" },
		{ "pid => 5", 4, 2, ">= is" },
		{ "pid =< 5", 4, 2, "<= is" },
		{ "pid > 5 & uid == 0", 8, 1, "&& is and" },
		{ "pid > 5 | uid == 0", 8, 1, "|| is or" },
		{ "comm ~ \"x\"", 5, 1, "=~ is for regular" },
		{ "pid > 5;", 7, 1, "unexpected character ';'" },
		{ "pid > 5 \x01", 8, 1, "unexpected character '\\x01'" },
		{ "pid > 5 \xff\xfe", 8, 2, "unexpected character '\\xff\\xfe'" },
		{ "comm == \xe2\x80\x9cx\xe2\x80\x9d", 8, 3, "typographic quote" },
		{ "comm == \"x", 8, 2, "no end: a \" is missing" },
		{ "comm == 'x\"", 8, 3, "no end: a ' is missing" },
		{ "comm == \"x\\", 8, 3, "no end" },
		{ "comm == \"x\\q\"", 10, 2, "unknown escape" },
		{ "comm == \"\\x4\"", 9, 2, "unknown escape" },
		{ "rss > 80 %", 9, 1, "right behind its number" },
		{ "load1 > .5", 8, 2, "starts with a digit: 0.5" },
	};

	CHECK(&made_rules, bad);
}

static void test_numbers(void **state)
{
	static const struct bad bad[] = {
		{ "rss > 5gb", 7, 2, "did you mean GB?" },
		{ "rss > 5gib", 7, 3, "did you mean GiB?" },
		{ "rss > 5k", 7, 1, "did you mean K?" },
		{ "rss > 5X", 7, 1, "sizes have B, K, M, G, T" },
		{ "etime > 5min", 9, 3, "durations ns, us, ms, s, m, h, d" },
		{ "etime > 5sec", 9, 3, "unknown unit 'sec'" },
		{ "rss > 1G5M", 6, 4, "only durations have several parts" },
		{ "rss > 1h5M", 6, 4, "only durations have several parts" },
		{ "etime > 1h30", 11, 1, "has no unit" },
		{ "rss > 5.", 7, 1, "a digit must follow the point" },
		{ "rss > 1.2.3", 9, 1, "unknown unit '.'" },
		{ "pid > 0x", 6, 2, "1 to 16 hexadecimal digits" },
		{ "pid > 0x1g", 9, 1, "not a hexadecimal digit" },
		{ "pid > 18446744073709551616", 6, 20, "too large" },
		{ "rss > 16777216T", 6, 9, "too large: 2^64 - 1 bytes" },
		{ "pid > 1_000", 7, 1, "unknown unit '_'" },
	};

	CHECK(&made_rules, bad);
}

static void test_grammar(void **state)
{
	static const struct bad bad[] = {
		{ "", 0, 1, "the expression is empty" },
		{ "  ", 2, 1, "ends too soon" },
		{ "rss >", 5, 1, "ends too soon: a column or a value is expected" },
		{ "rss > && uid == 0", 6, 2, "unexpected '&&': a column or a value" },
		{ "rss 5", 4, 1, "unexpected '5': an operator" },
		{ "(rss > 5", 8, 1, "or ')' is expected" },
		{ "rss > 5)", 7, 1, "')' closes nothing" },
		{ "1 < rss < 5", 8, 1, "comparisons do not chain" },
		{ "rss == uid == 5", 11, 2, "comparisons do not chain" },
		{ "uid in 5", 7, 1, "'(' is expected" },
		{ "uid in ()", 8, 1, "a column or a value is expected" },
		{ "uid in (1,)", 10, 1, "a column or a value is expected" },
		{ "uid not 5", 8, 1, "unexpected '5'" },
		{ "host. > 5", 6, 1, "a name is expected" },
		{ "count() by comm > 5", 11, 4, "'(' is expected" },
		{ "count() by (comm > 5", 17, 1, "')' is expected" },
		{ "rss > 5 for", 11, 1, "how long, as in 30s" },
		{ "rss > 5 for x", 12, 1, "how long, as in 30s" },
		{ "rss > 5 for 5s 6", 15, 1, "nothing more is expected" },
		{ "and", 0, 3, "unexpected 'and'" },
	};

	CHECK(&made_rules, bad);
}

static void test_names(void **state)
{
	static const struct bad bad[] = {
		{ "rsss > 5", 0, 4, "unknown column 'rsss'; did you mean rss?" },
		{ "uid == 0 && sate == \"D\"", 12, 4, "did you mean state?" },
		{ "qwertz > 5", 0, 6, "unknown column 'qwertz' (strings want quotes)" },
		{ "host.laod1 > 5", 0, 10, "unknown column of the host 'laod1'; did you mean load1?" },
		{ "mem_total > 5", 0, 9, "with 'host.' in front" },
		{ "host.rss > 5", 0, 8, "without 'host.'" },
		{ "task.rss > 5", 0, 4, "only 'host' and 'parent'" },
		{ "parent.rsss > 5", 0, 11, "did you mean rss?" },
		{ "comm == nginx", 8, 5, "strings want quotes: \"nginx\"" },
		{ "state == D", 9, 1, "strings want quotes: \"D\"" },
		{ "state == S", 9, 1, "a state is a letter in quotes" },
		{ "state in (D, S)", 10, 1, "strings want quotes: \"D\"" },
		{ "rss > rss", 6, 3, "both sides are the column rss" },
		{ "cuont() > 5", 0, 5, "unknown function cuont(); did you mean count()?" },
		{ "descendent_of(5)", 0, 13, "did you mean descendant_of()?" },
		{ "qwertz(5) > 1", 0, 6, "unknown function qwertz()" },
		{ "count() by (com) > 5", 12, 3, "'by' takes comm, uid" },
	};

	CHECK(&made_rules, bad);
}

static void test_types(void **state)
{
	static const struct bad bad[] = {
		{ "rss > 5m", 6, 2, "cannot compare a size with a duration (m is minutes, M is MiB)" },
		{ "etime > 5M", 8, 2, "cannot compare a duration with a size" },
		{ "rss > etime", 6, 5, "cannot compare a size with a duration" },
		{ "rss == \"5\"", 7, 3, "cannot compare a size with a string" },
		{ "comm == 5", 8, 1, "cannot compare a string with a number" },
		{ "uid == \"root\"", 7, 6, "names are compared with user" },
		{ "comm > \"x\"", 0, 10, "a string has no order" },
		{ "state > \"D\"", 0, 11, "a state has no order" },
		{ "state == \"Q\"", 9, 3, "'Q' is no state: one letter of RSDTtXZPI is" },
		{ "state == \"SD\"", 9, 4, "'SD' is no state" },
		{ "state == 5", 9, 1, "cannot compare a state with a number" },
		{ "\"a\" == \"a\"", 0, 10, "a column has to be compared" },
		{ "flags == \"kthread\"", 9, 9, "a list of strings with a string: use has" },
		{ "comm has \"x\"", 0, 4, "'has' is for lists; this is a string: use =~" },
		{ "flags has 5", 10, 1, "wants a string" },
		{ "nspid has \"5\"", 10, 3, "wants a number" },
		{ "rss =~ \"5\"", 0, 3, "this is a size" },
		{ "comm =~ comm", 8, 4, "a regular expression is expected, in quotes" },
		{ "comm =~ \"a(b\"", 12, 1, "missing closing parenthesis" },
		{ "comm =~ \"x[\"", 11, 1, "regular expression: " },
		{ "comm =~ \"+\"", 9, 1, "regular expression: " },
		{ "comm == \"sixteen-bytes-xx\"", 8, 18, "15 bytes at most" },
		{ "comm in (\"a\", \"sixteen-bytes-xx\")", 14, 18, "15 bytes at most" },
		{ "uid in (1, gid)", 11, 3, "numbers or strings alone" },
		{ "uid in (1, \"x\")", 11, 3, "cannot compare a number with a string" },
		{ "5 in (1, 2)", 0, 1, "a column goes in front of 'in'" },
		{ "pcpu > 80", 7, 2, "pcpu is a percentage: write 80%" },
		{ "80 < pcpu", 0, 2, "pcpu is a percentage" },
		{ "pcpu in (80%, 90)", 14, 2, "pcpu is a percentage: write 90%" },
		{ "pcpu > 40 + 40", 7, 7, "pcpu is a percentage: write 80%" },
		{ "pcpu > -0.5", 7, 4, "pcpu is a percentage: write -0.5%" },
		{ "pcpu - 1% > 0x50", 12, 4, "pcpu - 1% is a percentage: write 80%" },
		{ "avg(host.cpu, 1m) > 90", 20, 2, "avg(host.cpu, 1m) is a percentage: write 90%" },
		{ "rate(cputime) > 2", 16, 1, "rate(cputime) is a percentage: write 2%" },
		{ "flags has \"kthred\"", 10, 8,
		  "'kthred' is no word of flags: it has thread, kthread, exiting, subreaper" },
		{ "not (parent.flags has \"\")", 22, 2, "'' is no word of flags" },
		{ "denied has \"memory\"", 11, 8, "it has sched, mem, " },
		{ "events(where event == \"crash\", 1m) > 0", 22, 7,
		  "'crash' is no word of event: it has fork, exec, exit, comm, oom, cgroup, other" },
		{ "events(where \"exits\" != event, 1m) > 0", 13, 7, "no word of event" },
		{ "events(where event in (\"oom\", \"kill\"), 1m) > 0", 30, 6, "no word of event" },
		{ "rss", 0, 3, "'rss' is a size, no condition" },
		{ "not rss", 4, 3, "'rss' is a size, no condition" },
		{ "rss > 5 && uid", 11, 3, "'uid' is a number, no condition" },
		{ "\"x\"", 0, 3, "no condition" },
		{ "(rss > 5) > 5", 12, 1, "cannot compare a condition with a number" },
		{ "(rss > 5) == (uid == 0)", 14, 8, "cannot compare a condition with a condition" },
		{ "rss + etime > 5", 0, 11, "a size added to a duration makes no sense" },
		{ "rss * rss > 5", 0, 9, "a size times a size makes no sense" },
		{ "rss / etime > 5", 0, 11, "a size divided by a duration makes no sense" },
		{ "comm + 1 > 5", 0, 4, "cannot calculate with a string" },
		{ "-comm == 5", 0, 5, "a string has no negative" },
		{ "-start < 5", 0, 6, "a date has no negative" },
	};

	CHECK(&made_rules, bad);
}

static void test_functions(void **state)
{
	static const struct bad bad[] = {
		{ "rate() > 5", 0, 6, "rate() is written so: rate(cputime)" },
		{ "rate(comm) > 5", 5, 4, "rate() is of numbers; this is a string" },
		{ "rate(5) > 5", 5, 1, "this is always the same" },
		{ "rate(rss, 5) > 5", 10, 1, "how far back, as in 10m" },
		{ "rate(rss, uid) > 5", 10, 3, "how far back" },
		{ "max(rss) > 5", 0, 8, "max() is written so: max(rss, 1m)" },
		{ "max(rss, 0s) > 5", 9, 2, "how far back" },
		{ "delta(rss, 1m, 2m) > 5", 0, 18, "delta() is written so" },
		{ "rate(rss where uid == 0) > 5", 0, 24, "rate() is written so" },
		{ "count(rss) > 5", 0, 10, "count() is written so" },
		{ "count(where rss) > 5", 12, 3, "no condition" },
		{ "sum(where uid == 0) > 5", 0, 19, "sum() is written so" },
		{ "sum(host.load1) > 5", 4, 10, "sum() is of columns; this is always the same" },
		{ "sum(start) > 5", 4, 5, "sum() is of numbers; this is a date" },
		{ "events() > 5", 0, 8, "events() is written so" },
		{ "events(where nice > 5, 1m) > 5", 13, 4, "unknown column 'nice'" },
		{ "events(where rate(pid) > 5, 1m) > 5", 13, 9, "an event has no past" },
		{ "events(where descendant_of(5), 1m) > 5", 13, 16, "rows have no parents" },
		{ "count(where count() > 5) > 5", 12, 7, "count() cannot stand in count()" },
		{ "rate(count()) > 5", 5, 7, "count() cannot stand in rate()" },
		{ "rate(rss) by (comm) > 5", 14, 4, "rate() has no 'by'" },
		{ "count() by (comm) > count() by (uid)", 20, 16, "want the same 'by'" },
		{ "count() by (comm) > count()", 20, 7, "want the same 'by'" },
		{ "rss > 5 && count() > 5", 0, 3, "'rss' is of one process" },
		{ "count() > threads", 10, 7, "'threads' is of one process" },
		{ "count() > 1 && rate(rss) > 5", 20, 3, "'rss' is of one process" },
		{ "ancestor rate(rss) > 5", 9, 9, "cannot be asked of ancestors" },
		{ "ancestor count() > 5", 9, 7, "cannot be asked of ancestors" },
		{ "descendant_of(\"x\")", 0, 18, "wants the pid" },
		{ "descendant_of()", 0, 15, "wants the pid" },
		{ "descendant_of(0)", 0, 16, "wants the pid" },
		{ "descendant_of(1.5)", 0, 18, "wants the pid" },
		{ "descendant_of(1, 2)", 0, 19, "wants the pid" },
		{ "rss > 5 for 30", 12, 2, "'for' wants a duration" },
	};

	CHECK(&made_rules, bad);
}

/* What only rules can say. */
static void test_places(void **state)
{
	static const struct kin_expr_place host = { .host = &kin_host_columns };
	static const struct kin_expr_place plain = { .columns = &kin_task_columns };
	static const struct bad filter[] = {
		{ "rate(rss) > 5", 0, 9, "only rules of kin alert" },
		{ "count() > 5", 0, 7, "only rules of kin alert" },
		{ "rss > 5 for 5s", 12, 2, "only rules of kin alert" },
		{ "host.load1 > 5", 0, 10, "columns of the host are not known here" },
	};
	static const struct bad orphans[] = {
		{ "ancestor uid == 0", 0, 17, "rows have no parents" },
		{ "parent.uid == 0", 0, 10, "rows have no parents" },
		{ "descendant_of(5)", 0, 16, "rows have no parents" },
	};
	static const struct bad hosts[] = {
		{ "rss > 5", 0, 3, "no columns here but those of the host" },
	};
	static const struct bad events[] = {
		{ "not descendant_of(5)", 4, 16, "join it to the rest by &&" },
		{ "descendant_of(5) || uid == 0", 0, 16, "join it to the rest by &&" },
		{ "descendant_of(5) && descendant_of(6)", 20, 16, "join it to the rest by &&" },
	};

	CHECK(&made_filter, filter);
	CHECK(&plain, orphans);
	CHECK(&host, hosts);
	CHECK(&made_events, events);
}

/* ---- bounds ---- */

static void repeat(char *to, const char *what, size_t n)
{
	const size_t len = strlen(what);

	for (size_t i = 0; i < n; i++, to += len)
		memcpy(to, what, len);
	*to = '\0';
}

static int parse(const char *text, struct kin_expr_error *error)
{
	struct kin_expr *expr;
	const int err = kin_expr_parse(&made_rules, text, &expr, error);

	kin_expr_free(expr);
	return err;
}

static void test_bounds(void **state)
{
	static char text[40000];
	struct kin_expr_error error;

	repeat(text, "(", 200);
	strcat(text, "rss > 5");
	repeat(text + strlen(text), ")", 200);
	assert_int_equal(parse(text, &error), 0);

	repeat(text, "(", 201);
	assert_int_equal(parse(text, &error), -EINVAL);
	assert_int_equal(error.at, 200);
	assert_non_null(strstr(error.message, "200 parentheses"));

	repeat(text, "not ", 199);
	strcat(text, "uid==0");
	assert_int_equal(parse(text, &error), -EINVAL);
	assert_non_null(strstr(error.message, "200 levels deep"));
	repeat(text, "not ", 198);
	strcat(text, "uid==0");
	assert_int_equal(parse(text, &error), 0);

	repeat(text, "-", 3000);
	strcat(text, "1 > 5");
	assert_int_equal(parse(text, &error), -EINVAL);
	assert_non_null(strstr(error.message, "deep"));

	/* a long row of terms is not deep */
	repeat(text, "uid==0||", 1300);
	strcat(text, "uid==0");
	assert_int_equal(parse(text, &error), 0);
	repeat(text, "uid==0||", 1400);
	strcat(text, "uid==0");
	assert_int_equal(parse(text, &error), -EINVAL);
	assert_non_null(strstr(error.message, "4096 parts"));

	memset(text, ' ', 32 * 1024 + 1);
	text[32 * 1024 + 1] = '\0';
	assert_int_equal(parse(text, &error), -EINVAL);
	assert_non_null(strstr(error.message, "32768 bytes"));

	strcpy(text, "exe == \"");
	memset(text + 8, 'x', 4097);
	strcpy(text + 8 + 4097, "\"");
	assert_int_equal(parse(text, &error), -EINVAL);
	assert_non_null(strstr(error.message, "4096 bytes"));
	strcpy(text + 8 + 4096, "\"");
	assert_int_equal(parse(text, &error), 0);

	strcpy(text, "exe =~ \"");
	memset(text + 8, 'x', 1025);
	strcpy(text + 8 + 1025, "\"");
	assert_int_equal(parse(text, &error), -EINVAL);
	assert_non_null(strstr(error.message, "1024 bytes"));

	repeat(text, "rate(rss)>1||", 64);
	strcat(text, "uid==0");
	assert_int_equal(parse(text, &error), 0);
	repeat(text, "rate(rss)>1||", 65);
	strcat(text, "uid==0");
	assert_int_equal(parse(text, &error), -EINVAL);
	assert_non_null(strstr(error.message, "64 functions"));
}

/* ---- shown ---- */

static void assert_shown(const char *text, uint32_t at, uint32_t len, const char *expected)
{
	const struct kin_expr_error error = { .at = at, .len = len };
	char *shown = NULL;
	size_t size;
	FILE *out = open_memstream(&shown, &size);

	kin_expr_print_error(out, text, &error);
	fclose(out);
	assert_string_equal(shown, expected);
	free(shown);
}

static void test_shown(void **state)
{
	assert_shown("rss > 5m", 6, 2, "  rss > 5m\n        ^~\n");
	assert_shown("rss >", 5, 1, "  rss >\n       ^\n");
	assert_shown("", 0, 1, "  \n  ^\n");
	/* the line of a text of several */
	assert_shown("a\nrss > 5m\nb", 8, 2, "  rss > 5m\n        ^~\n");
	assert_shown("ab\ncd", 0, 5, "  ab\n  ^~\n");
	/* what is made safe is wider than it was */
	assert_shown("\x1b[1m x\x1b", 5, 1, "  \\x1b[1m x\\x1b\n          ^\n");
	assert_shown("a\xff", 1, 1, "  a\\xff\n   ^~~~\n");
	/* beyond the end; nothing of it is read */
	assert_shown("abc", 4000000000u, 9, "  abc\n     ^\n");
	assert_shown("ab", 0, 4000000000u, "  ab\n  ^~\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
