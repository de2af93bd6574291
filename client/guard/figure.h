/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers with their units, as words of a sentence: for printf, by value. */
#ifndef GUARD_FIGURE_H
#define GUARD_FIGURE_H

#include "format.h"
#include "libkin.h"

struct figure {
	char text[KIN_FORMAT_MAX + 16];	/* and a unit */
};

/* A number that is not known (KIN_NONE64) is "?". */
struct figure figure_count(uint64_t n);			/* 1234 */
struct figure figure_times(uint64_t n);			/* once, 12 times */
struct figure figure_bytes(uint64_t bytes);		/* 1.2G */
struct figure figure_about(uint64_t ns);		/* 12 min */
struct figure figure_seconds(uint64_t ns);		/* 20 s, 1.5 s */

/* figure_share - how much of a whole: 97.6 %; "?" of nothing */
struct figure figure_share(uint64_t part, uint64_t whole);

/* figure_more, figure_more_bytes - what was added, or taken away: +12.3M, -4 */
struct figure figure_more(int64_t n);
struct figure figure_more_bytes(int64_t bytes);

/* figure_rate, figure_rate_bytes - the same for a second: +33.1/s, +2.1M/s */
struct figure figure_rate(int64_t n, uint64_t ns);
struct figure figure_rate_bytes(int64_t bytes, uint64_t ns);

/* figure_plain - the same without the sign of more: 33.1/s, but -4.0/s */
struct figure figure_plain(struct figure figure);

#endif /* GUARD_FIGURE_H */
