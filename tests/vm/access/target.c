// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "caller.h"
#include "target.h"
#include "../truth/program.h"
#include "../truth/tap.h"

#define SETUID_PROGRAM	   "/run/kin-target-setuid"
#define UNREADABLE_PROGRAM "/run/kin-target-unreadable"
#define KTHREADD	   2

const char *const target_names[TARGETS] = {
	[TARGET_SELF] = "itself",	    [TARGET_ROOT] = "root's",
	[TARGET_USER] = "a user's",	    [TARGET_UNDUMPABLE] = "undumpable",
	[TARGET_UNREADABLE] = "unreadable", [TARGET_SETUID] = "set-user-id",
	[TARGET_NESTED] = "nested",	    [TARGET_STUCK] = "stuck",
	[TARGET_KTHREAD] = "kernel's",	    [TARGET_ENTERED] = "entered",
};

static int gate[2]; /* a target that is what it should be writes a byte */

static void sleep_ready(void)
{
	if (write(gate[1], "", 1) != 1)
		_exit(140);
	for (;;)
		pause();
}

void target_main(int argc, char **argv)
{
	if (argc != 3 || strcmp(argv[1], "be-target"))
		return;
	gate[1] = atoi(argv[2]);
	sleep_ready();
}

void targets_install(void)
{
	program_copy(SETUID_PROGRAM, 04755);
	program_copy(UNREADABLE_PROGRAM, 0711);
}

void targets_uninstall(void)
{
	unlink(SETUID_PROGRAM);
	unlink(UNREADABLE_PROGRAM);
}

/* ---- what they are ---- */

/* (In a namespace that knows nobody else, the user is root.) */
static void be_user(void)
{
	if ((setresgid(CALLER_UID, CALLER_UID, CALLER_UID) ||
	     setresuid(CALLER_UID, CALLER_UID, CALLER_UID)) &&
	    errno != EINVAL)
		_exit(141);
	prctl(PR_SET_DUMPABLE, 1);
}

static void be_undumpable(void)
{
	be_user();
	prctl(PR_SET_DUMPABLE, 0);
}

static void run_program(const char *path)
{
	char number[16];

	be_user();
	snprintf(number, sizeof(number), "%d", gate[1]);
	execl(path, path, "be-target", number, NULL);
	_exit(142);
}

static void be_unreadable(void)
{
	run_program(UNREADABLE_PROGRAM);
}

static void be_setuid(void)
{
	run_program(SETUID_PROGRAM);
}

static void be_nested(void)
{
	be_user();
	if (unshare(CLONE_NEWUSER))
		_exit(143);
}

/* Who has called vfork() waits in state D. */
static void be_stuck(void)
{
	if (vfork())
		_exit(144);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sleep_ready();
}

static void (*const becomes[TARGETS])(void) = {
	[TARGET_USER] = be_user,
	[TARGET_UNDUMPABLE] = be_undumpable,
	[TARGET_UNREADABLE] = be_unreadable,
	[TARGET_SETUID] = be_setuid,
	[TARGET_NESTED] = be_nested,
	[TARGET_STUCK] = be_stuck,
};

/* ---- */

static void open_gate(void)
{
	if (pipe(gate))
		tap_bail("pipe: %s", strerror(errno));
}

static void await_ready(void)
{
	char byte;

	close(gate[1]);
	if (read(gate[0], &byte, 1) != 1)
		tap_bail("a target failed");
	close(gate[0]);
}

static pid_t start(void (*become)(void))
{
	pid_t pid;

	open_gate();
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(gate[0]);
		if (become)
			become();
		sleep_ready();
	}
	await_ready();
	return pid;
}

static bool exists(enum target target, bool box)
{
	if (box)
		return target != TARGET_SETUID && target != TARGET_STUCK &&
		       target != TARGET_KTHREAD && target != TARGET_ENTERED;
	return target != TARGET_ENTERED;
}

/* The byte comes from its child, and may come before it waits for that. */
static void await_state(pid_t pid, char state)
{
	char path[64], line[128], now;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	do {
		stat = fopen(path, "re");
		if (!stat || !fgets(line, sizeof(line), stat))
			tap_bail("%s: %s", path, strerror(errno));
		fclose(stat);
		now = strrchr(line, ')')[2];
		sched_yield();
	} while (now != state);
}

void targets_start(struct targets *targets, bool box)
{
	*targets = (struct targets){ 0 };
	for (int t = TARGET_ROOT; t < TARGETS; t++)
		if (exists(t, box))
			targets->pids[t] = t == TARGET_KTHREAD ?
						   KTHREADD :
						   start(becomes[t]);
	if (targets->pids[TARGET_STUCK])
		await_state(targets->pids[TARGET_STUCK], 'D');
}

void targets_end(const struct targets *targets)
{
	for (int t = TARGET_ROOT; t < TARGETS; t++) {
		if (!targets->pids[t] || t == TARGET_KTHREAD)
			continue;
		kill(targets->pids[t], SIGKILL);
		waitpid(targets->pids[t], NULL, 0);
	}
}

/* ---- from outside of a box ---- */

static pid_t pid_inside(pid_t pid)
{
	char path[64], line[256];
	pid_t inside = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		if (!strncmp(line, "NSpid:", 6))
			inside = atoi(strrchr(line, '\t'));
	if (!inside)
		tap_bail("%s: no number in the box", path);
	fclose(status);
	return inside;
}

static void go_into(int ns, const char *what)
{
	if (setns(ns, CLONE_NEWPID))
		tap_bail("%s: %s", what, strerror(errno));
}

pid_t target_enter(pid_t box, pid_t *inside)
{
	const int home = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	char path[64];
	pid_t pid;
	int ns;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", box);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	go_into(ns, path);
	pid = start(NULL);
	go_into(home, "home");
	close(ns);
	close(home);
	*inside = pid_inside(pid);
	return pid;
}
