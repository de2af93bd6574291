// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Expressions made up at random, printed and read again: the same text, the same truth.
 * Each must mean what its parentheses say: the ones that are printed are all of them,
 * the ones that are made up are few.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exprmade.h"

#define ROUNDS 20000

static uint32_t seed;

static unsigned int draw(unsigned int n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static const char *one_of(const char *const *words)
{
	unsigned int n = 0;

	while (words[n])
		n++;
	return words[draw(n)];
}

/* ---- made up ---- */

static const char *const orders[] = { "==", "!=", "<", "<=", ">", ">=", NULL };

struct kind {
	const char *const *columns, *const *values;
};

static const struct kind kinds[] = {
	{ (const char *const[]){ "pid", "uid", "threads", "minflt", "parent.pid", "ppid",
				 "nice", "host.threads", NULL },
	  (const char *const[]){ "0", "5", "300", "0x12c", "7.5", "1000", NULL } },
	{ (const char *const[]){ "rss", "vsz", "host.mem_total", "max(rss, 1m)",
				 "delta(rss,1h30m)", "parent.rss", NULL },
	  (const char *const[]){ "0B", "2GiB", "5M", "1.5K", "1GB", "2147483649", NULL } },
	{ (const char *const[]){ "etime", "cputime", "utime", "avg(etime, 5s)", NULL },
	  (const char *const[]){ "100s", "1h30m", "5ms", "1d", "1m40s", "2us", NULL } },
	{ (const char *const[]){ "pcpu", "rate(cputime)", "host.cpu", "rate(utime, 10s)", NULL },
	  (const char *const[]){ "80%", "0.5%", "100%", NULL } },
};

static void put_value(FILE *out, const struct kind *kind, unsigned int depth)
{
	static const char *const factors[] = { " * 2", " / 3", " * 50%", "*0.8", NULL };

	switch (depth ? draw(8) : draw(3)) {
	case 3:
		fputc('(', out);
		put_value(out, kind, depth - 1);
		fprintf(out, ")%s", one_of(factors));
		return;
	case 4:
		put_value(out, kind, depth - 1);
		fputs(draw(2) ? " + " : " - ", out);
		put_value(out, kind, depth - 1);
		return;
	case 5:
		fputs(draw(2) ? "-(" : "- (", out);
		put_value(out, kind, depth - 1);
		fputc(')', out);
		return;
	case 0:
		fputs(one_of(kind->values), out);
		return;
	default:
		fputs(one_of(kind->columns), out);
	}
}

/* One that has a column on the left: 5% is no percentage to compare with. */
static void put_comparison(FILE *out, unsigned int depth)
{
	const struct kind *kind = &kinds[draw(4)];

	if (draw(6)) {
		fputs("0 * 1 + (", out);
		put_value(out, kind, depth);
		fprintf(out, ") %s ", one_of(orders));
		put_value(out, kind, depth);
		return;
	}
	fprintf(out, "%s %s (%s", one_of(kind->columns), draw(2) ? "in" : "NOT  in",
		one_of(kind->values));
	for (unsigned int n = draw(3); n; n--)
		fprintf(out, ", %s", one_of(kind->values));
	fputc(')', out);
}

static void put_text_term(FILE *out)
{
	static const char *const texts[] = {
		"comm == 'worker'", "comm != \"a\\x41\\\"b\"", "comm in ('worker', \"x\")",
		"comm not in ('x')", "cgroup =~ \"^/system\\.slice/\"", "comm !~ \"[\\\"']\\d+\"",
		"state == 'D'", "state in (\"D\", 'Z')", "state != parent.state",
		"flags has \"exiting\"", "args has '--fast'", "args =~ '^-'", "nspid has 5",
		"comm == parent.comm", "parent.comm =~ \"^b\"", "descendant_of(100)",
		"exe == \"/x\xc3\xa9\\n\"", "comm == \"\xff\xfe\"", NULL,
	};

	fputs(one_of(texts), out);
}

static void put_condition(FILE *out, unsigned int depth)
{
	static const char *const joints[] = { " && ", " || ", " and ", " OR ", NULL };

	switch (depth ? draw(8) : draw(2)) {
	case 0:
		put_text_term(out);
		return;
	case 2:
		fputs(draw(2) ? "not " : "!", out);
		put_condition(out, depth - 1);
		return;
	case 3:
		/* (rate() and the like have no ancestors) */
		fputs("ancestor ", out);
		put_text_term(out);
		return;
	case 4:
		fputc('(', out);
		put_condition(out, depth - 1);
		fputc(')', out);
		return;
	case 5:
	case 6:
	case 7:
		put_condition(out, depth - 1);
		fputs(one_of(joints), out);
		put_condition(out, depth - 1);
		return;
	default:
		put_comparison(out, depth > 2 ? 2 : depth);
	}
}

static void put_sets(FILE *out, unsigned int depth)
{
	static const char *const by[] = { "", " by (comm)", " by(Parent)", " by (subtree)",
					  " by ( cgroup )", " by (exe)", " by (uid)", NULL };
	const char *group = one_of(by);

	for (unsigned int n = 1 + draw(3); n; n--) {
		switch (draw(3)) {
		case 0:
			fputs("count(where ", out);
			put_condition(out, depth);
			fprintf(out, ")%s", group);
			break;
		case 1:
			fputs(draw(2) ? "sum(rss where " : "sum(rss, where ", out);
			put_condition(out, depth);
			fprintf(out, ")%s / 1K", group);
			break;
		default:
			fprintf(out, "events(where event == 'exit' && status %s 0, 1m)%s",
				one_of(orders), group);
		}
		fprintf(out, " %s %s%s", one_of(orders), draw(2) ? "host.threads" : "5",
			n > 1 ? " && " : "");
	}
}

/* ---- read, and read again ---- */

static char *made_up(void)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (draw(4))
		put_condition(out, 1 + draw(4));
	else
		put_sets(out, 1 + draw(2));
	fclose(out);
	return text;
}

