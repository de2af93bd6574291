// SPDX-License-Identifier: GPL-2.0
/* Requests for tasks: one, or all of a scope. */
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "access.h"
#include "dump.h"
#include "kin.h"
#include "record.h"
#include "request.h"
#include "scope.h"
#include "status.h"
#include "view.h"
#include "walk.h"

/* A dump from its request to its last message. */
struct kin_dump {
	struct kin_view view;
	struct kin_scope scope;
	struct kin_walk walk;
	struct kin_record rec;
	bool parsed;
	bool ended;
};

static u32 groups_of(struct nlattr **attrs)
{
	return kin_request_u32(attrs, KIN_A_GROUPS, 0);
}

static void pin(struct kin_view *view, struct sk_buff *request, u32 groups)
{
	kin_view_pin(view, request);
	if (groups & KIN_GROUPS_PRIVATE)
		kin_access_pin(view, request);
}

/* May who asks have any of it? */
static int check(const struct kin_view *view, u32 groups,
		 struct netlink_ext_ack *extack)
{
	const int err = kin_view_check(view, extack);

	if (err || !(groups & KIN_GROUPS_PRIVATE))
		return err;
	return kin_access_check(view, groups, extack);
}

/* ---- one task ---- */

/**
 * kin_get_size - how long the reply about one task may get
 * @attrs: of the request
 *
 * Return: bytes.
 */
size_t kin_get_size(struct nlattr **attrs)
{
	if (groups_of(attrs) & KIN_GROUPS_LONG)
		return SKB_WITH_OVERHEAD(KIN_RECV_SIZE) - NLMSG_HDRLEN -
		       GENL_HDRLEN;
	return NLMSG_DEFAULT_SIZE - GENL_HDRLEN;
}

static int check_get(struct genl_info *info)
{
	struct netlink_ext_ack *extack = info->extack;
	const struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		switch (nla_type(attr)) {
		case KIN_A_GROUPS:
		case KIN_A_KINDS:
		case KIN_A_PID:
			break;
		default:
			return reject(extack, attr, "this filter is for dumps only");
		}
	}
	err = kin_request_one_pid(info->nlhdr, extack);
	if (err)
		return err;
	if (hweight32(kin_request_kinds(info->attrs)) != 1)
		return reject(extack, info->attrs[KIN_A_KINDS], "one kind only: process or thread");
	return 0;
}

/**
 * kin_get - write the record of the task that is asked for
 * @skb: the reply
 * @request: the request
 * @info: and what is in it
 *
 * Return: 0, -EINVAL, -EPERM, -ESRCH or -EMSGSIZE.
 */
int kin_get(struct sk_buff *skb, struct sk_buff *request,
	    struct genl_info *info)
{
	const bool thread = kin_request_kinds(info->attrs) == KIN_KIND_THREAD;
	const u32 groups = groups_of(info->attrs);
	struct kin_record rec = {};
	struct kin_view view;
	int err;

	err = check_get(info);
	if (err)
		return err;
	pin(&view, request, groups);
	err = check(&view, groups, info->extack);
	if (err)
		goto out;
	kin_status_count(gets, 1);
	kin_record_init(&rec, &view, groups);
	rec.all_or_nothing = true;
	kin_record_open(&rec, skb);
	err = kin_record_get(&rec, nla_get_u32(info->attrs[KIN_A_PID]), thread);
	kin_record_close(&rec);
	kin_status_count(tasks_sent, rec.tasks);
	if (err == -ESRCH)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KIN_A_PID], "no such task");
	if (err == -EPERM)
		kin_access_refuse(info->extack, info->attrs[KIN_A_PID]);
out:
	kin_view_unpin(&view);
	return err;
}

/* ---- all tasks of a scope ---- */

/**
 * kin_dump_start - pin who asks
 * @cb: the dump
 *
 * Context: the process that sends the request.
 * Return: 0 or -ENOMEM.
 */
int kin_dump_start(struct netlink_callback *cb)
{
	struct kin_dump *dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	const u32 groups = groups_of(genl_info_dump(cb)->attrs);

	if (!dump)
		return -ENOMEM;
	pin(&dump->view, cb->skb, groups);
	kin_record_init(&dump->rec, &dump->view, groups);
	/* Room for the longest of records, also before the reader has read. */
	if (groups & KIN_GROUPS_LONG)
		cb->min_dump_alloc = SKB_WITH_OVERHEAD(KIN_RECV_SIZE);
	*kin_request_state(cb) = dump;
	kin_status_count(dumps_started, 1);
	return 0;
}

/*
 * Read the request, and refuse it: in the first call that fills a message and
 * not earlier, since older kernels have no extack for us before.
 */
static int parse(struct kin_dump *dump, struct netlink_callback *cb)
{
	int err;

	err = check(&dump->view, dump->rec.groups, cb->extack);
	if (!err)
		err = kin_request_walk(&dump->walk, &dump->scope, &dump->view,
				       cb);
	dump->parsed = !err;
	return err;
}

/**
 * kin_dump_fill - write as many records as fit
 * @skb: the message
 * @cb: the dump
 *
 * Context: whoever reads from the socket.
 * Return: 0 if these were the last, -EMSGSIZE if more are to follow, or another
 * -errno that ends the dump.
 */
int kin_dump_fill(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct kin_dump *dump = *kin_request_state(cb);
	int err;

	if (!dump->parsed) {
		err = parse(dump, cb);
		if (err)
			return err;
	}
	kin_scope_forget(&dump->scope);
	kin_record_open(&dump->rec, skb);
	err = kin_record_walk(&dump->rec, &dump->walk);
	kin_record_close(&dump->rec);
	kin_status_count(tasks_sent, dump->rec.tasks);
	if (!err)
		dump->ended = true;
	return err;
}

/**
 * kin_dump_done - release what the dump has pinned
 * @cb: the dump, at its end or abandoned
 *
 * Return: 0.
 */
int kin_dump_done(struct netlink_callback *cb)
{
	struct kin_dump *dump = *kin_request_state(cb);

	if (dump->ended)
		kin_status_count(dumps_done, 1);
	kin_scope_free(&dump->scope);
	kin_view_unpin(&dump->view);
	kfree(dump);
	return 0;
}
