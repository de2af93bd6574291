/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A task's descriptors as /proc shows them: fd, fdinfo, and stat() through fd. */
#ifndef FD_SEEN_H
#define FD_SEEN_H

#include "member.h"

struct fd_seen {
	uint32_t fd;
	char *link; /* where /proc/PID/fd/N leads; NULL: its path is too long */
	uint64_t values[N_NUMBERS]; /* ABSENT: /proc does not tell */
};

struct seen {
	struct fd_seen *fds; /* in no order */
	size_t n, room;
};

/* Of a thread. False: it is gone. */
bool seen_read(struct seen *seen, uint32_t pid, uint32_t tid);

/* Of a process: of its main thread, or, if that has ended, of the first that lives. */
bool seen_read_process(struct seen *seen, uint32_t pid);
void seen_drop(struct seen *seen);

const struct fd_seen *seen_fd(const struct seen *seen, uint32_t fd);

#endif /* FD_SEEN_H */
