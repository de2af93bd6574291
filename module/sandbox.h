/* SPDX-License-Identifier: GPL-2.0 */
/* Sandboxes that take away ptrace from those who have the capability. */
#ifndef KIN_SANDBOX_H
#define KIN_SANDBOX_H

#include <linux/types.h>

struct cred;

bool kin_sandbox_holds(const struct cred *cred);
int kin_sandbox_init(void);
void kin_sandbox_exit(void);

#endif
