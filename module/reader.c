// SPDX-License-Identifier: GPL-2.0
/* A subscriber: which events pass its filters. */
#include <linux/bitmap.h>
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/threads.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "access.h"
#include "news.h"
#include "reader.h"
#include "status.h"
#include "stream.h"
#include "walk.h"

/* ---- the request ---- */

static int check_comm(const struct nlattr *attr, u32 n,
		      struct netlink_ext_ack *extack)
{
	BUILD_BUG_ON(KIN_MAX_COMMS != 64);	/* as the message says */
	if (!*(const char *)nla_data(attr))
		return reject(extack, attr, "a name is empty");
	if (n > KIN_MAX_COMMS) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "more than 64 names");
		kin_status_count(requests_rejected, 1);
		return -E2BIG;
	}
	return 0;
}

/* Names are filled up with zeroes, so that they can be compared as they are. */
static int parse_comms(struct kin_reader *reader, const struct nlmsghdr *nlh,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err;
	u32 n = 0;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		if (nla_type(attr) != KIN_A_COMM)
			continue;
		err = check_comm(attr, ++n, extack);
		if (err)
			return err;
	}
	if (!n)
		return 0;
	reader->comms = kcalloc(n, sizeof(*reader->comms), GFP_KERNEL_ACCOUNT);
	if (!reader->comms)
		return -ENOMEM;
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem)
		if (nla_type(attr) == KIN_A_COMM)
			strscpy(reader->comms[reader->n_comms++],
				nla_data(attr), KIN_COMM_LEN);
	return 0;
}

static int parse_masks(struct kin_reader *reader, struct genl_info *info)
{
	struct nlattr *events = info->attrs[KIN_A_EVENTS];
	struct nlattr *kinds = info->attrs[KIN_A_KINDS];

	reader->events = events ? nla_get_u32(events) : KIN_EVENT_KINDS;
	reader->kinds = kinds ? nla_get_u32(kinds) : KIN_KIND_PROCESS;
	reader->failed = info->attrs[KIN_A_FAILED];
	if (!reader->events)
		return reject(info->extack, events, "no event is named");
	if (!reader->kinds)
		return reject(info->extack, kinds, "no kind is named: process, thread or both");
	return 0;
}

static int parse(struct kin_reader *reader, struct genl_info *info)
{
	struct kin_scope *scope = &reader->scope;
	int err;

	err = parse_masks(reader, info);
	if (err)
		return err;
	err = kin_scope_parse(scope, &reader->view, info->nlhdr, info->extack);
	if (err == -E2BIG)
		kin_status_count(requests_rejected, 1);
	if (err)
		return err;
	err = parse_comms(reader, info->nlhdr, info->extack);
	if (err || !scope->subtrees.n)
		return err;
	reader->family = kvzalloc(BITS_TO_BYTES(PID_MAX_LIMIT),
				  GFP_KERNEL_ACCOUNT);
	return reader->family ? 0 : -ENOMEM;
}

/**
 * kin_reader_create - a subscriber, as the request describes it
 * @request: the request
 * @info: and what is in it
 *
 * Context: the process that sends the request.
 * Return: the reader, which nobody sends events to yet, or an ERR_PTR: -EPERM,
 * -EINVAL, -E2BIG, -ENOMEM.
 */
struct kin_reader *kin_reader_create(struct sk_buff *request,
				     struct genl_info *info)
{
	struct kin_reader *reader;
	int err;

	reader = kzalloc(sizeof(*reader), GFP_KERNEL_ACCOUNT);
	if (!reader)
		return ERR_PTR(-ENOMEM);
	reader->portid = info->snd_portid;
	reader->sk = NETLINK_CB(request).sk;
	sock_hold(reader->sk);
	kin_view_pin(&reader->view, request);
	kin_access_pin(&reader->view, request);
	/* What events tell is more than what /proc shows to everyone: when a
	 * task ends, how, and what it had used. */
	err = kin_access_check(&reader->view, 0, info->extack) ?:
	      parse(reader, info);
	if (err) {
		kin_reader_destroy(reader);
		return ERR_PTR(err);
	}
	return reader;
}

/**
 * kin_reader_destroy - free a reader that nobody knows any more
 * @reader: the reader
 *
 * Context: may sleep.
 */
void kin_reader_destroy(struct kin_reader *reader)
{
	kfree(reader->comms);
	kvfree(reader->family);
	kin_scope_free(&reader->scope);
	kin_view_unpin(&reader->view);
	sock_put(reader->sk);
	kfree(reader);
}

/* ---- subtrees ---- */

/*
 * A subtree is a set of processes that is kept up by forks: whoever is created by
 * a member, or as its child, is a member. A bit for each number says so; what it
 * says is decided anew when the number is given out again.
 */
