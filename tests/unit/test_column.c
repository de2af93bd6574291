// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "column.h"
#include "columnset.h"

#define SEC 1000000000ull

static const struct kin_view view = {
	.now_boottime_ns = 1000 * SEC,
	.boot_epoch_ns = 1700000000 * (int64_t)SEC,
	.mem_total_bytes = 1ull << 30,
};

static void number(void *at, size_t size, uint32_t *word)
{
	for (size_t i = 0; i + 4 <= size; i += 4, ++*word)
		memcpy((char *)at + i, word, 4);
}

/* A task where every number of the wire's structs is another. */
static struct kin_task full_task(void)
{
	struct kin_task task = { .groups = KIN_GROUPS, .cgroup_id = 4711 };
	uint32_t word = 1000;

	number(&task.base, offsetof(struct kin_base, state), &word);
	number(&task.sched, sizeof(task.sched), &word);
	number(&task.mem, sizeof(task.mem), &word);
	number(&task.files, sizeof(task.files), &word);
	number(&task.io, sizeof(task.io), &word);
	number(&task.ns, sizeof(task.ns), &word);
	number(&task.delay, sizeof(task.delay), &word);
	number(&task.wait, sizeof(task.wait), &word);
	task.base.state = 'S';
	task.base.flags = 0;
	strcpy(task.base.comm, "worker");
	return task;
}

static struct kin_value value_of(const struct kin_task *task, const char *id)
{
	const struct kin_column *col = kin_column_find(id, strlen(id));
	struct kin_value value;

	assert_non_null(col);
	kin_column_get(col, &view, task, &value);
	return value;
}

static void put(char *to, const struct kin_task *task, const char *id,
		unsigned int style)
{
	const struct kin_column *col = kin_column_find(id, strlen(id));
	struct kin_value value;
	uint32_t width;
	size_t n;

	assert_non_null(col);
	kin_column_get(col, &view, task, &value);
	n = kin_value_put(to, col->type, &value, style, UINT32_MAX, &width);
	assert_true(n <= kin_value_room(col->type, &value));
	to[n] = '\0';
}

#define assert_shown(task, id, style, expected)                                \
	do {                                                                   \
		char to[1024];                                                 \
		put(to, task, id, style);                                      \
		assert_string_equal(to, expected);                             \
	} while (0)

/* ---- the table ---- */

static void test_rows_are_complete(void **state)
{
	for (size_t i = 0; i < kin_n_columns; i++) {
		const struct kin_column *col = &kin_columns[i];

		/* a way to its value: one, not both */
		assert_true(!col->get != !col->load);
	}
	assert_set_complete(&kin_task_columns);
}

/* Every number of the wire's structs has a column of its own that shows it. */
static void test_every_field_has_a_column(void **state)
{
	static const char *const plain[] = {
		"pid",	 "tgid",  "ppid",  "pgid",  "sid",   "tracer",
		"threads", "uid", "euid",  "suid",  "fsuid", "gid",
		"egid",	 "sgid",  "fsgid", "tty_nr",
	};
	struct kin_task task = full_task();
	size_t in_sched = 0, in_mem = 0, in_base = 0;

	for (size_t i = 0; i < kin_n_columns; i++) {
		const struct kin_column *col = &kin_columns[i];
		size_t at = col->offset;

		if (col->get)
			continue;
		in_sched += at >= offsetof(struct kin_task, sched) &&
			    at < offsetof(struct kin_task, mem);
		in_mem += at >= offsetof(struct kin_task, mem) &&
			  at < offsetof(struct kin_task, nspids);
		in_base += at < offsetof(struct kin_task, sched);
		/* none reads another's bytes */
		for (size_t j = 0; j < i; j++)
			assert_true(kin_columns[j].get ||
				    kin_columns[j].offset != at);
	}
	/* policy, exit_signal, flags, state and comm are derived */
	assert_int_equal(in_sched, 8 + 6 - 1);
	assert_int_equal(in_mem, 11 + 1);
	assert_int_equal(in_base, sizeof(plain) / sizeof(plain[0]) + 2);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		assert_true(value_of(&task, plain[i]).u >= 1000);
}

/* How many columns lie in a struct of a task, and of which group they are. */
static size_t columns_in(size_t at, size_t size, uint32_t group)
{
	size_t n = 0;

	for (size_t i = 0; i < kin_n_columns; i++) {
		const struct kin_column *col = &kin_columns[i];

		if (col->get || col->offset < at || col->offset >= at + size)
			continue;
		assert_int_equal(col->needs, group);
		n++;
	}
	return n;
}

