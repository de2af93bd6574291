// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * With swap: what is swapped out is told as /proc tells it; a command line that
 * is swapped out is told to be busy, and not fetched.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>

#include "truth/compare.h"
#include "truth/family.h"
#include "truth/host.h"
#include "truth/tap.h"

#define DEVICE "/dev/zram0"
#define MIB    (1024 * 1024)

/* A compressed disk in memory is the only one that every VM can have. */
static bool swap_on(void)
{
	return !system("modprobe zram num_devices=1 2>/dev/null &&"
		       " echo 128M >/sys/block/zram0/disksize &&"
		       " mkswap " DEVICE " >/dev/null 2>&1") &&
	       !swapon(DEVICE, 0);
}

static void swap_off(void)
{
	if (swapoff(DEVICE) || system("echo 1 >/sys/block/zram0/reset"))
		tap_note("swap could not be taken away");
}

static const struct kin_task *get(struct kin *kin, uint32_t pid)
{
	static struct kin_snapshot snap;

	kin_snapshot_free(&snap);
	if (kin_get(kin, pid, KIN_KIND_PROCESS, KIN_GROUPS, kin_snapshot_add,
		    &snap))
		tap_bail("get: %s", kin_error(kin));
	return snap.tasks;
}

static void check_memory(struct kin *kin, uint32_t pid)
{
	const struct kin_task *task;
	struct proc_task proc;
	bool bad[MAX_ASPECTS];
	size_t n, i;

	task = get(kin, pid);
	if (!proc_read(&proc, pid, pid, false))
		tap_bail("%u is gone", pid);
	n = compare_task(task, &proc, &proc, bad);
	for (i = 0; n && i < n_aspects(); i++) {
		if (bad[i])
			compare_explain(i, task, &proc, &proc);
	}
	tap_ok(!n && task->mem.swap_bytes > 6 * MIB &&
		       task->mem.swap_bytes != KIN_NONE64,
	       "swap_bytes: %llu, and all else is as in /proc",
	       (unsigned long long)task->mem.swap_bytes);
	proc_drop(&proc);
}

static uint64_t busy_count(struct kin *kin)
{
	struct kin_status status;

	if (kin_status_get(kin, &status, NULL, 0))
		tap_bail("status: %s", kin_error(kin));
	return status.cmdlines_busy;
}

static void check_arguments(struct kin *kin, uint32_t pid)
{
	uint64_t before = busy_count(kin), swapped;
	const struct kin_task *task = get(kin, pid);
	struct proc_task proc;
	bool bad[MAX_ASPECTS];

	swapped = task->mem.swap_bytes;
	tap_note("swap_bytes %llu", (unsigned long long)swapped);
	tap_ok(swapped && swapped != KIN_NONE64 && !task->cmdline &&
		       task->busy == KIN_GROUP_CMDLINE,
	       "arguments that are swapped out are busy: %#x", task->busy);
	tap_ok(busy_count(kin) == before + 1, "status.cmdlines_busy counts");
	task = get(kin, pid);
	tap_ok(task->mem.swap_bytes == swapped, "and stay swapped out");
	/* /proc fetches them, for us too. */
	if (!proc_read(&proc, pid, pid, false))
		tap_bail("%u is gone", pid);
	proc_drop(&proc);
	task = get(kin, pid);
	proc_read(&proc, pid, pid, false);
	tap_ok(!compare_task(task, &proc, &proc, bad) && task->cmdline &&
		       !task->busy,
	       "once they are back, they are told: %u bytes",
	       task->cmdline_len);
	proc_drop(&proc);
}

int main(void)
{
	static const char *const options[] = { "--swapped", "8",
					       "--swapped-args", NULL };
	struct family family;
	struct kin *kin;

	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	if (!swap_on()) {
		tap_skip("no zram in this kernel", "swap");
		return tap_done();
	}
	family_start(&family, options);
	check_memory(kin, family_member(&family, "swapped")->pid);
	check_arguments(kin, family_member(&family, "swapped-args")->pid);
	host_check(kin);
	family_end(&family);
	kin_close(kin);
	swap_off();
	return tap_done();
}
