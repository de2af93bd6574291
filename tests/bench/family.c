// SPDX-License-Identifier: GPL-2.0-or-later
/* The processes that are looked at. */
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "family.h"

static char factory[] = "build/tests/factory";

extern char **environ;

static void await_ready(int output)
{
	FILE *lines = fdopen(output, "r");
	char line[4096];

	while (lines && fgets(line, sizeof(line), lines)) {
		if (!strncmp(line, "ready", 5)) {
			fclose(lines);
			return;
		}
	}
	errx(1, "%s ended before it was ready", factory);
}

void family_start(struct family *family, unsigned int members, bool light)
{
	char sleepers[] = "--sleepers", light_sleepers[] = "--light-sleepers";
	char number[16];
	char *argv[] = { factory, light ? light_sleepers : sleepers, number,
			 NULL };
	posix_spawn_file_actions_t actions;
	int in[2], out[2], error;

	snprintf(number, sizeof(number), "%u", members);
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		err(1, "pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	error = posix_spawn(&family->parent, factory, &actions, NULL, argv,
			    environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error)
		errx(1, "%s: %s", factory, strerror(error));
	close(in[0]);
	close(out[1]);
	family->hold = in[1];
	await_ready(out[0]);
}

void family_end(struct family *family)
{
	int status;

	close(family->hold);
	if (waitpid(family->parent, &status, 0) < 0)
		err(1, "waitpid");
	if (status)
		errx(1, "%s ended with status %#x", factory, status);
}
