/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors that come and go as fast as they can. */
#ifndef FDS_CHURN_H
#define FDS_CHURN_H

#include <stdbool.h>
#include <sys/types.h>

/* What was done, for all to see; zero at first. */
struct churned {
	unsigned long opened, moved, closed; /* descriptors */
	unsigned long forked, executed, unshared; /* processes */
};
extern struct churned *churned;

/* Before all else: makes churned, and room for many descriptors. */
void churn_init(void);

/* A thread's main function: opens, closes, moves descriptors of its own process, for
 * ever, but leaves those alone that are kept. @seed: a uint64_t of its own. */
void *churn_descriptors(void *seed);

/* Processes that do it: that fork and end, that execute, that share their table and
 * unshare it. They run until churn_end(). */
void churn_start(void);
void churn_end(void);

/* So much of each has been done. */
bool churned_enough(const struct churned *wanted);

/* fork(), and the child dies with its parent. */
pid_t churn_fork(unsigned long clone_flags);

#endif /* FDS_CHURN_H */
