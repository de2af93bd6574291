/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that read events, all of the same kind. */
#ifndef BENCH_READER_H
#define BENCH_READER_H

#include <sys/types.h>

#include "source.h"

#define MAX_READERS 4

struct readers {
	const char *name;
	unsigned int n;
	int pipe;
	pid_t pid[MAX_READERS];
	struct tally *tally; /* of each */
};

/* They have prepared, and do not subscribe yet. readers->n may be 0. */
void readers_start(struct readers *readers, const struct source *source,
		   const struct tally *first);
void readers_end(struct readers *readers);

/* Subscribe, or be so no more. */
void readers_switch(struct readers *readers, bool on);

/* They do not run any more; or again. */
void readers_stop(struct readers *readers);
void readers_continue(struct readers *readers);

/* So many more events are about to come. */
void readers_expect(struct readers *readers, __u64 events);
/* Until each has seen all that it was to expect. */
void readers_await(struct readers *readers);

#endif /* BENCH_READER_H */
