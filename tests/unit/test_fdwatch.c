// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd --watch without a kernel: samples in, lines, objects and frames out. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "fdmade.h"
#include "fdwatch.h"

#define HEADINGS "TIME                PID COMMAND             OPEN     GREW   IN-ALL    PER-S   USE% WHAT GREW\n"
#define SUMMARY "    PID COMMAND             OPEN     GREW    PER-S   USE% WHAT GREW\n"

static struct fd_options options;
static struct fdwatch watch;
static char *text;
static size_t size;

/* Samples come every two seconds, the first at 100 s. */
static int begin(void **state)
{
	memset(&options, 0, sizeof(options));
	memset(&watch, 0, sizeof(watch));
	options.watch_ns = 2 * SEC;
	watch.options = &options;
	watch.clock.boottime = true;
	watch.begin_ns = 100 * SEC;
	watch.line.out = open_memstream(&text, &size);
	fdsample_begin(&watch.sample);
	return 0;
}

static int end(void **state)
{
	fclose(watch.line.out);
	free(text);
	fdwatch_free(&watch);
	return 0;
}

/* A process in the next sample, with sockets and files. */
static void has(uint32_t pid, const char *comm, uint32_t sockets,
		uint32_t files)
{
	const uint32_t counts[KIN_FD_TYPE_COUNT] = { [KIN_FD_FILE] = files,
						     [KIN_FD_SOCKET] = sockets };
	const struct kin_fd_table table =
		made_table(pid, comm, sockets + files, 1000);

	made_add(&watch.sample, &table, counts);
}

static void has_table(const struct kin_fd_table *table)
{
	made_add(&watch.sample, table, NULL);
}

/* The sample is whole. */
static void tick(void)
{
	watch.sample.boottime_ns =
		(100 + 2 * watch.growths.samples) * SEC;
	assert_int_equal(fdwatch_add(&watch), 0);
	fdsample_begin(&watch.sample);
}

/* What was written since the last time. */
static void assert_written(const char *expected)
{
	fclose(watch.line.out);
	assert_string_equal(text, expected);
	free(text);
	watch.line.out = open_memstream(&text, &size);
}

static void assert_lines(const char *expected)
{
	assert_true(fdwatchtext_rows(&watch, &watch.line, SIZE_MAX));
	assert_written(expected);
}

static void assert_summary(const char *expected)
{
	assert_true(fdwatchtext_summary(&watch, &watch.line));
	assert_written(expected);
}

/* ---- lines ---- */

static void test_growth(void **state)
{
	has(10, "still", 5, 5);
	has(20, "leaky", 10, 0);
	has(30, "shrinks", 10, 0);
	has(40, "slow", 1, 1);
	tick();
	assert_lines("");
	has(10, "still", 5, 5);
	has(20, "leaky", 130, 3);
	has(30, "shrinks", 9, 0);
	has(40, "slow", 1, 2);
	tick();
	assert_lines(
		"    102.000000s      20 leaky                133     +123     +123     61.5   13.3 +120 socket, +3 file\n"
		"    102.000000s      40 slow                   3       +1       +1      0.5    0.3 +1 file\n");
}

/* It has grown, and is told of though it does not in this interval. */
static void test_since_start(void **state)
{
	has(20, "leaky", 10, 0);
	has(30, "swaps", 10, 0);
	tick();
	has(20, "leaky", 20, 0);
	has(30, "swaps", 10, 1);
	tick();
	has(20, "leaky", 20, 0);
	has(30, "swaps", 8, 3);
	tick();
	assert_lines(
		"    104.000000s      20 leaky                 20        0      +10      0.0    2.0 -\n"
		"    104.000000s      30 swaps                 11        0       +1      0.0    1.1 +2 file\n");
	has(20, "leaky", 15, 0);
	has(30, "swaps", 8, 2);
	tick();
	assert_lines(
		"    106.000000s      20 leaky                 15       -5       +5        -    1.5 -\n");
}

