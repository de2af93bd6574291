// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libkin.h"

/* What everybody may ask for. */
#define PUBLIC (KIN_GROUP_SCHED | KIN_GROUP_MEM | KIN_GROUP_CMDLINE | KIN_GROUP_CGROUP)

static struct kin_snapshot snap;

/* A record of nothing but a base. */
static struct kin_record record(struct kin_base *base, uint32_t pid,
				uint32_t flags)
{
	*base = (struct kin_base){ .pid = pid, .flags = flags, .state = 'S' };
	return (struct kin_record){ .base = base, .cgroup_id = KIN_NONE64 };
}

static void add(uint32_t pid, uint32_t flags)
{
	struct kin_base base;
	const struct kin_record rec = record(&base, pid, flags);

	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
}

static int teardown(void **state)
{
	kin_snapshot_free(&snap);
	return 0;
}

static void test_empty(void **state)
{
	assert_null(kin_snapshot_find(&snap, 1, KIN_KIND_PROCESS));
	kin_snapshot_free(&snap);
	kin_snapshot_free(&snap);
}

static void test_groups(void **state)
{
	const struct kin_sched sched = { .utime_ns = 1 };
	const struct kin_mem mem = { .vm_bytes = 2 };
	struct kin_base base;
	struct kin_record rec = record(&base, 1, 0);

	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
	rec.sched = &sched;
	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
	rec.mem = &mem;
	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
	rec.cmdline = "a\0b";
	rec.cmdline_len = 4;
	rec.cgroup_id = 9;
	rec.cgroup_path = "/x";
	rec.busy = KIN_GROUP_MEM;
	rec.cut = KIN_GROUP_CMDLINE;
	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);

	assert_int_equal(snap.n, 4);
	assert_int_equal(snap.tasks[0].groups, 0);
	assert_true(snap.tasks[0].sched.utime_ns == KIN_NONE64);
	assert_true(snap.tasks[0].mem.vm_bytes == KIN_NONE64);
	assert_true(kin_rss_bytes(&snap.tasks[0].mem) == KIN_NONE64);
	assert_true(snap.tasks[0].cgroup_id == KIN_NONE64);
	assert_null(snap.tasks[0].cmdline);
	assert_null(snap.tasks[0].cgroup_path);
	assert_null(snap.tasks[0].nspids);
	assert_int_equal(snap.tasks[1].groups, KIN_GROUP_SCHED);
	assert_int_equal(snap.tasks[1].sched.utime_ns, 1);
	assert_int_equal(snap.tasks[2].groups, KIN_GROUP_SCHED | KIN_GROUP_MEM);
	assert_int_equal(snap.tasks[2].mem.vm_bytes, 2);
	assert_int_equal(snap.tasks[3].groups, PUBLIC);
	assert_int_equal(snap.tasks[3].busy, KIN_GROUP_MEM);
	assert_int_equal(snap.tasks[3].cut, KIN_GROUP_CMDLINE);
	assert_memory_equal(snap.tasks[3].cmdline, "a\0b", 4);
}

static void test_private(void **state)
{
	const struct kin_files files = { .users = 1 };
	const struct kin_io io = { .syscr = 2 };
	const struct kin_ns ns = { .uts = 3 };
	const struct kin_delay delay = { .irq_ns = 4 };
	const struct kin_wait wait = { 5 };
	struct kin_limit limits[] = { { 6, 7 }, { 8, 9 } };
	char path[] = "/path", stack[] = "f\n";
	struct kin_base base;
	struct kin_record rec = record(&base, 1, 0);
	const struct kin_task *task;

	rec.denied = KIN_GROUP_EXE;
	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
	rec = (struct kin_record){
		.base = &base, .cgroup_id = KIN_NONE64, .files = &files, .io = &io,
		.ns = &ns, .delay = &delay, .wait = &wait, .limits = limits,
		.n_limits = 2, .exe = path, .cwd = path, .root = path,
		.stack = stack, .deleted = KIN_GROUP_CWD,
	};
	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
	memset(limits, 0, sizeof(limits));
	path[1] = stack[0] = '#';

	task = &snap.tasks[0];
	assert_int_equal(task->groups, 0);
	assert_int_equal(task->denied, KIN_GROUP_EXE);
	assert_true(task->files.open == KIN_NONE64 && task->io.syscw == KIN_NONE64);
	assert_true(task->ns.user == KIN_NONE32 && task->delay.irq_ns == KIN_NONE64);
	assert_true(task->wait.since_cpu_ns == KIN_NONE64 && !task->n_limits);
	assert_true(!task->exe && !task->cwd && !task->root && !task->stack);
	task = &snap.tasks[1];
	assert_int_equal(task->groups, KIN_GROUPS & ~PUBLIC);
	assert_int_equal(task->files.users, 1);
	assert_int_equal(task->io.syscr, 2);
	assert_int_equal(task->ns.uts, 3);
	assert_int_equal(task->delay.irq_ns, 4);
	assert_int_equal(task->wait.since_cpu_ns, 5);
	assert_int_equal(task->n_limits, 2);
	assert_int_equal(task->limits[1].hard, 9);
	assert_string_equal(task->exe, "/path");
	assert_string_equal(task->cwd, "/path");
	assert_string_equal(task->root, "/path");
	assert_string_equal(task->stack, "f\n");
	assert_int_equal(task->deleted, KIN_GROUP_CWD);
	assert_int_equal(task->denied, 0);
}

