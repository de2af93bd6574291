/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes whose number of descriptors grows, found by comparing samples. A
 * process is its pid and its start time. A table that several processes share
 * grows once: with the one it was told of.
 */
#ifndef KIN_FDGROWTH_H
#define KIN_FDGROWTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fdsample.h"

/* Who grew in each of the last so many intervals grows steadily. */
#define FDGROWTH_STEADY 5
#define FDGROWTH_PAST (FDGROWTH_STEADY + 1)	/* samples; what lies between them */

struct fdgrowth {
	struct fdtable now;		/* as of its last sample */
	uint32_t first_counts[KIN_FD_TYPE_COUNT];
	uint32_t last_counts[KIN_FD_TYPE_COUNT]; /* one sample earlier */
	uint64_t number;		/* of descriptors that are watched, now, */
	uint64_t first;			/* in its first sample (KIN_NONE64: none yet), */
	uint64_t first_ns;		/* when that was (CLOCK_BOOTTIME), */
	uint64_t last;			/* one sample earlier, */
	uint64_t past[FDGROWTH_PAST];	/* and before: a ring, by the sample's number */
	uint32_t streak;		/* so many intervals in a row it grew */
	bool stays;			/* it is in the next sample, too */
};

struct fdgrowths {
	uint32_t types;			/* only these are watched, 1 << enum
					   kin_fd_type; 0: all */
	struct fdgrowth *list;		/* in the order of their pids */
	size_t n;
	struct fdgrowth *before;	/* of one sample earlier: who does not stay has
					   ended */
	size_t n_before;
	uint64_t samples;
	uint64_t first_ns, last_ns, now_ns; /* of samples: first, last but one, last */
	uint64_t past_ns[FDGROWTH_PAST];	/* a ring, as in struct fdgrowth */
	uint64_t began, ended;		/* processes, since the first sample */
	size_t denied;			/* in the last sample */
	/* the rest is for fdgrowth.c */
	size_t room, room_before;
};

/* fdgrowths_add - the next sample, with counts if not all types are watched; the
 * first is what all others are compared with. Returns 0 or -ENOMEM. */
int fdgrowths_add(struct fdgrowths *growths, const struct fdsample *sample);

void fdgrowths_free(struct fdgrowths *growths);

/* fdgrowths_watched - of how many processes the last sample knows the number */
static inline size_t fdgrowths_watched(const struct fdgrowths *growths)
{
	return growths->n - growths->denied;
}

/* fdgrowths_intervals - how many lie between the samples; there is one */
static inline uint64_t fdgrowths_intervals(const struct fdgrowths *growths)
{
	return growths->samples - 1;
}

/* fdgrowth_last, fdgrowth_all - how many descriptors more (or less: negative): in
 * the last interval, and since its first sample */
int64_t fdgrowth_last(const struct fdgrowth *growth);
int64_t fdgrowth_all(const struct fdgrowth *growth);

/* fdgrowth_is_steady - it grew in each of the last FDGROWTH_STEADY intervals */
bool fdgrowth_is_steady(const struct fdgrowth *growth);

/* fdgrowth_limit_ns - when a process that grows steadily will have reached its soft
 * limit, if it goes on as in the last FDGROWTH_STEADY intervals: from now on; 0: it
 * has; KIN_NONE64: it does not grow steadily, or has no limit */
uint64_t fdgrowth_limit_ns(const struct fdgrowths *growths,
			   const struct fdgrowth *growth);

/* A type of descriptors, and by how many it grew. */
struct fdgrown {
	uint32_t type;			/* enum kin_fd_type */
	uint32_t more;
};

/*
 * fdgrowth_types - which types grew, of those that are watched, the most grown first
 * @all: since its first sample, else in the last interval
 * @grown: receives them
 *
 * Returns how many there are.
 */
size_t fdgrowth_types(const struct fdgrowths *growths,
		      const struct fdgrowth *growth, bool all,
		      struct fdgrown grown[KIN_FD_TYPE_COUNT]);

/*
 * fdgrowths_rows - who is told of after an interval: who grew in it, or has grown
 * since its first sample; those first who grew most in it, then since then
 * @rows: receives them; room for growths->n
 *
 * Returns how many there are.
 */
size_t fdgrowths_rows(const struct fdgrowths *growths,
		      const struct fdgrowth **rows);

/* fdgrowth_is_told - whether such a row is for it */
bool fdgrowth_is_told(const struct fdgrowth *growth);

/* fdgrowth_compare - for qsort(): who has grown most since its first sample is
 * first */
int fdgrowth_compare(const struct fdgrowth *a, const struct fdgrowth *b);

#endif /* KIN_FDGROWTH_H */
