/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The walk over the tasks of a pid namespace, in the order of their numbers.
 *
 * tasklist_lock is not for modules, and nothing else stops tasks from coming
 * and going: there is RCU. A pid namespace keeps its pids in a radix tree that
 * may be read under RCU; a struct pid and a task_struct found there stay in
 * memory until the read section ends, whatever happens to the task meanwhile.
 * Between two sections nothing is held, not even a reference: the walk knows
 * the number where it stands and looks for the next one from there. So a task
 * may vanish, and a number may be given out again, without any harm; a task
 * that lives all the while is met exactly once, because its number does not
 * change.
 *
 * All of it is inline, with the function that is called for each task: it is the
 * innermost loop of this module.
 */
#ifndef KIN_WALK_H
#define KIN_WALK_H

#include <linux/idr.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/radix-tree.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "kin.h"
#include "scope.h"
#include "view.h"

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
	struct kin_walk_pos last;	/* the record before pos, after a pause */
};

/*
 * What is done with a task; @pid is where it was found, @nr its number, @thread
 * says which kind of record. Runs in an RCU read section: it must not sleep, and
 * @p is good until it returns. Returns 0 to go on, a positive number to leave the
 * section after this record, -ESRCH if the task was reaped meanwhile, or another
 * -errno to end before this record.
 */
typedef int kin_walk_fn(struct task_struct *p, const struct pid *pid, u32 nr,
			bool thread, void *arg);

/* What one RCU read section may cost: pids looked at, and steps from a task to
 * its parent; some 100 microseconds. */
#define KIN_WALK_SECTION 1024

/* pid_task(), without the call. */
static __always_inline struct task_struct *kin_walk_task(struct pid *pid,
							 enum pid_type type)
{
	struct hlist_node *first =
		rcu_dereference(hlist_first_rcu(&pid->tasks[type]));

	return first ? hlist_entry(first, struct task_struct, pid_links[type]) :
		       NULL;
}

/*
 * A task that was reaped may have a successor of the same number: a thread that
 * calls exec takes over its leader's.
 */
static __always_inline int kin_walk_visit_kind(struct kin_walk *walk,
					       struct pid *pid, u32 nr,
					       bool thread, kin_walk_fn *fn,
					       void *arg)
{
	struct task_struct *p;
	int tries = 2, err;

	do {
		p = kin_walk_task(pid, thread ? PIDTYPE_PID : PIDTYPE_TGID);
		if (!p)
			return 0;
		if (kin_scope_match(walk->scope, walk->view, p) &&
		    kin_view_sees(walk->view, p))
			err = fn(p, pid, nr, thread, arg);
		else
			err = pid_alive(p) ? 0 : -ESRCH;
	} while (unlikely(err == -ESRCH) && --tries);
	return err == -ESRCH ? 0 : err;
}

/* Stop behind a record, or at one that was refused. */
static __always_inline int kin_walk_stop(struct kin_walk *walk, u32 kinds,
					 u32 nr, bool thread, int err)
{
	const bool both = kinds == KIN_KINDS;

	walk->last.pid = nr;
	walk->last.main_thread = thread && both;
	walk->pos = walk->last;
	if (err > 0) {
		walk->pos.pid += !both || thread;
		walk->pos.main_thread = !thread && both;
	}
	return err;
}

/* Hands out the records of a number, one or two of them. */
static __always_inline int kin_walk_visit(struct kin_walk *walk, u32 kinds,
					  struct pid *pid, u32 nr,
					  kin_walk_fn *fn, void *arg)
{
	int err;

	if ((kinds & KIN_KIND_PROCESS) &&
	    likely(kinds == KIN_KIND_PROCESS || !walk->pos.main_thread ||
		   walk->pos.pid != nr)) {
		err = kin_walk_visit_kind(walk, pid, nr, false, fn, arg);
		if (unlikely(err))
			return kin_walk_stop(walk, kinds, nr, false, err);
	}
	if (kinds & KIN_KIND_THREAD) {
		err = kin_walk_visit_kind(walk, pid, nr, true, fn, arg);
		if (unlikely(err))
			return kin_walk_stop(walk, kinds, nr, true, err);
	}
	return 0;
}

/* One read section along the tree. Returns -EAGAIN if there is more. */
static __always_inline int kin_walk_tree(struct kin_walk *walk, u32 kinds,
					 kin_walk_fn *fn, void *arg)
{
	struct radix_tree_root *root = &walk->view->pid_ns->idr.idr_rt;
	struct radix_tree_iter iter;
	void __rcu **slot;
	struct pid *pid;
	int err;

	radix_tree_for_each_slot(slot, root, &iter, walk->pos.pid) {
		pid = radix_tree_deref_slot(slot);
		if (radix_tree_deref_retry(pid)) {
			slot = radix_tree_iter_retry(&iter);
			continue;
		}
		if (!pid)	/* a number that is just being given out */
			continue;
		err = kin_walk_visit(walk, kinds, pid, iter.index, fn, arg);
		if (err)
			return err;
		if (unlikely(--walk->scope->budget <= 0))
			return kin_walk_stop(walk, kinds, iter.index + 1, false,
					     -EAGAIN);
	}
	return 0;
}

/* One read section along the list of pids that were asked for. */
static __always_inline int kin_walk_list(struct kin_walk *walk, u32 kinds,
					 kin_walk_fn *fn, void *arg)
{
	const struct kin_values *list = &walk->scope->pids;
	struct pid *pid;
	u32 i;
	int err;

	for (i = 0; i < list->n; i++) {
		if (list->v[i] < walk->pos.pid)
			continue;
		pid = find_pid_ns(list->v[i], walk->view->pid_ns);
		if (!pid)
			continue;
		err = kin_walk_visit(walk, kinds, pid, list->v[i], fn, arg);
		if (err)
			return err;
		if (unlikely(--walk->scope->budget <= 0))
			return kin_walk_stop(walk, kinds, list->v[i] + 1, false,
					     -EAGAIN);
	}
	return 0;
}

/**
 * kin_walk - hand each task of the scope to a function
 * @walk: the walk; view, scope, kinds and pos set. pos is moved along.
 * @kinds: walk->kinds, perhaps known when this is compiled
 * @fn: called for each record, in an RCU read section
 * @arg: its last argument
 *
 * Context: may sleep.
 * Return: 0 at the end, -EINTR if the caller is being killed, or what @fn
 * returned; a further call goes on from where it stood.
 */
static __always_inline int kin_walk(struct kin_walk *walk, u32 kinds,
				    kin_walk_fn *fn, void *arg)
{
	int err;

	for (;;) {
		walk->scope->budget = KIN_WALK_SECTION;
		rcu_read_lock();
		if (walk->scope->pids.n)
			err = kin_walk_list(walk, kinds, fn, arg);
		else
			err = kin_walk_tree(walk, kinds, fn, arg);
		rcu_read_unlock();
		if (err != -EAGAIN)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
}

#endif
