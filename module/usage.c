// SPDX-License-Identifier: GPL-2.0
/* What a task or a thread group has used: CPU time, switches, faults. */
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seqlock.h>

#include "usage.h"

static __always_inline void add_task(struct kin_usage *use,
				     const struct task_struct *t)
{
	use->utime += t->utime;
	use->stime += t->stime;
	use->runtime += t->se.sum_exec_runtime;
#ifdef CONFIG_SCHED_INFO
	use->run_delay += t->sched_info.run_delay;
#endif
	use->nvcsw += t->nvcsw;
	use->nivcsw += t->nivcsw;
	use->min_flt += t->min_flt;
	use->maj_flt += t->maj_flt;
}

/* What the threads that have ended left to their group. */
static __always_inline void start_group(struct kin_usage *use,
					const struct signal_struct *sig)
{
	use->utime = sig->utime;
	use->stime = sig->stime;
	use->runtime = sig->sum_sched_runtime;
	use->run_delay = 0;
	use->nvcsw = sig->nvcsw;
	use->nivcsw = sig->nivcsw;
	use->min_flt = sig->min_flt;
	use->maj_flt = sig->maj_flt;
}

/**
 * kin_usage_read - sum up a thread, or a thread group with its ended threads
 * @use: filled
 * @p: the thread, or the group's leader; the caller is in an RCU read section
 * @thread: this thread only
 *
 * A thread that ends moves its numbers to its group under stats_lock: read
 * again if that happened meanwhile, and hold the lock the second time, so that
 * a group that ends threads without a pause cannot keep us here.
 */
void kin_usage_read(struct kin_usage *use, struct task_struct *p, bool thread)
{
	struct signal_struct *sig = p->signal;
	struct task_struct *t;
	unsigned long flags;
	int seq, next = 0;

	if (thread) {
		memset(use, 0, sizeof(*use));
		add_task(use, p);
		return;
	}
	do {
		seq = next;
		flags = read_seqbegin_or_lock_irqsave(&sig->stats_lock, &seq);
		start_group(use, sig);
		__for_each_thread(sig, t)
			add_task(use, t);
		next = 1;
	} while (need_seqretry(&sig->stats_lock, seq));
	done_seqretry_irqrestore(&sig->stats_lock, seq, flags);
}

/*
 * Divide the exact run time in the ratio that the tick has sampled, and never
 * let either part go back.
 */
static void divide(struct prev_cputime *prev, const struct kin_usage *use)
{
	u64 rtime = use->runtime, stime = use->stime, utime = use->utime;

	if (prev->stime + prev->utime >= rtime)
		return;
	if (!stime)
		utime = rtime;
	else if (!utime)
		stime = rtime;
	else
		stime = min(mul_u64_u64_div_u64(stime, rtime, stime + utime),
			    rtime);
	if (stime < prev->stime)
		stime = prev->stime;
	utime = rtime - stime;
	if (utime < prev->utime) {
		utime = prev->utime;
		stime = rtime - utime;
	}
	WRITE_ONCE(prev->stime, stime);
	WRITE_ONCE(prev->utime, utime);
}

/**
 * kin_usage_scale - turn sampled times into those that /proc shows
 * @use: utime and stime are replaced
 * @p: the task
 * @thread: this thread only
 *
 * The kernel's own cputime_adjust() is not there for modules. What it answers
 * depends on what it answered last, so we do the same on the same memory,
 * under the same lock: whoever asks first, /proc and kin agree.
 *
 * Most tasks have not run since the last look; then what was answered last is
 * the answer, and the lock is not needed: both parts only grow, and a mixture
 * of two answers is between them.
 */
void kin_usage_scale(struct kin_usage *use, struct task_struct *p, bool thread)
{
	struct prev_cputime *prev =
		thread ? &p->prev_cputime : &p->signal->prev_cputime;
	u64 utime = READ_ONCE(prev->utime), stime = READ_ONCE(prev->stime);
	unsigned long flags;

	if (utime + stime < use->runtime) {
		raw_spin_lock_irqsave(&prev->lock, flags);
		divide(prev, use);
		utime = prev->utime;
		stime = prev->stime;
		raw_spin_unlock_irqrestore(&prev->lock, flags);
	}
	use->utime = utime;
	use->stime = stime;
}
