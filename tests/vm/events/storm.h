/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As many forks as there can be, of which only the number matters. */
#ifndef EVENTS_STORM_H
#define EVENTS_STORM_H

#include <stdint.h>
#include <sys/types.h>

struct storm {
	unsigned int forkers; /* that fork at the same time, one child after */
	unsigned int forks; /* another, so many each */
	unsigned int failing; /* each of so many children ends with status 1 */
	uint32_t uid; /* all of them; and the name: */
	const char *comm;
};

/* Start it, as a child; wait until all of it is over. */
pid_t storm_start(const struct storm *storm);
void storm_wait(pid_t pid);

/* How many events of processes it makes: all, of the uid, of the name, and ends
 * with a status that is not 0. */
uint64_t storm_events(const struct storm *storm);
uint64_t storm_events_uid(const struct storm *storm);
uint64_t storm_events_comm(const struct storm *storm);
uint64_t storm_failed(const struct storm *storm);

/* A fork by a bare system call: what it costs is the kernel's. */
pid_t storm_fork(void);

/* Take the uid first, then the name. */
void storm_become(uint32_t uid, const char *comm);

#endif /* EVENTS_STORM_H */
