/* SPDX-License-Identifier: GPL-2.0 */
/* The tracepoints that tell us of events. */
#ifndef KIN_PROBE_H
#define KIN_PROBE_H

#include <linux/types.h>

struct netlink_ext_ack;

void kin_probe_init(void);
void kin_probe_exit(void);
int kin_probe_get(struct netlink_ext_ack *extack);
void kin_probe_put(void);
void kin_probe_forget(void);
u32 kin_probe_count(void);
bool kin_probe_is_possible(void);

#endif
