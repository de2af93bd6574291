// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * storm [PER_SECOND]: a script gone wild: it starts a program, which ends at once, well,
 * a hundred times a second.
 *
 * What it shows: a CPU that is busy, with nobody to be seen in a list of processes;
 * pids that grow fast; forks, execs and exits, all of one parent. Only events, or what
 * the parent's dead children used, tell.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

int main(int argc, char **argv)
{
	const char *self = lab_self();
	long rate;

	if (argc > 1 && !strcmp(argv[1], "short"))
		return 0;
	rate = lab_number(argc, argv, 1, 1, 1000, 100);
	/* Nobody has to wait for its children. */
	signal(SIGCHLD, SIG_IGN);
	lab_say(getpid(), "starts %ld programs a second", rate);
	while (!lab_cured(1000 / rate)) {
		/* Its memory need not be copied. */
		if (!vfork()) {
			execl(self, "storm", "short", NULL);
			_exit(127);
		}
	}
	return 0;
}
