// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apparmor.h"
#include "caller.h"
#include "landlock.h"

#define PTRACE_BIT (UINT64_C(1) << CAP_SYS_PTRACE)

static uint64_t get_caps(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
						 0 };
	struct __user_cap_data_struct caps[2];

	if (syscall(SYS_capget, &head, caps))
		_exit(131);
	return caps[0].permitted | (uint64_t)caps[1].permitted << 32;
}

static void set_caps(uint64_t set)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
						 0 };
	const struct __user_cap_data_struct caps[2] = {
		{ set, set, 0 },
		{ set >> 32, set >> 32, 0 },
	};

	if (syscall(SYS_capset, &head, caps))
		_exit(132);
}

static void drop_ptrace(void)
{
	set_caps(get_caps() & ~PTRACE_BIT);
	prctl(PR_SET_DUMPABLE, 1);
}

/* Somebody without any right but that one. */
static void keep_ptrace(void)
{
	if (prctl(PR_SET_KEEPCAPS, 1) ||
	    setresgid(OTHER_UID, OTHER_UID, OTHER_UID) ||
	    setresuid(OTHER_UID, OTHER_UID, OTHER_UID))
		_exit(133);
	set_caps(PTRACE_BIT);
	prctl(PR_SET_DUMPABLE, 1);
}

static void write_file(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		_exit(134);
	close(fd);
}

/* As any user may do: root of a namespace where nobody else is somebody. */
static void own_userns(void)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %d 1", CALLER_UID);
	if (unshare(CLONE_NEWUSER))
		_exit(135);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", map);
	write_file("/proc/self/gid_map", map);
}

/* (Who forks has the same credentials, but is not in the pid namespace.) */
static void own_container(void)
{
	own_userns();
	if (unshare(CLONE_NEWPID | CLONE_NEWNS))
		_exit(136);
}

static const char *lacks_landlock(void)
{
	return landlock_version() ? NULL : "this kernel runs without Landlock";
}

static const char *lacks_network_landlock(void)
{
	return landlock_version() >= 4 ?
		       NULL :
		       "this kernel's Landlock does not know of networking";
}

const struct caller callers[] = {
	{ .name = "root", .all = true },
	{ .name = "root without CAP_SYS_PTRACE", .become = drop_ptrace },
	{ .name = "somebody with CAP_SYS_PTRACE alone",
	  .become = keep_ptrace,
	  .all = true,
	  .not_owner = true },
	{ .name = "a user", .place.uid = CALLER_UID },
	{ .name = "another user", .place.uid = OTHER_UID },
	{ .name = "root of a user's user namespace",
	  .place.uid = CALLER_UID,
	  .become = own_userns },
	{ .name = "root of a user's container",
	  .place.uid = CALLER_UID,
	  .become = own_container,
	  .box = true,
	  .private = true },
	{ .name = "root of a container",
	  .place.namespaces = CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWNS,
	  .box = true,
	  .private = true },
	{ .name = "a user under Landlock",
	  .place.uid = CALLER_UID,
	  .sandbox = landlock_files,
	  .held = true,
	  .lacks = lacks_landlock },
	{ .name = "root under Landlock",
	  .sandbox = landlock_files,
	  .held = true,
	  .lacks = lacks_landlock },
	{ .name = "root of a container under Landlock",
	  .place.namespaces = CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWNS,
	  .sandbox = landlock_files,
	  .box = true,
	  .held = true,
	  .lacks = lacks_landlock },
	{ .name = "root under Landlock for networking",
	  .sandbox = landlock_network,
	  .held = true,
	  .lacks = lacks_network_landlock },
	{ .name = "root under AppArmor",
	  .sandbox = apparmor_confine,
	  .held = true,
	  .lacks = apparmor_load },
};
const unsigned int n_callers = sizeof(callers) / sizeof(*callers);

/* The first process of the pid namespace that its parent has made. */
static void run_inside(void (*fn)(void), volatile int *outer)
{
	int status = -1;
	const pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("proc", "/proc", "proc", 0, NULL))
			_exit(137);
		fn();
		_exit(0);
	}
	*outer = pid;
	waitpid(pid, &status, 0);
	_exit(status ? 138 : 0);
}

void caller_run(const struct caller *caller, void (*fn)(void),
		volatile int *outer)
{
	if (caller->become)
		caller->become();
	if (caller->become == own_container)
		run_inside(fn, outer);
	fn();
	_exit(0);
}
