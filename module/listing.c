// SPDX-License-Identifier: GPL-2.0
/*
 * Requests for descriptors: the tables of all tasks of a scope, one after another.
 * A table that is longer than a part, or than the room of a message, is gone along
 * in several RCU read sections: the walk stops at its task and comes back to it.
 */
#include <linux/fdtable.h>
#include <linux/hash.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/genetlink.h>

#include "access.h"
#include "fd.h"
#include "files.h"
#include "kin.h"
#include "listing.h"
#include "record.h"
#include "request.h"
#include "scope.h"
#include "status.h"
#include "table.h"
#include "view.h"
#include "walk.h"

/* Tables of several tasks that were told of: by address, and under whose number.
 * What is no longer remembered is told once more. */
#define SEEN_BITS 7

struct seen {
	const struct files_struct *files;
	u32 nr;
	bool thread;
};

/* A listing from its request to its last message. */
struct listing {
	struct kin_view view;
	struct kin_scope scope;
	struct kin_walk walk;
	struct kin_fd_out out;
	struct kin_table table;		/* the one that is being told, */
	struct kin_fd_table base;	/* and whose it is */
	struct nlattr *nest;		/* its part of this message */
	struct kin_fd_table *put;	/* base, in there */
	bool going_on;			/* there is more of it */
	bool parsed;
	bool ended;
	struct seen seen[1 << SEEN_BITS];
};

/* ---- tables of several tasks ---- */

static const struct files_struct *files_of(struct task_struct *holder)
{
	const struct files_struct *files;

	task_lock(holder);
	files = holder->files;
	task_unlock(holder);
	return files;
}

/* An address may have been given to another table since: look whether whoever had
 * it has it still. */
static bool has_still(const struct listing *l, const struct seen *seen)
{
	const enum pid_type type = seen->thread ? PIDTYPE_PID : PIDTYPE_TGID;
	struct task_struct *p;

	p = pid_task(find_pid_ns(seen->nr, l->view.pid_ns), type);
	if (p)
		p = kin_files_task(p, seen->thread);
	return p && files_of(p) == seen->files;
}

/* Whose number the table was told under before; 0: it was not. */
static u32 told_under(struct listing *l, struct task_struct *holder)
{
	const struct files_struct *files = files_of(holder);
	struct seen *seen = &l->seen[hash_ptr(files, SEEN_BITS)];

	if (seen->files == files && has_still(l, seen))
		return seen->nr;
	seen->files = files;
	seen->nr = l->base.pid;
	seen->thread = l->base.flags & KIN_FD_TABLE_THREAD;
	return 0;
}

/* ---- a table's part of a message ---- */

static int open_nest(struct listing *l)
{
	struct kin_fd_out *out = &l->out;
	struct nlattr *nest = out->at;

	if (out->end - out->at <
	    NLA_HDRLEN + nla_total_size(sizeof(struct kin_fd_table)))
		return -EMSGSIZE;
	nest->nla_type = KIN_A_FD_TABLE | NLA_F_NESTED;
	out->at = nla_data(nest);
	l->put = kin_put_attr(&out->at, KIN_A_FD_TABLE_BASE, sizeof(*l->put));
	*l->put = l->base;
	l->nest = nest;
	return 0;
}

static void close_nest(struct listing *l)
{
	if (!l->nest)
		return;
	l->nest->nla_len = l->out.at - (void *)l->nest;
	l->nest = NULL;
}

/* The message is full: the table goes on in the next one. */
static int interrupt(struct listing *l)
{
	l->put->flags |= KIN_FD_TABLE_MORE;
	l->base.flags |= KIN_FD_TABLE_CONTINUED;
	close_nest(l);
	return -EMSGSIZE;
}

static int put_counts(struct listing *l)
{
	struct kin_fd_out *out = &l->out;
	const size_t size = sizeof(l->table.counts);

	if (!(out->parts & KIN_FD_PART_COUNTS))
		return 0;
	if (out->end - out->at < nla_total_size(size))
		return -EMSGSIZE;
	memcpy(kin_put_attr(&out->at, KIN_A_FD_TABLE_COUNTS, size),
	       l->table.counts, size);
	return 0;
}

