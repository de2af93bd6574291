/* SPDX-License-Identifier: GPL-2.0 */
/* Requests for tasks: one, or all of a scope. */
#ifndef KIN_DUMP_H
#define KIN_DUMP_H

#include <linux/types.h>

struct genl_info;
struct netlink_callback;
struct nlattr;
struct sk_buff;

size_t kin_get_size(struct nlattr **attrs);
int kin_get(struct sk_buff *skb, struct sk_buff *request,
	    struct genl_info *info);

int kin_dump_start(struct netlink_callback *cb);
int kin_dump_fill(struct sk_buff *skb, struct netlink_callback *cb);
int kin_dump_done(struct netlink_callback *cb);

#endif
