// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stuck: while it is loaded, a process's mmap_lock is held for writing, as if a
 * driver hung in its mmap(). Whoever waits for that lock waits until the module
 * is unloaded; or until its time is up, in case that nobody comes to do so.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>

static int pid;
module_param(pid, int, 0444);
MODULE_PARM_DESC(pid, "whose mmap_lock to hold");

static unsigned int seconds = 30;
module_param(seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "how long at most");

static bool held;
module_param(held, bool, 0444);
MODULE_PARM_DESC(held, "whether it is held now");

static struct task_struct *holder;
static DECLARE_COMPLETION(taken);
static DECLARE_COMPLETION(enough);

/* The same thread takes and releases it: a lock has an owner. */
static int hold(void *data)
{
	struct mm_struct *mm = data;

	mmap_write_lock(mm);
	WRITE_ONCE(held, true);
	complete(&taken);
	wait_for_completion_timeout(&enough, seconds * HZ);
	WRITE_ONCE(held, false);
	mmap_write_unlock(mm);
	mmput(mm);
	return 0;
}

static struct mm_struct *find_mm(void)
{
	struct pid *number = find_get_pid(pid);
	struct task_struct *task = get_pid_task(number, PIDTYPE_PID);
	struct mm_struct *mm = task ? get_task_mm(task) : NULL;

	if (task)
		put_task_struct(task);
	put_pid(number);
	return mm;
}

static int __init stuck_init(void)
{
	struct mm_struct *mm = find_mm();

	if (!mm)
		return -ESRCH;
	holder = kthread_create(hold, mm, "stuck");
	if (IS_ERR(holder)) {
		mmput(mm);
		return PTR_ERR(holder);
	}
	/* kthread_stop() needs it, though it may have ended by itself. */
	get_task_struct(holder);
	wake_up_process(holder);
	wait_for_completion(&taken);
	return 0;
}

static void __exit stuck_exit(void)
{
	complete(&enough);
	kthread_stop(holder);
	put_task_struct(holder);
}

module_init(stuck_init);
module_exit(stuck_exit);
MODULE_DESCRIPTION("Holds a process's mmap_lock");
MODULE_LICENSE("GPL");
