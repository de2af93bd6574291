/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reader is to do, and what it has seen. In memory shared with whoever
 * measures, who waits for a word on a pipe.
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <linux/types.h>
#include <stdbool.h>

struct tally {
	__u32 family;	/* events of this process's children count */
	__u32 batch_ms; /* how long readers that look by themselves rest */
	int pipe;
	volatile bool on; /* be subscribed, or not */
	volatile __u64 target; /* events seen or known as lost: tell it then */
	volatile bool told;
	__u64 count;
	__u64 lost;
	__u64 looked; /* a sum over what was read, so that it is read */
};

/* Says that the reader has done as it was told, or that the target is reached. */
void tally_tell(struct tally *tally);

static inline void tally_check(struct tally *tally)
{
	if (tally->count + tally->lost >= tally->target && !tally->told)
		tally_tell(tally);
}

static inline void tally_add(struct tally *tally)
{
	tally->count++;
	tally_check(tally);
}

static inline void tally_lost(struct tally *tally, __u64 lost)
{
	tally->lost += lost;
	tally_check(tally);
}

#endif /* BENCH_TALLY_H */
