// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filters: of what a subscriber of everything is told, one with a filter is
 * told just what passes it, many of them at once. KIN_SEED repeats a run.
 *
 * Two workloads, in a cgroup each, one of them moved about; a process that
 * leaves its family as a daemon does; and one outside that gets a number of the
 * family.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "events/match.h"
#include "events/play.h"
#include "events/storm.h"
#include "truth/tap.h"

#define CGROUP	"/sys/fs/cgroup"
#define WAIT_NS UINT64_C(60000000000)
#define N_ROOTS 2

/* ---- cgroups: top, one below it, another one ---- */

enum { TOP, BELOW, OTHER, N_CGROUPS };

static const char *const cgroup_dirs[N_CGROUPS] = {
	CGROUP "/kin-top",
	CGROUP "/kin-top/below",
	CGROUP "/kin-other",
};
static uint64_t cgroups[N_CGROUPS];

static void make_cgroups(void)
{
	struct stat st;

	for (int i = 0; i < N_CGROUPS; i++) {
		if ((mkdir(cgroup_dirs[i], 0755) && errno != EEXIST) ||
		    stat(cgroup_dirs[i], &st))
			tap_bail("%s: %s", cgroup_dirs[i], strerror(errno));
		cgroups[i] = st.st_ino;
	}
}

static bool is_below(uint64_t id, uint64_t top)
{
	return id == cgroups[BELOW] && top == cgroups[TOP];
}

/* False if the process has ended. */
static bool move(uint32_t pid, int cgroup)
{
	char file[64], number[16];
	bool moved;
	int fd;

	snprintf(file, sizeof(file), "%s/cgroup.procs", cgroup_dirs[cgroup]);
	snprintf(number, sizeof(number), "%u", pid);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		tap_bail("%s: %s", file, strerror(errno));
	moved = write(fd, number, strlen(number)) > 0;
	close(fd);
	return moved;
}

/* ---- readers ---- */

static uint32_t roots[N_ROOTS]; /* of the workloads */
static uint32_t leaver; /* of the daemon */
static const uint32_t uids[] = { 1000, 1001, 1002, 1003, 1004, 2000, 2001 };
#define N_UIDS (sizeof(uids) / sizeof(*uids))
static const char *const comms[] = { "program", "with blanks", "x",
				     "fifteen letters" };

/* The first has none. (As many as there may be.) */
static struct reader readers[] = {
	{ .name = "everything", .filter = { .kinds = KIN_KINDS } },
	{ .name = "processes" },
	{ .name = "threads", .filter = { .kinds = KIN_KIND_THREAD } },
	{ .name = "a subtree",
	  .filter = { .kinds = KIN_KINDS,
		      .scope = { .subtrees = roots, .n_subtrees = 1 } } },
	{ .name = "subtrees",
	  .filter = { .kinds = KIN_KINDS,
		      .scope = { .subtrees = roots, .n_subtrees = 2 } } },
	{ .name = "a subtree with a daemon",
	  .filter = { .kinds = KIN_KINDS,
		      .scope = { .subtrees = &leaver, .n_subtrees = 1 } } },
	{ .name = "thread groups",
	  .filter = { .kinds = KIN_KINDS,
		      .scope = { .tgids = roots, .n_tgids = 2 } } },
	{ .name = "users",
	  .filter = { .kinds = KIN_KINDS,
		      .scope = { .uids = uids, .n_uids = N_UIDS } } },
	{ .name = "a cgroup and below",
	  .filter = { .kinds = KIN_KINDS,
		      .scope = { .cgroups = &cgroups[TOP], .n_cgroups = 1 } } },
	{ .name = "cgroups",
	  .filter = { .kinds = KIN_KINDS,
		      .scope = { .cgroups = &cgroups[BELOW],
				 .n_cgroups = 2 } } },
	{ .name = "names", .filter = { .comms = comms, .n_comms = 4 } },
	{ .name = "failures", .filter = { .failed = true } },
	{ .name = "forks and execs",
	  .filter = { .events = KIN_EVENT_KIND_FORK | KIN_EVENT_KIND_EXEC,
		      .kinds = KIN_KINDS } },
	{ .name = "renamings and moves",
	  .filter = { .events = KIN_EVENT_KIND_COMM | KIN_EVENT_KIND_CGROUP,
		      .kinds = KIN_KINDS } },
	{ .name = "failures of users in a subtree",
	  .filter = { .events = KIN_EVENT_KIND_EXIT,
		      .failed = true,
		      .scope = { .subtrees = roots,
				 .n_subtrees = 2,
				 .uids = uids,
				 .n_uids = N_UIDS } } },
	{ .name = "names in cgroups",
	  .filter = { .comms = comms,
		      .n_comms = 3,
		      .kinds = KIN_KINDS,
		      .scope = { .cgroups = &cgroups[TOP], .n_cgroups = 3 } } },
};

#define N_READERS (sizeof(readers) / sizeof(*readers))

static void take_all(int timeout_ms)
{
	for (size_t i = 0; i < N_READERS; i++)
		reader_take(&readers[i], i ? 0 : timeout_ms);
}

/* ---- who leaves its family ---- */

