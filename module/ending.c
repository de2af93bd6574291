// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a thread, and of a process with its last thread.
 *
 * Which thread of a process is the last one to come here? That none is left to
 * begin its end (signal->live is 0) several may find, while others that began
 * before are still on their way. So each writes down that it has been here, a bit
 * for its number, and then looks for the others': of two that come together at
 * least one sees both, and a second bit, of the process, makes it one. Most
 * processes have one thread only and need none of this.
 */
#include <linux/bitmap.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/threads.h>
#include <linux/vmalloc.h>

#include "ending.h"
#include "news.h"
#include "stream.h"
#include "usage.h"

static unsigned long *ended;	/* threads that have been here */
static unsigned long *told;	/* processes whose end was told */

int kin_ending_init(void)
{
	ended = vzalloc(BITS_TO_BYTES(PID_MAX_LIMIT));
	told = vzalloc(BITS_TO_BYTES(PID_MAX_LIMIT));
	return ended && told ? 0 : -ENOMEM;
}

/* No probe runs any more. */
void kin_ending_uninit(void)
{
	vfree(ended);
	vfree(told);
	ended = NULL;
	told = NULL;
}

/* This number has begun a life: it was just given out, or it is that of a process
 * whose former main thread has ended and made way for the one that calls exec. */
void kin_ending_alive(const struct task_struct *p)
{
	clear_bit(p->pid, ended);
	clear_bit(p->pid, told);
}

/* Has everybody else been here? A thread's exit_state is set later; one that was
 * here before we listened is known by that. */
static bool others_ended(const struct task_struct *p)
{
	const struct signal_struct *sig = p->signal;
	const struct task_struct *t;

	if (atomic_read(&sig->live))
		return false;
	__for_each_thread(sig, t)
		if (t != p && !READ_ONCE(t->exit_state) &&
		    !test_bit(t->pid, ended))
			return false;
	return true;
}

/*
 * What current has run since the scheduler wrote it down (@booked) last: that is
 * at the last tick or switch, and a short life may know neither. What it had at
 * its last arrival on the CPU, and the time since, is more; of fair tasks it is
 * known. It cannot be more than a tick, whatever else moved those two.
 */
static u64 unbooked_ns(const struct task_struct *p, u64 booked)
{
#ifdef CONFIG_SCHED_INFO
	s64 on_cpu, more;

	if (p->prio < MAX_RT_PRIO || !p->sched_info.last_arrival)
		return 0;
	preempt_disable();
	on_cpu = local_clock() - p->sched_info.last_arrival;
	preempt_enable();
	more = p->se.prev_sum_exec_runtime + on_cpu - booked;
	return on_cpu > 0 && more > 0 ? min_t(u64, more, TICK_NSEC) : 0;
#else
	return 0;
#endif
}

/*
 * Should the scheduler write down what is not, in between: again. Not for ever: of a
 * process with tens of thousands of threads, a sum takes longer than a tick. That one
 * is told without what is not written down.
 */
static void put_times(struct kin_event_exit *x, struct kin_usage *use,
		      struct task_struct *p, bool thread)
{
	int tries = 3;
	u64 booked;

	do {
		booked = READ_ONCE(current->se.sum_exec_runtime);
		kin_usage_read_atomic(use, p, thread);
		x->runtime_ns = use->runtime + unbooked_ns(current, booked);
	} while (booked != READ_ONCE(current->se.sum_exec_runtime) && --tries);
	if (unlikely(!tries))
		x->runtime_ns = use->runtime;
	x->utime_ns = use->utime;
	x->stime_ns = use->stime;
}

#if defined(CONFIG_TASK_XACCT) && defined(CONFIG_TASK_IO_ACCOUNTING)
static void add_io(struct kin_event_exit *x, const struct task_io_accounting *a)
{
	x->rchar_bytes += a->rchar;
	x->wchar_bytes += a->wchar;
	x->read_bytes += a->read_bytes;
	x->write_bytes += a->write_bytes;
}

/*
 * Of a group, a thread that is just being released may be counted twice or not at
 * all: the kernel has that lock for itself. The last one of a group has none
 * beside it.
 */
static void put_io(struct kin_event_exit *x, const struct task_struct *p,
		   bool thread)
{
	const struct task_struct *t;

	x->rchar_bytes = p->ioac.rchar;
	x->wchar_bytes = p->ioac.wchar;
	x->read_bytes = p->ioac.read_bytes;
	x->write_bytes = p->ioac.write_bytes;
	if (thread)
		return;
	add_io(x, &p->signal->ioac);
	if (likely(list_is_singular(&p->signal->thread_head)))
		return;
	__for_each_thread(p->signal, t)
		if (t != p)
			add_io(x, &t->ioac);
}
#else
static void put_io(struct kin_event_exit *x, const struct task_struct *p,
		   bool thread)
{
	x->rchar_bytes = KIN_NONE64;
	x->wchar_bytes = KIN_NONE64;
	x->read_bytes = KIN_NONE64;
	x->write_bytes = KIN_NONE64;
}
#endif

static void put_usage(struct kin_event_exit *x, struct task_struct *p,
		      bool thread)
{
	struct kin_usage use __uninitialized;

	put_times(x, &use, p, thread);
	put_io(x, p, thread);
	x->min_flt = use.min_flt;
	x->maj_flt = use.maj_flt;
	x->nvcsw = use.nvcsw;
	x->nivcsw = use.nivcsw;
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

static void publish(struct task_struct *p, bool thread)
{
	struct kin_news news __uninitialized;

	make_news(&news, p, thread);
	kin_news_publish(&news);
}

/*
 * Its own event is written before its bit is set, so that the process's comes
 * after those of all its threads. A main thread that finds itself the last one
 * has none.
 */
static bool is_last(struct task_struct *p)
{
	struct task_struct *leader = p->group_leader;

	if (p != leader || !others_ended(p))
		publish(p, true);
	set_bit(p->pid, ended);
	smp_mb__after_atomic();	/* of two that come together, one sees both */
	return others_ended(p) && !test_and_set_bit(leader->pid, told);
}

/**
 * kin_ending_publish - a thread has come to its end
 * @p: current; it is still hashed, in an RCU read section
 */
void kin_ending_publish(struct task_struct *p)
{
	const bool alone = thread_group_leader(p) && thread_group_empty(p);

	if (alone || is_last(p))
		publish(p->group_leader, false);
}