static char *printed(const struct kin_expr *expr)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	kin_expr_print(expr, out);
	fclose(out);
	return text;
}

static struct kin_expr *parsed(const char *text)
{
	struct kin_expr_error error;
	struct kin_expr *expr;

	if (kin_expr_parse(&made_rules, text, &expr, &error))
		fail_msg("%s: at %u: %s", text, error.at, error.message);
	return expr;
}

static void same_slots(const struct kin_expr *a, const struct kin_expr *b)
{
	size_t na, nb;
	const struct kin_expr_slot *sa = kin_expr_slots(a, &na), *sb = kin_expr_slots(b, &nb);

	assert_int_equal(na, nb);
	for (size_t i = 0; i < na; i++) {
		assert_int_equal(sa[i].kind, sb[i].kind);
		assert_int_equal(sa[i].window_ns, sb[i].window_ns);
		assert_int_equal(!sa[i].where, !sb[i].where);
		assert_int_equal(!sa[i].arg, !sb[i].arg);
	}
}

static void same_truth(const struct kin_expr *a, const struct kin_expr *b,
		       struct made_row *row, unsigned int *truths)
{
	double slots[64];
	unsigned int asked_a = 0, asked_b = 0;
	const struct kin_expr_row row_a = made_expr_row(row, &asked_a);
	const struct kin_expr_row row_b = made_expr_row(row, &asked_b);
	enum kin_truth truth;

	for (size_t i = 0; i < 64; i++)
		slots[i] = draw(3) ? draw(10) : draw(2) ? 3e9 : (double)NAN;
	row->slots = slots;
	row->task.mem.rss_anon_bytes = draw(2) ? draw(5) * 1024 * MIB : KIN_NONE64;
	row->task.base.num_threads = draw(2) ? draw(10) : KIN_NONE32;
	row->task.base.state = "SDZ"[draw(3)];
	truth = kin_expr_test(a, &row_a);
	assert_int_equal(kin_expr_test(b, &row_b), truth);
	/* in the same order, too */
	assert_int_equal(asked_a, asked_b);
	truths[truth]++;
}

