// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../truth/private.h"
#include "../truth/proc.h"
#include "../truth/tap.h"
#include "groups.h"
#include "one.h"

#define PROGRAM "/run/kin-groups"
#define PLACE	"/run/kin-groups.d"
#define GONE	(KIN_GROUP_EXE | KIN_GROUP_CWD | KIN_GROUP_ROOT)

static void copy_program(void)
{
	const int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const int to = open(PROGRAM, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	struct stat st;

	if (fstat(from, &st) || sendfile(to, from, NULL, st.st_size) != st.st_size)
		tap_bail("cannot copy this program");
	close(from);
	close(to);
}

/* PROGRAM is this one, whose part this is; it has been started before: what it loads
 * is not in PLACE. */
static void run_inside(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (execl(PROGRAM, PROGRAM, "--enter", PLACE, NULL))
		_exit(127);
}

static bool path_is(const char *path, const char *wanted)
{
	return path && !strcmp(path, wanted);
}

static bool are(const struct kin_task *task, uint32_t deleted)
{
	return task->deleted == deleted && path_is(task->exe, PROGRAM) &&
	       path_is(task->cwd, PLACE) && path_is(task->root, PLACE);
}

void groups_check_places(struct kin *kin)
{
	struct kin_snapshot snap;
	pid_t pid;

	copy_program();
	mkdir(PLACE, 0755);
	pid = fork();
	if (!pid)
		run_inside();
	one_await(pid, "T");
	one_get(kin, pid, KIN_KIND_PROCESS, GONE, &snap);
	tap_ok(are(snap.tasks, 0), "places: '%s', '%s', '%s'", snap.tasks->exe ?: "",
	       snap.tasks->cwd ?: "", snap.tasks->root ?: "");
	kin_snapshot_free(&snap);
	unlink(PROGRAM);
	rmdir(PLACE);
	one_get(kin, pid, KIN_KIND_PROCESS, GONE, &snap);
	tap_ok(are(snap.tasks, GONE), "places: removed: '%s', '%s', '%s', %#x",
	       snap.tasks->exe ?: "", snap.tasks->cwd ?: "", snap.tasks->root ?: "",
	       snap.tasks->deleted);
	kin_snapshot_free(&snap);
	one_end(pid);
}

/* Each limit another. */
static void set_limits(void)
{
	for (int i = 0; i < PRIVATE_LIMITS; i++) {
		const struct rlimit limit = { 1000 + i, i % 2 ? 2000u + i : RLIM_INFINITY };

		setrlimit(i, &limit);
	}
}

void groups_check_limits(struct kin *kin)
{
	unsigned int wrong = 0, i;
	struct kin_snapshot snap;
	struct rlimit limit;
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		set_limits();
		raise(SIGSTOP);
	}
	one_await(pid, "T");
	one_get(kin, pid, KIN_KIND_PROCESS, KIN_GROUP_LIMITS | KIN_GROUP_FILES, &snap);
	for (i = 0; i < snap.tasks->n_limits; i++) {
		if (prlimit(pid, i, NULL, &limit) ||
		    snap.tasks->limits[i].soft != limit.rlim_cur ||
		    snap.tasks->limits[i].hard != limit.rlim_max)
			wrong++;
	}
	tap_ok(i == PRIVATE_LIMITS && !wrong && snap.tasks->limits[RLIMIT_CORE].soft == 1004,
	       "limits: %u as prlimit() has them", i);
	tap_ok(snap.tasks->files.limit_soft == 1000 + RLIMIT_NOFILE,
	       "files: the soft limit is %llu",
	       (unsigned long long)snap.tasks->files.limit_soft);
	kin_snapshot_free(&snap);
	one_end(pid);
}

/* Until its child ends, who calls vfork() waits where only SIGKILL reaches it. */
static void wait_in_kernel(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!vfork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	_exit(0);
}

void groups_check_stack(struct kin *kin)
{
	struct proc_private private = { 0 };
	struct kin_status status;
	struct kin_snapshot snap;
	const char *stack;
	char dir[64];
	pid_t pid = fork();

	if (!pid)
		wait_in_kernel();
	one_await(pid, "D");
	kin_status_get(kin, &status, NULL, 0);
	snprintf(dir, sizeof(dir), "/proc/%d", pid);
	private_read(&private, dir, 'D');
	one_get(kin, pid, KIN_KIND_PROCESS, KIN_GROUP_STACK, &snap);
	stack = snap.tasks->stack ?: "";
	if (status.features & KIN_FEATURE_STACK)
		tap_ok(*stack && strstr(private.stack, stack) == private.stack &&
			       strlen(private.stack) <= strlen(stack) + 1,
		       "stack: of a task in D: %.40s...", stack);
	else
		tap_ok(!*stack, "stack: this kernel lets no module have it, and none comes");
	kin_snapshot_free(&snap);
	private_drop(&private);
	one_end(pid);
}
