/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family. */
#ifndef KIN_NETLINK_H
#define KIN_NETLINK_H

#include <linux/types.h>

struct sk_buff;

int kin_netlink_init(void);
void kin_netlink_uninit(void);
void *kin_netlink_put(struct sk_buff *skb, u32 portid, u8 cmd);

#endif
