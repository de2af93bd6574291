/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One contender's rounds over one family. */
#ifndef BENCH_MATCH_H
#define BENCH_MATCH_H

#include "contender.h"
#include "family.h"

struct match {
	const struct family *family;
	unsigned int members;
	unsigned int rounds;
	struct samples list;
	/* What the first contender that had all fields read of the family. */
	struct samples reference;
};

struct result {
	__u64 instructions; /* of one pass: the median of all rounds */
	double spread; /* of the rounds: (most - least) / median */
	double foreign; /* share of the time that was not the contender's */
	size_t records;
	__u64 checksum_common; /* of what all have; 0: no such fields */
	__u64 checksum_all;
};

void match_start(struct match *match, const struct family *family,
		 unsigned int members, unsigned int rounds);
void match_play(struct match *match, const struct contender *c,
		struct result *result);
void match_end(struct match *match);

#endif /* BENCH_MATCH_H */
