// SPDX-License-Identifier: GPL-2.0-or-later
/* What an expression is about, what it wants remembered, and what it measures. */
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

static struct kin_expr *parsed(const char *text)
{
	struct kin_expr_error error;
	struct kin_expr *expr;

	if (kin_expr_parse(&made_rules, text, &expr, &error))
		fail_msg("%s: at %u: %s", text, error.at, error.message);
	return expr;
}

static void test_about(void **state)
{
	static const struct {
		const char *text;
		enum kin_expr_subject subject;
		enum kin_expr_by by;
		uint64_t for_ns;
		uint32_t needs;
	} about[] = {
		{ "pid == 1", KIN_EXPR_ROW, KIN_BY_NONE, 0, 0 },
		{ "rss > 5 for 1m30s", KIN_EXPR_ROW, KIN_BY_NONE, 90 * SEC, KIN_GROUP_MEM },
		{ "rate(cputime) > 80% && fds > 5", KIN_EXPR_ROW, KIN_BY_NONE, 0,
		  KIN_GROUP_SCHED | KIN_GROUP_FILES },
		{ "descendant_of(1)", KIN_EXPR_ROW, KIN_BY_NONE, 0, 0 },
		{ "ancestor pid == 1", KIN_EXPR_ROW, KIN_BY_NONE, 0, 0 },
		{ "parent.rss > 5", KIN_EXPR_ROW, KIN_BY_NONE, 0, KIN_GROUP_MEM },
		{ "user == \"x\"", KIN_EXPR_ROW, KIN_BY_NONE, 0, KIN_NEED_NAMES },
		{ "rss > 5% * host.mem_total", KIN_EXPR_ROW, KIN_BY_NONE, 0,
		  KIN_GROUP_MEM | KIN_NEED_HOST },
		{ "host.load1 > 5", KIN_EXPR_HOST, KIN_BY_NONE, 0, KIN_NEED_HOST },
		{ "rate(host.processes) > 5", KIN_EXPR_HOST, KIN_BY_NONE, 0, KIN_NEED_HOST },
		{ "count(where rss > 5) > 5", KIN_EXPR_HOST, KIN_BY_NONE, 0, KIN_GROUP_MEM },
		{ "1 > 0", KIN_EXPR_HOST, KIN_BY_NONE, 0, 0 },
		{ "count() by (comm) > 5", KIN_EXPR_GROUP, KIN_BY_COMM, 0, 0 },
		{ "count() by (uid) > 5", KIN_EXPR_GROUP, KIN_BY_UID, 0, 0 },
		{ "count() by (cgroup) > 5", KIN_EXPR_GROUP, KIN_BY_CGROUP, 0, KIN_GROUP_CGROUP },
		{ "count() by (parent) > 5", KIN_EXPR_GROUP, KIN_BY_PARENT, 0, 0 },
		{ "count() by (subtree) > 5", KIN_EXPR_GROUP, KIN_BY_SUBTREE, 0, 0 },
		{ "count() by (exe) > 5", KIN_EXPR_GROUP, KIN_BY_EXE, 0, KIN_GROUP_EXE },
		{ "events(1m) by (exe) > 5", KIN_EXPR_GROUP, KIN_BY_EXE, 0, 0 },
		{ "sum(rss) by (comm) > host.mem_total", KIN_EXPR_GROUP, KIN_BY_COMM, 0,
		  KIN_GROUP_MEM | KIN_NEED_HOST },
	};

	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++) {
		struct kin_expr *expr = parsed(about[i].text);

		if (kin_expr_subject(expr) != about[i].subject ||
		    kin_expr_by(expr) != about[i].by ||
		    kin_expr_for_ns(expr) != about[i].for_ns ||
		    kin_expr_needs(expr) != about[i].needs)
			fail_msg("%s: subject %d, by %d, for %llu, needs %x", about[i].text,
				 kin_expr_subject(expr), kin_expr_by(expr),
				 (unsigned long long)kin_expr_for_ns(expr),
				 kin_expr_needs(expr));
		kin_expr_free(expr);
	}
}

/* ---- slots ---- */

