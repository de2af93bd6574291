/* SPDX-License-Identifier: GPL-2.0 */
/* An event as a probe sees it, before anybody's numbers are put in. */
#ifndef KIN_NEWS_H
#define KIN_NEWS_H

#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "ring.h"

/*
 * Made on the stack of a probe; good while its RCU read section lasts. What a
 * pid namespace has to do with is filled in for each ring.
 */
struct kin_news {
	struct task_struct *p;		/* of a process: its main thread */
	struct task_struct *creator;	/* of a fork */
	const struct pid *parent;	/* thread group of its parent; may be NULL */
	u64 parent_start;		/* of that, host's boottime, ns */
	const char *name;		/* of an exec: the file, */
	size_t name_len;		/* bytes, its NUL included */
	const char *old_comm;		/* NULL if the name is what it was */
	pid_t old_pid;			/* of an exec, in the first pid namespace */
	bool thread;
	struct kin_entry entry;
};

void kin_news_init(struct kin_news *news, u32 kind, size_t part,
		   struct task_struct *p, bool thread);
void kin_news_publish(struct kin_news *news);

/* The number of a process whose pid is released is 0, as outside. */
static inline const struct pid *kin_news_tgid(const struct task_struct *p)
{
	return READ_ONCE(p->signal->pids[PIDTYPE_TGID]);
}

#endif
