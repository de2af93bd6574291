// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench: count the instructions that it takes to read all processes, in one way
 * after another. Runs in a machine that counts (tests/vm/run --icount); what it
 * prints is for the script beside it.
 */
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include "choice.h"
#include "contender.h"
#include "counter.h"
#include "family.h"
#include "match.h"

#define MAX_FOREIGN 0.05

static const struct option options[] = {
	{ "tasks", required_argument, NULL, 't' },
	{ "only", required_argument, NULL, 'o' },
	{ "rounds", required_argument, NULL, 'r' },
	{ "light", no_argument, NULL, 'l' },
	{ "any-clock", no_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static const char usage[] =
	"Usage: bench [--tasks N,...] [--only GOAL[/CONTENDER],...]\n"
	"             [--rounds N] [--light] [--any-clock]\n"
	"One line a contender and number of tasks, fields separated by tabs:\n"
	"goal, contender, tasks, instructions of a pass, those for each record,\n"
	"records, spread of the rounds, checksum of the fields that all have,\n"
	"checksum of all fields.\n"
	"--light: the family shares one address space, for large numbers\n"
	"--any-clock: go on where the clock does not count instructions\n";

/* No list: the usual ones. */
static bool chosen(const struct contender *c, const char *list)
{
	return list ? choice_has(list, c->goal, c->name) : !c->on_demand;
}

static void print(const struct contender *c, unsigned int tasks,
		  const struct result *r)
{
	printf("%s\t%s\t%u\t%llu\t%.1f\t%zu\t%.5f\t%016llx\t%016llx\n", c->goal,
	       c->name, tasks, (unsigned long long)r->instructions,
	       (double)r->instructions / r->records, r->records, r->spread,
	       (unsigned long long)r->checksum_common,
	       (unsigned long long)r->checksum_all);
	fflush(stdout);
	if (r->foreign > MAX_FOREIGN)
		warnx("%s/%s: %.1f %% of the time was not its own", c->goal,
		      c->name, 100 * r->foreign);
}

static void play(unsigned int tasks, unsigned int rounds, bool light,
		 const char *only)
{
	struct family family;
	struct match match;
	struct result result;
	size_t i;

	family_start(&family, tasks, light);
	match_start(&match, &family, tasks, rounds);
	for (i = 0; i < n_contenders; i++) {
		if (!chosen(contenders[i], only))
			continue;
		match_play(&match, contenders[i], &result);
		print(contenders[i], tasks, &result);
	}
	match_end(&match);
	family_end(&family);
}

static void write_setting(const char *path, const char *value)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* Room for large families, and for one that keeps a descriptor for each. */
static void raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		err(1, "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "setrlimit");
	write_setting("/proc/sys/kernel/pid_max", "4194304");
	write_setting("/proc/sys/kernel/threads-max", "4194304");
}

int main(int argc, char **argv)
{
	const char *tasks = "100,1000,10000", *only = NULL;
	unsigned int rounds = 5;
	bool light = false, any_clock = false;
	char *end;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (c) {
		case 't':
			tasks = optarg;
			break;
		case 'o':
			only = optarg;
			break;
		case 'r':
			rounds = strtoul(optarg, NULL, 10);
			break;
		case 'l':
			light = true;
			break;
		case 'a':
			any_clock = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			return 2;
		}
	}
	if (!rounds)
		errx(2, "--rounds needs a number");
	raise_limits();
	/* Programs at other addresses each time fault in other pages. */
	personality(ADDR_NO_RANDOMIZE);
	counter_init(any_clock);
	for (; *tasks; tasks = end + (*end == ',')) {
		const unsigned long n = strtoul(tasks, &end, 10);

		if (!n || (*end && *end != ','))
			errx(2, "--tasks takes numbers: %s", tasks);
		play(n, rounds, light, only);
	}
	return 0;
}
