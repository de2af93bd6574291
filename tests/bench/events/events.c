// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * events: count the instructions that processes cost while somebody looks on as
 * they come and go, in one way after another. Runs as bench does.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>

#include "../choice.h"
#include "../counter.h"
#include "../rounds.h"
#include "module.h"
#include "trial.h"

static const struct option options[] = {
	{ "cycles", required_argument, NULL, 'c' },
	{ "only", required_argument, NULL, 'o' },
	{ "rounds", required_argument, NULL, 'r' },
	{ "any-clock", no_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static const char usage[] =
	"Usage: events [--cycles N] [--rounds N] [--only CASE[/WHO],...]\n"
	"One line a case and who looks on, fields separated by tabs: case, who,\n"
	"cycles of a round, its instructions, those of a cycle, events of a\n"
	"round, spread of the rounds, instructions of a cycle without anyone,\n"
	"how many more a cycle takes, events of a round told as lost.\n"
	"--any-clock: go on where the clock does not count instructions\n";

static const struct {
	const char *name;
	unsigned int events;
} cases[] = {
	{ "fork+exit", 2 },
	{ "vfork+exec", 3 },
};

static void print(const char *name, const struct way *way,
		  const struct trial *trial, const struct verdict *v)
{
	const double n = trial->cycles;

	printf("%s\t%s\t%u\t%lld\t%.1f\t%llu\t%.5f\t%.1f\t%.1f\t%llu\n",
	       name, way->name, trial->cycles, (long long)v->instructions,
	       v->instructions / n, (unsigned long long)v->events,
	       (double)v->range / v->instructions, v->bare / n, v->more / n,
	       (unsigned long long)v->lost);
	fflush(stdout);
}

static void play(const char *name, struct trial *trial, const char *only)
{
	struct verdict verdict;
	unsigned int i;

	generator_start(&trial->generator, name);
	for (i = 0; i < n_ways; i++) {
		if (only && !choice_has(only, name, ways[i].name))
			continue;
		trial_play(trial, &ways[i], &verdict);
		print(name, &ways[i], trial, &verdict);
	}
	generator_end(&trial->generator);
}

static unsigned int number(const char *option, const char *text)
{
	char *end;
	const unsigned long n = strtoul(text, &end, 10);

	if (!n || n > 1000000 || *end)
		errx(2, "--%s takes a number from 1 to 1,000,000: %s", option,
		     text);
	return n;
}

static const char *parse(int argc, char **argv, struct trial *trial,
			 bool *any_clock)
{
	const char *only = NULL;
	int c, index;

	while ((c = getopt_long(argc, argv, "", options, &index)) >= 0) {
		switch (c) {
		case 'c':
			trial->cycles = number("cycles", optarg);
			break;
		case 'o':
			only = optarg;
			break;
		case 'r':
			trial->rounds = number("rounds", optarg);
			break;
		case 'a':
			*any_clock = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			exit(2);
		}
	}
	if (trial->rounds > MAX_ROUNDS)
		errx(2, "--rounds: at most %u", MAX_ROUNDS);
	return only;
}

int main(int argc, char **argv)
{
	struct trial trial = { .cycles = 500, .rounds = 5 };
	bool any_clock = false;
	const char *only = parse(argc, argv, &trial, &any_clock);
	struct kin_status status;
	size_t i;

	/* Programs at other addresses each time fault in other pages. */
	personality(ADDR_NO_RANDOMIZE);
	counter_init(any_clock);
	module_want(true);
	module_status(&status);
	trial.batch_ms = status.batch_ms;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		trial.events = cases[i].events;
		play(cases[i].name, &trial, only);
	}
	module_want(true);
	return 0;
}
