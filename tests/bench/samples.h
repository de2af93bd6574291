/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one pass over all processes brought. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "sample.h"

struct samples {
	struct bench_sample *at;
	size_t n;
	size_t room;
};

void samples_init(struct samples *list, size_t room);
void samples_free(struct samples *list);

/* Room for one more; ends the program if there is none. */
struct bench_sample *samples_overflow(void) __attribute__((noreturn));

static inline struct bench_sample *samples_add(struct samples *list)
{
	if (__builtin_expect(list->n == list->room, 0))
		samples_overflow();
	return &list->at[list->n++];
}

/* Which fields a contender has (a bit mask, in the order of the struct). */
#define SAMPLE_ALL	 0xfffffu
#define SAMPLE_CPU_TIMES ((1u << 13) | (1u << 14)) /* utime, stime */
#define SAMPLE_BASE	 0x2007fu /* what kin's base group has */
#define SAMPLE_ROW                                            \
	0x26fu /* what is plain in a row of ps: 4 ids, state, \
		  num_threads, min_flt */

/* In what a contender counts; scaled to what /proc/PID/stat has. */
struct sample_units {
	__u64 times_per_tick;
	__u64 rss_per_page;
};

/* Keep the children of one process only, sorted, in the units of /proc. */
void samples_keep_children(struct samples *list, __u32 ppid);
void samples_scale(struct samples *list, const struct sample_units *units);

/* Over the given fields of all samples. */
__u64 samples_checksum(const struct samples *list, __u32 fields);

/* Says on standard error where they differ first. */
bool samples_equal(const struct samples *a, const struct samples *b,
		   __u32 fields);

#endif /* BENCH_SAMPLES_H */
