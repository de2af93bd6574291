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

#define PAUSE_US   20000
/* As a shell does: who cannot fork tries again later. Those without children give up at
 * last, which makes room for others: so it goes on. */
#define RETRY_US   1000000
#define TRIES	   5

/* Is there one left? */
static bool bury_children(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	return !pid;
}

static void explode(void)
{
	int tries = 0;

	while (bury_children() || tries < TRIES) {
		const pid_t pid = lab_fork();

		tries = pid < 0 ? tries + 1 : 0;
		usleep(pid < 0 ? RETRY_US : PAUSE_US);
	}
	_exit(1);
}

/* Whose end ends them all. */
static void start_again_for_ever(void)
{
	for (;;) {
		if (!lab_fork())
			explode();
		usleep(RETRY_US);
		bury_children();
	}
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
		start_again_for_ever();
	lab_say(first, "and its children fork; %ld processes at most", most);
	lab_cured(-1);
	kill(first, SIGKILL);
	lab_leave_cgroup();
	return 0;
}
