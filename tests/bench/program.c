// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole programs, from fork to exit, writing to /dev/null. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contender.h"

extern char **environ;

static pid_t start(const struct contender *self, int output)
{
	char *const *argv = self->detail;
	posix_spawn_file_actions_t actions;
	int error;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	error = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error)
		errx(1, "%s: %s", argv[0], strerror(error));
	return pid;
}

static void finish(const struct contender *self, pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0)
		err(1, "waitpid");
	if (status)
		errx(1, "%s ended with status %#x", self->name, status);
}

static int null = -1;

static void program_open(const struct contender *self)
{
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0)
		err(1, "/dev/null");
}

static void program_read(const struct contender *self, struct samples *list)
{
	finish(self, start(self, null));
}

/* Another run, whose lines are counted; the first is the headings. */
static void program_count(const struct contender *self, struct samples *list)
{
	char text[65536];
	ssize_t n, i;
	int ends[2];
	size_t lines = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe");
	pid = start(self, ends[1]);
	close(ends[1]);
	while ((n = read(ends[0], text, sizeof(text))) > 0)
		for (i = 0; i < n; i++)
			lines += text[i] == '\n';
	close(ends[0]);
	finish(self, pid);
	list->n = lines - 1;
}

static void program_close(const struct contender *self)
{
	close(null);
}

#define PROGRAM(...)                                                          \
	.open = program_open, .read = program_read, .close = program_close,   \
	.count = program_count,                                               \
	.detail = (const char *const[]){__VA_ARGS__, NULL}

const struct contender program_ps = {
	.goal = "rows",
	.name = "ps",
	PROGRAM("ps", "-eo",
		"pid,ppid,pgid,sid,tty,s,user,ni,nlwp,vsz,rss,time,min_flt,"
		"comm"),
};

const struct contender program_kin_ps = {
	.goal = "rows",
	.name = "kin ps",
	PROGRAM("build/kin", "ps", "-o",
		"pid,ppid,pgid,sid,tty,state,user,nice,threads,vsize,rss,"
		"cputime,minflt,comm"),
};
