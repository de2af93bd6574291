// SPDX-License-Identifier: GPL-2.0
/*
 * The tracepoints that tell us of events. They are not exported; a module finds
 * them by name. They are probed only while somebody listens.
 *
 * A probe runs in the middle of the kernel's own work, with or without
 * preemption, some with spinlocks held: it never sleeps and never allocates.
 */
#include <linux/binfmts.h>
#include <linux/cgroup.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>
#include <kin/tracepoints.h>
#include <trace/events/cgroup.h>
#include <trace/events/oom.h>
#include <trace/events/sched.h>
#include <trace/events/task.h>

#include "ending.h"
#include "news.h"
#include "probe.h"
#include "record.h"
#include "stream.h"

/* ---- fork ---- */

static void on_newtask(void *data, struct task_struct *p,
		       kin_clone_flags_t clone_flags)
{
	const bool thread = clone_flags & CLONE_THREAD;
	struct kin_news news __uninitialized;
	struct kin_event_fork *fork = &news.entry.part.fork;

	kin_ending_alive(p);
	if (!kin_stream_wants(KIN_EVENT_KIND_FORK))
		return;
	rcu_read_lock();
	kin_news_init(&news, KIN_EVENT_KIND_FORK, sizeof(*fork), p, thread);
	news.creator = current;
	fork->clone_flags = clone_flags;
	fork->exit_signal = p->exit_signal;
	kin_news_publish(&news);
	rcu_read_unlock();
}

/* ---- names ---- */

/*
 * Exec gives the new name before it is told, and the old one is gone by then:
 * keep it meanwhile. There are places for as many as can be in between without
 * waiting for a disk; should they not suffice, somebody's old name is not told.
 */
#define RENAMES_BITS 6
#define RENAMES (1 << RENAMES_BITS)

static struct {
	const struct task_struct *task;	/* NULL: a free place */
	char comm[KIN_COMM_LEN];
} renames[RENAMES];

static unsigned int n_renames;
static DEFINE_RAW_SPINLOCK(renames_lock);

/* The place of @owner, looked for from where @p belongs; -1: there is none. */
static int find_place(const struct task_struct *p,
		      const struct task_struct *owner)
{
	const u32 home = hash_ptr(p, RENAMES_BITS);
	u32 i;

	for (i = 0; i < RENAMES; i++)
		if (renames[(home + i) % RENAMES].task == owner)
			return (home + i) % RENAMES;
	return -1;
}

static void keep_rename(const struct task_struct *p)
{
	unsigned long flags;
	int at;

	raw_spin_lock_irqsave(&renames_lock, flags);
	at = find_place(p, NULL);
	if (at >= 0) {
		renames[at].task = p;
		kin_put_comm(renames[at].comm, p->comm);
		n_renames++;
	}
	raw_spin_unlock_irqrestore(&renames_lock, flags);
}

static void take_rename(const struct task_struct *p, char *comm)
{
	unsigned long flags;
	int at;

	memset(comm, 0, KIN_COMM_LEN);
	raw_spin_lock_irqsave(&renames_lock, flags);
	at = find_place(p, p);
	if (at >= 0) {
		memcpy(comm, renames[at].comm, KIN_COMM_LEN);
		renames[at].task = NULL;
		n_renames--;
	}
	raw_spin_unlock_irqrestore(&renames_lock, flags);
}

/* Nobody wants to know; or an exec failed when there was no way back. */
static void drop_rename(const struct task_struct *p)
{
	char comm[KIN_COMM_LEN];

	if (READ_ONCE(n_renames))
		take_rename(p, comm);
}

