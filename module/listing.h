/* SPDX-License-Identifier: GPL-2.0 */
/* Requests for descriptors. */
#ifndef KIN_LISTING_H
#define KIN_LISTING_H

struct netlink_callback;
struct sk_buff;

int kin_listing_start(struct netlink_callback *cb);
int kin_listing_fill(struct sk_buff *skb, struct netlink_callback *cb);
int kin_listing_done(struct netlink_callback *cb);

#endif
