// SPDX-License-Identifier: GPL-2.0
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
 */
#include <linux/idr.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/radix-tree.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "kin.h"
#include "scope.h"
#include "view.h"
#include "walk.h"

/* Pids looked at in one RCU read section: some 100 microseconds at most. */
#define SECTION_PIDS 1024

static int visit_kind(struct kin_walk *walk, struct task_struct *p, u32 nr,
		      bool thread, kin_walk_fn *fn, void *arg)
{
	if (!p || !kin_scope_match(walk->scope, walk->view, p) ||
	    !kin_view_sees(walk->view, p))
		return 0;
	return fn(p, nr, thread, arg);
}

/* Moves pos past what was done; leaves it at a record that was refused. */
static __always_inline int visit(struct kin_walk *walk, struct pid *pid,
				 u32 nr, kin_walk_fn *fn, void *arg)
{
	int err = 0;

	if ((walk->kinds & KIN_KIND_PROCESS) &&
	    !(walk->pos.main_thread && walk->pos.pid == nr)) {
		err = visit_kind(walk, pid_task(pid, PIDTYPE_TGID), nr, false,
				 fn, arg);
		walk->pos.pid = nr;
		walk->pos.main_thread = err >= 0;
		if (err && (err < 0 || (walk->kinds & KIN_KIND_THREAD)))
			return err;
	}
	if (walk->kinds & KIN_KIND_THREAD) {
		err = visit_kind(walk, pid_task(pid, PIDTYPE_PID), nr, true,
				 fn, arg);
		if (err < 0) {
			walk->pos.pid = nr;
			return err;
		}
	}
	walk->pos.pid = nr + 1;
	walk->pos.main_thread = false;
	return err;
}

/* One read section along the tree. Returns -EAGAIN if there is more. */
static int walk_tree(struct kin_walk *walk, kin_walk_fn *fn, void *arg)
{
	struct radix_tree_root *root = &walk->view->pid_ns->idr.idr_rt;
	unsigned int n = SECTION_PIDS;
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
		err = visit(walk, pid, iter.index, fn, arg);
		if (err)
			return err;
		if (!--n)
			return -EAGAIN;
	}
	return 0;
}

/* One read section along the list of pids that were asked for. */
static int walk_list(struct kin_walk *walk, kin_walk_fn *fn, void *arg)
{
	const struct kin_values *list = &walk->scope->pids;
	struct pid *pid;
	u32 i;
	int err;

	/* KIN_MAX_VALUES at most: short enough for one section. */
	for (i = 0; i < list->n; i++) {
		if (list->v[i] < walk->pos.pid)
			continue;
		pid = find_pid_ns(list->v[i], walk->view->pid_ns);
		if (!pid)
			continue;
		err = visit(walk, pid, list->v[i], fn, arg);
		if (err)
			return err;
	}
	return 0;
}

/**
 * kin_walk - hand each task of the scope to a function
 * @walk: the walk; view, scope, kinds and pos set. pos is moved along.
 * @fn: called for each record, in an RCU read section
 * @arg: its last argument
 *
 * Context: may sleep.
 * Return: 0 at the end, -EINTR if the caller is being killed, or what @fn
 * returned; a further call goes on from where it stood.
 */
int kin_walk(struct kin_walk *walk, kin_walk_fn *fn, void *arg)
{
	int err;

	for (;;) {
		rcu_read_lock();
		kin_scope_forget(walk->scope);
		if (walk->scope->pids.n)
			err = walk_list(walk, fn, arg);
		else
			err = walk_tree(walk, fn, arg);
		rcu_read_unlock();
		if (err != -EAGAIN)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
}
