// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../truth/tap.h"
#include "churn.h"
#include "hoard.h"

/* All of it must fit below the usual fs.nr_open. */
static void raise_limit(unsigned int most)
{
	const struct rlimit limit = { most, most };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		tap_bail("no more than %u descriptors may be open", most);
}

/* Whoever writes a byte there is ready: out of the way of what is hoarded. */
static int out_of_the_way(int fd, unsigned int most)
{
	if (dup2(fd, most - 1) < 0)
		tap_bail("dup2 to %u", most - 1);
	return most - 1;
}

static void open_all(unsigned int kept)
{
	const int null = open("/dev/null", O_RDWR);
	unsigned int fd;
	int socket_fd;

	for (fd = 0; fd < kept; fd++) {
		if (!hoard_is_socket(fd)) {
			if (fd != (unsigned int)null && dup2(null, fd) < 0)
				tap_bail("only %u descriptors", fd);
			continue;
		}
		socket_fd = socket(AF_UNIX, SOCK_DGRAM, 0);
		if (socket_fd < 0 || dup2(socket_fd, fd) < 0)
			tap_bail("only %u descriptors", fd);
		if (socket_fd != (int)fd)
			close(socket_fd);
	}
}

static void come_and_go(unsigned int from, unsigned int most)
{
	unsigned int fd;

	for (;;) {
		for (fd = from; fd < most; fd++)
			dup2(1, fd);
		for (fd = from; fd < most; fd++)
			close(fd);
	}
}

static void grow(unsigned int from, unsigned int most)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	unsigned int fd;

	for (fd = from; fd < most; fd++) {
		dup2(1, fd);
		nanosleep(&pause, NULL);
	}
	for (;;)
		sleep(1000);
}

static void hold(unsigned int kept, bool grows, int report)
{
	const unsigned int most = kept + HOARD_LOOSE + 1;

	raise_limit(most);
	report = out_of_the_way(report, most);
	open_all(kept);
	if (write(report, "r", 1) != 1)
		_exit(1);
	close(report);
	if (grows)
		grow(kept, most - 1);
	else
		come_and_go(kept, most - 1);
}

void hoard_start(struct hoard *hoard, unsigned int kept, bool grows)
{
	int ends[2];
	char byte;

	if (pipe(ends))
		tap_bail("pipe");
	hoard->kept = kept;
	hoard->pid = churn_fork(0);
	if (!hoard->pid)
		hold(kept, grows, ends[1]);
	close(ends[1]);
	/* Its last one is closed after it has said that it is ready. */
	if (read(ends[0], &byte, 1) != 1 || read(ends[0], &byte, 1))
		tap_bail("the hoarder ended");
	close(ends[0]);
}

void hoard_end(const struct hoard *hoard)
{
	kill(hoard->pid, SIGKILL);
	waitpid(hoard->pid, NULL, 0);
}
