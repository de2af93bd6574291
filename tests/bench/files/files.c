// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * files: count the instructions that it takes to look at the descriptors of a
 * process, in one way after another. Runs as bench does.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/resource.h>

#include "../choice.h"
#include "../counter.h"
#include "../rounds.h"
#include "contender.h"
#include "holder.h"
#include "libkin.h"
#include "match.h"

static const struct option options[] = {
	{ "descriptors", required_argument, NULL, 'd' },
	{ "only", required_argument, NULL, 'o' },
	{ "rounds", required_argument, NULL, 'r' },
	{ "cpu-time", no_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static const char usage[] =
	"Usage: files [--descriptors N,...] [--only GOAL[/CONTENDER],...]\n"
	"             [--rounds N] [--cpu-time]\n"
	"One line a contender and number of descriptors, fields separated by\n"
	"tabs: goal, contender, descriptors, instructions of a pass, those for\n"
	"each descriptor, descriptors, spread of the rounds, and twice the\n"
	"checksum of their paths. Of the goal lock: the most instructions for\n"
	"which a table of so many descriptors was locked.\n"
	"--cpu-time: count the CPU time of the contender only, for a kernel in\n"
	"which others run meanwhile\n";

static void print(const char *goal, const char *name, unsigned int descriptors,
		  const struct result *r)
{
	printf("%s\t%s\t%u\t%llu\t%.1f\t%u\t%.5f\t%016llx\t%016llx\n", goal,
	       name, descriptors, (unsigned long long)r->instructions,
	       (double)r->instructions / descriptors, descriptors, r->spread,
	       (unsigned long long)r->paths, (unsigned long long)r->paths);
	fflush(stdout);
}

static void play(unsigned int descriptors, const struct wish *wish)
{
	const char *only = wish->only;
	const pid_t pid = holder_start(descriptors, 0);
	struct result result = { 0 };
	__u64 paths = 0;
	size_t i;

	for (i = 0; i < n_contenders; i++) {
		const struct contender *c = contenders[i];

		if ((only && !choice_has(only, c->goal, c->name)) ||
		    (c->most && descriptors > c->most))
			continue;
		if (!match_play(c, pid, descriptors, wish, &result))
			continue;
		if (paths && c->has_paths && result.paths != paths)
			errx(1, "%s did not read what others read", c->name);
		paths = c->has_paths ? result.paths : paths;
		print(c->goal, c->name, descriptors, &result);
	}
	holder_end(pid);
}

/* The worst of all so far: what is listed, counted by type, and counted. */
static void play_lock(const char *name, unsigned int descriptors,
		      unsigned int depth)
{
	const pid_t pid = holder_start(descriptors, depth);
	struct kin_status status;
	struct result result = { 0 };
	struct seen seen = { 0 };
	struct kin *kin;

	kin_paths.open(&kin_paths, pid);
	kin_paths.read(&kin_paths, &seen);
	kin_counts.read(&kin_counts, &seen);
	kin_files.read(&kin_files, &seen);
	kin_paths.close(&kin_paths);
	if (kin_open(&kin) || kin_status_get(kin, &status, NULL, 0))
		errx(1, "kin: %s", kin_error(kin));
	kin_close(kin);
	result.instructions = status.fds_lock_max_ns;
	print("lock", name, descriptors, &result);
	holder_end(pid);
}

#define LOCK_DESCRIPTORS 1000000

/* Nearly as long as a path may be, with as many names as may be. */
#define DEPTH		 2010
#define DEEP_DESCRIPTORS 2000

static void raise_limit(void)
{
	const struct rlimit limit = { LOCK_DESCRIPTORS + 1000,
				      LOCK_DESCRIPTORS + 1000 };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "setrlimit");
}

static void parse(int argc, char **argv, struct wish *wish)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (c) {
		case 'd':
			wish->descriptors = optarg;
			break;
		case 'o':
			wish->only = optarg;
			break;
		case 'r':
			wish->rounds = strtoul(optarg, NULL, 10);
			break;
		case 'c':
			wish->cpu_time = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			exit(2);
		}
	}
	if (!wish->rounds || wish->rounds > MAX_ROUNDS)
		errx(2, "--rounds takes a number from 1 to %u", MAX_ROUNDS);
}

int main(int argc, char **argv)
{
	struct wish wish = { "100,10000,100000", NULL, 5, false };
	const char *at;
	char *end;

	parse(argc, argv, &wish);
	raise_limit();
	/* Programs at other addresses each time fault in other pages. */
	personality(ADDR_NO_RANDOMIZE);
	counter_init(wish.cpu_time);
	for (at = wish.descriptors; *at; at = end + (*end == ',')) {
		const unsigned long n = strtoul(at, &end, 10);

		if (n < 100 || n > LOCK_DESCRIPTORS || (*end && *end != ','))
			errx(2,
			     "--descriptors takes numbers from 100 to %d: %s",
			     LOCK_DESCRIPTORS, at);
		play(n, &wish);
	}
	if (!wish.only || choice_has(wish.only, "lock", "kin"))
		play_lock("kin", LOCK_DESCRIPTORS, 0);
	if (!wish.only || choice_has(wish.only, "lock", "kin deep"))
		play_lock("kin deep", DEEP_DESCRIPTORS, DEPTH);
	return 0;
}
