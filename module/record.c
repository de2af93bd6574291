// SPDX-License-Identifier: GPL-2.0
/*
 * One task's record. All but its end runs in an RCU read section in which the
 * task was found: p, its signal struct and its parent stay in memory, whatever
 * happens to them meanwhile; what does not is read under its own lock.
 */
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/tty.h>
#include <net/netlink.h>

#include "groups.h"
#include "kin.h"
#include "record.h"
#include "usage.h"
#include "view.h"
#include "walk.h"

/*
 * The terminal's device number. sig->tty needs the siglock, and the sighand
 * around it goes when the task is reaped: take it as the kernel does, and look
 * again under the lock. (The slab never turns it into something else while we
 * are in an RCU read section.)
 */
static noinline u32 tty_number(struct task_struct *p)
{
	struct sighand_struct *sighand;
	unsigned long flags;
	u32 nr = 0;

	sighand = rcu_dereference(p->sighand);
	if (!sighand)
		return 0;
	spin_lock_irqsave(&sighand->siglock, flags);
	if (sighand == rcu_access_pointer(p->sighand) && p->signal->tty)
		nr = new_encode_dev(tty_devnum(p->signal->tty));
	spin_unlock_irqrestore(&sighand->siglock, flags);
	return nr;
}

static noinline u32 tracer_number(const struct kin_view *view,
				  struct task_struct *p)
{
	struct task_struct *tracer = ptrace_parent(p);

	return tracer ? kin_view_nr(view, task_pid(tracer)) : 0;
}

/* task_state_to_char(), with the answer for most tasks first. */
static __always_inline char state_letter(struct task_struct *p)
{
	if (likely(READ_ONCE(p->__state) == TASK_INTERRUPTIBLE &&
		   !p->exit_state))
		return 'S';
	return task_state_to_char(p);
}

/*
 * Outside of user namespaces ids are what they are, and lie in the order of the
 * wire: all are read before the first is written, so that the compiler may copy
 * two at once.
 */
static __always_inline void copy_ids(struct kin_base *b,
				     const struct cred *cred)
{
	const u32 uid = __kuid_val(cred->uid), gid = __kgid_val(cred->gid);
	const u32 suid = __kuid_val(cred->suid), sgid = __kgid_val(cred->sgid);
	const u32 euid = __kuid_val(cred->euid), egid = __kgid_val(cred->egid);
	const u32 fsuid = __kuid_val(cred->fsuid);
	const u32 fsgid = __kgid_val(cred->fsgid);

	b->uid = uid;
	b->gid = gid;
	b->suid = suid;
	b->sgid = sgid;
	b->euid = euid;
	b->egid = egid;
	b->fsuid = fsuid;
	b->fsgid = fsgid;
}

static noinline void map_ids(struct kin_base *b, struct user_namespace *ns,
			     const struct cred *cred)
{
	b->uid = from_kuid_munged(ns, cred->uid);
	b->gid = from_kgid_munged(ns, cred->gid);
	b->suid = from_kuid_munged(ns, cred->suid);
	b->sgid = from_kgid_munged(ns, cred->sgid);
	b->euid = from_kuid_munged(ns, cred->euid);
	b->egid = from_kgid_munged(ns, cred->egid);
	b->fsuid = from_kuid_munged(ns, cred->fsuid);
	b->fsgid = from_kgid_munged(ns, cred->fsgid);
}

static __always_inline u32 marks(unsigned int flags,
				 const struct signal_struct *sig, bool thread)
{
	return (thread ? KIN_TASK_THREAD : 0) |
	       (flags & PF_KTHREAD ? KIN_TASK_KTHREAD : 0) |
	       (flags & PF_EXITING ? KIN_TASK_EXITING : 0) |
	       (sig->is_child_subreaper ? KIN_TASK_SUBREAPER : 0);
}

static __always_inline void put_base(struct kin_base *b,
				     const struct kin_view *view,
				     struct task_struct *p,
				     const struct pid *parent, u32 pid,
				     bool thread)
{
	struct signal_struct *sig = p->signal;
	const struct cred *cred = __task_cred(p);
	/* Read once: the compiler cannot know that what we write is not these. */
	const struct pid_namespace *ns = view->pid_ns;
	const unsigned int level = view->level;

	b->pid = pid;
	b->tgid = !thread ? pid :
		  kin_view_nr_at(level, ns, READ_ONCE(sig->pids[PIDTYPE_TGID]));
	b->ppid = kin_view_nr_at(level, ns, parent);
	b->pgid = kin_view_nr_at(level, ns, READ_ONCE(sig->pids[PIDTYPE_PGID]));
	b->sid = kin_view_nr_at(level, ns, READ_ONCE(sig->pids[PIDTYPE_SID]));
	b->tracer_pid = unlikely(p->ptrace) ? tracer_number(view, p) : 0;
	b->flags = marks(READ_ONCE(p->flags), sig, thread);
	b->num_threads = READ_ONCE(sig->nr_threads);
	b->start_boottime_ns = p->start_boottime + view->boottime_offset_ns;
	b->exec_id = READ_ONCE(p->self_exec_id);
	if (likely(!view->user_ns))
		copy_ids(b, cred);
	else
		map_ids(b, view->user_ns, cred);
	b->tty = READ_ONCE(sig->tty) ? tty_number(p) : 0;
	b->exit_signal = p->exit_signal;
	/* The letter, and zeroes in what is reserved behind it. */
	BUILD_BUG_ON(offsetof(struct kin_base, reserved) !=
		     offsetof(struct kin_base, state) + 1);
	b->state = state_letter(p);
	memset(b->reserved, 0, sizeof(b->reserved));
	kin_put_comm(b->comm, p->comm);
}

