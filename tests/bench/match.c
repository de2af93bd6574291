// SPDX-License-Identifier: GPL-2.0-or-later
/* One contender's rounds over one family. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "match.h"
#include "rounds.h"

/*
 * Instructions in a round, at least: a timer tick, which comes with every four
 * millions, is to be a small part of it. Larger passes stand alone.
 */
#define ROUND_LEAST 40000000ull

/* Tasks in the machine besides the family, with a large margin. */
#define OTHERS 4096

void match_start(struct match *match, const struct family *family,
		 unsigned int members, unsigned int rounds)
{
	memset(match, 0, sizeof(*match));
	match->family = family;
	match->members = members;
	match->rounds = rounds < MAX_ROUNDS ? rounds : MAX_ROUNDS;
	/* Processes and threads: two records for each. */
	samples_init(&match->list, 2 * (members + OTHERS));
}

void match_end(struct match *match)
{
	samples_free(&match->list);
	samples_free(&match->reference);
}

static __u64 now(const struct contender *c)
{
	return c->cpu_time ? counter_cpu_ns() : counter_read();
}

/* Instructions of one pass, the mean of several. */
static __u64 play_round(struct match *match, const struct contender *c,
			__u64 passes)
{
	const __u64 start = now(c);
	__u64 i;

	for (i = 0; i < passes; i++) {
		match->list.n = 0;
		c->read(c, &match->list);
	}
	return (now(c) - start - counter_overhead()) / passes;
}

static void play_rounds(struct match *match, const struct contender *c,
			struct result *result)
{
	struct rounds rounds = { .n = match->rounds };
	__u64 passes, cpu, start;
	unsigned int i;

	/* The first brings files and pages in, the second counts. */
	play_round(match, c, 1);
	passes = 1 + ROUND_LEAST / play_round(match, c, 1);
	cpu = counter_cpu_ns();
	start = now(c);
	for (i = 0; i < rounds.n; i++)
		rounds.counts[i] = play_round(match, c, passes);
	result->foreign =
		1 - (double)(counter_cpu_ns() - cpu) / (now(c) - start);
	result->instructions = rounds_median(&rounds);
	result->spread = (double)rounds_range(&rounds) / result->instructions;
}

/* Keep a copy of the first complete list; the others must be equal to it. */
static void compare(struct match *match, const struct contender *c)
{
	struct samples *reference = &match->reference;

	if (match->list.n != match->members)
		errx(1, "%s read %zu of %u processes", c->name, match->list.n,
		     match->members);
	if (!reference->at && c->fields == SAMPLE_ALL) {
		samples_init(reference, match->list.n);
		reference->n = match->list.n;
		memcpy(reference->at, match->list.at,
		       reference->n * sizeof(*reference->at));
	}
	if (reference->at && !samples_equal(reference, &match->list, c->fields))
		errx(1, "%s did not read what the first contender read",
		     c->name);
}

static void prove(struct match *match, const struct contender *c,
		  struct result *result)
{
	const __u32 common = SAMPLE_ALL & ~SAMPLE_CPU_TIMES;

	samples_keep_children(&match->list, match->family->parent);
	samples_scale(&match->list, &c->units);
	compare(match, c);
	if ((c->fields & common) == common)
		result->checksum_common =
			samples_checksum(&match->list, common);
	if (c->fields == SAMPLE_ALL)
		result->checksum_all =
			samples_checksum(&match->list, SAMPLE_ALL);
}

void match_play(struct match *match, const struct contender *c,
		struct result *result)
{
	memset(result, 0, sizeof(*result));
	c->open(c);
	play_rounds(match, c, result);
	if (c->look)
		c->look(c, &match->list);
	result->records = match->list.n ? match->list.n : match->members;
	if (result->records < match->members)
		errx(1, "%s read %zu of %u processes", c->name, result->records,
		     match->members);
	if (c->fields)
		prove(match, c, result);
	c->close(c);
}
