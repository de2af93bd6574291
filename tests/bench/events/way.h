/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who looks on while processes come and go, if anyone does. */
#ifndef BENCH_WAY_H
#define BENCH_WAY_H

#include "source.h"

struct way {
	const char *name;
	const struct source *source; /* NULL: nobody reads */
	unsigned int readers;
	bool module;	/* kin's is loaded */
	bool stopped;	/* the readers have a subscription, and do not run */
};

extern const struct way ways[];
extern const unsigned int n_ways;

#endif /* BENCH_WAY_H */
