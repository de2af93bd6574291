// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd --count without a kernel: samples, order, table and JSON. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "columnset.h"
#include "fdcounts.h"
#include "fdmade.h"
#include "name.h"

/* Users without names: numbers in the table. */
#define NOBODY_HAS 4100000001u

static struct fdsample sample;
static struct fd_options options;

static int begin(void **state)
{
	fdsample_begin(&sample);
	memset(&options, 0, sizeof(options));
	return 0;
}

static int end(void **state)
{
	fdsample_free(&sample);
	return 0;
}

static void add(struct kin_fd_table table, const uint32_t *counts)
{
	table.uid = NOBODY_HAS;
	made_add(&sample, &table, counts);
}

/* What it prints, as table or JSON; free() it. */
static char *printed(void)
{
	struct fdcounts counts = { .options = &options };
	char *text = NULL;
	size_t size;

	assert_int_equal(fdcounts_take(&counts, &sample), 0);
	counts.names = kin_names_new();
	counts.out = open_memstream(&text, &size);
	if (options.json)
		fdcounts_json(&counts);
	else
		assert_int_equal(fdcounts_print(&counts), 0);
	fclose(counts.out);
	kin_names_free(counts.names);
	free(counts.rows);
	return text;
}

static void assert_printed(const char *expected)
{
	char *text = printed();

	assert_string_equal(text, expected);
	free(text);
}

/* ---- samples ---- */

static void test_sample(void **state)
{
	const uint32_t counts[KIN_FD_TYPE_COUNT] = { [KIN_FD_SOCKET] = 4 };
	const struct kin_fd fd = { .fd = 3 };
	struct kin_fd_table table = made_table(10, "a", 7, 100);
	const struct kin_fd_record listed = { .table = &table, .fd = &fd };

	made_add(&sample, &table, counts);
	assert_int_equal(fdsample_add(&listed, &sample), 0);
	table = made_table(20, "b", 5, 100);
	made_add(&sample, &table, NULL);
	assert_int_equal(sample.n, 2);
	assert_null(fdsample_find(&sample, 15));
	assert_int_equal(fdsample_find(&sample, 10)->counts[KIN_FD_SOCKET], 4);
	assert_true(fdsample_find(&sample, 10)->counted);
	assert_false(fdsample_find(&sample, 20)->counted);
	fdsample_begin(&sample);
	assert_null(fdsample_find(&sample, 10));
}

/* A newer module knows more types, an older one fewer. */
static void test_other_types(void **state)
{
	uint32_t counts[KIN_FD_TYPE_COUNT + 2] = { [KIN_FD_OTHER] = 1 };
	const struct kin_fd_table table = made_table(10, "a", 7, 100);
	struct kin_fd_record rec = { .table = &table };

	counts[KIN_FD_TYPE_COUNT] = 10;
	counts[KIN_FD_TYPE_COUNT + 1] = 100;
	made_add(&sample, &table, NULL);
	rec.counts = counts;
	rec.n_counts = KIN_FD_TYPE_COUNT + 2;
	assert_int_equal(fdsample_add(&rec, &sample), 0);
	assert_int_equal(sample.tables[0].counts[KIN_FD_OTHER], 111);
	rec.n_counts = 1;
	assert_int_equal(fdsample_add(&rec, &sample), 0);
	assert_int_equal(sample.tables[0].counts[KIN_FD_OTHER], 1);
}

/* Many tables: memory grows, and each stays where it is found. */
static void test_many(void **state)
{
	for (uint32_t pid = 1; pid <= 5000; pid++) {
		const struct kin_fd_table table =
			made_table(2 * pid, "a", pid, 100);

		made_add(&sample, &table, NULL);
	}
	for (uint32_t pid = 1; pid <= 5000; pid++)
		assert_int_equal(fdsample_find(&sample, 2 * pid)->base.open,
				 pid);
}

static void test_shared_counts(void **state)
{
	const uint32_t counts[KIN_FD_TYPE_COUNT] = { [KIN_FD_PIPE] = 2 };
	struct kin_fd_table table = made_table(10, "a", 2, 100);

	made_add(&sample, &table, counts);
	table = made_table(11, "b", 2, 100);
	table.shared_pid = 10;
	made_add(&sample, &table, NULL);
	table = made_table(12, "c", 2, 100);
	table.shared_pid = 9;
	made_add(&sample, &table, NULL);
	assert_int_equal(fdsample_find(&sample, 11)->counts[KIN_FD_PIPE], 2);
	assert_false(fdsample_find(&sample, 12)->counted);
}

/* ---- the use ---- */

static uint64_t use(uint64_t open, uint64_t limit)
{
	const struct kin_fd_table table = made_table(1, "a", open, limit);

	return fdtable_use_milli(&table);
}

