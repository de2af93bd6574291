/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up families, for the tests of trees. */
#ifndef TEST_FAMILY_H
#define TEST_FAMILY_H

#include <stdlib.h>
#include <string.h>

#include "libkin.h"

/* A task starts at 1000 s + its pid in ms, unless a test says otherwise. */
static inline uint64_t family_start(uint32_t pid)
{
	return 1000000000000ull + pid * 1000000ull;
}

static inline struct kin_task *family_task(struct kin_snapshot *snap)
{
	struct kin_task *task;

	if (snap->n == snap->room) {
		snap->room = snap->room ? 2 * snap->room : 64;
		snap->tasks = reallocarray(snap->tasks, snap->room,
					   sizeof(*snap->tasks));
		if (!snap->tasks)
			abort();
	}
	task = &snap->tasks[snap->n++];
	memset(task, 0, sizeof(*task));
	memset(&task->sched, 0xff, sizeof(task->sched));
	memset(&task->mem, 0xff, sizeof(task->mem));
	return task;
}

/* Pointers are good until the next one is added. */
static inline struct kin_task *family_process(struct kin_snapshot *snap,
					      uint32_t pid, uint32_t ppid,
					      const char *comm)
{
	struct kin_task *task = family_task(snap);

	task->base.pid = pid;
	task->base.tgid = pid;
	task->base.ppid = ppid;
	task->base.num_threads = 1;
	task->base.state = 'S';
	task->base.start_boottime_ns = family_start(pid);
	for (size_t i = 0; i < KIN_COMM_LEN - 1 && comm[i]; i++)
		task->base.comm[i] = comm[i];
	return task;
}

static inline struct kin_task *family_thread(struct kin_snapshot *snap,
					     uint32_t tid, uint32_t tgid,
					     const char *comm)
{
	struct kin_task *task = family_process(snap, tid, 0, comm);

	task->base.tgid = tgid;
	task->base.flags = KIN_TASK_THREAD;
	return task;
}

/* Bytes and ns that sums can be told from. */
static inline void family_use(struct kin_task *task, uint64_t rss,
			      uint64_t cpu)
{
	memset(&task->mem, 0, sizeof(task->mem));
	memset(&task->sched, 0, sizeof(task->sched));
	task->groups = KIN_GROUP_MEM | KIN_GROUP_SCHED;
	task->mem.rss_anon_bytes = rss;
	task->sched.utime_ns = cpu / 2;
	task->sched.stime_ns = cpu - cpu / 2;
}

#endif /* TEST_FAMILY_H */
