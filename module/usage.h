/* SPDX-License-Identifier: GPL-2.0 */
/* What a task or a thread group has used: CPU time, switches, faults. */
#ifndef KIN_USAGE_H
#define KIN_USAGE_H

#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seqlock.h>
#include <linux/types.h>

struct kin_usage {
	u64 utime;	/* ns, scaled as /proc shows it */
	u64 stime;	/* ns, scaled as /proc shows it */
	u64 runtime;	/* ns, exact */
	u64 run_delay;	/* ns */
	u64 nvcsw;
	u64 nivcsw;
	u64 min_flt;
	u64 maj_flt;
};

void kin_usage_settle(struct signal_struct *sig,
		      void (*read)(void *to, const struct signal_struct *sig),
		      void *to);
void kin_usage_read(struct kin_usage *use, struct task_struct *p, bool thread);
void kin_usage_read_atomic(struct kin_usage *use, struct task_struct *p,
			   bool thread);

/*
 * Most thread groups are one thread. What such a group has used is what that
 * thread has, and what ended threads left; who reads those two between the next
 * two functions, and hears that it may, has read a consistent sum. Who hears no
 * calls kin_usage_read(). The caller is in an RCU read section.
 */
static __always_inline unsigned int
kin_usage_begin(const struct signal_struct *sig)
{
	return raw_read_seqcount(&sig->stats_lock.seqcount);
}

static __always_inline bool kin_usage_is_sum(const struct signal_struct *sig,
					     struct task_struct *leader,
					     unsigned int seq)
{
	return likely(!(seq & 1) && thread_group_empty(leader) &&
		      !read_seqretry(&sig->stats_lock, seq));
}

static __always_inline u64 kin_usage_run_delay(const struct task_struct *t)
{
#ifdef CONFIG_SCHED_INFO
	return t->sched_info.run_delay;
#else
	return 0;
#endif
}

/* Where the kernel remembers which times it answered last. */
static __always_inline struct prev_cputime *
kin_usage_prev(struct task_struct *p, bool thread)
{
	return thread ? &p->prev_cputime : &p->signal->prev_cputime;
}

#endif
