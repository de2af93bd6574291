/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that is to get a signal, if it is still the one that was meant. */
#ifndef GUARD_TARGET_H
#define GUARD_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libkin.h"

struct target {
	uint32_t pid;			/* 0: the alert is of no process */
	uint64_t start_boottime_ns;
};

/* target_look - who has a pid now: 0, -ESRCH: nobody, or another -errno */
typedef int target_look(uint32_t pid, struct kin_base *base, void *arg);

/*
 * target_open - a pidfd of it
 * @why: receives why there is none
 *
 * Returns the descriptor, or -errno: -ESRCH: it has ended; -EPERM: it must not get a
 * signal: pid 1, a kernel thread, this process or who it descends from; others: it is
 * not known who it is.
 */
int target_open(const struct target *target, target_look *look, void *arg, char *why,
		size_t size);

#endif /* GUARD_TARGET_H */
