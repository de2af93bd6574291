// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pidfill [PERCENT]: a process with so many sleeping children that pids run out (90 %
 * of them are taken). As this is bad for a host, it refuses to start where there are
 * many: sysctl kernel.pid_max=2000 first, on a machine that may suffer.
 *
 * What it shows: fork(2) fails with EAGAIN for everybody, though there is memory
 * and CPU; nobody can log in; the load is zero. Threads count, too.
 */
#include <err.h>
#include <stdio.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "lab.h"

#define PID_MAX_ALLOWED 8192

static long pid_max(void)
{
	FILE *file = fopen("/proc/sys/kernel/pid_max", "re");
	long max = 0;

	if (!file || fscanf(file, "%ld", &max) != 1)
		err(1, "kernel.pid_max");
	fclose(file);
	return max;
}

static long tasks(void)
{
	struct sysinfo info;

	if (sysinfo(&info))
		err(1, "sysinfo");
	return info.procs;
}

int main(int argc, char **argv)
{
	const long percent = lab_number(argc, argv, 1, 1, 99, 90);
	const long max = pid_max();
	long count = 0;
	pid_t pid;

	if (max > PID_MAX_ALLOWED)
		errx(1, "kernel.pid_max is %ld: first lower it to %d or less",
		     max, PID_MAX_ALLOWED);
	for (; tasks() * 100 < percent * max; count++) {
		pid = lab_fork();
		if (pid < 0)
			break;
		while (!pid)
			pause();
	}
	lab_say(getpid(), "has %ld children: %ld of %ld pids are taken", count, tasks(), max);
	lab_cured(-1);
	return 0;
}
