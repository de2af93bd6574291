// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole programs, from fork to exit, writing to a file that is thrown away. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "../spawn.h"
#include "contender.h"

#define MAX_WORDS 12

static char number[16];
static int null = -1;

static void program_open(const struct contender *self, pid_t pid)
{
	snprintf(number, sizeof(number), "%d", pid);
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0)
		err(1, "/dev/null");
}

static void program_close(const struct contender *self)
{
	close(null);
}

/* The words of the contender, and then the process. */
static pid_t start(const struct contender *self, int output)
{
	char *const *words = self->detail;
	char *argv[MAX_WORDS + 2];
	int n;

	for (n = 0; words[n] && n < MAX_WORDS; n++)
		argv[n] = words[n];
	argv[n++] = number;
	argv[n] = NULL;
	return spawn_start(argv, output);
}

/* The rows that name one of the holder's files. */
static void count_rows(const struct contender *self, struct seen *seen)
{
	char line[4096];
	int ends[2];
	FILE *rows;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe");
	pid = start(self, ends[1]);
	close(ends[1]);
	rows = fdopen(ends[0], "r");
	while (rows && fgets(line, sizeof(line), rows))
		seen->descriptors += !!strstr(line, "/file-");
	fclose(rows);
	spawn_finish(self->name, pid);
}

static void program_read(const struct contender *self, struct seen *seen)
{
	if (seen->hashing)
		count_rows(self, seen);
	else
		spawn_finish(self->name, start(self, null));
}

#define PROGRAM                                                             \
	.open = program_open, .read = program_read, .close = program_close, \
	.cpu_time = true

static const char *const kin_fd[] = { "build/kin", "fd", NULL };
static const char *const lsof[] = { "lsof", "-n", "-P", "-w", "-p", NULL };
static const char *const lsfd[] = { "lsfd", "-p", NULL };

const struct contender program_kin_fd = {
	PROGRAM,
	.goal = "fd rows",
	.name = "kin fd",
	.detail = kin_fd,
};

const struct contender program_lsof = {
	PROGRAM,       .goal = "fd rows", .name = "lsof",
	.most = 10000, .detail = lsof,
};

const struct contender program_lsfd = {
	PROGRAM,       .goal = "fd rows", .name = "lsfd",
	.most = 10000, .detail = lsfd,
};
