// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * forkbomb [PROCESSES]: each process forks, and so do its children; in a control group
 * whose pids.max is PROCESSES (400): without that fence it refuses to start.
 *
 * What it shows: a number of processes that doubles until it meets a limit; then
 * fork(2) fails with EAGAIN, again and again, and the CPU goes into trying. All
 * are one family: the subtree of one process; killing them one by one does not help
 * (others take their place), killing the first one does here, because each asked to be
 * killed with its parent (PR_SET_PDEATHSIG): real ones need cgroup.kill, or to be
 * stopped first.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

/* A member does not live for ever: fork(2) succeeds again, and so it goes on. */
#define LIFE_TRIES 50
#define PAUSE_US   20000

static void explode(void)
{
	for (int tries = 0; tries < LIFE_TRIES; tries++) {
		if (!lab_fork())
			tries = 0;
		usleep(PAUSE_US);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	_exit(1);
}

int main(int argc, char **argv)
{
	const long most = lab_number(argc, argv, 1, 2, 5000, 400);
	char max[32];
	pid_t first;

	snprintf(max, sizeof(max), "%ld", most);
	lab_enter_cgroup("pids", "pids.max", max);
	first = lab_fork();
	if (!first)
		for (;;) {
			if (!lab_fork())
				explode();
			usleep(PAUSE_US);
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;
		}
	lab_say(first, "and its children fork; %ld processes at most", most);
	lab_cured(-1);
	kill(first, SIGKILL);
	lab_leave_cgroup();
	return 0;
}