/* By the last interval, then by all of them. */
static void test_order(void **state)
{
	has(10, "before", 1, 0);
	has(20, "now", 1, 0);
	has(30, "both", 1, 0);
	tick();
	has(10, "before", 100, 0);
	has(20, "now", 1, 0);
	has(30, "both", 50, 0);
	tick();
	has(10, "before", 101, 0);
	has(20, "now", 3, 0);
	has(30, "both", 52, 0);
	tick();
	assert_lines(
		"    104.000000s      30 both                  52       +2      +51      1.0    5.2 +2 socket\n"
		"    104.000000s      20 now                    3       +2       +2      1.0    0.3 +2 socket\n"
		"    104.000000s      10 before               101       +1     +100      0.5   10.1 +1 socket\n");
}

static void test_headings(void **state)
{
	assert_true(fdwatchtext_headings(&watch, &watch.line));
	assert_written(HEADINGS);
}

/* A pid is not a process: who has it next counts from its own first sample. */
static void test_same_pid(void **state)
{
	struct kin_fd_table table = made_table(20, "first", 10, 1000);

	has_table(&table);
	tick();
	table.open = 15;
	has_table(&table);
	tick();
	table = made_table(20, "next", 500, 1000);
	table.start_boottime_ns++;
	has_table(&table);
	tick();
	assert_lines(
		"    104.000000s      20 first                 15        -       +5        -    1.5 ended\n");
	assert_int_equal(watch.growths.began, 1);
	assert_int_equal(watch.growths.ended, 1);
	table.open = 501;
	has_table(&table);
	tick();
	assert_lines(
		"    106.000000s      20 next                 501       +1       +1      0.5   50.1 -\n");
}

/* Whoever was new after the start; whoever ends without growth is counted only. */
static void test_come_and_go(void **state)
{
	has(10, "ends", 1, 1);
	tick();
	has(20, "new", 10, 0);
	tick();
	assert_lines("");
	has(5, "newer", 1, 0);
	has(20, "new", 14, 0);
	tick();
	assert_lines(
		"    104.000000s      20 new                   14       +4       +4      2.0    1.4 +4 socket\n");
	assert_int_equal(watch.growths.began, 2);
	assert_int_equal(watch.growths.ended, 1);
}

/* Whose pid was given is told of. */
static void test_given_pid(void **state)
{
	options.scope.n_pids = 1;
	has(10, "ends", 1, 1);
	tick();
	tick();
	assert_lines(
		"    102.000000s      10 ends                   2        -        0        -    0.2 ended\n");
	assert_summary("1 interval within 2.00s; 0 processes, 0 new, 1 ended, 0 denied\n"
		       "no process has more descriptors than at first\n");
}

static void test_shared(void **state)
{
	struct kin_fd_table owner = made_table(10, "owner", 10, 1000);
	struct kin_fd_table other = made_table(11, "other", 10, 1000);

	other.shared_pid = 10;
	for (int i = 0; i < 2; i++) {
		has_table(&owner);
		has_table(&other);
		tick();
		owner.open = other.open += 7;
	}
	assert_lines(
		"    102.000000s      10 owner                 17       +7       +7      3.5    1.7 -\n");
	/* the table is told of with whom is left; what it has grown stays */
	other.shared_pid = 0;
	has_table(&other);
	tick();
	assert_lines(
		"    104.000000s      11 other                 24       +7      +14      3.5    2.4 -\n"
		"    104.000000s      10 owner                 17        -       +7        -    1.7 ended\n");
}

/* They have the table of their process, or are denied as it is: one has ended, not
 * three. */
static void test_threads(void **state)
{
	struct kin_fd_table process = made_table(10, "a", 10, 1000);
	struct kin_fd_table thread = process;

	thread.flags = KIN_FD_TABLE_THREAD;
	thread.shared_pid = 10;
	for (int i = 0; i < 3; i++) {
		has_table(&process);
		has_table(&thread);
		tick();
		process.open = ++thread.open;
	}
	assert_lines(
		"    104.000000s      10 a                     12       +1       +2      0.5    1.2 -\n");
	tick();
	assert_lines(
		"    106.000000s      10 a                     12        -       +2        -    1.2 ended\n");
	assert_int_equal(watch.growths.ended, 1);
}

