// SPDX-License-Identifier: GPL-2.0-or-later
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "../truth/proc.h"
#include "../truth/tap.h"
#include "one.h"

void one_get(struct kin *kin, pid_t pid, uint32_t kind, uint32_t groups,
	     struct kin_snapshot *snap)
{
	*snap = (struct kin_snapshot){ 0 };
	if (kin_get(kin, pid, kind, groups, kin_snapshot_add, snap) || snap->n != 1)
		tap_bail("get of %d: %s", pid, kin_error(kin));
}

void one_await(pid_t pid, const char *states)
{
	char path[64], text[1024];
	const char *at = NULL;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	while (!at || !at[1] || !strchr(states, at[2])) {
		sched_yield();
		if (proc_file(path, text, sizeof(text)) <= 0)
			tap_bail("%d is gone", pid);
		at = strrchr(text, ')');
	}
}

void one_end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
