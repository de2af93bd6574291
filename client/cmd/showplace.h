/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a task is, for kin show: in the kernel, among files, in which control group,
 * and what it was called with. */
#ifndef KIN_CMD_SHOWPLACE_H
#define KIN_CMD_SHOWPLACE_H

#include "cmd.h"

/* showplace_print - sections, of what came */
void showplace_print(const struct kin_task *task);

#endif /* KIN_CMD_SHOWPLACE_H */
