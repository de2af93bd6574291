// SPDX-License-Identifier: GPL-2.0
/* What requests for tasks, their descriptors and environment have in common. */
#include <net/genetlink.h>

#include "request.h"
#include "scope.h"
#include "status.h"
#include "walk.h"

/**
 * kin_request_one_pid - is there exactly one KIN_A_PID
 * @nlh: the request
 * @extack: receives what is wrong
 *
 * Return: 0, or -EINVAL.
 */
int kin_request_one_pid(const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, pids = 0;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem)
		if (nla_type(attr) == KIN_A_PID && pids++)
			return reject(extack, attr, "one pid only; dump for more");
	if (!pids)
		return reject(extack, NULL, "the pid is missing");
	return 0;
}

/**
 * kin_request_walk - which tasks a dump is about: read it from its request
 * @walk: zeroed; made ready to start
 * @scope: zeroed; kin_scope_free() it
 * @view: who asks
 * @cb: the dump, in the first call that fills a message and not earlier, since
 *      older kernels have no extack for us before
 *
 * Return: 0, -EINVAL, -E2BIG or -ENOMEM.
 */
int kin_request_walk(struct kin_walk *walk, struct kin_scope *scope,
		     const struct kin_view *view, struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	int err;

	walk->view = view;
	walk->scope = scope;
	walk->kinds = kin_request_kinds(attrs);
	if (!walk->kinds)
		return reject(cb->extack, attrs[KIN_A_KINDS], "no kind is named: process, thread or both");
	if (attrs[KIN_A_STATES] && !nla_get_u32(attrs[KIN_A_STATES]))
		return reject(cb->extack, attrs[KIN_A_STATES], "no state is named");
	err = kin_scope_parse(scope, view, cb->nlh, cb->extack);
	if (err == -E2BIG)
		kin_status_count(requests_rejected, 1);
	return err;
}
