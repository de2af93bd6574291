// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>

#include "../counter.h"
#include "../rounds.h"
#include "match.h"

/* As in bench: a timer tick is to be a small part of a round. */
#define ROUND_LEAST 40000000ull

/* A contender, and the clock that counts its instructions. */
struct match {
	const struct contender *c;
	__u64 (*now)(void);
};

/* Instructions of one pass, the mean of several. */
static __u64 play_round(const struct match *match, __u64 passes)
{
	const __u64 start = match->now();
	struct seen seen;
	__u64 i;

	for (i = 0; i < passes; i++) {
		seen = (struct seen){ 0 };
		match->c->read(match->c, &seen);
	}
	return (match->now() - start - counter_overhead()) / passes;
}

static void play_rounds(const struct match *match, unsigned int n,
			struct result *result)
{
	struct rounds rounds = { .n = n };
	__u64 passes;
	unsigned int i;

	/* The first brings files and pages in, the second counts. */
	play_round(match, 1);
	passes = 1 + ROUND_LEAST / (play_round(match, 1) + 1);
	for (i = 0; i < n; i++)
		rounds.counts[i] = play_round(match, passes);
	result->instructions = rounds_median(&rounds);
	result->spread = (double)rounds_range(&rounds) / result->instructions;
}

bool match_play(const struct contender *c, pid_t pid, unsigned int descriptors,
		const struct wish *wish, struct result *result)
{
	const bool cpu_time = c->cpu_time || wish->cpu_time;
	const struct match match = { c,
				     cpu_time ? counter_cpu_ns : counter_read };
	struct seen seen = { .hashing = true };

	c->open(c, pid);
	c->read(c, &seen);
	if (seen.descriptors && seen.descriptors != descriptors)
		errx(1, "%s/%s: %llu of %u descriptors", c->goal, c->name,
		     (unsigned long long)seen.descriptors, descriptors);
	if (seen.descriptors)
		play_rounds(&match, wish->rounds, result);
	else
		warnx("%s/%s: this kernel tells of none", c->goal, c->name);
	result->paths = seen.paths;
	c->close(c);
	return seen.descriptors;
}