/* Called with the old name still in place. */
static void on_rename(void *data, struct task_struct *p, const char *comm)
{
	struct kin_news news __uninitialized;
	struct kin_event_comm *c = &news.entry.part.comm;

	/* By exec; but others may rename a task that is in the middle of it. */
	if (p == current && p->in_execve) {
		keep_rename(p);
		return;
	}
	if (!kin_stream_wants(KIN_EVENT_KIND_COMM))
		return;
	rcu_read_lock();
	kin_news_init(&news, KIN_EVENT_KIND_COMM, sizeof(*c), p,
		      !thread_group_leader(p));
	memcpy(c->old_comm, news.entry.base.comm, sizeof(c->old_comm));
	news.old_comm = c->old_comm;
	memset(news.entry.base.comm, 0, KIN_COMM_LEN);
	strscpy(news.entry.base.comm, comm, KIN_COMM_LEN);
	kin_news_publish(&news);
	rcu_read_unlock();
}

/* The file is an attribute of its own, behind the part. */
static void put_filename(struct kin_news *news, const char *name)
{
	struct nlattr *attr = &news->entry.part.exec.filename;

	news->name = name;
	news->name_len = strnlen(name, PATH_MAX - 1) + 1;
	attr->nla_type = KIN_A_EVENT_FILENAME;
	attr->nla_len = nla_attr_size(news->name_len);
	news->entry.nest.nla_len += nla_total_size(news->name_len);
}

static void on_exec(void *data, struct task_struct *p, pid_t old_pid,
		    struct linux_binprm *bprm)
{
	struct kin_news news __uninitialized;
	struct kin_event_exec *x = &news.entry.part.exec.exec;

	kin_ending_alive(p);
	if (!kin_stream_wants(KIN_EVENT_KIND_EXEC)) {
		drop_rename(p);
		return;
	}
	rcu_read_lock();
	kin_news_init(&news, KIN_EVENT_KIND_EXEC, sizeof(*x), p, false);
	take_rename(p, x->old_comm);
	x->exec_id = READ_ONCE(p->self_exec_id);
	news.old_comm = x->old_comm;
	news.old_pid = old_pid;
	put_filename(&news, bprm->filename);
	kin_news_publish(&news);
	rcu_read_unlock();
}

/* ---- the end ---- */

static void on_exit(KIN_EXIT_PROTO)
{
	drop_rename(p);
	if (!kin_stream_wants(KIN_EVENT_KIND_EXIT))
		return;
	rcu_read_lock();
	kin_ending_publish(p);
	rcu_read_unlock();
}

/* The victim's memory is there: it is its own doing, or its lock is held. */
static void on_victim(void *data, struct task_struct *p, uid_t uid)
{
	struct mm_struct *mm = p->mm;
	struct kin_news news __uninitialized;
	struct kin_event_oom *oom = &news.entry.part.oom;

	rcu_read_lock();
	kin_news_init(&news, KIN_EVENT_KIND_OOM, sizeof(*oom), p->group_leader,
		      false);
	memset(oom, 0xff, sizeof(*oom));
	if (mm) {
		oom->rss_anon_bytes =
			(u64)get_mm_counter_sum(mm, MM_ANONPAGES) << PAGE_SHIFT;
		oom->rss_file_bytes =
			(u64)get_mm_counter_sum(mm, MM_FILEPAGES) << PAGE_SHIFT;
		oom->rss_shmem_bytes =
			(u64)get_mm_counter_sum(mm, MM_SHMEMPAGES) << PAGE_SHIFT;
	}
	oom->oom_score_adj = p->signal->oom_score_adj;
	kin_news_publish(&news);
	rcu_read_unlock();
}

/* ---- cgroups ---- */

static void on_attach(void *data, struct cgroup *cgrp, const char *path,
		      struct task_struct *p, bool threadgroup)
{
	struct kin_news news __uninitialized;

	if (cgrp->root != &cgrp_dfl_root)
		return;
	/* Whoever is ending can be named, and does not move. */
	if (threadgroup ? !atomic_read(&p->signal->live) :
			  p->flags & PF_EXITING)
		return;
	rcu_read_lock();
	if (pid_alive(p)) {
		kin_news_init(&news, KIN_EVENT_KIND_CGROUP, 0,
			      threadgroup ? p->group_leader : p, !threadgroup);
		kin_news_publish(&news);
	}
	rcu_read_unlock();
}

