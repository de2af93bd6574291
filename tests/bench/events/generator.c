// SPDX-License-Identifier: GPL-2.0-or-later
/* The process whose children come and go. */
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generator.h"

/*
 * What is executed lies in memory: files of the host's root come over a bus, and
 * the clock runs on meanwhile.
 */
#define MEMORY "/mnt"
static char program[] = "build/bench/cycle", nothing[] = MEMORY "/nothing";

extern char **environ;

static void copy_nothing(void)
{
	const int from = open("build/bench/nothing", O_RDONLY | O_CLOEXEC);
	struct stat about;
	int to;

	if (from < 0 || fstat(from, &about))
		err(1, "build/bench/nothing");
	if (mount("none", MEMORY, "tmpfs", 0, NULL))
		err(1, "a tmpfs on " MEMORY);
	to = open(nothing, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	if (to < 0 || sendfile(to, from, NULL, about.st_size) != about.st_size)
		err(1, "%s", nothing);
	close(to);
	close(from);
}

void generator_start(struct generator *generator, const char *cycle)
{
	char name[32];
	char *argv[] = { program, name, nothing, NULL };
	posix_spawn_file_actions_t actions;
	int in[2], out[2], error;

	if (access(nothing, X_OK))
		copy_nothing();
	strncpy(name, cycle, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		err(1, "pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	error = posix_spawn(&generator->pid, program, &actions, NULL, argv,
			    environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error)
		errx(1, "%s: %s", program, strerror(error));
	close(in[0]);
	close(out[1]);
	generator->orders = fdopen(in[1], "w");
	generator->answers = fdopen(out[0], "r");
	if (!generator->orders || !generator->answers)
		err(1, "fdopen");
}

void generator_run(struct generator *generator, unsigned int cycles)
{
	char answer[32];

	fprintf(generator->orders, "%u\n", cycles);
	fflush(generator->orders);
	if (!fgets(answer, sizeof(answer), generator->answers) ||
	    strcmp(answer, "done\n"))
		errx(1, "%s has ended", program);
}

void generator_end(struct generator *generator)
{
	int status;

	fclose(generator->orders);
	fclose(generator->answers);
	if (waitpid(generator->pid, &status, 0) < 0)
		err(1, "waitpid");
	if (status)
		errx(1, "%s ended with status %#x", program, status);
}