/* ---- a table ---- */

static bool is_same(const struct listing *l, const struct task_struct *p,
		    u32 nr, bool thread)
{
	return l->going_on && l->base.pid == nr &&
	       l->base.start_boottime_ns ==
		       p->start_boottime + l->view.boottime_offset_ns &&
	       !(l->base.flags & KIN_FD_TABLE_THREAD) == !thread;
}

static void put_owner(struct kin_fd_table *b, const struct kin_view *view,
		      struct task_struct *p, u32 nr, bool thread)
{
	memset(b, 0xff, sizeof(*b));
	b->start_boottime_ns = p->start_boottime + view->boottime_offset_ns;
	b->pid = nr;
	b->tgid = kin_view_nr(view, READ_ONCE(p->signal->pids[PIDTYPE_TGID]));
	b->uid = from_kuid_munged(view->cred->user_ns, task_uid(p));
	b->flags = thread ? KIN_FD_TABLE_THREAD : 0;
	b->shared_pid = 0;
	kin_put_comm(b->comm, p->comm);
}

static void put_sizes(struct kin_fd_table *b, struct task_struct *holder)
{
	struct kin_files files;

	if (!kin_files_read(&files, holder))
		return;
	b->open = files.open;
	b->table_size = files.table_size;
	b->limit_soft = files.limit_soft;
	b->limit_hard = files.limit_hard;
	b->users = files.users;
}

/* Of several tasks, or of a process and then of its main thread. */
static bool may_be_told_again(const struct listing *l)
{
	return l->base.users > 1 || l->walk.kinds == KIN_KINDS;
}

/* A process whose main thread has ended has the table of another thread, which may
 * have memory that is not for who asks. */
static bool may_list(const struct listing *l, struct task_struct *p,
		     struct task_struct *holder)
{
	return kin_access_task(&l->view, p) &&
	       (!holder || holder == p || kin_access_task(&l->view, holder));
}

static void begin(struct listing *l, struct task_struct *p,
		  struct task_struct *holder, u32 nr, bool thread)
{
	struct kin_fd_table *b = &l->base;

	memset(&l->table, 0, sizeof(l->table));
	put_owner(b, &l->view, p, nr, thread);
	if (may_list(l, p, holder))
		put_sizes(b, holder);
	else
		b->flags |= KIN_FD_TABLE_DENIED;
	if (b->users != KIN_NONE32 && may_be_told_again(l))
		b->shared_pid = told_under(l, holder);
	l->going_on = true;
	kin_scope_keep(&l->scope, p);
}

/* It may run another program since, which is not for who asks. */
static void check_again(struct listing *l, struct task_struct *p,
			struct task_struct *holder)
{
	struct kin_fd_table *b = &l->base;

	if (may_list(l, p, holder))
		return;
	b->flags |= KIN_FD_TABLE_DENIED;
	b->open = b->table_size = b->limit_soft = b->limit_hard = KIN_NONE64;
	b->users = KIN_NONE32;
	if (l->nest)
		*l->put = *b;
}

/* All that fits of the rest; holder: NULL if the table has gone since. */
static int go_on(struct listing *l, struct task_struct *holder)
{
	const u32 wanted = l->out.parts &
			   (KIN_FD_PART_LIST | KIN_FD_PART_COUNTS);
	int err = 0;

	if (!l->nest && open_nest(l))
		return -EMSGSIZE;
	if (wanted && !l->base.shared_pid &&
	    !(l->base.flags & KIN_FD_TABLE_DENIED)) {
		if (holder)
			err = kin_table_part(&l->table, holder, &l->out);
		/* Of a table that went away, nobody knows how many there were. */
		if (!err && l->table.whole)
			err = put_counts(l);
	}
	return err == -EMSGSIZE ? interrupt(l) : err;
}

