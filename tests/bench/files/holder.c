// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holder.h"

#define FILES	  16
#define DIRECTORY "/tmp/kin-bench"

static void enter(const char *directory)
{
	mkdir(directory, 0700);
	if (chdir(directory))
		err(1, "%s", directory);
}

static int open_file(unsigned int i, bool deeper)
{
	char name[32];
	int fd;

	if (deeper)
		enter("d");
	snprintf(name, sizeof(name), "file-%u", i);
	fd = open(name, O_RDWR | O_CREAT, 0600);
	if (fd < 0)
		err(1, "%s", name);
	return fd;
}

static void descend(unsigned int depth)
{
	enter(DIRECTORY);
	while (depth--)
		enter("d");
}

/* Those of one file are not side by side. */
static void hold(unsigned int descriptors, unsigned int depth, int report)
{
	unsigned int fd;
	int file;

	descend(depth);
	report = dup2(report, descriptors);
	if (report < 0)
		err(1, "%u descriptors", descriptors);
	for (fd = 0; fd < descriptors; fd++) {
		file = fd < FILES ? open_file(fd, depth) : (int)(fd % FILES);
		if (file != (int)fd && dup2(file, fd) < 0)
			err(1, "descriptor %u", fd);
		if (fd < FILES && file != (int)fd)
			close(file);
	}
	if (write(report, "r", 1) != 1)
		_exit(1);
	close(report);
	for (;;)
		pause();
}

pid_t holder_start(unsigned int descriptors, unsigned int depth)
{
	int ends[2];
	pid_t pid;
	char byte;

	if (pipe(ends))
		err(1, "pipe");
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close_range(ends[1] + 1, ~0U, 0);
		hold(descriptors, depth, ends[1]);
	}
	close(ends[1]);
	/* Its last one is closed after it has said that it is ready. */
	if (read(ends[0], &byte, 1) != 1 || read(ends[0], &byte, 1))
		errx(1, "the holder of %u descriptors ended", descriptors);
	close(ends[0]);
	return pid;
}

void holder_end(pid_t pid)
{
	kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) < 0)
		err(1, "waitpid");
}