/* The additive numbers. */
static void put_usage(struct kin_sched *s, const struct kin_usage *use)
{
	s->utime_ns = use->utime;
	s->stime_ns = use->stime;
	s->runtime_ns = use->runtime;
	s->run_delay_ns =
		IS_ENABLED(CONFIG_SCHED_INFO) ? use->run_delay : KIN_NONE64;
	s->nvcsw = use->nvcsw;
	s->nivcsw = use->nivcsw;
}

/* Of a task that has run since somebody looked last. */
static noinline void put_task_usage(struct kin_sched *s, struct task_struct *p,
				    bool thread)
{
	struct kin_usage use;

	kin_usage_read(&use, p, thread);
	put_usage(s, &use);
}

/* Of a group of several threads; either may be NULL. */
static noinline void put_group_usage(struct kin_sched *s, struct kin_mem *m,
				     struct task_struct *p)
{
	struct kin_usage use;

	if (!s && !m)
		return;
	kin_usage_read(&use, p, false);
	if (s)
		put_usage(s, &use);
	if (m) {
		m->min_flt = use.min_flt;
		m->maj_flt = use.maj_flt;
	}
}

/*
 * Most tasks have not run since somebody looked last; then what was answered
 * last is the answer, and needs no lock: both parts only grow, and a mixture of
 * two answers is between them.
 */
static __always_inline void put_sched(struct kin_sched *s,
				      struct task_struct *p, bool thread)
{
	const struct prev_cputime *prev = kin_usage_prev(p, thread);
	const struct signal_struct *sig = p->signal;
	const u64 utime = READ_ONCE(prev->utime);
	const u64 stime = READ_ONCE(prev->stime);
	const u64 runtime = p->se.sum_exec_runtime +
			    (thread ? 0 : sig->sum_sched_runtime);

	s->utime_ns = utime;
	s->stime_ns = stime;
	s->cutime_ns = sig->cutime;
	s->cstime_ns = sig->cstime;
	s->runtime_ns = runtime;
	s->run_delay_ns = IS_ENABLED(CONFIG_SCHED_INFO) ?
				  kin_usage_run_delay(p) : KIN_NONE64;
	s->nvcsw = p->nvcsw + (thread ? 0 : sig->nvcsw);
	s->nivcsw = p->nivcsw + (thread ? 0 : sig->nivcsw);
	s->prio = p->prio - MAX_RT_PRIO;
	s->nice = task_nice(p);
	s->policy = p->policy;
	s->rt_priority = p->rt_priority;
	s->cpu = task_cpu(p);
	s->cpus_allowed = p->nr_cpus_allowed;
	if (unlikely(utime + stime < runtime))
		put_task_usage(s, p, thread);
}

/* Sizes of an address space, as /proc/PID/status tells them. */
static __always_inline void put_sizes(struct kin_mem *m, struct mm_struct *mm)
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

static __always_inline void put_mem(struct kin_mem *m, struct task_struct *p,
				    bool thread)
{
	const struct signal_struct *sig = p->signal;
	bool has_mm = false;

	m->min_flt = p->min_flt + (thread ? 0 : sig->min_flt);
	m->maj_flt = p->maj_flt + (thread ? 0 : sig->maj_flt);
	m->cmin_flt = sig->cmin_flt;
	m->cmaj_flt = sig->cmaj_flt;
	m->oom_score_adj = sig->oom_score_adj;
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
}

