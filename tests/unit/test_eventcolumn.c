// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "columnset.h"
#include "eventcolumn.h"

#define MS 1000000ull

#define assert_event(rec, id, expected) \
	assert_string_equal(row_text(&kin_event_columns, id, rec), expected)

static struct kin_event base;
static struct kin_event_record rec;

static int begin(void **state)
{
	base = (struct kin_event){
		.seq = 1,	     .boottime_ns = 5000 * MS,
		.start_boottime_ns = 4880 * MS, .cgroup_id = 4711,
		.kind = KIN_EVENT_KIND_EXIT, .cpu = 3,
		.pid = 101,	     .tgid = 100,
		.ppid = 1,	     .uid = 1000,
		.comm = "worker",
	};
	rec = (struct kin_event_record){ .base = &base };
	return 0;
}

/* An exit where every number is another, by itself with @code. */
static struct kin_event_exit ending(uint32_t code)
{
	return (struct kin_event_exit){
		.utime_ns = 20 * MS,	.stime_ns = 10 * MS,
		.runtime_ns = 31 * MS,	.min_flt = 41,
		.maj_flt = 42,		.nvcsw = 43,
		.nivcsw = 44,		.rss_peak_bytes = 45 << 20,
		.rchar_bytes = 46,	.wchar_bytes = 47,
		.read_bytes = 48,	.write_bytes = 49,
		.status = code << 8,
	};
}