static void test_again(void **state)
{
	static const char *const seen[] = {
		" && ", " || ", "(not ", "(ancestor ", " in (", " not in (", " has ", " =~ ",
		" !~ ", " + ", " - ", " * ", " / ", "(-", "parent.", "host.", "descendant_of(",
		"rate(", "max(", "delta(", "avg(", "count(where ", "sum(rss, where ",
		"events(where ", " by (parent)", " by (exe)", " < ", " >= ", NULL,
	};
	struct made_row parent = made_task(100, "bash", 'S'), row = made_task(300, "worker", 'S');
	unsigned int truths[3] = { 0 }, met[sizeof(seen) / sizeof(seen[0])] = { 0 };

	row.parent = &parent;
	row.host.now.threads = 5;
	seed = 1;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		char *text = made_up(), *once, *twice;
		struct kin_expr *a = parsed(text), *b;

		once = printed(a);
		b = parsed(once);
		twice = printed(b);
		assert_string_equal(once, twice);
		assert_int_equal(kin_expr_subject(a), kin_expr_subject(b));
		assert_int_equal(kin_expr_by(a), kin_expr_by(b));
		assert_int_equal(kin_expr_needs(a), kin_expr_needs(b));
		same_slots(a, b);
		for (int n = 0; n < 5; n++)
			same_truth(a, b, &row, truths);
		for (size_t n = 0; seen[n]; n++)
			met[n] += !!strstr(once, seen[n]);
		kin_expr_free(a);
		kin_expr_free(b);
		free(text);
		free(once);
		free(twice);
	}
	/* it says something */
	for (size_t n = 0; seen[n]; n++)
		if (met[n] < 20)
			fail_msg("'%s' was met %u times", seen[n], met[n]);
	for (int n = 0; n < 3; n++)
		assert_in_range(truths[n], ROUNDS / 10, ROUNDS * 5);
}

static void assert_printed(const char *text, const char *expected)
{
	struct kin_expr *expr = parsed(text);
	char *said = printed(expr);

	assert_string_equal(said, expected);
	free(said);
	kin_expr_free(expr);
}

/* What binds more closely. */
static void test_parentheses(void **state)
{
	assert_printed("pid==1||uid==0&&rss>5", "((pid == 1) || ((uid == 0) && (rss > 5)))");
	assert_printed("(pid==1||uid==0)&&rss>5", "(((pid == 1) || (uid == 0)) && (rss > 5))");
	assert_printed("not pid==1 and uid==0", "((not (pid == 1)) && (uid == 0))");
	assert_printed("not (pid==1 and uid==0)", "(not ((pid == 1) && (uid == 0)))");
	assert_printed("not pid in (1) or uid==0", "((not (pid in (1))) || (uid == 0))");
	assert_printed("not pid not in (1)", "(not (pid not in (1)))");
	assert_printed("ancestor pid==1 && uid==0", "((ancestor (pid == 1)) && (uid == 0))");
	assert_printed("ancestor not pid==1", "(ancestor (not (pid == 1)))");
	assert_printed("rss > 1M + 2 * 3M", "(rss > (1M + (2 * 3M)))");
	assert_printed("rss > 9M - 2M - 3M", "(rss > ((9M - 2M) - 3M))");
	assert_printed("-rss * 2 < 3", "(((-rss) * 2) < 3)");
	assert_printed("rss in (-1, 5)", "(rss in ((-1), 5))");
	assert_printed("pid==1 && uid==0 && (rss>5 && nice<0)",
		       "((pid == 1) && (uid == 0) && ((rss > 5) && (nice < 0)))");
	assert_printed("Fds > NOFILE", "(open > files_limit)");
	assert_printed("count ( where pid==1 ) by ( Comm ) > 5", "(count(where (pid == 1)) by (comm) > 5)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parentheses),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
