// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "target.h"

#define MOST_ANCESTORS 4096

static int no(int err, char *why, size_t size, const char *text)
{
	snprintf(why, size, "%s", text);
	return err;
}

/* Whether this process descends from @pid; if that cannot be known, it does. */
static bool is_ancestor(uint32_t pid, target_look *look, void *arg)
{
	struct kin_base base = { .ppid = getpid() };

	for (int i = 0; i < MOST_ANCESTORS && base.ppid; i++) {
		if (base.ppid == pid || look(base.ppid, &base, arg))
			return true;
	}
	return base.ppid;
}

static int check(const struct target *target, target_look *look, void *arg, char *why,
		 size_t size)
{
	struct kin_base base;
	int err = look(target->pid, &base, arg);

	if (err == -ESRCH || (!err && base.start_boottime_ns != target->start_boottime_ns))
		return no(-ESRCH, why, size, "it has ended already");
	if (err) {
		snprintf(why, size, "it is not known who it is now: %s", strerror(-err));
		return err;
	}
	if (base.flags & KIN_TASK_KTHREAD)
		return no(-EPERM, why, size, "it is a kernel thread");
	if (is_ancestor(target->pid, look, arg))
		return no(-EPERM, why, size, "kin itself descends from it, or may");
	return 0;
}

int target_open(const struct target *target, target_look *look, void *arg, char *why,
		size_t size)
{
	int fd, err;

	if (!target->pid)
		return no(-EPERM, why, size, "the alert is of no process");
	if (target->pid == 1)
		return no(-EPERM, why, size, "it is pid 1");
	if (target->pid == (uint32_t)getpid())
		return no(-EPERM, why, size, "it is kin itself");
	fd = syscall(SYS_pidfd_open, target->pid, 0);
	if (fd < 0 && errno == ESRCH)
		return no(-ESRCH, why, size, "it has ended already");
	if (fd < 0) {
		err = -errno;
		snprintf(why, size, "it cannot be held on to: %s", strerror(errno));
		return err;
	}
	/*
	 * Looked at after it was opened: who has the number now and is the one that was
	 * meant had it then, too, for it began before the alert did. So it is whom the
	 * descriptor stands for, whoever has the number later.
	 */
	err = check(target, look, arg, why, size);
	if (!err)
		return fd;
	close(fd);
	return err;
}
