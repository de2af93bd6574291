// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * oom [MIB]: a process that wants more memory than its control group may have (32 MiB),
 * and is killed for it.
 *
 * What it shows: an exit by SIGKILL (137 to a shell) that nobody sent: the kernel did,
 * and says so in an event of its own ("oom") just before. Its peak RSS is the group's
 * limit. The parent, in the same group, goes on.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

#define MIB (1 << 20)

static void eat(void)
{
	for (;;) {
		char *more = malloc(MIB);

		if (!more)
			_exit(1);
		memset(more, 1, MIB);
	}
}

int main(int argc, char **argv)
{
	const long most = lab_number(argc, argv, 1, 8, 65536, 32);
	char max[32];
	pid_t eater;
	int status;

	snprintf(max, sizeof(max), "%ldM", most);
	lab_enter_cgroup("memory", "memory.max", max);
	eater = lab_fork();
	if (eater < 0)
		err(1, "fork");
	if (!eater)
		eat();
	lab_say(eater, "wants more than %ld MiB", most);
	waitpid(eater, &status, 0);
	printf("it ended with %d\n", WIFSIGNALED(status) ?
	       128 + WTERMSIG(status) : WEXITSTATUS(status));
	fflush(stdout);
	lab_cured(-1);
	lab_leave_cgroup();
	return 0;
}
