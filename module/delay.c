// SPDX-License-Identifier: GPL-2.0
/* How long a task had to wait for what it needs to go on. */
#include <kin/delays.h>
#include <linux/sched/signal.h>

#include "groups.h"
#include "kin.h"
#include "record.h"

#ifdef CONFIG_TASK_DELAY_ACCT
/* @d was allocated with its task, if delays were accounted then, and is freed with
 * it: after this RCU read section. */
static void add_delays(struct kin_delay *sum, struct task_delay_info *d)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&d->lock, flags);
#define ADD(what)				\
	sum->what##_ns += d->what##_delay;	\
	sum->what##_count += d->what##_count;
	KIN_DELAYS(ADD)
#undef ADD
	raw_spin_unlock_irqrestore(&d->lock, flags);
}

/* What this kernel does not account stays unknown. */
static void clear(struct kin_delay *sum)
{
	memset(sum, 0xff, sizeof(*sum));
#define CLEAR(what)		\
	sum->what##_ns = 0;	\
	sum->what##_count = 0;
	KIN_DELAYS(CLEAR)
#undef CLEAR
}

/* Returns whether any of the threads is accounted. */
static bool add_threads(struct kin_delay *sum, const struct signal_struct *sig)
{
	struct task_struct *t;
	bool any = false;

	__for_each_thread(sig, t) {
		if (!t->delays)
			continue;
		add_delays(sum, t->delays);
		any = true;
	}
	return any;
}

int kin_delay_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	struct kin_delay *sum = kin_record_payload(rec);
	bool any;

	if (kin_record_room(rec) < sizeof(*sum))
		return -EMSGSIZE;
	clear(sum);
	if (thread) {
		any = p->delays;
		if (any)
			add_delays(sum, p->delays);
	} else {
		any = add_threads(sum, p->signal);
	}
	kin_record_work_threads(rec, p, thread);
	if (any)
		kin_record_claim(rec, KIN_A_TASK_DELAY, sizeof(*sum));
	return 0;
}
#else
int kin_delay_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	return 0;
}
#endif
