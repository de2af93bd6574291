// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mirror is exact: of a family that does by lot all that families do, whenever
 * it rests; opened in the middle of that; after losses; and of the workload of
 * known size, with numbers that are given out again and again. KIN_SEED repeats a
 * run.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../workload/draw.h"
#include "events/clan.h"
#include "events/play.h"
#include "events/same.h"
#include "truth/module.h"
#include "truth/tap.h"

#define RING_MIN "ring_kib=16"
#define PID_MAX	 "/proc/sys/kernel/pid_max"
#define FEW_PIDS "700" /* so that each number is used many times */

/* A batch of events takes 8 ms at most. */
#define QUIET_MS   50
#define SETTLE_MS  30000
#define SOCKET_READS 300 /* messages that a socket may hold, and more */
#define TRIES	   5 /* somebody else, a worker of the kernel, may come or go */

static unsigned int members = 60, opens = 200, rounds = 100;
static unsigned long long_storm = 6000, short_storm = 60;
static struct kin *kin;
static uint64_t seed;

/* ---- what the mirror tells, while it changes ---- */

static struct {
	unsigned long born, gone, unknown_ends, odd;
	uint64_t events, lost, healed;
} told;

static char marked; /* nodes that were told of point here */

static void on_born(const struct kin_node *node, void *arg)
{
	told.born++;
	told.odd += node->user || node->life == KIN_LIFE_GONE;
	((struct kin_node *)node)->user = &marked;
}

static void on_changed(const struct kin_node *node, uint32_t changes, void *arg)
{
	told.odd += node->user != &marked || node->life == KIN_LIFE_GONE ||
		    !changes;
}

static void on_gone(const struct kin_node *node, void *arg)
{
	told.gone++;
	told.odd += node->user != &marked || node->life != KIN_LIFE_GONE;
	told.unknown_ends += !node->has_end &&
			     !(node->task.base.flags & KIN_TASK_THREAD);
	((struct kin_node *)node)->user = NULL;
}

static void on_event(const struct kin_event_record *rec, void *arg)
{
	told.events += !!rec->base;
	told.lost += rec->lost;
}

static void on_healed(uint64_t lost, void *arg)
{
	told.healed += lost;
}

static struct kin_mirror *open_mirror(void)
{
	static const struct kin_mirror_options options = {
		.groups = KIN_GROUP_SCHED | KIN_GROUP_MEM | KIN_GROUP_CGROUP,
		.kinds = KIN_KINDS,
		.keep_ns = 1000000000, .keep_max = 100,
		.born = on_born, .changed = on_changed, .gone = on_gone,
		.event = on_event, .healed = on_healed,
	};
	const struct kin_node *node = NULL;
	struct kin_mirror *m;

	memset(&told, 0, sizeof(told));
	if (kin_mirror_open(&m, &options))
		tap_bail("mirror: %s", kin_mirror_error(m));
	while ((node = kin_mirror_next(m, node)))
		((struct kin_node *)node)->user = &marked;
	return m;
}

/* ---- storm and rest ---- */

static void read_for(struct kin_mirror *m, int ms)
{
	if (kin_mirror_read(m, ms) < 0)
		tap_bail("read: %s", kin_mirror_error(m));
}

/* A mirror that reads, or (NULL) nobody that does. */
static void storm_until(struct kin_mirror *m, unsigned long acts)
{
	while (clan_acts() < acts) {
		if (m)
			read_for(m, 10);
		else
			poll(NULL, 0, 1);
	}
}

static void rest(struct kin_mirror *m)
{
	clan_stop();
	while (clan_active()) {
		if (m)
			read_for(m, 1);
		else
			poll(NULL, 0, 1);
	}
}

static void settle(struct kin_mirror *m)
{
	if (kin_mirror_settle(m, QUIET_MS, SETTLE_MS))
		tap_bail("settle: %s", kin_mirror_error(m));
}

/* Settled and equal; others may have to come to rest first. */
static bool is_exact(struct kin_mirror *m)
{
	for (int i = 0; i < TRIES; i++) {
		settle(m);
		if (!same_as_snapshot(m, kin))
			return true;
	}
	return false;
}

static bool is_as_proc(struct kin_mirror *m)
{
	for (int i = 0; i < TRIES; i++) {
		settle(m);
		if (!same_as_proc(m))
			return true;
	}
	return false;
}

/* ---- what is to be shown ---- */

