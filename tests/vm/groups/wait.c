// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A task that was woken, and sleeps again, got onto a CPU after it was woken, and before
 * it looked at the clock.
 */
#include <poll.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "../truth/tap.h"
#include "groups.h"
#include "one.h"

#define PATIENCE  200
#define CLOCKS_NS 2000000 /* the scheduler's clock and ours are not the same */

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static void tell_time(int in, int out)
{
	uint64_t time;
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(in, &byte, 1) == 1) {
		time = now();
		if (write(out, &time, sizeof(time)) != sizeof(time))
			break;
	}
	_exit(0);
}

/* Between what may be, at the least and at the most. */
static bool look(struct kin *kin, pid_t pid, int to, int from, uint64_t ns[3])
{
	struct kin_snapshot snap;
	uint64_t woken = now(), seen, before, after;

	if (write(to, "", 1) != 1 || read(from, &seen, sizeof(seen)) != sizeof(seen))
		tap_bail("pipe");
	one_await(pid, "S");
	/* Long enough that its beginning can be told from its end. */
	poll(NULL, 0, 30);
	before = now();
	one_get(kin, pid, KIN_KIND_THREAD, KIN_GROUP_WAIT, &snap);
	after = now();
	ns[0] = before - seen;
	ns[1] = snap.tasks[0].wait.since_cpu_ns;
	ns[2] = after - woken;
	kin_snapshot_free(&snap);
	return ns[1] + CLOCKS_NS >= ns[0] && ns[1] <= ns[2] + CLOCKS_NS;
}

void groups_check_wait(struct kin *kin)
{
	int to[2], from[2], tries = 0;
	uint64_t ns[3];
	bool good = false;
	pid_t pid;

	if (pipe(to) || pipe(from))
		tap_bail("pipe");
	pid = fork();
	if (!pid)
		tell_time(to[0], from[1]);
	/* Who is preempted in between gets onto a CPU once more. */
	while (!good && tries++ < PATIENCE)
		good = look(kin, pid, to[1], from[0], ns);
	tap_ok(good, "wait: since_cpu_ns %llu is between %llu and %llu (try %d)",
	       (unsigned long long)ns[1], (unsigned long long)ns[0], (unsigned long long)ns[2],
	       tries);
	one_end(pid);
}
