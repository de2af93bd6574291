/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors of kin against those of /proc, seen before and after. */
#ifndef FD_SAME_H
#define FD_SAME_H

#include "seen.h"
#include "told.h"

/* Which members differ (each a bit of the mask); a descriptor that /proc showed before
 * only, or after only, is not one that can be compared. */
uint64_t same_fd(const struct fd_told *told, const struct fd_seen *before,
		 const struct fd_seen *after);

struct same_tally {
	size_t processes, fds, retried;
	size_t missing; /* in /proc all the time, but not in kin */
	size_t made_up; /* in kin, and neither before nor after in /proc */
	size_t doubled; /* or out of order */
	size_t miscounted; /* tables whose numbers do not fit their lists */
	size_t compared[N_MEMBERS], differ[N_MEMBERS];
};

/* All of the process @pid, again and again until it fits or patience ends. */
void same_process(struct kin *kin, uint32_t pid, struct same_tally *tally);

/* All of the system. */
void same_system(struct kin *kin, struct same_tally *tally);

/* Results: a line for each member, and some for the whole. */
void same_report(const struct same_tally *tally, const char *of);

#endif /* FD_SAME_H */