/* The structs, straight into the message. */
static __always_inline void put_structs(const struct kin_record *rec, void *at,
					struct task_struct *p,
					const struct pid *parent, u32 pid,
					bool thread)
{
	const u32 groups = rec->groups;
	const struct signal_struct *sig = p->signal;
	const unsigned int seq = thread ? 0 : kin_usage_begin(sig);
	struct kin_sched *s = NULL;
	struct kin_mem *m = NULL;

	put_base(kin_put_attr(&at, KIN_A_TASK_BASE, sizeof(struct kin_base)),
		 rec->view, p, parent, pid, thread);
	if (groups & KIN_GROUP_SCHED) {
		s = kin_put_attr(&at, KIN_A_TASK_SCHED, sizeof(*s));
		put_sched(s, p, thread);
	}
	if (groups & KIN_GROUP_MEM) {
		m = kin_put_attr(&at, KIN_A_TASK_MEM, sizeof(*m));
		put_mem(m, p, thread);
	}
	if (!thread && !kin_usage_is_sum(sig, p, seq))
		put_group_usage(s, m, p);
}

/* ---- lists ---- */

/* The marks behind the lists. */
#define MARKS_SIZE (4 * nla_total_size(sizeof(u32)))

/* How long the payload of a further attribute may get, bytes. */
size_t kin_record_room(const struct kin_record *rec)
{
	return kin_attr_room(rec->at, rec->end - MARKS_SIZE);
}

/* Where the payload of a further attribute goes. */
void *kin_record_payload(const struct kin_record *rec)
{
	return rec->at + NLA_HDRLEN;
}

/* Make an attribute of @len bytes that were put there; there was room. */
void kin_record_claim(struct kin_record *rec, int type, size_t len)
{
	kin_claim_attr(&rec->at, type, len);
}

/* A group does not fit: it comes with the record in the next message, or if this
 * message has no other record, not at all. Returns -EMSGSIZE or 0. */
int kin_record_cut(struct kin_record *rec, u32 group)
{
	if (rec->tasks)
		return -EMSGSIZE;
	rec->cut |= group;
	return 0;
}

/* The numbers of a task in the pid namespaces below the caller's. */
static int put_nspids(struct kin_record *rec, const struct pid *pid)
{
	unsigned int level = rec->view->level;
	const size_t size = (pid->level - level + 1) * sizeof(u32);
	u32 *nr = kin_record_payload(rec);

	if (kin_record_room(rec) < size)
		return -EMSGSIZE;
	for (; level <= pid->level; level++)
		*nr++ = pid->numbers[level].nr;
	kin_record_claim(rec, KIN_A_TASK_NSPIDS, size);
	return 0;
}

static int put_marks(struct kin_record *rec, int type, u32 *groups)
{
	if (!*groups)
		return 0;
	if (rec->end - rec->at < nla_total_size(sizeof(*groups)))
		return -EMSGSIZE;
	memcpy(kin_record_payload(rec), groups, sizeof(*groups));
	kin_record_claim(rec, type, sizeof(*groups));
	*groups = 0;
	return 0;
}

static int put_all_marks(struct kin_record *rec)
{
	return put_marks(rec, KIN_A_TASK_BUSY, &rec->busy) ?:
	       put_marks(rec, KIN_A_TASK_CUT, &rec->cut) ?:
	       put_marks(rec, KIN_A_TASK_DENIED, &rec->denied) ?:
	       put_marks(rec, KIN_A_TASK_DELETED, &rec->deleted);
}

/* The record is complete, or is taken out again if it has not become one. */
static int end_record(struct kin_record *rec, int err)
{
	if (!err)
		err = put_all_marks(rec);
	if (err) {
		rec->at = rec->nest;
		rec->busy = 0;
		rec->cut = 0;
		rec->denied = 0;
		rec->deleted = 0;
		return err;
	}
	rec->nest->nla_len = rec->at - (void *)rec->nest;
	rec->tasks++;
	return 0;
}

/* The command line is still to come, when we are out of the RCU section. */
#define CMDLINE_PENDING 1

static noinline int put_lists(struct kin_record *rec, struct task_struct *p,
			      const struct pid *pid, bool thread)
{
	int err = 0;

	if (pid->level > rec->view->level)
		err = put_nspids(rec, pid);
	if (!err && (rec->groups & KIN_GROUP_CGROUP))
		err = kin_cgroup_put(rec, p);
	if (!err && (rec->groups & KIN_GROUPS_FURTHER))
		err = kin_groups_put(rec, p, thread);
	if (!err && (rec->groups & KIN_GROUP_CMDLINE)) {
		rec->mm = get_task_mm(p);
		if (rec->mm)
			return CMDLINE_PENDING;
	}
	return end_record(rec, err);
}

static int put_cmdline(struct kin_record *rec)
{
	const int err = kin_cmdline_put(rec);

	/* Perhaps the last reference by now: somebody else frees it. */
	mmput_async(rec->mm);
	return end_record(rec, err);
}

/* ---- a record, and many ---- */

/*
 * Write a task's record; one that does not fit leaves the message as it was.
 * Returns 0, -EMSGSIZE, CMDLINE_PENDING, or -ESRCH if the task is not, or is no
 * longer, the one that @pid leads to: it was reaped, or another thread of its
 * group has taken over its number by calling exec. Also if its parent was, so
 * that it has got another one by now.
 */
