/* SPDX-License-Identifier: GPL-2.0 */
/* The walk over the tasks of a pid namespace. */
#ifndef KIN_WALK_H
#define KIN_WALK_H

#include <linux/types.h>

struct kin_scope;
struct kin_view;
struct task_struct;

/* Where a walk stands: the next record to make. */
struct kin_walk_pos {
	u32 pid;
	bool main_thread;	/* the process is done, its main thread is next */
};

struct kin_walk {
	const struct kin_view *view;
	struct kin_scope *scope;
	u32 kinds;
	struct kin_walk_pos pos;
};

/* The record wants to be completed outside of the RCU read section. */
#define KIN_WALK_PAUSE 1

/*
 * What is done with a task; @pid is its number, @thread says which kind of
 * record. Runs in an RCU read section: it must not sleep, and @p is good until
 * it returns. Returns 0 to go on, KIN_WALK_PAUSE to go on after a pause, or
 * -errno to end before this record.
 */
typedef int kin_walk_fn(struct task_struct *p, u32 pid, bool thread, void *arg);

int kin_walk(struct kin_walk *walk, kin_walk_fn *fn, void *arg);

#endif
