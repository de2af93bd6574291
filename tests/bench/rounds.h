/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rounds of a measurement say together. */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include <linux/types.h>

#define MAX_ROUNDS 99

struct rounds {
	__s64 counts[MAX_ROUNDS];
	unsigned int n;
};

/* The median; sorts them. */
__s64 rounds_median(struct rounds *rounds);

/* Most less least; they are sorted. */
__s64 rounds_range(const struct rounds *rounds);

#endif /* BENCH_ROUNDS_H */