/* What a table costs, in the steps by which a walk is paused: each is worth some of
 * those of the table. */
#define WALK_STEPS 16
#define TABLE_STEPS 16

static int put_table(struct task_struct *p, const struct pid *pid, u32 nr,
		     bool thread, void *arg)
{
	struct task_struct *holder = kin_files_task(p, thread);
	struct listing *l = arg;
	int err;

	if (unlikely(READ_ONCE(p->thread_pid) != pid))
		return -ESRCH;
	if (!is_same(l, p, nr, thread)) {
		close_nest(l);
		l->going_on = false;
		if (!holder)
			return 0;
		begin(l, p, holder, nr, thread);
	} else {
		check_again(l, p, holder);
	}
	err = go_on(l, holder);
	if (err)
		return err;
	close_nest(l);
	l->going_on = false;
	l->scope.budget -= WALK_STEPS + l->table.next / 64 +
			   l->table.steps / TABLE_STEPS;
	return 0;
}

/* ---- a dump ---- */

/**
 * kin_listing_start - pin who asks
 * @cb: the dump
 *
 * Context: the process that sends the request.
 * Return: 0 or -ENOMEM.
 */
int kin_listing_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct listing *l = kzalloc(sizeof(*l), GFP_KERNEL_ACCOUNT);

	if (!l)
		return -ENOMEM;
	kin_view_pin(&l->view, cb->skb);
	kin_access_pin(&l->view, cb->skb);
	l->out.parts = kin_request_u32(attrs, KIN_A_FD_PARTS, 0);
	l->out.types = kin_request_u32(attrs, KIN_A_FD_TYPES, KIN_FD_TYPES);
	/* Room for the longest of paths, also before the reader has read. */
	cb->min_dump_alloc = SKB_WITH_OVERHEAD(KIN_RECV_SIZE);
	*kin_request_state(cb) = l;
	kin_status_count(dumps_started, 1);
	return 0;
}

static int parse(struct listing *l, struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	int err;

	BUILD_BUG_ON(__KIN_FD_TYPES != KIN_FD_TYPE_COUNT);
	err = kin_view_check(&l->view, cb->extack);
	if (!err)
		err = kin_access_check(&l->view, 0, cb->extack);
	if (!err && !l->out.types)
		err = reject(cb->extack, attrs[KIN_A_FD_TYPES], "no type of descriptors is named");
	if (!err)
		err = kin_request_walk(&l->walk, &l->scope, &l->view, cb);
	l->parsed = !err;
	return err;
}

/**
 * kin_listing_fill - write as many descriptors as fit
 * @skb: the message
 * @cb: the dump
 *
 * Context: whoever reads from the socket.
 * Return: 0 if these were the last, -EMSGSIZE if more are to follow, or another
 * -errno that ends the dump.
 */
int kin_listing_fill(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct listing *l = *kin_request_state(cb);
	int err;

	if (!l->parsed) {
		err = parse(l, cb);
		if (err)
			return err;
	}
	kin_scope_forget(&l->scope);
	l->out.at = skb_tail_pointer(skb);
	l->out.end = l->out.at + skb_tailroom(skb);
	l->out.listed = 0;
	err = kin_walk(&l->walk, l->walk.kinds, put_table, l);
	close_nest(l);
	skb_put(skb, l->out.at - (void *)skb_tail_pointer(skb));
	kin_status_count(fds_sent, l->out.listed);
	if (!err)
		l->ended = true;
	return err;
}

/**
 * kin_listing_done - release what the dump has pinned
 * @cb: the dump, at its end or abandoned
 *
 * Return: 0.
 */
int kin_listing_done(struct netlink_callback *cb)
{
	struct listing *l = *kin_request_state(cb);

	if (l->ended)
		kin_status_count(dumps_done, 1);
	kin_scope_free(&l->scope);
	kin_view_unpin(&l->view);
	kfree(l);
	return 0;
}
