/* SPDX-License-Identifier: GPL-2.0 */
/* Requests for the environment of a process. */
#ifndef KIN_ENVIRON_H
#define KIN_ENVIRON_H

struct netlink_callback;
struct sk_buff;

int kin_environ_start(struct netlink_callback *cb);
int kin_environ_fill(struct sk_buff *skb, struct netlink_callback *cb);
int kin_environ_done(struct netlink_callback *cb);

#endif