/* What may not be read has not ended, and grows from when it may. */
static void test_denied(void **state)
{
	const struct kin_fd_table open = made_table(10, "a", 10, 1000);
	struct kin_fd_table denied = made_table(10, "a", KIN_NONE64, KIN_NONE64);
	struct kin_fd_table later = made_table(10, "a", 13, 1000);

	denied.flags = KIN_FD_TABLE_DENIED;
	has_table(&denied);
	tick();
	assert_int_equal(watch.growths.denied, 1);
	has_table(&open);
	tick();
	assert_lines("");
	/* whatever is in it */
	denied.open = 5000;
	has_table(&denied);
	tick();
	assert_lines("");
	has_table(&later);
	tick();
	assert_lines(
		"    106.000000s      10 a                     13       +3       +3      1.5    1.3 -\n");
	assert_int_equal(watch.growths.denied, 0);
	assert_int_equal(watch.growths.ended, 0);
}

static void test_limit_filter(void **state)
{
	options.filter.limit_percent = 50;
	has(10, "few", 10, 0);
	has(20, "many", 490, 0);
	tick();
	has(10, "few", 400, 0);
	has(20, "many", 510, 0);
	tick();
	assert_lines(
		"    102.000000s      20 many                 510      +20      +20     10.0   51.0 +20 socket\n");
}

static void test_type_filter(void **state)
{
	options.filter.types = watch.growths.types = 1u << KIN_FD_FILE;
	has(10, "files", 10, 0);
	has(20, "sockets", 10, 0);
	tick();
	has(10, "files", 15, 2);
	has(20, "sockets", 90, 0);
	tick();
	assert_lines(
		"    102.000000s      10 files                 17       +2       +2      1.0    1.7 +2 file\n");
}

static void test_hostile(void **state)
{
	has(10, "a\n\033[31m", 1, 0);
	tick();
	has(10, "a\n\033[31m", 2, 0);
	tick();
	assert_lines(
		"    102.000000s      10 a\\x0a\\x1b[31m          2       +1       +1      0.5    0.2 +1 socket\n");
}

/* ---- the verdict ---- */

static void grow(uint32_t n, uint64_t limit)
{
	static const uint32_t none[KIN_FD_TYPE_COUNT];
	const struct kin_fd_table table = made_table(10, "leaky", n, limit);

	made_add(&watch.sample, &table, none);
	tick();
}

static const struct fdgrowth *leaky(void)
{
	return &watch.growths.list[0];
}

static uint64_t limit_sec(void)
{
	const uint64_t ns = fdgrowth_limit_ns(&watch.growths, leaky());

	return ns == KIN_NONE64 ? ns : ns / SEC;
}

/* Five intervals in a row; one without growth, and it counts anew. */
static void test_steady(void **state)
{
	for (uint32_t i = 0; i < 5; i++) {
		grow(100 + i, 1000);
		assert_false(fdgrowth_is_steady(leaky()));
		assert_int_equal(limit_sec(), KIN_NONE64);
	}
	grow(105, 1000);
	assert_true(fdgrowth_is_steady(leaky()));
	grow(105, 1000);
	assert_false(fdgrowth_is_steady(leaky()));
	for (uint32_t i = 1; i < 5; i++) {
		grow(105 + i, 1000);
		assert_false(fdgrowth_is_steady(leaky()));
	}
	grow(110, 1000);
	assert_true(fdgrowth_is_steady(leaky()));
}

/* At the rate of the last five intervals, whatever was before. */
static void test_estimate(void **state)
{
	grow(0, 1000);
	for (uint32_t i = 0; i < 7; i++)
		grow(1 + i, 1000);
	/* 5 within 10 s */
	assert_int_equal(limit_sec(), (1000 - 7) * 2);
	/* 10, 20 ... 50: 150 within 10 s, of which 140 within 8 s */
	for (uint32_t i = 1; i <= 5; i++)
		grow(7 + 5 * i * (i + 1), 1000);
	assert_int_equal(limit_sec(), (1000 - 157) / 15);
	assert_lines(
		"    124.000000s      10 leaky                157      +50     +157     25.0   15.7 -; steadily, limit in 56 s\n");
	grow(1000, 1000);
	assert_int_equal(limit_sec(), 0);
	assert_lines(
		"    126.000000s      10 leaky               1000     +843    +1000    421.5  100.0 -; steadily, at its limit\n");
	/* a limit that was lowered */
	grow(1001, 900);
	assert_int_equal(limit_sec(), 0);
	grow(1002, KIN_NONE64);
	assert_int_equal(limit_sec(), KIN_NONE64);
	assert_lines(
		"    130.000000s      10 leaky               1002       +1    +1002      0.5      - -; steadily\n");
}

