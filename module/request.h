/* SPDX-License-Identifier: GPL-2.0 */
/* What requests for tasks, descriptors and environments have in common. */
#ifndef KIN_REQUEST_H
#define KIN_REQUEST_H

#include <linux/build_bug.h>
#include <linux/netlink.h>
#include <net/netlink.h>

#include "kin.h"

struct kin_scope;
struct kin_view;
struct kin_walk;

/* What netlink keeps for us between two messages of a dump: a pointer to all that we
 * know of it. */
static inline void **kin_request_state(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(void *) > sizeof(cb->ctx));
	return (void **)cb->ctx;
}

static inline u32 kin_request_u32(struct nlattr **attrs, int type, u32 absent)
{
	return attrs[type] ? nla_get_u32(attrs[type]) : absent;
}

static inline u32 kin_request_kinds(struct nlattr **attrs)
{
	return kin_request_u32(attrs, KIN_A_KINDS, KIN_KIND_PROCESS);
}

int kin_request_one_pid(const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack);
int kin_request_walk(struct kin_walk *walk, struct kin_scope *scope,
		     const struct kin_view *view, struct netlink_callback *cb);

#endif
