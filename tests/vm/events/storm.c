// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../truth/tap.h"
#include "storm.h"

pid_t storm_fork(void)
{
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

void storm_become(uint32_t uid, const char *comm)
{
	if (syscall(SYS_setresuid, uid, -1, -1))
		_exit(1);
	prctl(PR_SET_NAME, comm);
}

static void fork_on(const struct storm *storm)
{
	int status;
	pid_t pid;

	for (unsigned int i = 0; i < storm->forks; i++) {
		pid = storm_fork();
		if (!pid)
			syscall(SYS_exit_group,
				storm->failing && i % storm->failing == 0);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
}

pid_t storm_start(const struct storm *storm)
{
	const pid_t pid = storm_fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	storm_become(storm->uid, storm->comm);
	for (unsigned int i = 0; i < storm->forkers; i++) {
		if (storm_fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fork_on(storm);
		syscall(SYS_exit_group, 0);
	}
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	syscall(SYS_exit_group, 0);
	return -1;
}

void storm_wait(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status)
		tap_bail("the storm did not end well: %#x", status);
}

/* Each begins and ends; whoever starts them gets its name and ends. */
uint64_t storm_events_uid(const struct storm *storm)
{
	return 2 * (uint64_t)storm->forkers * (storm->forks + 1) + 2;
}

uint64_t storm_events_comm(const struct storm *storm)
{
	return storm_events_uid(storm);
}

/* It was born with other ones. */
uint64_t storm_events(const struct storm *storm)
{
	return storm_events_uid(storm) + 1;
}

uint64_t storm_failed(const struct storm *storm)
{
	return storm->forkers *
	       (uint64_t)((storm->forks + storm->failing - 1) / storm->failing);
}
