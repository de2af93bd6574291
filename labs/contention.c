// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * contention [PROCESSES]: more processes that compute than there are CPUs (eight times
 * as many).
 *
 * What it shows: each gets an eighth of a CPU; the kernel takes it away hundreds of times
 * a second: involuntary switches; the time a task was ready but had to wait (run_delay)
 * grows faster than what it used. None of them alone is a runaway: together they are
 * the load.
 */
#include <err.h>
#include <unistd.h>

#include "lab.h"

int main(int argc, char **argv)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	const long count = lab_number(argc, argv, 1, 1, 4096, 8 * cpus);

	for (long i = 0; i < count; i++) {
		const pid_t pid = lab_fork();

		if (pid < 0)
			err(1, "fork");
		while (!pid)
			__asm__ volatile("" ::: "memory");
	}
	lab_say(getpid(), "has %ld children that compute, on %ld CPUs", count, cpus);
	lab_cured(-1);
	return 0;
}
