/* SPDX-License-Identifier: GPL-2.0 */
/* A header of its own: the kernel's is included in too many places. */
#ifndef KIN_COMPAT_DUMPABLE_H
#define KIN_COMPAT_DUMPABLE_H

#include <linux/sched.h>
#include <linux/sched/coredump.h>
#include <linux/sched/task.h>

struct user_namespace;

/* May somebody with power over this user namespace look? */
typedef bool kin_ns_fn(const void *arg, const struct user_namespace *ns);

/*
 * May somebody with the same ids look into this task? Newer kernels keep that
 * with the task and under RCU, older ones with its memory, which is kept from
 * going away by the task's lock. The caller is in an RCU read section.
 */
#ifdef KIN_DUMPABLE_IN_MM
static inline bool kin_task_dumpable(struct task_struct *p)
{
	bool yes;

	task_lock(p);
	yes = !p->mm || get_dumpable(p->mm) == SUID_DUMP_USER;
	task_unlock(p);
	return yes;
}

/* Which one it is of a task's memory: not the task's own if it runs a program that
 * it may not read. The caller is in an RCU read section. */
static inline bool kin_task_memory_passes(struct task_struct *p,
					  kin_ns_fn *passes, const void *arg)
{
	bool yes;

	task_lock(p);
	yes = !p->mm || (p->flags & PF_KTHREAD) || passes(arg, p->mm->user_ns);
	task_unlock(p);
	return yes;
}
#else
#include <linux/sched/exec_state.h>

static inline bool kin_task_dumpable(struct task_struct *p)
{
	const struct task_exec_state *es = rcu_dereference(p->exec_state);

	return es && READ_ONCE(es->dumpable) == TASK_DUMPABLE_OWNER;
}

static inline bool kin_task_memory_passes(struct task_struct *p,
					  kin_ns_fn *passes, const void *arg)
{
	const struct task_exec_state *es = rcu_dereference(p->exec_state);

	return !es || passes(arg, es->user_ns);
}
#endif

#endif
