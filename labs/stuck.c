// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stuck: a process in state D, "uninterruptible": it waits within the kernel, and no
 * signal but SIGKILL reaches it.
 *
 * What it shows: no CPU time, no switches, nothing; each such task counts in the load
 * average as if it computed. Usually a disk or a server of files does not answer;
 * here it is a parent in vfork(2), which the kernel holds until its child calls exec(2) or
 * ends, and the child sleeps. It needs neither root nor a broken disk.
 */
#include <err.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lab.h"

static void wait_for_vfork(void)
{
	/* The child borrows this memory and this thread's stack. */
	if (!vfork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	_exit(1);
}

int main(void)
{
	const pid_t pid = lab_fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid)
		wait_for_vfork();
	lab_say(pid, "waits in the kernel, in state D");
	lab_cured(-1);
	kill(pid, SIGKILL);
	return 0;
}