static void assert_slot(const struct kin_expr_slot *slot, enum kin_expr_slot_kind kind,
			uint64_t window_ns, bool of_host)
{
	assert_int_equal(slot->kind, kind);
	assert_int_equal(slot->window_ns, window_ns);
	assert_int_equal(slot->of_host, of_host);
}

static void test_kinds(void **state)
{
	struct kin_expr *expr = parsed("rate(rss) > 1 && delta(rss, 10m) > 1 && max(rss, 1m) > 1"
				       " && min(rss, 2m) > 1 && avg(host.load1, 5s) > 1"
				       " && rate(host.load1 + threads, 1h) > 1");
	size_t n;
	const struct kin_expr_slot *slots = kin_expr_slots(expr, &n);

	assert_int_equal(n, 6);
	assert_slot(&slots[0], KIN_SLOT_RATE, 0, false);
	assert_slot(&slots[1], KIN_SLOT_DELTA, 600 * SEC, false);
	assert_slot(&slots[2], KIN_SLOT_MAX, 60 * SEC, false);
	assert_slot(&slots[3], KIN_SLOT_MIN, 120 * SEC, false);
	assert_slot(&slots[4], KIN_SLOT_AVG, 5 * SEC, true);
	assert_slot(&slots[5], KIN_SLOT_RATE, 3600 * SEC, false);
	for (size_t i = 0; i < n; i++)
		assert_true(slots[i].arg && !slots[i].where);
	assert_int_equal(kin_expr_needs(slots[0].arg), KIN_GROUP_MEM);
	assert_int_equal(kin_expr_needs(slots[4].arg), KIN_NEED_HOST);
	kin_expr_free(expr);

	expr = parsed("count() > 1 && sum(rss, where uid == 0) > 1 && events(1m) > 1"
		      " && events(where pid == 5, 2m) > 1");
	slots = kin_expr_slots(expr, &n);
	assert_int_equal(n, 4);
	assert_slot(&slots[0], KIN_SLOT_COUNT, 0, false);
	assert_true(!slots[0].arg && !slots[0].where);
	assert_slot(&slots[1], KIN_SLOT_SUM, 0, false);
	assert_true(slots[1].arg && slots[1].where);
	assert_slot(&slots[2], KIN_SLOT_EVENTS, 60 * SEC, false);
	assert_true(!slots[2].arg && !slots[2].where);
	assert_slot(&slots[3], KIN_SLOT_EVENTS, 120 * SEC, false);
	assert_true(!slots[3].arg && slots[3].where);
	kin_expr_free(expr);
}

/* A sum of a maximum of a rate, of those whose other rate is high. */
static void test_inner(void **state)
{
	struct kin_expr *expr = parsed("sum(max(rate(cputime), 1m) where rate(rss) > 2) > 500%");
	struct made_row row = made_task(1, "x", 'S');
	unsigned int asked = 0;
	const struct kin_expr_row at = made_expr_row(&row, &asked);
	const double slots[] = { 7e8, 0.25, 3, 9 };
	const struct kin_expr_slot *list;
	double number;
	size_t n;

	list = kin_expr_slots(expr, &n);
	assert_int_equal(n, 4);
	assert_int_equal(list[0].kind, KIN_SLOT_RATE);
	assert_int_equal(list[1].kind, KIN_SLOT_MAX);
	assert_int_equal(list[2].kind, KIN_SLOT_RATE);
	assert_int_equal(list[3].kind, KIN_SLOT_SUM);
	row.slots = slots;
	/* what the maximum is of: ns a second made CPUs */
	assert_true(kin_expr_number(list[1].arg, &at, &number));
	assert_true(fabs(number - 0.7) < 1e-12);
	/* what the sum is of: the maximum, as it was answered */
	assert_true(kin_expr_number(list[3].arg, &at, &number));
	assert_true(number == 0.25);
	assert_int_equal(kin_expr_test(list[3].where, &at), KIN_TRUE);
	assert_int_equal(kin_expr_test(expr, &at), KIN_TRUE);
	assert_false(kin_expr_number(list[0].arg, &at, &number));
	row.slots = NULL;
	assert_int_equal(kin_expr_test(list[3].where, &at), KIN_UNKNOWN);
	assert_int_equal(kin_expr_test(expr, &at), KIN_UNKNOWN);
	kin_expr_free(expr);
}