/* ---- attached while somebody listens ---- */

static struct {
	const char *name;
	void *probe;
	struct tracepoint *tp;
} points[] = {
	{ "task_newtask", on_newtask },
	{ "task_rename", on_rename },
	{ "sched_process_exec", on_exec },
	{ "sched_process_exit", on_exit },
	{ "mark_victim", on_victim },
	{ "cgroup_attach_task", on_attach },
};

static unsigned int users, attached;

static void find_point(struct tracepoint *tp, void *arg)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(points); i++)
		if (!strcmp(tp->name, points[i].name))
			points[i].tp = tp;
}

/* The compiler compares our probes with this kernel's tracepoints. */
static void __maybe_unused check_types(void)
{
	check_trace_callback_type_task_newtask(on_newtask);
	check_trace_callback_type_task_rename(on_rename);
	check_trace_callback_type_sched_process_exec(on_exec);
	check_trace_callback_type_sched_process_exit(on_exit);
	check_trace_callback_type_mark_victim(on_victim);
	check_trace_callback_type_cgroup_attach_task(on_attach);
}

void kin_probe_init(void)
{
	for_each_kernel_tracepoint(find_point, NULL);
}

static void detach(void)
{
	while (attached) {
		attached--;
		tracepoint_probe_unregister(points[attached].tp,
					    points[attached].probe, NULL);
	}
	tracepoint_synchronize_unregister();
	kin_ending_uninit();
	memset(renames, 0, sizeof(renames));
	n_renames = 0;
}

static int attach(struct netlink_ext_ack *extack)
{
	int err = kin_ending_init();

	for (; !err && attached < ARRAY_SIZE(points); attached++) {
		err = -EOPNOTSUPP;
		if (points[attached].tp)
			err = tracepoint_probe_register(points[attached].tp,
							points[attached].probe,
							NULL);
		if (err)
			break;
	}
	if (!err)
		return 0;
	if (err == -EOPNOTSUPP)
		NL_SET_ERR_MSG(extack, "this kernel lacks a tracepoint that events need");
	detach();
	return err;
}

/* So that somebody who comes and goes does not change the kernel's text each time:
 * all CPUs take part in that. */
#define LINGER_MS 1000

static void detach_unused(struct work_struct *work)
{
	mutex_lock(&kin_stream_mutex);
	if (!users && attached)
		detach();
	mutex_unlock(&kin_stream_mutex);
}

static DECLARE_DELAYED_WORK(linger, detach_unused);

/**
 * kin_probe_get - somebody listens
 * @extack: receives the reason of a refusal
 *
 * Context: under kin_stream_mutex; may sleep.
 * Return: 0, -ENOMEM or -EOPNOTSUPP.
 */
int kin_probe_get(struct netlink_ext_ack *extack)
{
	int err = attached ? 0 : attach(extack);

	if (!err)
		users++;
	return err;
}

/**
 * kin_probe_put - somebody listens no more
 *
 * Context: under kin_stream_mutex. The probes stay for a moment.
 */
void kin_probe_put(void)
{
	if (!--users)
		schedule_delayed_work(&linger, msecs_to_jiffies(LINGER_MS));
}

/* How many tracepoints are probed now. */
u32 kin_probe_count(void)
{
	return READ_ONCE(attached);
}

/* Does this kernel have all tracepoints that events need? */
bool kin_probe_is_possible(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(points); i++)
		if (!points[i].tp)
			return false;
	return true;
}

/* No more events: nobody can start to listen any more. */
void kin_probe_exit(void)
{
	mutex_lock(&kin_stream_mutex);
	if (attached)
		detach();
	mutex_unlock(&kin_stream_mutex);
}

/* After the last kin_probe_put(). */
void kin_probe_forget(void)
{
	cancel_delayed_work_sync(&linger);
}