static void check_all(struct kin_mirror *m, const char *when)
{
	struct kin_mirror_stats stats;

	tap_ok(is_exact(m), "%s: equals a snapshot", when);
	tap_ok(is_as_proc(m), "%s: equals /proc", when);
	tap_ok(!same_when_sampled(m, kin), "%s: sampled, all of base equals",
	       when);
	tap_ok(!same_sums(m), "%s: sums of branches are right", when);
	kin_mirror_stats(m, &stats);
	tap_ok(!told.odd && stats.kept <= 100,
	       "%s: %lu born, %lu gone, each told once and in order; %zu kept",
	       when, told.born, told.gone, stats.kept);
	tap_note("%" PRIu64 " events, %" PRIu64 " lost, %" PRIu64
		 " heals, %" PRIu64 " asked about, %zu processes, %zu threads",
		 stats.events, stats.lost, stats.heals, stats.asked,
		 stats.processes, stats.threads);
}

static void check_follow(void)
{
	struct kin_mirror *m = open_mirror();
	struct kin_mirror_stats stats;

	clan_go();
	storm_until(m, clan_acts() + long_storm);
	rest(m);
	check_all(m, "after a storm");
	clan_note();
	kin_mirror_stats(m, &stats);
	tap_ok(!told.lost && !stats.heals, "nothing was lost");
	tap_ok(!told.unknown_ends, "of each process the end is known: %lu not",
	       told.unknown_ends);
	kin_mirror_close(m);
}

/* Probes come and go with subscribers, which takes a busy machine seconds: the
 * first time the mirror is the only one, later there is another. */
static void check_opening(void)
{
	const struct kin_event_filter nothing = { .failed = true, .events =
						  KIN_EVENT_KIND_EXIT };
	struct kin_events *other = NULL;
	unsigned int exact = 0;

	for (unsigned int i = 0; i < opens; i++) {
		struct kin_mirror *m;

		clan_go();
		storm_until(NULL, clan_acts() + draw(&seed, short_storm));
		m = open_mirror();
		storm_until(m, clan_acts() + draw(&seed, short_storm));
		rest(m);
		exact += is_exact(m) && !told.odd;
		if (!other && kin_events_open(&other, &nothing))
			tap_bail("events: %s", kin_events_error(other));
		kin_mirror_close(m);
	}
	kin_events_close(other);
	tap_ok(exact == opens, "opened %u times in a storm, exact %u times",
	       opens, exact);
}

static void write_file(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		tap_bail("%s: %s", path, strerror(errno));
	close(fd);
}

static void read_file(const char *path, char *text, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t len = read(fd, text, size - 1);

	if (len < 0)
		tap_bail("%s: %s", path, strerror(errno));
	text[len] = '\0';
	close(fd);
}

/* What is set while there are subscribers is for later ones. */
static void reload(const char *parameters)
{
	kin_close(kin);
	if (module_unload() || module_load(parameters))
		tap_bail("the module cannot be loaded with \"%s\"",
			 parameters);
	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
}

/* Longer and longer storms while nobody reads, until some of one is lost. What the
 * socket has kept comes before that is told. */
static void lose_some(struct kin_mirror *m)
{
	const uint64_t before = told.lost;

	clan_go();
	for (unsigned long n = 1000; told.lost == before; n *= 2) {
		storm_until(NULL, clan_acts() + n);
		for (int i = 0; i < SOCKET_READS && told.lost == before; i++)
			read_for(m, 0);
	}
}

static void check_loss(void)
{
	struct kin_mirror_stats stats;
	struct kin_mirror *m;

	reload(RING_MIN);
	m = open_mirror();
	for (int i = 0; i < 3; i++) {
		lose_some(m);
		storm_until(m, clan_acts() + short_storm);
	}
	rest(m);
	check_all(m, "after losses");
	kin_mirror_stats(m, &stats);
	tap_ok(stats.lost && stats.heals && told.lost == stats.lost &&
		       told.healed == stats.lost,
	       "%" PRIu64 " lost, told, and healed by %" PRIu64 " snapshots",
	       stats.lost, stats.heals);
	kin_mirror_close(m);
	reload("");
}

static void check_workload(void)
{
	struct kin_mirror *m = open_mirror();
	char pid_max[16];

	play_setup();
	read_file(PID_MAX, pid_max, sizeof(pid_max));
	write_file(PID_MAX, FEW_PIDS);
	play_open();
	play_prepare(seed, rounds);
	play_go();
	while (!play_ended())
		read_for(m, 10);
	write_file(PID_MAX, pid_max);
	check_all(m, "few numbers");
	tap_ok(!told.lost && !told.unknown_ends,
	       "of each process the end is known: %lu not", told.unknown_ends);
	kin_mirror_close(m);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], CLAN_ARG))
		clan_resume(argv);
	if (getenv("KIN_SMALL")) {
		members = 20;
		opens = 10;
		rounds = 10;
		long_storm = 600;
	}
	seed = play_seed();
	tap_note("KIN_SEED=%" PRIu64, seed);
	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	clan_start(seed, members);
	/* The storm is for others, and there are few processors. */
	setpriority(PRIO_PROCESS, 0, -10);
	check_follow();
	check_opening();
	check_loss();
	clan_end();
	check_workload();
	kin_close(kin);
	return tap_done();
}
