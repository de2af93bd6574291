// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a thread, and of a process with its last thread.
 *
 * Which thread of a process is the last one to come here? That none is left to
 * begin its end (signal->live is 0) several may find, while others that began
 * before are still on their way. So who has been here is written down, a bit for
 * each number, under a lock: the one that finds everybody else's is the last.
 * Most processes have one thread only and need none of this.
 */
#include <linux/bitmap.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/threads.h>
#include <linux/vmalloc.h>

#include "ending.h"
#include "news.h"
#include "stream.h"
#include "usage.h"

static unsigned long *ended;
static DEFINE_RAW_SPINLOCK(ended_lock);

int kin_ending_init(void)
{
	ended = vzalloc(BITS_TO_BYTES(PID_MAX_LIMIT));
	return ended ? 0 : -ENOMEM;
}

/* No probe runs any more. */
void kin_ending_uninit(void)
{
	vfree(ended);
	ended = NULL;
}

/* This number has begun a life: it was just given out, or it is that of a process
 * whose former main thread has ended and made way for the one that calls exec. */
void kin_ending_alive(const struct task_struct *p)
{
	clear_bit(p->pid, ended);
}

/* Of current; its exit_state is not set before it has been here. A thread that
 * was here before we listened is known by that. */
static bool is_last(const struct task_struct *p)
{
	const struct signal_struct *sig = p->signal;
	const struct task_struct *t;

	if (atomic_read(&sig->live))
		return false;
	__for_each_thread(sig, t)
		if (!READ_ONCE(t->exit_state) && !test_bit(t->pid, ended))
			return false;
	return true;
}

/*
 * What current has run since the scheduler wrote it down last: that is at the
 * last tick or switch, and a short life may know neither. What it had at its last
 * arrival on the CPU, and the time since, is more; of fair tasks it is known.
 */
static u64 unbooked_ns(const struct task_struct *p)
{
	const u64 booked = p->se.sum_exec_runtime;
	s64 on_cpu, sum;

	if (p->prio < MAX_RT_PRIO || !IS_ENABLED(CONFIG_SCHED_INFO))
		return 0;
	preempt_disable();
	on_cpu = sched_clock_cpu(smp_processor_id()) -
		 p->sched_info.last_arrival;
	preempt_enable();
	sum = p->se.prev_sum_exec_runtime + on_cpu - booked;
	return on_cpu > 0 && sum > 0 ? sum : 0;
}

static void put_usage(struct kin_event_exit *x, struct task_struct *p,
		      bool thread)
{
	struct kin_usage use;
	struct kin_usage_io io;

	kin_usage_read_atomic(&use, p, thread);
	kin_usage_read_io(&io, p, thread);
	x->utime_ns = use.utime;
	x->stime_ns = use.stime;
	x->runtime_ns = use.runtime + unbooked_ns(current);
	x->min_flt = use.min_flt;
	x->maj_flt = use.maj_flt;
	x->nvcsw = use.nvcsw;
	x->nivcsw = use.nivcsw;
	x->rchar_bytes = io.rchar;
	x->wchar_bytes = io.wchar;
	x->read_bytes = io.read_bytes;
	x->write_bytes = io.write_bytes;
}

/* As wait_task_zombie() will tell it to the parent. */
static u32 process_status(const struct task_struct *leader)
{
	const struct signal_struct *sig = leader->signal;

	return sig->flags & SIGNAL_GROUP_EXIT ? sig->group_exit_code :
						leader->exit_code;
}

static void make_news(struct kin_news *news, struct task_struct *p, bool thread)
{
	struct kin_event_exit *x = &news->entry.part.exit;

	kin_news_init(news, KIN_EVENT_KIND_EXIT, sizeof(*x), p, thread);
	put_usage(x, p, thread);
	x->status = thread ? p->exit_code : process_status(p);
	x->rss_peak_bytes = thread || (p->flags & PF_KTHREAD) ? KIN_NONE64 :
			    (u64)p->signal->maxrss << PAGE_SHIFT;
}

static void publish_process(struct task_struct *leader)
{
	struct kin_news news;

	make_news(&news, leader, false);
	kin_stream_publish(&news);
}

/*
 * Its own event is written under the lock, so that the process's comes after
 * those of all its threads. A main thread that is the last one has none.
 */
static bool publish_thread(struct task_struct *p)
{
	struct kin_news news;
	unsigned long flags;
	bool last;

	make_news(&news, p, true);
	raw_spin_lock_irqsave(&ended_lock, flags);
	set_bit(p->pid, ended);
	last = is_last(p);
	if (!last || p != p->group_leader)
		kin_stream_publish(&news);
	raw_spin_unlock_irqrestore(&ended_lock, flags);
	return last;
}

/**
 * kin_ending_publish - a thread has come to its end
 * @p: current; it is still hashed, in an RCU read section
 */
void kin_ending_publish(struct task_struct *p)
{
	const bool alone = thread_group_leader(p) && thread_group_empty(p);

	if (alone || publish_thread(p))
		publish_process(p->group_leader);
}
