// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "columnset.h"
#include "hostcolumn.h"

#define SEC 1000000000ull

#define assert_host(row, id, expected) \
	assert_string_equal(row_text(&kin_host_columns, id, row), expected)

static struct kin_host_row unknown(void)
{
	struct kin_host_row row;

	memset(&row, 0xff, sizeof(row));
	return row;
}

/* Ten seconds ago, and now. */
static struct kin_host_row full(void)
{
	struct kin_host_row row = unknown();

	row.pid_max = 4000;
	row.before.cpu = (struct kin_cputimes){
		.user_ns = 100 * SEC,	.nice_ns = 10 * SEC,
		.system_ns = 20 * SEC,	.idle_ns = 500 * SEC,
		.iowait_ns = 30 * SEC,	.irq_ns = 1 * SEC,
		.softirq_ns = 2 * SEC,	.steal_ns = 3 * SEC,
		.guest_ns = 50 * SEC,	.guest_nice_ns = 5 * SEC,
	};
	row.now = (struct kin_host){
		.boottime_ns = 3600 * SEC,
		.load1_milli = 1250,
		.load5_milli = 20000,
		.load15_milli = 7,
		.mem_total_bytes = 8ull << 30,
		.mem_free_bytes = 1ull << 30,
		.mem_available_bytes = 2ull << 30,
		.swap_total_bytes = 4ull << 30,
		.swap_free_bytes = 3ull << 30,
		.cpus_online = 4,
		.processes = 700,
		.threads = 1000,
		.states = { 11, 12, 13, 14, 15, 16, 17, 18, 19 },
	};
	row.now.cpu = row.before.cpu;
	row.now.cpu.user_ns += 10 * SEC;
	row.now.cpu.nice_ns += 2 * SEC;
	row.now.cpu.system_ns += 3 * SEC;
	row.now.cpu.idle_ns += 12 * SEC;
	row.now.cpu.iowait_ns += 8 * SEC;
	row.now.cpu.irq_ns += 1 * SEC;
	row.now.cpu.softirq_ns += 1 * SEC;
	row.now.cpu.steal_ns += 3 * SEC;
	/* counted in user time already */
	row.now.cpu.guest_ns += 7 * SEC;
	return row;
}

static void test_complete(void **state)
{
	assert_set_complete(&kin_host_columns);
	for (size_t i = 0; i < kin_host_columns.n; i++)
		assert_int_equal(kin_host_columns.columns[i].needs,
				 KIN_NEED_HOST);
}

static void test_values(void **state)
{
	static const char *const expected[][2] = {
		{ "load1", "1.25" },	     { "load5", "20.00" },
		{ "load15", "0.00" },	     { "cpus", "4" },
		{ "cpu", "50.0" },	     { "cpu_user", "30.0" },
		{ "cpu_system", "12.5" },    { "cpu_iowait", "20.0" },
		{ "cpu_steal", "7.5" },	     { "mem_total", "8.0G" },
		{ "mem_free", "1.0G" },	     { "mem_available", "2.0G" },
		{ "mem_used", "6.0G" },	     { "mem_used_pct", "75.0" },
		{ "swap_total", "4.0G" },    { "swap_used", "1.0G" },
		{ "swap_used_pct", "25.0" }, { "processes", "700" },
		{ "threads", "1000" },	     { "running", "11" },
		{ "sleeping", "12" },	     { "disk_sleep", "13" },
		{ "stopped", "14" },	     { "traced", "15" },
		{ "zombies", "17" },	     { "parked", "18" },
		{ "idle", "19" },	     { "pid_max", "4000" },
		{ "pids_pct", "25.0" },	     { "uptime", "1:00:00" },
	};
	const struct kin_host_row row = full();

	/* one more column: one more line above */
	assert_int_equal(kin_host_columns.n,
			 sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < kin_host_columns.n; i++)
		assert_host(&row, expected[i][0], expected[i][1]);
}

/* What is not known is absent, and never 0. */
static void test_unknown(void **state)
{
	const struct kin_host_row row = unknown();

	for (size_t i = 0; i < kin_host_columns.n; i++)
		assert_host(&row, kin_host_columns.columns[i].id, "-");
}

/* Nothing to compare with; the rest is known all the same. */
static void test_first_look(void **state)
{
	struct kin_host_row row = full();

	memset(&row.before, 0xff, sizeof(row.before));
	assert_host(&row, "cpu", "-");
	assert_host(&row, "cpu_steal", "-");
	assert_host(&row, "load1", "1.25");
	assert_host(&row, "mem_used", "6.0G");
}

/* Half of what a share is made of. */
static void test_half_known(void **state)
{
	struct kin_host_row row = full();

	row.now.mem_available_bytes = KIN_NONE64;
	assert_host(&row, "mem_used", "-");
	assert_host(&row, "mem_used_pct", "-");
	row.before.cpu.softirq_ns = KIN_NONE64;
	assert_host(&row, "cpu", "-");
	assert_host(&row, "cpu_system", "-");
	assert_host(&row, "cpu_user", "-");
	row = full();
	row.now.cpu.iowait_ns = KIN_NONE64;
	assert_host(&row, "cpu", "-");
	assert_host(&row, "cpu_iowait", "-");
	row = full();
	row.pid_max = KIN_NONE32;
	assert_host(&row, "pids_pct", "-");
}

static void test_odd_numbers(void **state)
{
	struct kin_host_row row = full();

	/* no swap: nothing of it is used, and no share of nothing is known */
	row.now.swap_total_bytes = row.now.swap_free_bytes = 0;
	assert_host(&row, "swap_used", "0");
	assert_host(&row, "swap_used_pct", "-");
	/* more is available than there is */
	row.now.mem_available_bytes = 9ull << 30;
	assert_host(&row, "mem_used", "0");
	assert_host(&row, "mem_used_pct", "0.0");
	/* iowait went back: no time passed in it */
	row.now.cpu.iowait_ns = row.before.cpu.iowait_ns - 5 * SEC;
	assert_host(&row, "cpu_iowait", "0.0");
	assert_host(&row, "cpu", "62.5");
	/* no time passed at all */
	row.now.cpu = row.before.cpu;
	assert_host(&row, "cpu", "-");
}

static void test_pid_max(void **state)
{
	FILE *file = fopen("/proc/sys/kernel/pid_max", "r");
	unsigned int pid_max = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%u", &pid_max), 1);
	fclose(file);
	assert_true(pid_max > 1);
	assert_int_equal(kin_pid_max(), pid_max);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_first_look),
		cmocka_unit_test(test_half_known),
		cmocka_unit_test(test_odd_numbers),
		cmocka_unit_test(test_pid_max),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