static void assert_all(const char *const (*expected)[2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_event(&rec, expected[i][0], expected[i][1]);
}

#define ASSERT_ALL(list) assert_all(list, sizeof(list) / sizeof((list)[0]))

static void test_complete(void **state)
{
	assert_set_complete(&kin_event_columns);
}

static void test_names(void **state)
{
	assert_string_equal(kin_event_name(KIN_EVENT_KIND_OOM), "oom");
	assert_string_equal(kin_event_name(1u << 31), "other");
	assert_string_equal(kin_event_name(0), "other");
}

static void test_every_event(void **state)
{
	static const char *const expected[][2] = {
		{ "event", "exit" },  { "pid", "101" },
		{ "tgid", "100" },    { "ppid", "1" },
		{ "uid", "1000" },    { "comm", "worker" },
		{ "cpu", "3" },	      { "cgroup_id", "4711" },
		{ "time", "5.00s" },  { "start_boottime", "4.88s" },
		{ "thread", "0" },    { "kthread", "0" },
		/* what no part has told */
		{ "status", "-" },    { "lifetime", "-" },
		{ "filename", "-" },  { "old_comm", "-" },
		{ "creator", "-" },   { "rss", "-" },
		{ "oom_kill", "-" },  { "oom_score_adj", "-" },
	};

	ASSERT_ALL(expected);
	base.flags = KIN_EVENT_THREAD | KIN_EVENT_KTHREAD;
	base.cgroup_id = KIN_NONE64;
	assert_event(&rec, "thread", "1");
	assert_event(&rec, "kthread", "1");
	assert_event(&rec, "cgroup_id", "-");
}

static void test_exit(void **state)
{
	static const char *const expected[][2] = {
		{ "status", "3" },	{ "code", "3" },
		{ "signal", "-" },	{ "signal_name", "-" },
		{ "core", "0" },	{ "oom_kill", "0" },
		{ "lifetime", "120ms" },{ "cputime", "30.0ms" },
		{ "utime", "20.0ms" },	{ "stime", "10.0ms" },
		{ "runtime", "31.0ms" },{ "rss_peak", "45.0M" },
		{ "minflt", "41" },	{ "majflt", "42" },
		{ "nvcsw", "43" },	{ "nivcsw", "44" },
		{ "rchar", "46" },	{ "wchar", "47" },
		{ "read_bytes", "48" }, { "write_bytes", "49" },
	};
	const struct kin_event_exit end = ending(3);

	rec.exit = &end;
	ASSERT_ALL(expected);
	/* created before 0, by the clock of a time namespace */
	base.start_boottime_ns = -2000 * MS;
	assert_event(&rec, "lifetime", "7.00s");
}

static void test_killed(void **state)
{
	static const char *const expected[][2] = {
		{ "status", "139" },	 { "code", "-" },
		{ "signal", "11" },	 { "signal_name", "SIGSEGV" },
		{ "core", "1" },	 { "oom_kill", "0" },
	};
	struct kin_event_exit end = ending(0);

	end.status = SIGSEGV | 0x80;
	rec.exit = &end;
	base.flags = KIN_EVENT_OOM_VICTIM;
	ASSERT_ALL(expected);
	/* chosen, and killed by what the OOM killer sends */
	end.status = SIGKILL;
	assert_event(&rec, "oom_kill", "1");
	assert_event(&rec, "status", "137");
	assert_event(&rec, "core", "0");
	base.flags = 0;
	assert_event(&rec, "oom_kill", "0");
}

/* Not known is not "ended well". */
static void test_unknown_end(void **state)
{
	static const char *const ids[] = {
		"status", "code", "signal", "signal_name", "core", "oom_kill",
		"lifetime", "cputime", "utime", "stime", "runtime", "rss_peak",
		"minflt", "majflt", "nvcsw", "nivcsw", "rchar", "wchar",
		"read_bytes", "write_bytes",
	};
	struct kin_event_exit end;

	memset(&end, 0xff, sizeof(end));
	base.start_boottime_ns = 6000 * MS;
	rec.exit = &end;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		assert_event(&rec, ids[i], "-");
	end.utime_ns = 5;
	assert_event(&rec, "cputime", "-");
}

static void test_exec(void **state)
{
	struct kin_event_exec exec = { .old_comm = "sh" };

	base.kind = KIN_EVENT_KIND_EXEC;
	rec.exec = &exec;
	rec.filename = "/bin/ls";
	assert_event(&rec, "event", "exec");
	assert_event(&rec, "filename", "/bin/ls");
	assert_event(&rec, "exe", "/bin/ls");
	assert_event(&rec, "old_comm", "sh");
	exec.old_comm[0] = '\0';
	rec.filename = NULL;
	assert_event(&rec, "old_comm", "-");
	assert_event(&rec, "filename", "-");
}

static void test_other_parts(void **state)
{
	const struct kin_event_fork fork = { .creator_pid = 12,
					     .creator_tgid = 11 };
	const struct kin_event_comm comm = { .old_comm = "before" };

	rec.fork = &fork;
	assert_event(&rec, "creator", "11");
	assert_event(&rec, "creator_thread", "12");
	rec.fork = NULL;
	rec.comm = &comm;
	assert_event(&rec, "old_comm", "before");
}

static void test_oom(void **state)
{
	static const char *const expected[][2] = {
		{ "event", "oom" },	 { "rss", "7.0M" },
		{ "rss_anon", "4.0M" },  { "rss_file", "2.0M" },
		{ "rss_shmem", "1.0M" }, { "oom_score_adj", "-1" },
	};
	struct kin_event_oom oom = {
		.rss_anon_bytes = 4 << 20,
		.rss_file_bytes = 2 << 20,
		.rss_shmem_bytes = 1 << 20,
		.oom_score_adj = -1,
	};

	base.kind = KIN_EVENT_KIND_OOM;
	rec.oom = &oom;
	ASSERT_ALL(expected);
	oom.rss_anon_bytes = KIN_NONE64;
	assert_event(&rec, "rss", "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_names),
		cmocka_unit_test_setup(test_every_event, begin),
		cmocka_unit_test_setup(test_exit, begin),
		cmocka_unit_test_setup(test_killed, begin),
		cmocka_unit_test_setup(test_unknown_end, begin),
		cmocka_unit_test_setup(test_exec, begin),
		cmocka_unit_test_setup(test_other_parts, begin),
		cmocka_unit_test_setup(test_oom, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
