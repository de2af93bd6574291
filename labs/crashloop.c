// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crashloop [PER_MINUTE]: a supervisor whose service exits with status 1 as soon as it
 * starts, and is started again, and again (120 times a minute).
 *
 * What it shows: processes that no list ever has, as they live for a moment; exits that
 * are not 0, one like the other, of one executable; a parent that is well. Only events
 * tell.
 */
#include <err.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

int main(int argc, char **argv)
{
	const char *self = lab_self();
	long rate;

	if (argc > 1 && !strcmp(argv[1], "service"))
		return 1;
	rate = lab_number(argc, argv, 1, 1, 6000, 120);
	lab_say(getpid(), "starts a service that fails, %ld times a minute", rate);
	while (!lab_cured(60000 / rate)) {
		const pid_t pid = lab_fork();

		if (!pid) {
			execl(self, "crashloop", "service", NULL);
			err(127, "%s", self);
		}
		waitpid(pid, NULL, 0);
	}
	return 0;
}
