/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who asks: processes with other credentials, in other places. */
#ifndef ACCESS_CALLER_H
#define ACCESS_CALLER_H

#include <stdbool.h>

#include "../truth/place.h"

#define CALLER_UID 5000 /* of whom some targets are */
#define OTHER_UID  6000

struct caller {
	const char *name;
	struct place place;
	void (*become)(void); /* what a place has not; may be NULL */
	void (*sandbox)(
		void); /* last of all, when targets are there; may be NULL */
	bool box; /* has a pid namespace of its own */
	bool all; /* is promised everything, of everyone */
	bool private; /* is promised private things, of its own namespaces */
	bool not_owner; /* may ptrace, but not open files of mode 0400 */
	bool held; /* a sandbox takes away what it could do else */
	const char *(*lacks)(void); /* why it cannot be had here, or NULL */
};

extern const struct caller callers[];
extern const unsigned int n_callers;

/* Be it, and call a function; the numbers of a box begin with this process.
 * @outer receives the caller's pid as its parent knows it. Does not return. */
void caller_run(const struct caller *caller, void (*fn)(void),
		volatile int *outer) __attribute__((noreturn));

#endif /* ACCESS_CALLER_H */