static void assert_about(uint64_t limit, const char *when)
{
	begin(NULL);
	for (uint32_t i = 0; i <= 5; i++)
		grow(2 * i, limit);
	assert_true(fdwatchtext_rows(&watch, &watch.line, SIZE_MAX));
	fflush(watch.line.out);
	if (!strstr(text, when))
		fail_msg("no '%s' in %s", when, text);
	end(NULL);
}

/* A descriptor a second. */
static void test_about(void **state)
{
	assert_about(10 + 1, "limit in 1 s\n");
	assert_about(10 + 119, "limit in 119 s\n");
	assert_about(10 + 12 * 60 + 29, "limit in 12 min\n");
	assert_about(10 + 12 * 60 + 31, "limit in 13 min\n");
	assert_about(10 + 3 * 3600, "limit in 3 h\n");
	assert_about(10 + 50 * 3600, "limit in 2 days\n");
}

/* ---- the schedule ---- */

static void test_schedule(void **state)
{
	assert_int_equal(fdwatch_next_ns(&watch, 100 * SEC), 102 * SEC);
	assert_int_equal(fdwatch_next_ns(&watch, 102 * SEC + 1), 104 * SEC);
	/* late: not again and again until it is in time */
	assert_int_equal(fdwatch_next_ns(&watch, 107 * SEC), 108 * SEC);
	assert_int_equal(fdwatch_next_ns(&watch, 108 * SEC), 110 * SEC);
}

/* ---- summaries ---- */

static void test_summary(void **state)
{
	has(10, "ends", 10, 0);
	has(20, "leaky", 10, 0);
	has(30, "back", 10, 0);
	tick();
	has(10, "ends", 10, 90);
	has(20, "leaky", 20, 0);
	has(30, "back", 11, 0);
	tick();
	has(20, "leaky", 30, 1);
	has(30, "back", 10, 0);
	has(40, "new", 1, 0);
	tick();
	assert_summary(
		"2 intervals within 4.00s; 3 processes, 1 new, 1 ended, 0 denied\n"
		SUMMARY
		"     10 ends                 100      +90     45.0   10.0 +90 file; ended\n"
		"     20 leaky                 31      +21      5.2    3.1 +20 socket, +1 file\n");
}

/* As many as have room, those that grew most; ended ones, too. */
static void test_most(void **state)
{
	struct fdwatched most[FDWATCH_MOST];

	for (uint32_t pid = 1; pid <= 40; pid++)
		has(pid, "a", 0, 1);
	tick();
	for (uint32_t pid = 1; pid <= 40; pid++)
		has(pid, "a", 0, 1 + pid % 20);
	tick();
	for (uint32_t pid = 21; pid <= 40; pid++)
		has(pid, "a", 0, 1 + pid % 20);
	tick();
	assert_int_equal(fdwatch_most(&watch, most), FDWATCH_MOST);
	for (uint32_t i = 0; i < FDWATCH_MOST; i++) {
		assert_int_equal(fdgrowth_all(&most[i].growth), 19 - i / 2);
		assert_int_equal(most[i].ended, i % 2 == 0);
	}
}

/* ---- JSON ---- */

static void test_json(void **state)
{
	has(10, "ends", 10, 0);
	has(20, "leaky", 10, 0);
	tick();
	fdwatchjson_begin(&watch, watch.line.out);
	assert_written(
		"{\"record\": \"begin\", \"time_ns\": 100000000000, \"boottime_ns\": 100000000000, \"interval_ns\": 2000000000, \"processes\": 2, \"num_denied\": 0}\n");
	has(10, "ends", 11, 0);
	has(20, "leaky", 10, 0);
	tick();
	has(20, "leaky", 15, 1);
	tick();
	watch.clock.boot_epoch_ns = 1000 * SEC;
	fdwatchjson_rows(&watch, watch.line.out);
	assert_written(
		"{\"record\": \"growth\", \"time_ns\": 1104000000000, \"boottime_ns\": 104000000000, \"pid\": 20, \"start_boottime_ns\": 20000000000, \"comm\": \"leaky\", \"uid\": 0, \"open\": 16, \"limit_soft\": 1000, \"limit_hard\": null, \"use_percent\": 1.600, \"interval_ns\": 2000000000, \"grew\": 6, \"grew_per_second\": 3.000, \"types\": {\"socket\": 5, \"file\": 1}, \"grew_in_all\": 6, \"watched_ns\": 4000000000, \"types_in_all\": {\"socket\": 5, \"file\": 1}, \"steadily\": false, \"limit_in_ns\": null}\n"
		"{\"record\": \"ended\", \"time_ns\": 1104000000000, \"boottime_ns\": 104000000000, \"pid\": 10, \"start_boottime_ns\": 10000000000, \"comm\": \"ends\", \"uid\": 0, \"open\": 11, \"limit_soft\": 1000, \"limit_hard\": null, \"use_percent\": 1.100, \"grew_in_all\": 1, \"watched_ns\": 2000000000, \"types_in_all\": {\"socket\": 1}}\n");
}