static __always_inline int put_record(struct kin_record *rec,
				      struct task_struct *p,
				      const struct pid *pid, u32 nr,
				      bool thread)
{
	struct nlattr *nest = rec->at;
	const struct pid *parent;

	if (rec->end - rec->at < rec->size)
		return -EMSGSIZE;
	/* A parent is there while its child is hashed, and for this section. */
	if (unlikely(READ_ONCE(p->thread_pid) != pid))
		return -ESRCH;
	parent = READ_ONCE(rcu_dereference(p->real_parent)->signal
				   ->pids[PIDTYPE_TGID]);
	if (unlikely(!parent))
		return -ESRCH;
	*nest = (struct nlattr){ .nla_len = rec->size,
				 .nla_type = KIN_A_TASK | NLA_F_NESTED };
	put_structs(rec, nla_data(nest), p, parent, nr, thread);
	/* Unhashed while we read: its numbers may have been half gone. */
	smp_rmb();
	if (unlikely(READ_ONCE(p->thread_pid) != pid))
		return -ESRCH;
	rec->at = (void *)nest + rec->size;
	if ((rec->groups & ~KIN_GROUPS_QUICK) ||
	    unlikely(pid->level > rec->view->level)) {
		rec->nest = nest;
		return put_lists(rec, p, pid, thread);
	}
	rec->tasks++;
	return 0;
}

/**
 * kin_record_init - what all records of an answer have in common
 * @rec: zeroed
 * @view: who asks
 * @groups: what they asked for
 */
void kin_record_init(struct kin_record *rec, const struct kin_view *view,
		     u32 groups)
{
	rec->view = view;
	rec->groups = groups;
	rec->size = NLA_HDRLEN + nla_total_size(sizeof(struct kin_base));
	if (groups & KIN_GROUP_SCHED)
		rec->size += nla_total_size(sizeof(struct kin_sched));
	if (groups & KIN_GROUP_MEM)
		rec->size += nla_total_size(sizeof(struct kin_mem));
}

/**
 * kin_record_open - start to write records into a message
 * @rec: the writer
 * @skb: the message; nobody else writes to it before kin_record_close()
 */
void kin_record_open(struct kin_record *rec, struct sk_buff *skb)
{
	rec->skb = skb;
	rec->at = skb_tail_pointer(skb);
	rec->end = rec->at + skb_tailroom(skb);
	rec->tasks = 0;
}

/**
 * kin_record_close - make what was written part of the message
 * @rec: the writer
 */
void kin_record_close(struct kin_record *rec)
{
	skb_put(rec->skb, rec->at - (void *)skb_tail_pointer(rec->skb));
}

/**
 * kin_record_get - write the record of one task
 * @rec: where to
 * @nr: its number in the view
 * @thread: as a thread; else as a process
 *
 * Context: may sleep, but waits for no other process.
 * Return: 0, -ESRCH, -EPERM or -EMSGSIZE.
 */
int kin_record_get(struct kin_record *rec, u32 nr, bool thread)
{
	struct task_struct *p;
	int err, tries = 2;
	struct pid *pid;

	rcu_read_lock();
	do {
		err = -ESRCH;
		pid = find_pid_ns(nr, rec->view->pid_ns);
		p = pid_task(pid, thread ? PIDTYPE_PID : PIDTYPE_TGID);
		if (p && kin_view_sees(rec->view, p))
			err = put_record(rec, p, pid, nr, thread);
	} while (p && err == -ESRCH && --tries);
	rcu_read_unlock();
	return err == CMDLINE_PENDING ? put_cmdline(rec) : err;
}

static __always_inline int put_next(struct task_struct *p,
				    const struct pid *pid, u32 nr, bool thread,
				    void *arg)
{
	return put_record(arg, p, pid, nr, thread);
}

/* The usual kind has a copy of the loop of its own, without looking for others. */
static int walk_on(struct kin_record *rec, struct kin_walk *walk)
{
	if (walk->kinds == KIN_KIND_PROCESS)
		return kin_walk(walk, KIN_KIND_PROCESS, put_next, rec);
	return kin_walk(walk, walk->kinds, put_next, rec);
}

/**
 * kin_record_walk - write the records of a walk until the message is full
 * @rec: where to
 * @walk: the walk; stands at the first task that is missing then
 *
 * Context: may sleep, but waits for no other process.
 * Return: 0 at the end, -EMSGSIZE if there is more, or -EINTR.
 */
int kin_record_walk(struct kin_record *rec, struct kin_walk *walk)
{
	int err;

	rec->budget = &walk->scope->budget;
	while ((err = walk_on(rec, walk)) == CMDLINE_PENDING) {
		err = put_cmdline(rec);
		if (err) {
			walk->pos = walk->last;
			break;
		}
	}
	return err;
}
