/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that is run to its end, or to that of its time. */
#ifndef GUARD_CHILD_H
#define GUARD_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct child {
	char *const *argv;	/* no shell reads them */
	char *const *env;
	const char *input;	/* its standard input, a file */
	size_t input_len;
	int abort_fd;		/* end it when this becomes readable */
	uint64_t timeout_ns;

	/* what has become of it */
	int status;		/* as of wait(2) */
	bool timed_out, aborted;
	bool stuck;		/* it did not even end when it was killed */
	char said[200];		/* the first line of its output, cut; not made safe */
};

/*
 * child_run - start it in a process group of its own, and wait
 *
 * Whose time is over is killed with its whole group; what it has left running when it
 * ended by itself is left alone, without its output being read any more. Returns 0, or
 * -errno: it could not be started.
 */
int child_run(struct child *child);

#endif /* GUARD_CHILD_H */