/* Lives on, without its parent, until it is told to end; has a child then. */
static void stay_behind(int gate)
{
	char byte;
	pid_t pid;

	if (read(gate, &byte, 1) < 0)
		_exit(1);
	pid = storm_fork();
	if (!pid)
		syscall(SYS_exit_group, 3);
	waitpid(pid, NULL, 0);
	syscall(SYS_exit_group, 0);
}

static void leave(int go, int stay)
{
	char byte;

	if (read(go, &byte, 1) < 0)
		_exit(1);
	if (!storm_fork())
		stay_behind(stay);
	syscall(SYS_exit_group, 0);
}

/* A process of ours, not of the family, with the number of one of it. */
static void reuse(pid_t number)
{
	const struct clone_args args = { .exit_signal = SIGCHLD,
					 .set_tid = (uintptr_t)&number,
					 .set_tid_size = 1 };
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));

	if (pid < 0)
		tap_bail("number %d: %s", number, strerror(errno));
	if (!pid) {
		pid = storm_fork();
		if (!pid)
			syscall(SYS_exit_group, 4);
		waitpid(pid, NULL, 0);
		syscall(SYS_exit_group, 5);
	}
	waitpid(pid, NULL, 0);
}

/* The daemon's birth, the leaver's end, birth and end of a child, its own end.
 */
#define DAEMON_EVENTS 5

static void play_daemon(int go, int stay)
{
	if (write(go, "", 1) != 1)
		tap_bail("write: %s", strerror(errno));
	waitpid(leaver, NULL, 0);
	reuse(leaver);
	if (write(stay, "", 1) != 1)
		tap_bail("write: %s", strerror(errno));
}

/* ---- the play ---- */

static void play(unsigned int rounds, uint64_t seed, int go, int stay)
{
	unsigned int turn = 0;

	play_daemon(go, stay);
	play_go();
	while (!play_ended()) {
		take_all(10);
		move(roots[0], turn++ % N_CGROUPS);
	}
	tap_note("KIN_SEED=%" PRIu64 ", %u rounds each, %u moves", seed, rounds,
		 turn);
}

/* Filters do not pass marks: wait for what must come. */
static void await(struct reader *r, size_t wanted, uint64_t from, uint64_t to)
{
	const uint64_t give_up = now_ns() + WAIT_NS;
	size_t n = 0, i = 0;

	while (now_ns() < give_up) {
		for (; i < r->n; i++)
			n += r->seen[i].base.boottime_ns >= from &&
			     r->seen[i].base.boottime_ns <= to;
		if (n >= wanted)
			break;
		reader_take(r, 1000);
	}
	/* And what must not. */
	reader_take(r, 0);
}

static size_t count_passing(const struct kin_event_filter *filter,
			    uint64_t from, uint64_t to)
{
	struct match match;
	size_t n = 0;

	match_start(&match, filter);
	match.below = is_below;
	for (size_t i = 0; i < readers[0].n; i++) {
		const struct seen *seen = &readers[0].seen[i];

		n += match_passes(&match, seen) &&
		     seen->base.boottime_ns >= from &&
		     seen->base.boottime_ns <= to;
	}
	match_end(&match);
	return n;
}

static void check(struct reader *r, uint64_t from, uint64_t to)
{
	const size_t wanted = count_passing(&r->filter, from, to);
	struct match match;
	bool same;
	size_t n;

	await(r, wanted, from, to);
	match_start(&match, &r->filter);
	match.below = is_below;
	same = match_compare(&match, &readers[0], r, from, to, &n);
	tap_ok(same && n && !r->lost && !r->odd_seqs,
	       "%s: %zu events of %zu, the same ones", r->name, n,
	       readers[0].n);
	match_end(&match);
}

static void check_daemon(const struct reader *r)
{
	tap_ok(r->n == DAEMON_EVENTS,
	       "a daemon is followed, who gets its parent's number is not: %zu events of %d",
	       r->n, DAEMON_EVENTS);
}

static void prepare(unsigned int rounds, uint64_t seed, int *go, int *stay)
{
	if (pipe2(go, O_CLOEXEC) || pipe2(stay, O_CLOEXEC))
		tap_bail("pipe: %s", strerror(errno));
	leaver = storm_fork();
	if (!leaver)
		leave(go[0], stay[0]);
	play_open();
	for (int i = 0; i < N_ROOTS; i++) {
		roots[i] = play_prepare(seed + i, rounds);
		if (!move(roots[i], i ? OTHER : TOP))
			tap_bail("cannot move %u", roots[i]);
	}
}

int main(void)
{
	const unsigned int rounds = getenv("KIN_SMALL") ? 20 : 60;
	const uint64_t seed = play_seed();
	int go[2], stay[2];
	struct mark mark;
	uint64_t from;

	play_setup();
	make_cgroups();
	prepare(rounds, seed, go, stay);
	for (size_t i = 0; i < N_READERS; i++)
		reader_open(&readers[i]);
	from = now_ns();
	play(rounds, seed, go[1], stay[1]);
	mark = mark_make();
	reader_until(&readers[0], &mark);
	for (size_t i = 1; i < N_READERS; i++)
		check(&readers[i], from, readers[0].mark.boottime_ns);
	check_daemon(&readers[5]);
	for (size_t i = 0; i < N_READERS; i++)
		reader_close(&readers[i]);
	return tap_done();
}
