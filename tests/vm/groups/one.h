/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process to ask about. */
#ifndef GROUPS_ONE_H
#define GROUPS_ONE_H

#include <sys/types.h>

#include "libkin.h"

/* A record of one process or thread; bails out if there is none. kin_snapshot_free(). */
void one_get(struct kin *kin, pid_t pid, uint32_t kind, uint32_t groups,
	     struct kin_snapshot *snap);

/* Wait until /proc shows the process in one of these states. */
void one_await(pid_t pid, const char *states);

/* End it, and wait for it. */
void one_end(pid_t pid);

#endif /* GROUPS_ONE_H */
