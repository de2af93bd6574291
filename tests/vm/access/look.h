/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a caller sees: of each target each thing, by kin and by /proc. */
#ifndef ACCESS_LOOK_H
#define ACCESS_LOOK_H

#include <stdbool.h>

#include "target.h"
#include "thing.h"

struct cell {
	enum verdict verdict;
	int proc; /* 0, or the -errno of /proc */
	bool differs; /* both tell, and not the same */
};

/* All private groups, and descriptors, of whoever is there. */
struct sweep {
	enum verdict verdict, fd_verdict;
	unsigned int tasks, given, denied;
	unsigned int leaked; /* given, and not by /proc */
	unsigned int silent; /* neither given nor denied */
};

struct view {
	struct cell cells[THING_MAX][TARGETS];
	int ptrace[TARGETS]; /* 0: the right to */
	struct sweep sweep;
	enum verdict events;
};

/* Fill it, as whoever this process is; /proc is mounted at @proc. */
void look(struct view *view, const struct targets *targets, const char *proc);

#endif /* ACCESS_LOOK_H */
