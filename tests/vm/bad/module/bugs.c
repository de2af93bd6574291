// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bugs that do no harm in an ordinary kernel, as far as that can be said of
 * any, and that a debug kernel reports.  One a boot: after its first report of
 * any kind lockdep looks no longer.
 */
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "bugs.h"

/* KASAN */
void bug_use_after_free(void)
{
	char *p = kzalloc(64, GFP_KERNEL);

	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	pr_info("%d\n", p ? READ_ONCE(p[8]) : 0);
}

/* KASAN */
void bug_out_of_bounds(void)
{
	char *p = kzalloc(60, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	if (p)
		pr_info("%d\n", READ_ONCE(p[60]));
	kfree(p);
}

/* kmemleak. Ten, since one may still be found in a register or on the stack. */
void bug_leak(void)
{
	void *p;
	int i;

	for (i = 0; i < 10; i++) {
		p = kmalloc(100, GFP_KERNEL);
		OPTIMIZER_HIDE_VAR(p);
	}
}

static DEFINE_MUTEX(one);
static DEFINE_MUTEX(other);

/* lockdep: nobody hangs, but somebody could. */
void bug_deadlock(void)
{
	mutex_lock(&one);
	mutex_lock(&other);
	mutex_unlock(&other);
	mutex_unlock(&one);

	mutex_lock(&other);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&other);
}

static DEFINE_SPINLOCK(spin);

/* DEBUG_ATOMIC_SLEEP */
void bug_sleep(void)
{
	spin_lock(&spin);
	kfree(kmalloc(64, GFP_KERNEL));
	spin_unlock(&spin);
}

static void __rcu *slot;

/* PROVE_RCU */
void bug_bare_rcu(void)
{
	pr_info("%d\n", rcu_dereference(slot) != NULL);
}

/* UBSAN */
void bug_shift(void)
{
	unsigned int by = 40;

	OPTIMIZER_HIDE_VAR(by);
	pr_info("%d\n", 1 << by);
}

static void expire(struct timer_list *timer)
{
}

/* DEBUG_OBJECTS; the timer's time does not come before the machine's end. */
void bug_armed(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, expire, 0);
	mod_timer(timer, jiffies + 3600 * HZ);
	kfree(timer);
}

static unsigned long counter;

static int increment(void *unused)
{
	while (!kthread_should_stop()) {
		counter++;
		cond_resched();
	}
	return 0;
}

static struct task_struct *racers[2];

/* KCSAN, which looks when the module is loaded */
void bug_race(void)
{
	struct task_struct *racer;
	int i;

	for (i = 0; i < ARRAY_SIZE(racers); i++) {
		racer = kthread_run(increment, NULL, "racer");
		racers[i] = IS_ERR(racer) ? NULL : racer;
	}
}

void bug_race_end(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(racers); i++)
		if (racers[i])
			kthread_stop(racers[i]);
}
