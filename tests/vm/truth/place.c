// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"
#include "tap.h"

static void write_map(pid_t pid, const char *file)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	/* Its root is 100000 here; others are nobody there. */
	if (fd < 0 || write(fd, "0 100000 60000", 14) != 14)
		tap_bail("%s: %s", path, strerror(errno));
	close(fd);
}

static void become(const struct place *place)
{
	const uid_t id = place->uid;

	if (id && (setgroups(0, NULL) || setresgid(id, id, id) ||
		   setresuid(id, id, id)))
		_exit(120);
	if (place->namespaces & CLONE_NEWUSER &&
	    (setresgid(0, 0, 0) || setresuid(0, 0, 0)))
		_exit(122);
	/* A change of ids forbids to be looked at. */
	prctl(PR_SET_DUMPABLE, 1);
	if (place->namespaces & CLONE_NEWNS &&
	    (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	     mount("proc", "/proc", "proc", 0, NULL)))
		_exit(124);
}

pid_t place_start(const struct place *place, void (*fn)(void *arg), void *arg)
{
	int gate[2];
	char byte;
	pid_t pid;

	if (pipe(gate))
		tap_bail("pipe");
	pid = syscall(SYS_clone, place->namespaces | SIGCHLD, NULL, NULL, NULL,
		      NULL);
	if (pid < 0)
		tap_bail("%s: %s", place->name, strerror(errno));
	if (!pid) {
		close(gate[1]);
		if (read(gate[0], &byte, 1) != 1)
			_exit(121);
		become(place);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fn(arg);
		_exit(0);
	}
	close(gate[0]);
	if (place->namespaces & CLONE_NEWUSER) {
		write_map(pid, "uid_map");
		write_map(pid, "gid_map");
	}
	if (write(gate[1], "", 1) != 1)
		tap_bail("write");
	close(gate[1]);
	return pid;
}

int place_wait(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return status;
}

static struct msghdr message(struct iovec *iov, void *control, size_t size)
{
	return (struct msghdr){ .msg_iov = iov,
				.msg_iovlen = 1,
				.msg_control = control,
				.msg_controllen = size };
}

void fd_send(int over, int fd)
{
	char space[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = message(&iov, space, sizeof(space));
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	if (sendmsg(over, &msg, MSG_NOSIGNAL) != 1)
		_exit(123);
}

int fd_receive(int over)
{
	char space[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = message(&iov, space, sizeof(space));
	int fd;

	if (recvmsg(over, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}