#define assert_columns(field, GROUP, count)                                    \
	assert_int_equal(columns_in(offsetof(struct kin_task, field),          \
				    sizeof(((struct kin_task *)NULL)->field),  \
				    KIN_GROUP_##GROUP),                        \
			 count)

static void test_every_private_field_has_a_column(void **state)
{
	assert_columns(files, FILES, sizeof(struct kin_files) / 8 + 1);
	assert_columns(io, IO, sizeof(struct kin_io) / 8);
	assert_columns(ns, NS, sizeof(struct kin_ns) / 4);
	assert_columns(delay, DELAY, sizeof(struct kin_delay) / 8);
	assert_columns(wait, WAIT, sizeof(struct kin_wait) / 8);
}

static void test_plain_fields(void **state)
{
	struct kin_task task = full_task();

	assert_int_equal(value_of(&task, "pid").u, task.base.pid);
	assert_int_equal(value_of(&task, "fsgid").u, task.base.fsgid);
	assert_int_equal(value_of(&task, "start_boottime").u,
			 task.base.start_boottime_ns);
	assert_int_equal(value_of(&task, "nivcsw").u, task.sched.nivcsw);
	assert_int_equal(value_of(&task, "cpus_allowed").u,
			 task.sched.cpus_allowed);
	assert_int_equal(value_of(&task, "cmajflt").u, task.mem.cmaj_flt);
	assert_int_equal(value_of(&task, "files_users").u, task.files.users);
	assert_int_equal(value_of(&task, "cancelled_write_bytes").u,
			 task.io.cancelled_write_bytes);
	assert_int_equal(value_of(&task, "timens_children").u,
			 task.ns.time_for_children);
	assert_int_equal(value_of(&task, "delay_irq").u, task.delay.irq_ns);
	assert_int_equal(value_of(&task, "since_cpu").u,
			 task.wait.since_cpu_ns);
	task.sched.nice = -20;
	assert_int_equal(value_of(&task, "nice").i, -20);
}

static void test_find(void **state)
{
	assert_null(kin_column_find("nonsense", 8));
	assert_null(kin_column_find("", 0));
	assert_null(kin_column_find("rs", 2));
	assert_non_null(kin_column_find("RSS", 3));
	assert_string_equal(kin_column_find("nlwp", 4)->id, "threads");
	assert_string_equal(kin_column_nearest("pdi")->id, "pid");
	assert_string_equal(kin_column_nearest("oom_scoreadj")->id,
			    "oom_score_adj");
	assert_null(kin_column_nearest("zzzzzzzzzz"));
}

/* ---- what is absent ---- */

static void test_group_not_there(void **state)
{
	struct kin_task task = full_task();

	task.groups = KIN_GROUP_MEM;
	/* -1 would be a value of these */
	task.sched.nice = -1;
	assert_false(value_of(&task, "nice").known);
	assert_false(value_of(&task, "cputime").known);
	assert_true(value_of(&task, "rss").known);
	task.groups = KIN_GROUP_SCHED;
	assert_false(value_of(&task, "oom_score_adj").known);
	assert_false(value_of(&task, "rss").known);
	assert_int_equal(value_of(&task, "nice").i, -1);
	assert_true(value_of(&task, "nice").known);
}

/* Absent is not all alike: why, is for people; a script has a column for it. */
static void test_why_absent(void **state)
{
	struct kin_task task = full_task();

	task.groups &= ~(KIN_GROUP_FILES | KIN_GROUP_IO | KIN_GROUP_NS);
	task.denied = KIN_GROUP_IO | KIN_GROUP_CWD;
	task.busy = KIN_GROUP_NS;
	assert_shown(&task, "open", 0, "-");
	assert_shown(&task, "files_pct", 0, "-");
	assert_shown(&task, "rchar", 0, "denied");
	assert_shown(&task, "rchar", KIN_STYLE_RAW, "-");
	assert_shown(&task, "cwd", 0, "denied");
	assert_shown(&task, "root", 0, "-");
	assert_shown(&task, "netns", 0, "busy");
	assert_shown(&task, "netns", KIN_STYLE_RAW, "-");
	assert_shown(&task, "denied", 0, "io,cwd");
	task.denied = UINT32_MAX;
	assert_shown(&task, "denied", 0,
		     "sched,mem,cmdline,cgroup,files,io,exe,cwd,root,ns,limits,delay,wait,stack");
}

static void test_none(void **state)
{
	struct kin_task task = full_task();

	task.base.uid = KIN_NONE32;
	task.sched.run_delay_ns = KIN_NONE64;
	task.sched.stime_ns = KIN_NONE64;
	task.mem.rss_anon_bytes = KIN_NONE64;
	assert_false(value_of(&task, "uid").known);
	assert_false(value_of(&task, "user").known);
	assert_false(value_of(&task, "run_delay").known);
	assert_false(value_of(&task, "cputime").known);
	assert_false(value_of(&task, "pcpu").known);
	assert_false(value_of(&task, "rss").known);
	assert_false(value_of(&task, "pmem").known);
	assert_shown(&task, "rss", 0, "-");
	assert_shown(&task, "user", KIN_STYLE_RAW, "-");
}

/* A byte that is no letter could be anything to a terminal. */
static void test_state_is_a_letter(void **state)
{
	static const unsigned char bytes[] = { 0, ' ', '\n', 033, '@', '[', '{',
					       0x7f, 0xa4, 0xff };
	struct kin_task task = full_task();
	size_t i;

	assert_shown(&task, "state", 0, "S");
	for (i = 0; i < sizeof(bytes); i++) {
		task.base.state = bytes[i];
		assert_shown(&task, "state", 0, "-");
	}
}

static void test_zero_is_a_value(void **state)
{
	struct kin_task task = full_task();

	task.mem.swap_bytes = 0;
	task.base.tracer_pid = 0;
	assert_true(value_of(&task, "swap").known);
	assert_shown(&task, "swap", 0, "0");
	assert_shown(&task, "tracer", 0, "0");
	task.base.exit_signal = -1;
	assert_shown(&task, "exit_signal", 0, "-1");
}

/* ---- what is derived ---- */

static void test_times(void **state)
{
	struct kin_task task = full_task();

	task.base.start_boottime_ns = 900 * SEC;
	task.sched.utime_ns = 3 * SEC;
	task.sched.stime_ns = 2 * SEC;
	assert_int_equal(value_of(&task, "etime").u, 100 * SEC);
	assert_int_equal(value_of(&task, "cputime").u, 5 * SEC);
	/* thousandths of a percent: 5 % */
	assert_int_equal(value_of(&task, "pcpu").u, 5000);
	assert_int_equal(value_of(&task, "start").i,
			 1700000900 * (int64_t)SEC);
	assert_shown(&task, "etime", 0, "1:40");
	assert_shown(&task, "etime", KIN_STYLE_BASE, "100000000000");
	assert_shown(&task, "pcpu", 0, "5.0");
	assert_shown(&task, "pcpu", KIN_STYLE_RAW, "5.000");
	/* younger than the clock that was read */
	task.base.start_boottime_ns = 1001 * SEC;
	assert_int_equal(value_of(&task, "etime").u, 0);
	assert_false(value_of(&task, "pcpu").known);
}

/* In a time namespace whose clock is behind, a start may lie before 0. */
static void test_start_before_zero(void **state)
{
	struct kin_task task = full_task();

	task.base.start_boottime_ns = -100 * SEC;
	task.sched.utime_ns = 11 * SEC;
	task.sched.stime_ns = 0;
	assert_int_equal(value_of(&task, "etime").u, 1100 * SEC);
	assert_int_equal(value_of(&task, "pcpu").u, 1000);
	assert_int_equal(value_of(&task, "start").i,
			 1699999900 * (int64_t)SEC);
}

/* What no number holds is not shown as another one. */
static void test_too_large(void **state)
{
	struct kin_task task = full_task();

	task.base.start_boottime_ns = INT64_MAX;
	assert_false(value_of(&task, "start").known);
	task = full_task();
	task.base.start_boottime_ns = view.now_boottime_ns - 1;
	task.sched.utime_ns = UINT64_MAX / 2;
	task.sched.stime_ns = 0;
	assert_false(value_of(&task, "pcpu").known);
	task.base.start_boottime_ns = 0;
	assert_true(value_of(&task, "pcpu").known);
}

static void test_memory(void **state)
{
	struct kin_task task = full_task();

	task.mem.rss_anon_bytes = 1 << 20;
	task.mem.rss_file_bytes = 2 << 20;
	task.mem.rss_shmem_bytes = 3 << 20;
	assert_shown(&task, "rss", 0, "6.0M");
	assert_shown(&task, "rss", KIN_STYLE_RAW, "6291456");
	assert_int_equal(value_of(&task, "pmem").u, 6 * 100000 / 1024);
}

static void test_files(void **state)
{
	struct kin_task task = full_task();

	task.files.open = 256;
	task.files.limit_soft = 1024;
	assert_int_equal(value_of(&task, "files_pct").u, 25000);
	assert_shown(&task, "files_pct", 0, "25.0");
	/* unlimited: nothing is a share of it */
	task.files.limit_soft = KIN_NONE64;
	assert_false(value_of(&task, "files_pct").known);
	task.files.limit_soft = 0;
	assert_false(value_of(&task, "files_pct").known);
	task.files.limit_soft = 1024;
	task.files.open = KIN_NONE64;
	assert_false(value_of(&task, "files_pct").known);
}

static void test_paths(void **state)
{
	struct kin_task task = full_task();

	task.exe = "/bin/a b";
	task.cwd = "/tmp/x\n (deleted)";
	task.deleted = KIN_GROUP_EXE | KIN_GROUP_ROOT;
	assert_shown(&task, "exe", 0, "/bin/a b (deleted)");
	/* a file may be called so: exact is what is raw */
	assert_shown(&task, "exe", KIN_STYLE_RAW, "/bin/a\\x20b");
	assert_shown(&task, "cwd", 0, "/tmp/x\\x0a (deleted)");
	assert_shown(&task, "root", 0, "-");
	assert_shown(&task, "deleted", 0, "exe,root");
}

static void test_stack(void **state)
{
	struct kin_task task = full_task();

	assert_shown(&task, "stack", 0, "-");
	task.stack = "f+0x1/0x2\ng+0x3/0x4 [mod]\n";
	assert_shown(&task, "stack", 0, "f+0x1/0x2 g+0x3/0x4 [mod]");
	assert_shown(&task, "stack", KIN_STYLE_RAW,
		     "f+0x1/0x2\\x0ag+0x3/0x4\\x20[mod]");
	task.stack = "";
	assert_shown(&task, "stack", 0, "\"\"");
	task.stack = "\n\n";
	assert_shown(&task, "stack", KIN_STYLE_RAW, "\\x0a");
}

static void test_words(void **state)
{
	struct kin_task task = full_task();

	assert_shown(&task, "flags", 0, "-");
	task.base.flags = KIN_TASK_KTHREAD | KIN_TASK_SUBREAPER;
	assert_shown(&task, "flags", 0, "kthread,subreaper");
	task.base.flags = 15;
	assert_shown(&task, "flags", 0, "thread,kthread,exiting,subreaper");
	task.busy = KIN_GROUP_CMDLINE | KIN_GROUP_SCHED;
	assert_shown(&task, "busy", 0, "sched,cmdline");
	task.sched.policy = 6;
	assert_shown(&task, "policy", 0, "SCHED_DEADLINE");
	task.sched.policy = 99;
	assert_shown(&task, "policy", 0, "99");
	task.base.tty = 136 << 8 | 7;
	assert_shown(&task, "tty", 0, "pts/7");
	task.base.tty = 0;
	assert_shown(&task, "tty", 0, "-");
}

static void test_nspid(void **state)
{
	static const uint32_t numbers[] = { 4321, 17, 1 };
	struct kin_task task = full_task();

	assert_shown(&task, "nspid", 0, "-");
	task.nspids = numbers;
	task.n_nspids = 3;
	assert_shown(&task, "nspid", 0, "4321,17,1");
}

/* ---- command lines ---- */

static void set_cmdline(struct kin_task *task, const char *line, size_t len)
{
	task->cmdline = line;
	task->cmdline_len = len;
}

#define SET_CMDLINE(task, line) set_cmdline(task, line, sizeof(line) - 1)

static void test_command(void **state)
{
	struct kin_task task = full_task();

	SET_CMDLINE(&task, "sleep\0" "60\0");
	assert_shown(&task, "command", 0, "sleep 60");
	assert_shown(&task, "args", 0, "sleep 60");
	assert_shown(&task, "command", KIN_STYLE_RAW, "sleep\\x2060");
	assert_shown(&task, "args", KIN_STYLE_RAW, "sleep\\x0060");
	/* an empty argument is one */
	SET_CMDLINE(&task, "x\0\0y\0");
	assert_shown(&task, "args", KIN_STYLE_RAW, "x\\x00\\x00y");
	/* a title with what was left of the arguments */
	SET_CMDLINE(&task, "nginx: worker\0\0\0\0");
	assert_shown(&task, "command", 0, "nginx: worker");
}

static void test_no_command(void **state)
{
	struct kin_task task = full_task();

	assert_shown(&task, "command", 0, "[worker]");
	assert_shown(&task, "args", 0, "-");
	SET_CMDLINE(&task, "\0\0");
	assert_shown(&task, "command", 0, "[worker]");
}

static void test_busy_command(void **state)
{
	struct kin_task task = full_task();

	task.busy = KIN_GROUP_CMDLINE;
	task.groups &= ~KIN_GROUP_CMDLINE;
	assert_shown(&task, "command", 0, "[worker] (busy)");
	assert_shown(&task, "args", 0, "busy");
	/* a script must not take it for a word of the task's */
	assert_shown(&task, "args", KIN_STYLE_RAW, "-");
}

static void test_hostile_names(void **state)
{
	struct kin_task task = full_task();

	strcpy(task.base.comm, "");
	assert_shown(&task, "comm", 0, "\"\"");
	assert_shown(&task, "comm", KIN_STYLE_RAW, "\"\"");
	assert_shown(&task, "command", 0, "[]");
	strcpy(task.base.comm, "-");
	assert_shown(&task, "comm", KIN_STYLE_RAW, "\\x2d");
	strcpy(task.base.comm, "\"\"");
	assert_shown(&task, "comm", KIN_STYLE_RAW, "\\x22\\x22");
	/* all 16 bytes, no NUL */
	memset(task.base.comm, 'x', KIN_COMM_LEN);
	assert_shown(&task, "comm", 0, "xxxxxxxxxxxxxxxx");
	memset(task.base.comm, '\n', KIN_COMM_LEN);
	assert_shown(&task, "comm", 0,
		     "\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a"
		     "\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a");
}

/* ---- order ---- */

static void test_compare(void **state)
{
	struct kin_value none = { .known = false };
	struct kin_value small = { .known = true, .i = -5 };
	struct kin_value large = { .known = true, .i = 5 };
	struct kin_value ab = { .known = true, .s = "abc", .len = 2 };
	struct kin_value abc = { .known = true, .s = "abc", .len = 3 };
	struct kin_value b = { .known = true, .s = "b", .len = 1 };

	assert_true(kin_value_compare(KIN_TYPE_INT, &small, &large) < 0);
	/* the same bits, without a sign */
	assert_true(kin_value_compare(KIN_TYPE_UINT, &small, &large) > 0);
	assert_true(kin_value_compare(KIN_TYPE_INT, &none, &large) > 0);
	assert_true(kin_value_compare(KIN_TYPE_INT, &small, &none) < 0);
	assert_int_equal(kin_value_compare(KIN_TYPE_INT, &none, &none), 0);
	assert_true(kin_value_compare(KIN_TYPE_STRING, &ab, &abc) < 0);
	assert_true(kin_value_compare(KIN_TYPE_STRING, &b, &abc) > 0);
	assert_int_equal(kin_value_compare(KIN_TYPE_STRING, &b, &b), 0);
}

static void test_state_names(void **state)
{
	assert_string_equal(kin_state_name('R'), "running");
	assert_string_equal(kin_state_name('t'), "traced");
	assert_string_equal(kin_state_name('I'), "idle");
	assert_string_equal(kin_state_name('q'), "unknown");
	assert_string_equal(kin_state_name('\0'), "unknown");
}

static int setup(void **state)
{
	setenv("TZ", "UTC", 1);
	return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_complete),
		cmocka_unit_test(test_every_field_has_a_column),
		cmocka_unit_test(test_every_private_field_has_a_column),
		cmocka_unit_test(test_plain_fields),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_group_not_there),
		cmocka_unit_test(test_why_absent),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_state_is_a_letter),
		cmocka_unit_test(test_zero_is_a_value),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_start_before_zero),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_stack),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_nspid),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_no_command),
		cmocka_unit_test(test_busy_command),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_state_names),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