/* Strings are copies, and stay where they are while the snapshot grows. */
static void test_strings(void **state)
{
	const size_t n = 5000;
	const char **paths = calloc(n, sizeof(*paths));
	char path[64], cmdline[600];
	uint32_t nspids[3];
	size_t i;

	for (i = 0; i < n; i++) {
		struct kin_base base;
		struct kin_record rec = record(&base, i + 1, 0);

		snprintf(path, sizeof(path), "/cgroup/%zu", i);
		memset(cmdline, 'a' + i % 26, sizeof(cmdline));
		nspids[0] = nspids[1] = nspids[2] = i;
		rec.cgroup_path = path;
		rec.cmdline = cmdline;
		rec.cmdline_len = i % sizeof(cmdline);
		rec.nspids = nspids;
		rec.n_nspids = 1 + i % 3;
		assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
		paths[i] = snap.tasks[i].cgroup_path;
	}
	memset(path, '#', sizeof(path));
	memset(cmdline, '#', sizeof(cmdline));
	for (i = 0; i < n; i++) {
		const struct kin_task *task = &snap.tasks[i];
		size_t at;

		snprintf(path, sizeof(path), "/cgroup/%zu", i);
		assert_ptr_equal(task->cgroup_path, paths[i]);
		assert_string_equal(task->cgroup_path, path);
		assert_int_equal(task->cmdline_len, i % sizeof(cmdline));
		for (at = 0; at < task->cmdline_len; at++)
			assert_int_equal(task->cmdline[at], 'a' + i % 26);
		assert_int_equal(task->n_nspids, 1 + i % 3);
		assert_int_equal(task->nspids[i % 3], i);
	}
	free(paths);
}

/* Longer than the memory that strings usually share. */
static void test_long_string(void **state)
{
	const uint32_t len = 1000000;
	char *cmdline = malloc(len);
	struct kin_base base;
	struct kin_record rec = record(&base, 1, 0);

	memset(cmdline, 'x', len);
	rec.cmdline = cmdline;
	rec.cmdline_len = len;
	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
	assert_memory_equal(snap.tasks[0].cmdline, cmdline, len);
	rec.cmdline = "next";
	rec.cmdline_len = 5;
	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
	assert_string_equal(snap.tasks[1].cmdline, "next");
	assert_memory_equal(snap.tasks[0].cmdline, cmdline, len);
	free(cmdline);
}

/* Lists that came, but are empty. */
static void test_nothing_in_it(void **state)
{
	struct kin_base base;
	struct kin_record rec = record(&base, 1, 0);

	rec.cmdline = "";
	rec.nspids = (const uint32_t *)&base;
	rec.cgroup_path = "";
	assert_int_equal(kin_snapshot_add(&rec, &snap), 0);
	assert_int_equal(snap.tasks[0].cmdline_len, 0);
	assert_int_equal(snap.tasks[0].n_nspids, 0);
	assert_string_equal(snap.tasks[0].cgroup_path, "");
}

/* Processes and threads, a process before its main thread; gaps between. */
static void test_find(void **state)
{
	const struct kin_task *task;
	uint32_t pid;

	for (pid = 10; pid < 3000; pid += 3) {
		if (pid % 5)
			add(pid, 0);
		add(pid, KIN_TASK_THREAD);
	}
	for (pid = 0; pid < 3010; pid++) {
		const bool there = pid >= 10 && pid < 3000 && pid % 3 == 1;

		task = kin_snapshot_find(&snap, pid, KIN_KIND_PROCESS);
		assert_int_equal(!!task, there && pid % 5);
		if (task)
			assert_int_equal(task->base.pid, pid);
		if (task)
			assert_int_equal(task->base.flags, 0);
		task = kin_snapshot_find(&snap, pid, KIN_KIND_THREAD);
		assert_int_equal(!!task, there);
		if (task)
			assert_int_equal(task->base.pid, pid);
		if (task)
			assert_int_equal(task->base.flags, KIN_TASK_THREAD);
	}
	assert_null(kin_snapshot_find(&snap, UINT32_MAX, KIN_KIND_THREAD));
}

static void test_rss(void **state)
{
	struct kin_mem mem = {
		.rss_anon_bytes = 1, .rss_file_bytes = 20,
		.rss_shmem_bytes = 300,
	};

	assert_int_equal(kin_rss_bytes(&mem), 321);
	mem.rss_anon_bytes = KIN_NONE64;
	assert_true(kin_rss_bytes(&mem) == KIN_NONE64);
}

#define TEST(name) cmocka_unit_test_teardown(test_##name, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(empty),
		TEST(groups),
		TEST(private),
		TEST(strings),
		TEST(long_string),
		TEST(nothing_in_it),
		TEST(find),
		TEST(rss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
