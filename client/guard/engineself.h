/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's own struct, for the files that it is made of. */
#ifndef GUARD_ENGINESELF_H
#define GUARD_ENGINESELF_H

#include <time.h>

#include "judge.h"

struct engine {
	struct judge judge;
	struct engine_options options;
	void *event_arg;		/* for options.event */
	const struct rules *rules;
	struct kin_mirror *mirror;
	struct kin *kin;		/* for the host, and single processes */
	const struct kin_node **nodes;	/* of the last sample */
	size_t nodes_room;
	uint64_t interval_ns, last_ns, next_ns;	/* CLOCK_BOOTTIME; next 0: at once */
	uint64_t event_ns;		/* of the event that came last */
	uint64_t sample_cpu_ns;		/* what a sample costs, about */
	struct engine_stats stats;	/* what is counted here; of mirrors before this */
	char error[256];
};

/* engine_set_interval - by what was asked for, or by what samples cost */
void engine_set_interval(struct engine *engine);

/* engine_tick - it is now */
void engine_tick(struct engine *engine);

/* engine_fail - keep the sentence; returns @err */
int engine_fail(struct engine *engine, int err, const char *sentence);

#endif /* GUARD_ENGINESELF_H */
