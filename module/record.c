// SPDX-License-Identifier: GPL-2.0
/*
 * One task's record. All but its end runs in an RCU read section in which the
 * task was found: p, its signal struct and its parent stay in memory, whatever
 * happens to them meanwhile; what does not is read under its own lock.
 */
#include <asm/word-at-a-time.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/tty.h>
#include <net/netlink.h>

#include "kin.h"
#include "record.h"
#include "usage.h"
#include "view.h"

/*
 * The terminal's device number. sig->tty needs the siglock, and the sighand
 * around it goes when the task is reaped: take it as the kernel does, and look
 * again under the lock. (The slab never turns it into something else while we
 * are in an RCU read section.)
 */
static u32 tty_number(struct task_struct *p)
{
	struct sighand_struct *sighand;
	unsigned long flags;
	u32 nr = 0;

	if (!READ_ONCE(p->signal->tty))
		return 0;
	sighand = rcu_dereference(p->sighand);
	if (!sighand)
		return 0;
	spin_lock_irqsave(&sighand->siglock, flags);
	if (sighand == rcu_access_pointer(p->sighand) && p->signal->tty)
		nr = new_encode_dev(tty_devnum(p->signal->tty));
	spin_unlock_irqrestore(&sighand->siglock, flags);
	return nr;
}

/* Copy a name a word at a time, without what lies behind its end. */
static void put_comm(char *to, const struct task_struct *p)
{
	const struct word_at_a_time constants = WORD_AT_A_TIME_CONSTANTS;
	unsigned long word, mask;
	size_t i;

	BUILD_BUG_ON(sizeof(p->comm) != KIN_COMM_LEN);
	for (i = 0; i < KIN_COMM_LEN; i += sizeof(word)) {
		memcpy(&word, p->comm + i, sizeof(word));
		if (has_zero(word, &mask, &constants)) {
			mask = prep_zero_mask(word, mask, &constants);
			word &= zero_bytemask(create_zero_mask(mask));
			memcpy(to + i, &word, sizeof(word));
			memset(to + i + sizeof(word), 0,
			       KIN_COMM_LEN - sizeof(word) - i);
			return;
		}
		memcpy(to + i, &word, sizeof(word));
	}
	to[KIN_COMM_LEN - 1] = '\0';	/* a name that is just being changed */
}

static void put_ids(struct kin_base *b, const struct kin_view *view,
		    const struct cred *cred)
{
	b->uid = kin_view_uid(view, cred->uid);
	b->euid = kin_view_uid(view, cred->euid);
	b->suid = kin_view_uid(view, cred->suid);
	b->fsuid = kin_view_uid(view, cred->fsuid);
	b->gid = kin_view_gid(view, cred->gid);
	b->egid = kin_view_gid(view, cred->egid);
	b->sgid = kin_view_gid(view, cred->sgid);
	b->fsgid = kin_view_gid(view, cred->fsgid);
}

static u32 task_marks(const struct task_struct *p, bool thread)
{
	const unsigned int flags = READ_ONCE(p->flags);

	return (thread ? KIN_TASK_THREAD : 0) |
	       (flags & PF_KTHREAD ? KIN_TASK_KTHREAD : 0) |
	       (flags & PF_EXITING ? KIN_TASK_EXITING : 0) |
	       (p->signal->is_child_subreaper ? KIN_TASK_SUBREAPER : 0);
}

static void put_base(struct kin_base *b, const struct kin_view *view,
		     struct task_struct *p, u32 pid, bool thread)
{
	struct signal_struct *sig = p->signal;
	struct task_struct *parent = rcu_dereference(p->real_parent);
	struct task_struct *tracer = ptrace_parent(p);

	b->pid = pid;
	b->tgid = kin_view_nr(view, sig->pids[PIDTYPE_TGID]);
	b->ppid = kin_view_nr(view, parent->signal->pids[PIDTYPE_TGID]);
	b->pgid = kin_view_nr(view, sig->pids[PIDTYPE_PGID]);
	b->sid = kin_view_nr(view, sig->pids[PIDTYPE_SID]);
	b->tracer_pid = tracer ? kin_view_nr(view, task_pid(tracer)) : 0;
	b->flags = task_marks(p, thread);
	b->num_threads = READ_ONCE(sig->nr_threads);
	b->start_boottime_ns = p->start_boottime + view->boottime_offset_ns;
	b->exec_id = READ_ONCE(p->self_exec_id);
	put_ids(b, view, __task_cred(p));
	b->tty = tty_number(p);
	b->exit_signal = p->exit_signal;
	b->state = task_state_to_char(p);
	memset(b->reserved, 0, sizeof(b->reserved));
	put_comm(b->comm, p);
}

