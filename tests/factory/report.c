// SPDX-License-Identifier: GPL-2.0-or-later
/* The factory's side: receive, await, print. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "report.h"

#define PATIENCE_S 120 /* an emulated machine on a busy host is slow */

int report_fd = -1;
bool report_quiet;

static int receive_fd = -1;

void report_open(void)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int pair[2], on = 1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		err(1, "socketpair");
	receive_fd = pair[0];
	report_fd = pair[1];
	fcntl(receive_fd, F_SETFD, FD_CLOEXEC);
	setsockopt(receive_fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	setsockopt(receive_fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		   sizeof(patience));
}

static char state_of(pid_t pid, pid_t tid)
{
	char path[64], line[512], *end;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	len = read(fd, line, sizeof(line) - 1);
	close(fd);
	line[len > 0 ? len : 0] = '\0';
	end = strrchr(line, ')');
	return end ? end[2] : 0;
}

void report_await(pid_t pid, pid_t tid, char state)
{
	time_t give_up = time(NULL) + PATIENCE_S;
	char now;

	while ((now = state_of(pid, tid)) != state) {
		if (time(NULL) > give_up)
			errx(1, "task %d is in state %c, not %c", tid, now,
			     state);
		sched_yield();
	}
}

/* The text after " key=" of a line, or NULL. */
static const char *fact(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at ? at + strlen(key) : NULL;
}

/* Most members sleep; busy ones are what they are at any moment. */
static void await_and_print(const char *line, pid_t pid)
{
	const char *tid = fact(line, " tid="), *state = fact(line, " state=");

	if (!fact(line, " busy="))
		report_await(pid, tid ? atoi(tid) : pid, state ? *state : 'S');
	if (report_quiet)
		return;
	printf("member pid=%d %s%s\n", pid, line,
	       state || fact(line, " busy=") ? "" : " state=S");
}

static pid_t receive(char *line, size_t size)
{
	char space[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec iov = { .iov_base = line, .iov_len = size - 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = space,
			      .msg_controllen = sizeof(space) };
	ssize_t len = recvmsg(receive_fd, &msg, 0);
	struct ucred cred;

	if (len < 0)
		err(1, "a member did not report");
	line[len] = '\0';
	memcpy(&cred, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(cred));
	return cred.pid;
}

void report_members(unsigned int count)
{
	static char line[REPORT_MAX];
	pid_t pid;

	while (count--) {
		pid = receive(line, sizeof(line));
		if (fact(line, " error="))
			errx(1, "member %d: %s", pid, line);
		if (fact(line, " skip="))
			printf("skipped %s\n", line);
		else
			await_and_print(line, pid);
	}
}

void report_sleeper(pid_t pid)
{
	if (!report_quiet)
		printf("member pid=%d role=sleeper ppid=%d state=S\n", pid,
		       getpid());
}