/* ---- what is measured ---- */

struct measured {
	const char *text;
	double value, bar;		/* NaN: none */
	enum kin_type type;
};

static void check_measured(const struct measured *wanted, const struct kin_expr_row *row)
{
	struct kin_expr *expr = parsed(wanted->text);
	enum kin_type type = KIN_TYPE_COUNT, other;
	double value = NAN, bar = NAN;

	kin_expr_measure(expr, row, &value, &type);
	kin_expr_bar(expr, row, &bar, &other);
	if (!(value == wanted->value || (isnan(value) && isnan(wanted->value))) ||
	    !(bar == wanted->bar || (isnan(bar) && isnan(wanted->bar))) ||
	    (!isnan(value) && type != wanted->type))
		fail_msg("%s: %g %g %d", wanted->text, value, bar, type);
	kin_expr_free(expr);
}

static void test_measure(void **state)
{
	static const struct measured measured[] = {
		{ "threads > 5", 7, 5, KIN_TYPE_UINT },
		{ "5 < threads", 7, 5, KIN_TYPE_UINT },
		{ "rss > 1K && threads > 5", 2048, 1024, KIN_TYPE_BYTES },
		{ "rss > 3K || threads > 5", 7, 5, KIN_TYPE_UINT },
		{ "state == \"S\" && threads > 5", 7, 5, KIN_TYPE_UINT },
		/* of more and less, rather than of a name */
		{ "uid == 1000 && rss >= 2K", 2048, 2048, KIN_TYPE_BYTES },
		{ "uid == 1000", 1000, 1000, KIN_TYPE_UINT },
		{ "pid in (1, 2)", NAN, NAN, KIN_TYPE_UINT },
		{ "comm == \"x\"", NAN, NAN, KIN_TYPE_UINT },
		{ "not threads > 9", NAN, NAN, KIN_TYPE_UINT },
		{ "rss > 25% * 4K", 2048, 1024, KIN_TYPE_BYTES },
		{ "rss / 4K > 25%", 0.5, 0.25, KIN_TYPE_MILLI },
		{ "threads - 9 < 0", -2, 0, KIN_TYPE_INT },
		/* false: what it was about all the same; not known: nothing */
		{ "threads > 9", 7, 9, KIN_TYPE_UINT },
		{ "minflt > 9", NAN, NAN, KIN_TYPE_UINT },
		{ "minflt > 9 || threads > 5", 7, 5, KIN_TYPE_UINT },
		{ "rate(rss) > 5", 5e8, 5, KIN_TYPE_BYTES },
	};
	static const struct measured share = { "rate(cputime) > 25%", 0.5, 0.25,
					       KIN_TYPE_PERCENT };
	struct made_row row = made_task(1, "x", 'S');
	unsigned int asked = 0;
	const struct kin_expr_row at = made_expr_row(&row, &asked);
	const double slots[] = { 5e8 };

	row.slots = slots;
	row.task.base.num_threads = 7;
	row.task.mem.rss_anon_bytes = 2048;
	row.task.mem.rss_file_bytes = row.task.mem.rss_shmem_bytes = 0;
	for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++)
		check_measured(&measured[i], &at);
	check_measured(&share, &at);
}

static void test_value(void **state)
{
	struct kin_value value;

	kin_expr_value(0.123456, KIN_TYPE_PERCENT, &value);
	assert_int_equal(value.u, 12346);
	kin_expr_value(10.5, KIN_TYPE_MILLI, &value);
	assert_int_equal(value.u, 10500);
	kin_expr_value(-5, KIN_TYPE_INT, &value);
	assert_int_equal(value.i, -5);
	kin_expr_value(2048, KIN_TYPE_BYTES, &value);
	assert_int_equal(value.u, 2048);
	kin_expr_value(-5, KIN_TYPE_BYTES, &value);
	assert_int_equal(value.u, 0);
	kin_expr_value(1e300, KIN_TYPE_BYTES, &value);
	assert_true(value.known && value.u == UINT64_MAX);
	kin_expr_value(-1e300, KIN_TYPE_INT, &value);
	assert_true(value.i == INT64_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_about),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_inner),
		cmocka_unit_test(test_measure),
		cmocka_unit_test(test_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