static void put_sched(struct kin_sched *s, struct task_struct *p, bool thread,
		      struct kin_usage *use)
{
	kin_usage_scale(use, p, thread);
	s->utime_ns = use->utime;
	s->stime_ns = use->stime;
	s->cutime_ns = p->signal->cutime;
	s->cstime_ns = p->signal->cstime;
	s->runtime_ns = use->runtime;
	s->run_delay_ns =
		IS_ENABLED(CONFIG_SCHED_INFO) ? use->run_delay : KIN_NONE64;
	s->nvcsw = use->nvcsw;
	s->nivcsw = use->nivcsw;
	s->prio = p->prio - MAX_RT_PRIO;
	s->nice = task_nice(p);
	s->policy = p->policy;
	s->rt_priority = p->rt_priority;
	s->cpu = task_cpu(p);
	s->cpus_allowed = p->nr_cpus_allowed;
}

/* Sizes of an address space, as /proc/PID/status tells them. */
static void put_sizes(struct kin_mem *m, struct mm_struct *mm)
{
	const u64 anon = get_mm_counter_sum(mm, MM_ANONPAGES);
	const u64 file = get_mm_counter_sum(mm, MM_FILEPAGES);
	const u64 shmem = get_mm_counter_sum(mm, MM_SHMEMPAGES);
	const u64 peak = max_t(u64, anon + file + shmem, mm->hiwater_rss);

	m->vm_bytes = (u64)mm->total_vm << PAGE_SHIFT;
	m->rss_anon_bytes = anon << PAGE_SHIFT;
	m->rss_file_bytes = file << PAGE_SHIFT;
	m->rss_shmem_bytes = shmem << PAGE_SHIFT;
	m->rss_peak_bytes = peak << PAGE_SHIFT;
	m->swap_bytes = (u64)get_mm_counter_sum(mm, MM_SWAPENTS) << PAGE_SHIFT;
	m->pgtables_bytes = mm_pgtables_bytes(mm);
}

static void put_mem(struct kin_mem *m, struct task_struct *p,
		    const struct kin_usage *use)
{
	bool has_mm = false;

	/*
	 * The lock keeps p->mm from going away; nothing waits under it. What a
	 * kernel thread has borrowed is not its own.
	 */
	if (!(p->flags & PF_KTHREAD)) {
		task_lock(p);
		has_mm = p->mm;
		if (has_mm)
			put_sizes(m, p->mm);
		task_unlock(p);
	}
	if (!has_mm)
		memset(m, 0xff, offsetofend(struct kin_mem, pgtables_bytes));
	m->min_flt = use->min_flt;
	m->maj_flt = use->maj_flt;
	m->cmin_flt = p->signal->cmin_flt;
	m->cmaj_flt = p->signal->cmaj_flt;
	m->oom_score_adj = p->signal->oom_score_adj;
}

static int put_nspids(struct sk_buff *skb, const struct kin_view *view,
		      struct task_struct *p, bool thread)
{
	struct pid *pid = thread ? task_pid(p) : task_tgid(p);
	unsigned int level = view->pid_ns->level;
	struct nlattr *attr;
	u32 *nr;

	if (!pid || pid->level <= level)
		return 0;
	attr = nla_reserve(skb, KIN_A_TASK_NSPIDS,
			   (pid->level - level + 1) * sizeof(u32));
	if (!attr)
		return -EMSGSIZE;
	for (nr = nla_data(attr); level <= pid->level; level++)
		*nr++ = pid->numbers[level].nr;
	return 0;
}

