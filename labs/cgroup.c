// SPDX-License-Identifier: GPL-2.0-or-later
/* A fence around an illness: a control group of its own. */
#include "lab.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOT "/sys/fs/cgroup"

static char fence[64];

static bool put(const char *directory, const char *file, const char *value)
{
	const ssize_t len = strlen(value);
	char path[160];
	bool done;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	done = write(fd, value, len) == len;
	close(fd);
	return done;
}

void lab_enter_cgroup(const char *controller, const char *file, const char *value)
{
	char on[32];

	snprintf(on, sizeof(on), "+%s", controller);
	if (!put(ROOT, "cgroup.subtree_control", on))
		err(1, "no controller %s: this lab wants root, and cgroup v2 at "
		    ROOT, controller);
	snprintf(fence, sizeof(fence), ROOT "/kin-lab-%d", getpid());
	if (mkdir(fence, 0755))
		err(1, "%s", fence);
	if (put(fence, file, value) && put(fence, "cgroup.procs", "0"))
		return;
	warn("%s: %s", fence, file);
	rmdir(fence);
	exit(1);
}

void lab_leave_cgroup(void)
{
	put(ROOT, "cgroup.procs", "0");
	while (wait(NULL) > 0)
		;
	/* Those that this process was never the parent of have been killed, too. */
	while (rmdir(fence))
		usleep(10000);
}