static void test_use(void **state)
{
	assert_int_equal(use(0, 1024), 0);
	assert_int_equal(use(29, 100), 29000);
	assert_int_equal(use(1, 3), 33333);
	assert_int_equal(use(2000, 1000), 200000);
	assert_int_equal(use(1u << 31, 1u << 31), 100000);
	assert_int_equal(use(UINT64_MAX / 2, UINT64_MAX / 4), 200000);
	assert_int_equal(use(3, 0), KIN_NONE64);
	assert_int_equal(use(3, KIN_NONE64), KIN_NONE64);
	assert_int_equal(use(KIN_NONE64, 3), KIN_NONE64);
}

/* ---- order and filter ---- */

static void some_processes(void)
{
	struct kin_fd_table table;

	add(made_table(1, "init", 50, 1024), NULL);
	add(made_table(10, "near", 90, 100), NULL);
	add(made_table(11, "sandbox", 3, 0), NULL);
	add(made_table(12, "free", 9000, KIN_NONE64), NULL);
	add(made_table(13, "near2", 900, 1000), NULL);
	table = made_table(14, "secret", KIN_NONE64, KIN_NONE64);
	table.flags = KIN_FD_TABLE_DENIED;
	add(table, NULL);
	table = made_table(15, "near", 90, 1000000);
	table.shared_pid = 10;
	table.users = 2;
	add(table, NULL);
}

static void test_table(void **state)
{
	some_processes();
	assert_printed(
		"PID COMMAND USER       OPEN     LIMIT USE% TABLE TASKS SHARED-WITH\n"
		" 11 sandbox 4100000001    3         0    -   256     1           -\n"
		" 13 near2   4100000001  900      1000 90.0   256     1           -\n"
		" 10 near    4100000001   90       100 90.0   256     1           -\n"
		"  1 init    4100000001   50      1024  4.8   256     1           -\n"
		" 15 near    4100000001   90   1000000  0.0   256     2          10\n"
		" 12 free    4100000001 9000 unlimited    -   256     1           -\n");
}

static void test_limit_filter(void **state)
{
	some_processes();
	options.filter.limit_percent = 90;
	options.no_headings = true;
	options.raw = true;
	assert_printed("11 sandbox 4100000001 3 0 - 256 1 -\n"
		       "13 near2 4100000001 900 1000 90.000 256 1 -\n"
		       "10 near 4100000001 90 100 90.000 256 1 -\n");
}

/* Threads with a table of their own are rows, others are not. */
static void test_threads(void **state)
{
	struct kin_fd_table table = made_table(10, "a", 7, 100);

	options.no_headings = options.raw = true;
	add(table, NULL);
	table.flags = KIN_FD_TABLE_THREAD;
	table.shared_pid = 10;
	add(table, NULL);
	table.pid = 11;
	add(table, NULL);
	table.pid = 12;
	table.shared_pid = 0;
	add(table, NULL);
	table.pid = 13;
	table.flags |= KIN_FD_TABLE_DENIED;
	add(table, NULL);
	assert_int_equal(sample.n_denied, 0);
	assert_printed("10 a 4100000001 7 100 7.000 256 1 -\n"
		       "12 a 4100000001 7 100 7.000 256 1 -\n");
}

static void test_hostile(void **state)
{
	add(made_table(10, "a\n\033[31m b", 7, 100), NULL);
	options.no_headings = true;
	assert_printed("10 a\\x0a\\x1b[31m b 4100000001 7 100 7.0 256 1 -\n");
	options.raw = true;
	assert_printed("10 a\\x0a\\x1b[31m\\x20b 4100000001 7 100 7.000 256 1 -\n");
}

/* ---- types ---- */

static void some_types(void)
{
	const uint32_t server[KIN_FD_TYPE_COUNT] = { [KIN_FD_SOCKET] = 80,
						     [KIN_FD_EPOLL] = 1 };
	const uint32_t shell[KIN_FD_TYPE_COUNT] = { [KIN_FD_CHR] = 3 };

	add(made_table(10, "server", 81, 100), server);
	add(made_table(11, "shell", 3, 100), shell);
	add(made_table(12, "unknown", 1, 100), NULL);
}

static void test_types(void **state)
{
	some_types();
	options.by_type = true;
	assert_printed(
		"PID COMMAND USER       OPEN LIMIT USE% TABLE TASKS SHARED-WITH CHR SOCKET EPOLL\n"
		" 10 server  4100000001   81   100 81.0   256     1           -   0     80     1\n"
		" 11 shell   4100000001    3   100  3.0   256     1           -   3      0     0\n"
		" 12 unknown 4100000001    1   100  1.0   256     1           -   -      -     -\n");
}

