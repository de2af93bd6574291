/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family. */
#ifndef KIN_NETLINK_H
#define KIN_NETLINK_H

int kin_netlink_init(void);
void kin_netlink_uninit(void);

#endif