static void test_json_summary(void **state)
{
	has(20, "leaky", 10, 0);
	tick();
	has(20, "leaky", 15, 0);
	tick();
	assert_true(fdwatchjson_summary(&watch, watch.line.out));
	assert_written(
		"{\"record\": \"summary\", \"time_ns\": 102000000000, \"boottime_ns\": 102000000000, \"duration_ns\": 2000000000, \"intervals\": 1, \"processes\": 1, \"new\": 0, \"ended\": 0, \"num_denied\": 0, \"grew_most\": [{\"pid\": 20, \"start_boottime_ns\": 20000000000, \"comm\": \"leaky\", \"uid\": 0, \"open\": 15, \"limit_soft\": 1000, \"limit_hard\": null, \"use_percent\": 1.500, \"grew_in_all\": 5, \"watched_ns\": 2000000000, \"types_in_all\": {\"socket\": 5}, \"grew_per_second\": 2.500, \"steadily\": false, \"limit_in_ns\": null, \"ended\": false}]}\n");
}

/* ---- frames ---- */

static void assert_frame(unsigned int rows, const char *expected)
{
	char *frame;
	size_t len;

	assert_int_equal(fdwatchframe_compose(&watch, rows, &frame, &len), 0);
	assert_string_equal(frame, expected);
	free(frame);
}

static void test_frame(void **state)
{
	struct kin_fd_table denied = made_table(14, "b", KIN_NONE64, KIN_NONE64);

	denied.flags = KIN_FD_TABLE_DENIED;
	watch.live = true;
	for (uint32_t more = 0; more < 2; more++) {
		for (uint32_t pid = 11; pid <= 13; pid++)
			has(pid, "a", 1 + more * pid, 0);
		has_table(&denied);
		tick();
	}
	assert_frame(5,
		"    PID COMMAND             OPEN     GREW   IN-ALL    PER-S   USE% WHAT GREW\n"
		"     13 a                     14      +13      +13      6.5    1.4 +13 socket\n"
		"     12 a                     13      +12      +12      6.0    1.3 +12 socket\n"
		"     11 a                     12      +11      +11      5.5    1.2 +11 socket\n"
		"    102: 3 of 3 processes grown, 1 denied; ^C: end\n");
	assert_frame(3,
		"    PID COMMAND             OPEN     GREW   IN-ALL    PER-S   USE% WHAT GREW\n"
		"     13 a                     14      +13      +13      6.5    1.4 +13 socket\n"
		"... 2 lines not shown;     102: 3 of 3 processes grown, 1 denied; ^C: end\n");
	assert_frame(1,
		"... 3 lines not shown;     102: 3 of 3 processes grown, 1 denied; ^C: end\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_growth),
		TEST(test_since_start),
		TEST(test_order),
		TEST(test_headings),
		TEST(test_same_pid),
		TEST(test_come_and_go),
		TEST(test_given_pid),
		TEST(test_shared),
		TEST(test_threads),
		TEST(test_denied),
		TEST(test_limit_filter),
		TEST(test_type_filter),
		TEST(test_hostile),
		TEST(test_steady),
		TEST(test_estimate),
		cmocka_unit_test(test_about),
		TEST(test_schedule),
		TEST(test_summary),
		TEST(test_most),
		TEST(test_json),
		TEST(test_json_summary),
		TEST(test_frame),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
