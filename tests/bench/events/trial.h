/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One way to look on, over the rounds of one case. */
#ifndef BENCH_TRIAL_H
#define BENCH_TRIAL_H

#include "generator.h"
#include "way.h"

struct trial {
	struct generator generator;
	unsigned int events; /* of a cycle */
	unsigned int cycles; /* of a round */
	unsigned int rounds;
	__u32 batch_ms;
};

/* Of a round: the medians. */
struct verdict {
	__s64 instructions; /* while somebody looks on */
	__s64 bare;	    /* while nobody does */
	__s64 more;	    /* the difference, round by round */
	__s64 range;	    /* of the differences: most - least */
	__u64 events;	    /* that the first reader has seen */
	__u64 lost;	    /* and that it was told it has lost */
};

void trial_play(struct trial *trial, const struct way *way,
		struct verdict *verdict);

#endif /* BENCH_TRIAL_H */
