/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children that do nothing: tasks to be counted. */
#ifndef TRUTH_SLEEPERS_H
#define TRUTH_SLEEPERS_H

#include <sys/types.h>

/* Start @n, which end with whoever starts them; bails out if there are fewer. */
void sleepers_start(pid_t *pids, int n);

/* End them and wait until they are gone. */
void sleepers_end(const pid_t *pids, int n);

#endif /* TRUTH_SLEEPERS_H */
