// SPDX-License-Identifier: GPL-2.0
/*
 * Requests for the environment of a process: of any length, in as many parts as it
 * takes. Between two of them nothing is held; each finds the process again and
 * makes sure that it is the same one, running the same program.
 */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "access.h"
#include "environ.h"
#include "kin.h"
#include "memory.h"
#include "request.h"
#include "status.h"
#include "view.h"

/* A dump from its request to its last message. */
struct reading {
	struct kin_view view;
	u32 pid;
	unsigned long done;	/* bytes */
	bool begun;		/* then it is known who it is: */
	u64 start_boottime;
	u64 exec_id;		/* the program it runs, and by whose memory it is */
	const struct mm_struct *mm;	/* known until that has its id */
};

/**
 * kin_environ_start - pin who asks
 * @cb: the dump
 *
 * Context: the process that sends the request.
 * Return: 0 or -ENOMEM.
 */
int kin_environ_start(struct netlink_callback *cb)
{
	struct reading *r = kzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);

	if (!r)
		return -ENOMEM;
	kin_view_pin(&r->view, cb->skb);
	kin_access_pin(&r->view, cb->skb);
	r->pid = kin_request_u32(genl_info_dump(cb)->attrs, KIN_A_PID, 0);
	cb->min_dump_alloc = SKB_WITH_OVERHEAD(KIN_RECV_SIZE);
	*kin_request_state(cb) = r;
	kin_status_count(dumps_started, 1);
	return 0;
}

static int check(const struct reading *r, struct netlink_callback *cb)
{
	const int err = kin_view_check(&r->view, cb->extack);

	return err ?: kin_access_check(&r->view, 0, cb->extack) ?:
	       kin_request_one_pid(cb->nlh, cb->extack);
}

/* Is it whom the first part was read of? A task of the same number and start may
 * have got other memory since, and its new id is not there yet. */
static int recognize(struct reading *r, const struct task_struct *p,
		     const struct mm_struct *mm)
{
	const u64 exec_id = READ_ONCE(p->self_exec_id);

	if (!r->begun) {
		r->begun = true;
		r->start_boottime = p->start_boottime;
		r->exec_id = exec_id;
		r->mm = mm;
	}
	if (p->start_boottime != r->start_boottime)
		return -ESRCH;
	/* It has ended, and what was read is not all of it. */
	if (!mm && r->done)
		return -ESRCH;
	if (exec_id != r->exec_id || (mm && mm != r->mm))
		return -ESTALE;
	return 0;
}

/* Find the process again. *mm: its memory, NULL if it has none; mmput_async() it. */
static int find(struct reading *r, struct mm_struct **mm)
{
	struct task_struct *p;
	int err = -ESRCH;

	*mm = NULL;
	rcu_read_lock();
	p = pid_task(find_pid_ns(r->pid, r->view.pid_ns), PIDTYPE_TGID);
	if (p && kin_view_sees(&r->view, p)) {
		/* Asked when its memory is held, and if that is its own still:
		 * it is the memory that is asked about. */
		*mm = get_task_mm(p);
		err = kin_access_task(&r->view, p) ? 0 : -EPERM;
		if (!err && *mm && READ_ONCE(p->mm) != *mm)
			err = READ_ONCE(p->mm) ? -ESTALE : -ESRCH;
		if (!err)
			err = recognize(r, p, *mm);
	}
	rcu_read_unlock();
	return err;
}

/* Returns how many bytes could be read, -EBUSY, or -EIO for what is no memory of
 * the process's own. */
static int read_part(const struct reading *r, struct mm_struct *mm, char *to,
		     size_t room)
{
	const struct kin_args a = kin_memory_args(mm);
	size_t len;
	int n;

	if (!a.env_end || a.env_start >= a.env_end ||
	    r->done >= a.env_end - a.env_start)
		return 0;
	len = min_t(size_t, room, a.env_end - a.env_start - r->done);
	if (!mmap_read_trylock(mm))
		return -EBUSY;
	n = kin_memory_read(mm, a.env_start + r->done, to, len);
	mmap_read_unlock(mm);
	return n ?: -EIO;
}

/* Write the next part. Returns -EMSGSIZE, as there may be more, or 0 at the end. */
static int put_part(struct reading *r, struct mm_struct *mm, struct sk_buff *skb)
{
	const int room = min(skb_tailroom(skb), KIN_RECV_SIZE) - NLA_HDRLEN;
	struct nlattr *attr = (void *)skb_tail_pointer(skb);
	int len;

	len = read_part(r, mm, nla_data(attr), round_down(room, NLA_ALIGNTO));
	if (len <= 0)
		return len;
	r->done += len;
	__nla_reserve(skb, KIN_A_ENV, len);
	return -EMSGSIZE;
}

static void explain(struct netlink_ext_ack *extack, const struct nlattr *attr,
		    int err)
{
	if (err == -EPERM)
		kin_access_refuse(extack, attr);
	else if (err == -ESRCH)
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such process");
	else if (err == -ESTALE)
		NL_SET_ERR_MSG_ATTR(extack, attr, "the process has called exec meanwhile");
	else if (err == -EBUSY)
		NL_SET_ERR_MSG_ATTR(extack, attr, "the environment cannot be had now without waiting");
	else if (err == -EIO)
		NL_SET_ERR_MSG_ATTR(extack, attr, "the environment is not in the memory of the process");
}

/**
 * kin_environ_fill - write the next part of the environment
 * @skb: the message
 * @cb: the dump
 *
 * Context: whoever reads from the socket; waits for no other process.
 * Return: 0 if there is no more, -EMSGSIZE if more may follow, or another -errno
 * that ends the dump.
 */
int kin_environ_fill(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct reading *r = *kin_request_state(cb);
	struct mm_struct *mm;
	int err;

	if (!r->begun) {
		err = check(r, cb);
		if (err)
			return err;
	}
	err = find(r, &mm);
	if (!err && mm)
		err = put_part(r, mm, skb);
	/* Perhaps the last reference by now: somebody else frees it. */
	if (mm)
		mmput_async(mm);
	if (err != -EMSGSIZE)
		explain(cb->extack, genl_info_dump(cb)->attrs[KIN_A_PID], err);
	if (!err)
		kin_status_count(dumps_done, 1);
	return err;
}

/**
 * kin_environ_done - release what the dump has pinned
 * @cb: the dump, at its end or abandoned
 *
 * Return: 0.
 */
int kin_environ_done(struct netlink_callback *cb)
{
	struct reading *r = *kin_request_state(cb);

	kin_view_unpin(&r->view);
	kfree(r);
	return 0;
}
