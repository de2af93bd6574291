// SPDX-License-Identifier: GPL-2.0
/* What a task or a thread group has used: CPU time, switches, faults. */
#include <linux/math64.h>

#include "usage.h"

static void add_thread(struct kin_usage *use, const struct task_struct *t)
{
	use->utime += t->utime;
	use->stime += t->stime;
	use->runtime += t->se.sum_exec_runtime;
	use->run_delay += kin_usage_run_delay(t);
	use->nvcsw += t->nvcsw;
	use->nivcsw += t->nivcsw;
	use->min_flt += t->min_flt;
	use->maj_flt += t->maj_flt;
}

/* What the threads that have ended left to their group. */
static void start_group(struct kin_usage *use, const struct signal_struct *sig)
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

static void add_group(void *to, const struct signal_struct *sig)
{
	struct kin_usage *use = to;
	const struct task_struct *t;

	start_group(use, sig);
	__for_each_thread(sig, t)
		add_thread(use, t);
}

/**
 * kin_usage_settle - read numbers of all threads of a group at one moment
 * @sig: the group's; the caller is in an RCU read section
 * @read: starts anew each time: reads again if a thread ended meanwhile, and with
 *        the lock held the second time, so that a group that ends threads without
 *        a pause cannot keep us here
 * @to: where to
 */
void kin_usage_settle(struct signal_struct *sig,
		      void (*read)(void *to, const struct signal_struct *sig),
		      void *to)
{
	unsigned long flags;
	int seq, next = 0;

	do {
		seq = next;
		flags = read_seqbegin_or_lock_irqsave(&sig->stats_lock, &seq);
		read(to, sig);
		next = 1;
	} while (need_seqretry(&sig->stats_lock, seq));
	done_seqretry_irqrestore(&sig->stats_lock, seq, flags);
}

/*
 * Divide the exact run time in the ratio that the tick has sampled, and never
 * let either part go back.
 */
static void divide(const struct kin_usage *use, struct prev_cputime *prev)
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

/* Most groups are one thread, and what ended ones left. */
static __always_inline void add_single(struct kin_usage *use,
				       const struct signal_struct *sig,
				       const struct task_struct *t)
{
	use->utime = sig->utime + t->utime;
	use->stime = sig->stime + t->stime;
	use->runtime = sig->sum_sched_runtime + t->se.sum_exec_runtime;
	use->run_delay = kin_usage_run_delay(t);
	use->nvcsw = sig->nvcsw + t->nvcsw;
	use->nivcsw = sig->nivcsw + t->nivcsw;
	use->min_flt = sig->min_flt + t->min_flt;
	use->maj_flt = sig->maj_flt + t->maj_flt;
}

/* Of whoever can neither sleep nor wait: how many threads to look at, in all. */
#define SUM_STEPS 10000

/*
 * The same for whoever must not take the lock, which sleeps in a real-time
 * kernel. Where threads end without a pause, or there whoever holds the lock is
 * kept from going on, what has been read last is the answer.
 */
static void sum_group_atomic(struct kin_usage *use,
			     const struct task_struct *leader)
{
	const struct signal_struct *sig = leader->signal;
	const unsigned int *sequence = &sig->stats_lock.seqcount.seqcount.sequence;
	unsigned int seq, tries = 0;

	do {
		seq = READ_ONCE(*sequence);
		smp_rmb();
		if (likely(list_is_singular(&sig->thread_head)))
			add_single(use, sig, leader);
		else
			add_group(use, sig);
		smp_rmb();
	} while (unlikely((seq & 1) || seq != READ_ONCE(*sequence)) &&
		 ++tries < 2 + SUM_STEPS / (1 + READ_ONCE(sig->nr_threads)));
}

/* Let both parts be what is told of the exact run time from now on. */
static void scale(struct kin_usage *use, struct prev_cputime *prev)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&prev->lock, flags);
	divide(use, prev);
	use->utime = prev->utime;
	use->stime = prev->stime;
	raw_spin_unlock_irqrestore(&prev->lock, flags);
}

/**
 * kin_usage_read - what a thread, or a thread group with its ended threads, used
 * @use: filled
 * @p: the thread, or the group's leader; the caller is in an RCU read section
 * @thread: this thread only
 *
 * The kernel's own cputime_adjust() is not there for modules. What it answers
 * depends on what it answered last, so we do the same on the same memory, under
 * the same lock: whoever asks first, /proc and kin agree.
 */
void kin_usage_read(struct kin_usage *use, struct task_struct *p, bool thread)
{
	memset(use, 0, sizeof(*use));
	if (thread)
		add_thread(use, p);
	else
		kin_usage_settle(p->signal, add_group, use);
	scale(use, kin_usage_prev(p, thread));
}

/* The same, in a context that must not sleep in any kernel. */
void kin_usage_read_atomic(struct kin_usage *use, struct task_struct *p,
			   bool thread)
{
	if (thread) {
		memset(use, 0, sizeof(*use));
		add_thread(use, p);
	} else {
		sum_group_atomic(use, p);
	}
	scale(use, kin_usage_prev(p, thread));
}
