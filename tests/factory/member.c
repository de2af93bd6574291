// SPDX-License-Identifier: GPL-2.0-or-later
/* A member's side: forking, dying with the parent, reporting. */
#include <ctype.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "member.h"
#include "report.h"

char *member_quote(char *to, size_t size, const void *from, size_t len)
{
	const unsigned char *byte = from;
	size_t at = 0;

	for (; len && at + 4 <= size; len--, byte++) {
		if (isalnum(*byte) || strchr("/_-.:,", *byte ?: 'A'))
			at += sprintf(to + at, *byte ? "%c" : "%%%02x", *byte);
		else
			at += sprintf(to + at, "%%%02x", *byte);
	}
	to[at] = '\0';
	return to;
}

static void send_line(const char *line, int len)
{
	if (send(report_fd, line, len, MSG_NOSIGNAL) != len)
		_exit(1);
}

static int add_ids(char *line, size_t size)
{
	uid_t uid, euid, suid;
	gid_t gid, egid, sgid;

	getresuid(&uid, &euid, &suid);
	getresgid(&gid, &egid, &sgid);
	return snprintf(line, size,
			" ppid=%d pgid=%d sid=%d uid=%u euid=%u suid=%u"
			" fsuid=%u gid=%u egid=%u sgid=%u fsgid=%u",
			getppid(), getpgrp(), getsid(0), uid, euid, suid,
			setfsuid(-1), gid, egid, sgid, setfsgid(-1));
}

/* Not glibc's wrappers, which know only what is POSIX's. */
static int add_sched(char *line, size_t size)
{
	int policy = syscall(SYS_sched_getscheduler, 0);
	struct sched_param param = { 0 };
	cpu_set_t cpus;

	syscall(SYS_sched_getparam, 0, &param);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	return snprintf(line, size,
			" nice=%d policy=%d rt_priority=%d cpus_allowed=%d",
			getpriority(PRIO_PROCESS, 0), policy,
			param.sched_priority, CPU_COUNT(&cpus));
}

static int add_comm(char *line, size_t size)
{
	char comm[17] = "", quoted[64];

	prctl(PR_GET_NAME, comm);
	return snprintf(line, size, " comm=%s",
			member_quote(quoted, sizeof(quoted), comm,
				     strlen(comm)));
}

void member_say(const char *role, const char *fmt, ...)
{
	char line[REPORT_MAX];
	int len = snprintf(line, sizeof(line), "role=%s", role);
	va_list args;

	len += add_ids(line + len, sizeof(line) - len);
	len += add_sched(line + len, sizeof(line) - len);
	len += add_comm(line + len, sizeof(line) - len);
	if (fmt) {
		va_start(args, fmt);
		len += vsnprintf(line + len, sizeof(line) - len, fmt, args);
		va_end(args);
	}
	send_line(line, len);
}

void member_say_bare(const char *role, const char *fmt, ...)
{
	char line[REPORT_MAX];
	int len = snprintf(line, sizeof(line), "role=%s", role);
	va_list args;

	va_start(args, fmt);
	len += vsnprintf(line + len, sizeof(line) - len, fmt, args);
	va_end(args);
	send_line(line, len);
}

noreturn void member_skip(const char *role, const char *why)
{
	member_skip_all(role, 1, why);
}

noreturn void member_skip_all(const char *role, unsigned int count,
			      const char *why)
{
	while (count--)
		member_say_bare(role, " skip=%s", why);
	_exit(0);
}

noreturn void member_die(const char *what)
{
	int err = errno;

	member_say_bare("failed", " error=%s:%s", what, strerror(err));
	_exit(1);
}

void member_bind(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static pid_t *children;
static size_t n_children;

void member_remember(pid_t pid)
{
	/* Room for twice as many at each power of two. */
	if (!(n_children & (n_children - 1))) {
		children = realloc(children,
				   2 * (n_children + 1) * sizeof(*children));
		if (!children)
			member_die("memory");
	}
	children[n_children++] = pid;
}

void member_kill_children(void)
{
	while (n_children)
		kill(children[--n_children], SIGKILL);
}

pid_t member_clone(unsigned long flags)
{
	pid_t parent = getpid();
	pid_t pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid < 0 && !flags)
		member_die("fork");
	if (pid)
		return pid;
	member_bind();
	/* It may have died before. (0: it is outside our pid namespace.) */
	if (getppid() && getppid() != parent)
		_exit(1);
	return 0;
}

pid_t member_fork(void)
{
	return member_clone(0);
}

noreturn void member_pause(void)
{
	for (;;)
		pause();
}

void member_make(void (*fn)(const char *arg), const char *arg)
{
	pid_t pid = member_fork();

	if (pid) {
		member_remember(pid);
		return;
	}
	fn(arg);
	_exit(1);
}