/* Those that were asked for, whether there are some or not. */
static void test_chosen_types(void **state)
{
	some_types();
	options.filter.types = 1u << KIN_FD_EPOLL | 1u << KIN_FD_MEMFD;
	options.raw = true;
	assert_printed(
		"PID COMMAND USER OPEN LIMIT USE% TABLE TASKS SHARED-WITH MEMFD EPOLL\n"
		"10 server 4100000001 81 100 81.000 256 1 - 0 1\n"
		"11 shell 4100000001 3 100 3.000 256 1 - 0 0\n"
		"12 unknown 4100000001 1 100 1.000 256 1 - - -\n");
}

/* ---- JSON ---- */

static void test_json(void **state)
{
	options.json = true;
	some_processes();
	options.filter.limit_percent = 90;
	assert_printed(
		"{\n"
		"\t\"tables\": [\n"
		"\t\t{\"pid\": 11, \"start_boottime_ns\": 11000000000, \"comm\": \"sandbox\", \"uid\": 4100000001, \"open\": 3, \"limit_soft\": 0, \"limit_hard\": null, \"use_percent\": null, \"table_size\": 256, \"users\": 1, \"shared_pid\": null},\n"
		"\t\t{\"pid\": 13, \"start_boottime_ns\": 13000000000, \"comm\": \"near2\", \"uid\": 4100000001, \"open\": 900, \"limit_soft\": 1000, \"limit_hard\": null, \"use_percent\": 90.000, \"table_size\": 256, \"users\": 1, \"shared_pid\": null},\n"
		"\t\t{\"pid\": 10, \"start_boottime_ns\": 10000000000, \"comm\": \"near\", \"uid\": 4100000001, \"open\": 90, \"limit_soft\": 100, \"limit_hard\": null, \"use_percent\": 90.000, \"table_size\": 256, \"users\": 1, \"shared_pid\": null}\n"
		"\t],\n"
		"\t\"num_denied\": 1\n"
		"}\n");
}

static void test_json_types(void **state)
{
	char *text;

	options.json = options.by_type = true;
	some_types();
	text = printed();
	assert_non_null(strstr(text, "\"types\": {\"chr\": 0, \"socket\": 80, \"epoll\": 1}}"));
	assert_non_null(strstr(text, "\"types\": null}"));
	free(text);
}

/* ---- columns, and what --where makes of them ---- */

/* Each type has a column with its name, and shows its own number. */
static void test_columns(void **state)
{
	struct fdtable counted = { .base = made_table(10, "a", 7, 100),
				   .counted = true };
	const struct fdcount_row row = { .table = &counted };
	char number[16];

	assert_set_complete(&fdcount_columns);
	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++)
		counted.counts[type] = 100 + type;
	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++) {
		snprintf(number, sizeof(number), "%u", 100 + type);
		assert_string_equal(row_text(&fdcount_columns,
					     kin_fd_type_name(type), &row),
				    number);
	}
	counted.counted = false;
	assert_string_equal(row_text(&fdcount_columns, "socket", &row), "-");
	assert_string_equal(row_text(&fdcount_columns, "limit", &row), "100");
	assert_string_equal(row_text(&fdcount_columns, "limit_hard", &row), "-");
	assert_string_equal(row_text(&fdcount_columns, "use", &row), "7.0");
	assert_string_equal(row_text(&fdcount_columns, "shared", &row), "-");
}

/* What has no limit is not near to one. */
static void test_where(void **state)
{
	struct where where = { 0 };

	add(made_table(10, "near", 90, 100), NULL);
	add(made_table(20, "far", 20, 100), NULL);
	add(made_table(30, "free", 999, KIN_NONE64), NULL);
	assert_int_equal(where_option(&fd_cmd, &where, CMD_KEY_WHERE,
				      "open > 80% * limit"),
			 CMD_OK);
	assert_int_equal(where_parse(&fd_cmd, &where, &fdcount_columns),
			 CMD_OK);
	options.where = &where;
	options.raw = options.no_headings = true;
	assert_printed("10 near 4100000001 90 100 90.000 256 1 -\n");
	where_free(&where);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sample, begin, end),
		cmocka_unit_test_setup_teardown(test_other_types, begin, end),
		cmocka_unit_test_setup_teardown(test_many, begin, end),
		cmocka_unit_test_setup_teardown(test_shared_counts, begin, end),
		cmocka_unit_test(test_use),
		cmocka_unit_test_setup_teardown(test_table, begin, end),
		cmocka_unit_test_setup_teardown(test_limit_filter, begin, end),
		cmocka_unit_test_setup_teardown(test_threads, begin, end),
		cmocka_unit_test_setup_teardown(test_hostile, begin, end),
		cmocka_unit_test_setup_teardown(test_types, begin, end),
		cmocka_unit_test_setup_teardown(test_chosen_types, begin, end),
		cmocka_unit_test_setup_teardown(test_columns, begin, end),
		cmocka_unit_test_setup_teardown(test_where, begin, end),
		cmocka_unit_test_setup_teardown(test_json, begin, end),
		cmocka_unit_test_setup_teardown(test_json_types, begin, end),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
