// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * To look a path up is to wait for whoever serves the file system: a child does, which
 * can be left behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fdwho.h"

#define PATIENCE_MS 1000
#define CHILD_END 3

static void __attribute__((noreturn)) look_up(const char *path, int end)
{
	int fd;

	/* stuck, it must hold nothing whose end others wait for, as our output */
	dup2(end, CHILD_END);
	syscall(__NR_close_range, 0, CHILD_END - 1, 0);
	syscall(__NR_close_range, CHILD_END + 1, ~0u, 0);
	/* neither waits for a pipe's other end nor rewinds a tape */
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	/* then it stays until the parent hangs up, or has ended */
	if (write(CHILD_END, &fd, sizeof(fd)) == sizeof(fd))
		while (read(CHILD_END, &fd, sizeof(fd)) > 0)
			;
	_exit(0);
}

static int await_answer(struct fdlookup *lookup)
{
	struct pollfd end = { .fd = lookup->end, .events = POLLIN };

	if (poll(&end, 1, PATIENCE_MS) != 1 ||
	    read(lookup->end, &lookup->fd, sizeof(lookup->fd)) !=
		    sizeof(lookup->fd))
		return -ETIMEDOUT;
	lookup->answered = true;
	return lookup->fd < 0 ? lookup->fd : 0;
}

int fdlookup_begin(struct fdlookup *lookup, const char *path)
{
	int ends[2];

	*lookup = (struct fdlookup){ .pid = -1, .end = -1 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	lookup->end = ends[0];
	lookup->pid = fork();
	if (!lookup->pid)
		look_up(path, ends[1]);
	if (lookup->pid < 0)
		lookup->fd = -errno;
	close(ends[1]);
	return lookup->pid < 0 ? lookup->fd : await_answer(lookup);
}

void fdlookup_end(struct fdlookup *lookup)
{
	if (lookup->end >= 0)
		close(lookup->end);
	if (lookup->pid < 0)
		return;
	kill(lookup->pid, SIGKILL);
	/* one that does not answer may not even take the signal */
	waitpid(lookup->pid, NULL, lookup->answered ? 0 : WNOHANG);
}

/* Without empty components and "."; what ".." means, links would have to tell. */
static void clean(char *path)
{
	const char *from = path;
	char *to = path;
	size_t len;

	while (*(from += strspn(from, "/"))) {
		len = strcspn(from, "/");
		if (len != 1 || *from != '.') {
			*to++ = '/';
			memmove(to, from, len);
			to += len;
		}
		from += len;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

char *fdlookup_text(const char *path)
{
	char cwd[PATH_MAX], *text;

	/* the kernel's: getcwd(3) may look directories up */
	if (*path == '/' || syscall(__NR_getcwd, cwd, sizeof(cwd)) < 0 ||
	    *cwd != '/')
		*cwd = '\0';
	if (asprintf(&text, "%s/%s", cwd, path) < 0)
		return NULL;
	clean(text);
	return text;
}
