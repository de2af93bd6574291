/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Somebody else: a process with other credentials, in other namespaces. */
#ifndef TRUTH_PLACE_H
#define TRUTH_PLACE_H

#include <stdint.h>
#include <sys/types.h>

struct place {
	const char *name;
	int namespaces; /* CLONE_NEWPID, CLONE_NEWUSER...; CLONE_NEWNS: /proc */
	uid_t uid; /* and gid; 0: stays root */
};

/* Run a function in a place; returns the pid (here) of the process. It is
 * killed when this one dies. */
pid_t place_start(const struct place *place, void (*fn)(void *arg), void *arg);

/* Wait for it; 0 if it ended well. */
int place_wait(pid_t pid);

/* Hand a descriptor over a unix socket; take one (or -1). */
void fd_send(int over, int fd);
int fd_receive(int over);

#endif /* TRUTH_PLACE_H */