static bool is_member(const struct kin_reader *reader, const struct pid *tgid)
{
	const u32 nr = kin_view_nr(&reader->view, tgid);

	return nr && test_bit(nr, reader->family);
}

/**
 * kin_reader_follow - a process was born: does it belong to the subtree
 * @reader: one with a subtree
 * @news: the fork, of a process
 */
void kin_reader_follow(struct kin_reader *reader, const struct kin_news *news)
{
	const u32 nr = kin_view_nr(&reader->view, task_pid(news->p));

	if (is_member(reader, news->parent) ||
	    is_member(reader, kin_news_tgid(news->creator)))
		set_bit(nr, reader->family);
	else
		clear_bit(nr, reader->family);
}

struct family_walk {
	struct kin_reader *reader;
	const struct kin_values *roots;
	unsigned long *judged;	/* those whose ancestors have been looked at */
	bool found;		/* somebody new */
};

/* The number of @p's parent, and the parent; 0: none that can be seen. One that
 * was released just now has handed its children on: another walk will tell. */
static u32 parent_of(struct family_walk *walk, struct task_struct **p)
{
	struct task_struct *parent = rcu_dereference((*p)->real_parent);
	const struct pid *tgid = kin_news_tgid(parent);

	*p = parent->group_leader;
	if (!tgid)
		walk->found = true;
	return kin_view_nr(&walk->reader->view, tgid);
}

/*
 * A kin_walk_fn. Whoever has been judged is not climbed from again, so that all
 * climbs together are no longer than there are processes.
 */
static int judge(struct task_struct *p, const struct pid *pid, u32 nr,
		 bool thread, void *arg)
{
	struct family_walk *walk = arg;
	unsigned long *family = walk->reader->family;
	struct task_struct *q = p;
	bool within = false;
	u32 at;

	for (at = nr; at; at = parent_of(walk, &q)) {
		within = test_bit(at, family) || kin_values_has(walk->roots, at);
		if (within || test_bit(at, walk->judged))
			break;
		__set_bit(at, walk->judged);
	}
	for (q = p, at = nr; within && at && !test_bit(at, family);
	     at = kin_values_has(walk->roots, at) ? 0 : parent_of(walk, &q)) {
		set_bit(at, family);
		walk->found = true;
	}
	return 0;
}

/**
 * kin_reader_find_family - find who belongs to the subtrees now
 * @reader: the reader; forks are followed already
 * @roots: the processes at the top of the subtrees
 *
 * A child whose parent was not found yet when it was born may have been passed
 * by: walk until nobody new is found.
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or -EINTR if the caller is being killed.
 */
int kin_reader_find_family(struct kin_reader *reader,
			   const struct kin_values *roots)
{
	struct family_walk family = { .reader = reader, .roots = roots };
	struct kin_scope *all = kzalloc(sizeof(*all), GFP_KERNEL);
	struct kin_walk walk = { .view = &reader->view, .scope = all,
				 .kinds = KIN_KIND_PROCESS };
	int err;

	family.judged = kvzalloc(BITS_TO_BYTES(PID_MAX_LIMIT), GFP_KERNEL);
	err = all && family.judged ? 0 : -ENOMEM;
	if (!err)
		all->all = true;
	do {
		if (err)
			break;
		family.found = false;
		walk.pos.pid = 0;
		bitmap_zero(family.judged, PID_MAX_LIMIT);
		err = kin_walk(&walk, KIN_KIND_PROCESS, judge, &family);
	} while (family.found);
	kvfree(family.judged);
	kfree(all);
	return err;
}

/* ---- filters ---- */

/* Must each event be shown to kin_reader_passes()? (Kinds are seen to before.) */
bool kin_reader_is_filtered(const struct kin_reader *reader)
{
	return !reader->scope.all || reader->family || reader->n_comms ||
	       reader->failed;
}

static bool has_comm(const struct kin_reader *reader, const char *comm)
{
	u32 i;

	for (i = 0; i < reader->n_comms; i++)
		if (!memcmp(reader->comms[i], comm, KIN_COMM_LEN))
			return true;
	return false;
}

/**
 * kin_reader_passes - does an event pass the filters
 * @reader: the reader; the kind of event is one it wants
 * @news: the event; the caller is in an RCU read section
 */
bool kin_reader_passes(struct kin_reader *reader, const struct kin_news *news)
{
	if (reader->failed && news->entry.base.kind == KIN_EVENT_KIND_EXIT &&
	    !news->entry.part.exit.status)
		return false;
	if (reader->family && !is_member(reader, kin_news_tgid(news->p)))
		return false;
	if (reader->n_comms && !has_comm(reader, news->entry.base.comm) &&
	    !(news->old_comm && has_comm(reader, news->old_comm)))
		return false;
	return reader->scope.all ||
	       kin_scope_filter(&reader->scope, &reader->view, news->p);
}
