// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A server that forgets to close: each connection that it took stays open when the
 * other end has gone, until it may open no more. Prints "ready PID PORT" when it
 * listens, and is visited some times a second; ends with whoever started it.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT 1024
#define PAUSE_US 30000

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Loopback, and a port that nobody has. */
static int start_listening(struct sockaddr_in *address)
{
	socklen_t len = sizeof(*address);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	*address = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	if (fd < 0 || bind(fd, (struct sockaddr *)address, len) ||
	    listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)address, &len))
		die("listen");
	return fd;
}

static void visit(const struct sockaddr_in *address)
{
	for (;;) {
		const int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (connect(fd, (const struct sockaddr *)address,
			    sizeof(*address)))
			die("connect");
		close(fd);
		usleep(PAUSE_US);
	}
}

static void visited_by_child(const struct sockaddr_in *address)
{
	const pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "visitor");
	visit(address);
}

int main(void)
{
	const struct rlimit limit = { LIMIT, LIMIT };
	struct sockaddr_in address;
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("setrlimit");
	fd = start_listening(&address);
	visited_by_child(&address);
	printf("ready %d %d\n", getpid(), ntohs(address.sin_port));
	fflush(stdout);
	while (accept(fd, NULL, NULL) >= 0)
		;
	pause();
	return 0;
}
