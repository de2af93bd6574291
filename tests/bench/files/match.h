/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One contender's rounds over one process. */
#ifndef BENCH_FILES_MATCH_H
#define BENCH_FILES_MATCH_H

#include "contender.h"

/* What was asked for on the command line. */
struct wish {
	const char *descriptors, *only;
	unsigned int rounds;
	bool cpu_time; /* of all contenders */
};

struct result {
	__u64 instructions; /* of one pass: the median of all rounds */
	double spread; /* of the rounds: (most - least) / median */
	__u64 paths; /* a checksum; 0: it reads none */
};

/* False: this kernel does not have what it takes. */
bool match_play(const struct contender *c, pid_t pid, unsigned int descriptors,
		const struct wish *wish, struct result *result);

#endif /* BENCH_FILES_MATCH_H */
