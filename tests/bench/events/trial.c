// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How it is counted: the machine has one processor, its clock moves on by a
 * nanosecond with each instruction, and by leaps while there is nothing to do. So
 * the time from the order to make a number of processes until the last reader has
 * looked at the last event, less the time that the processor was idle, is all that
 * these processes cost, whoever did it: they themselves, probes, a worker, the
 * wakeups, the readers.
 *
 * What a process costs without readers is not the same all day long: it depends on
 * how full the kernel's slabs are, for one, and comes and goes by a hundredth. So
 * between any two rounds with readers lies one without, in which the same
 * processes sleep and no module is loaded; from each round is taken what its two
 * neighbours took.
 */
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../counter.h"
#include "../rounds.h"
#include "module.h"
#include "reader.h"
#include "trial.h"

/* Cycles that bring pages in, each time that something was switched. */
#define WARMING 100

/*
 * Numbers are given out in turn, and the higher they are, the deeper is the tree
 * that holds them: each round gets the same ones.
 */
#define FIRST_PID "10000"

/* KiB: a stopped reader is to lose events, in each round. */
#define SMALL_RING 16

static void rewind_pids(void)
{
	const int fd = open("/proc/sys/kernel/ns_last_pid",
			    O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, FIRST_PID, strlen(FIRST_PID)) < 0)
		err(1, "/proc/sys/kernel/ns_last_pid");
	close(fd);
}

static void check_probes(const struct way *way)
{
	struct kin_status status;

	if (!way->module)
		return;
	module_status(&status);
	if (!status.probes != !way->readers)
		errx(1, "%s: %u probes are attached", way->name, status.probes);
}

static void switch_on(const struct way *way, struct readers *readers)
{
	module_want(way->module);
	if (way->stopped)
		module_set_ring(SMALL_RING);
	readers_switch(readers, true);
	check_probes(way);
	if (way->stopped)
		readers_stop(readers);
}

static void switch_off(const struct way *way, struct readers *readers)
{
	if (way->stopped) {
		readers_continue(readers);
		readers_await(readers);
	}
	readers_switch(readers, false);
	module_want(false);
}

static __s64 play(struct trial *trial, struct readers *readers,
		  unsigned int cycles, bool await)
{
	__u64 idle, start, end;

	rewind_pids();
	idle = counter_idle();
	start = counter_read();
	generator_run(&trial->generator, cycles);
	if (await)
		readers_await(readers);
	end = counter_read();
	return end - start - counter_overhead() - (counter_idle() - idle);
}

static __s64 play_off(struct trial *trial, struct readers *readers)
{
	play(trial, readers, WARMING, false);
	return play(trial, readers, trial->cycles, false);
}

static __s64 play_on(struct trial *trial, const struct way *way,
		     struct readers *readers)
{
	const bool await = !way->stopped;
	__s64 count;

	switch_on(way, readers);
	readers_expect(readers, WARMING * trial->events);
	play(trial, readers, WARMING, await);
	readers_expect(readers, (__u64)trial->cycles * trial->events);
	count = play(trial, readers, trial->cycles, await);
	switch_off(way, readers);
	return count;
}

static void play_rounds(struct trial *trial, const struct way *way,
			struct readers *readers, struct verdict *verdict)
{
	struct rounds on = { .n = trial->rounds }, off = on, more = on;
	__s64 before, after;
	unsigned int i;

	/* Once for nothing: all is where it will be. */
	play_off(trial, readers);
	play_on(trial, way, readers);
	before = play_off(trial, readers);
	for (i = 0; i < trial->rounds; i++) {
		on.counts[i] = play_on(trial, way, readers);
		after = play_off(trial, readers);
		off.counts[i] = (before + after) / 2;
		more.counts[i] = on.counts[i] - off.counts[i];
		before = after;
	}
	verdict->instructions = rounds_median(&on);
	verdict->bare = rounds_median(&off);
	verdict->more = rounds_median(&more);
	verdict->range = rounds_range(&more);
}

/* A stopped reader lacks what it was told that it lacks, all others nothing. */
static void check_tally(const struct way *way, const struct tally *tally,
			__u64 made)
{
	const bool good = way->stopped ? tally->lost > 0 :
					 !tally->lost && tally->count == made;

	if (!good)
		errx(1, "%s: of %llu events came %llu, %llu told lost",
		     way->name, (unsigned long long)made,
		     (unsigned long long)tally->count,
		     (unsigned long long)tally->lost);
}

void trial_play(struct trial *trial, const struct way *way,
		struct verdict *verdict)
{
	const struct tally first = { .family = trial->generator.pid,
				     .batch_ms = trial->batch_ms };
	struct readers readers = { .name = way->name, .n = way->readers };
	const __u64 rounds = 1 + trial->rounds;
	const __u64 cycles = rounds * (WARMING + trial->cycles);
	unsigned int i;

	module_want(false);
	readers_start(&readers, way->source, &first);
	play_rounds(trial, way, &readers, verdict);
	for (i = 0; i < readers.n; i++)
		check_tally(way, &readers.tally[i], cycles * trial->events);
	verdict->events = readers.n ? trial->cycles * trial->events : 0;
	verdict->lost = readers.n ? readers.tally->lost / rounds : 0;
	readers_end(&readers);
}
