// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rounds of a measurement say together. */
#include <stdlib.h>

#include "rounds.h"

static int compare_counts(const void *a, const void *b)
{
	const __s64 x = *(const __s64 *)a, y = *(const __s64 *)b;

	return (x > y) - (x < y);
}

__s64 rounds_median(struct rounds *rounds)
{
	qsort(rounds->counts, rounds->n, sizeof(rounds->counts[0]),
	      compare_counts);
	return rounds->counts[rounds->n / 2];
}

__s64 rounds_range(const struct rounds *rounds)
{
	return rounds->counts[rounds->n - 1] - rounds->counts[0];
}
