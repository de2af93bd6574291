/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups that say what /proc does not, or not of every task; each function prints results. */
#ifndef GROUPS_H
#define GROUPS_H

#include "libkin.h"

/* Delays, by what the kernel's taskstats say. */
void groups_check_delay(struct kin *kin);

/* How long a task has been off the CPU, by what it knows itself. */
void groups_check_wait(struct kin *kin);

/* Program, working directory and root that were removed; limits as prlimit(2) has them;
 * the stack of a task in D. */
void groups_check_places(struct kin *kin);
void groups_check_limits(struct kin *kin);
void groups_check_stack(struct kin *kin);

/* Environments. */
void groups_check_environ(struct kin *kin);

#endif /* GROUPS_H */