/* Write an attribute's header; return where its payload goes. */
static __always_inline void *put_attr(struct nlattr **at, int type, size_t len)
{
	struct nlattr *attr = *at;

	attr->nla_type = type;
	attr->nla_len = nla_attr_size(len);
	*at = (void *)attr + nla_total_size(len);
	return nla_data(attr);
}

static size_t fixed_size(u32 groups)
{
	return NLA_HDRLEN + nla_total_size(sizeof(struct kin_base)) +
	       (groups & KIN_GROUP_SCHED ?
			nla_total_size(sizeof(struct kin_sched)) : 0) +
	       (groups & KIN_GROUP_MEM ?
			nla_total_size(sizeof(struct kin_mem)) : 0);
}

/* The structs, straight into the message. */
static void put_structs(struct nlattr *at, const struct kin_view *view,
			u32 groups, struct task_struct *p, u32 pid, bool thread)
{
	struct kin_usage use;

	put_base(put_attr(&at, KIN_A_TASK_BASE, sizeof(struct kin_base)),
		 view, p, pid, thread);
	if (groups & (KIN_GROUP_SCHED | KIN_GROUP_MEM))
		kin_usage_read(&use, p, thread);
	if (groups & KIN_GROUP_SCHED)
		put_sched(put_attr(&at, KIN_A_TASK_SCHED,
				   sizeof(struct kin_sched)),
			  p, thread, &use);
	if (groups & KIN_GROUP_MEM)
		put_mem(put_attr(&at, KIN_A_TASK_MEM, sizeof(struct kin_mem)),
			p, &use);
}

/**
 * kin_record_start - write a task's record, all but its command line
 * @rec: filled; to be ended by kin_record_end() after success, in or after the
 *       RCU read section
 * @skb: the message; a record that does not fit leaves it as it was
 * @view: who asks
 * @groups: which groups they asked for
 * @p: the task; the caller is in an RCU read section
 * @pid: its number in the view
 * @thread: as a thread; else as a process, then it is the group's leader
 *
 * Return: 0, -EMSGSIZE if there is no room, -ESRCH if it was reaped meanwhile.
 */
int kin_record_start(struct kin_record *rec, struct sk_buff *skb,
		     const struct kin_view *view, u32 groups,
		     struct task_struct *p, u32 pid, bool thread)
{
	const size_t size = fixed_size(groups);
	int err;

	if (skb_tailroom(skb) < size)
		return -EMSGSIZE;
	/* A parent is there while its child is hashed, and for this section. */
	if (!pid_alive(p))
		return -ESRCH;
	rec->busy = 0;
	rec->cut = 0;
	rec->mm = NULL;
	rec->nest = skb_put(skb, size);
	rec->nest->nla_type = KIN_A_TASK | NLA_F_NESTED;
	put_structs(nla_data(rec->nest), view, groups, p, pid, thread);
	err = put_nspids(skb, view, p, thread);
	if (!err && (groups & KIN_GROUP_CGROUP))
		err = kin_cgroup_put(rec, skb, view, p);
	/* Unhashed while we read: its numbers may have been half gone. */
	smp_rmb();
	if (!err && !pid_alive(p))
		err = -ESRCH;
	if (err) {
		nlmsg_trim(skb, rec->nest);
		return err;
	}
	if (groups & KIN_GROUP_CMDLINE)
		rec->mm = get_task_mm(p);
	return 0;
}

/**
 * kin_record_end - complete a record
 * @rec: the record; if it has memory to read the command line from, the caller
 *       must not be in an RCU read section
 * @skb: the message; a record that does not fit is taken out again
 *
 * Return: 0, or -EMSGSIZE.
 */
int kin_record_end(struct kin_record *rec, struct sk_buff *skb)
{
	int err = 0;

	if (rec->mm) {
		err = kin_cmdline_put(rec, skb);
		/* Perhaps the last reference by now: somebody else frees it. */
		mmput_async(rec->mm);
	}
	if (!err && rec->busy)
		err = nla_put_u32(skb, KIN_A_TASK_BUSY, rec->busy);
	if (!err && rec->cut)
		err = nla_put_u32(skb, KIN_A_TASK_CUT, rec->cut);
	if (err) {
		nlmsg_trim(skb, rec->nest);
		return err;
	}
	nla_nest_end(skb, rec->nest);
	return 0;
}
