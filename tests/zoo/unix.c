// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets of this machine alone. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "socket.h"
#include "zoo.h"

#define BACKLOG 3

static struct sockaddr_un address_of(const char *name, size_t size, socklen_t *len)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	memcpy(a.sun_path, name, size);
	*len = offsetof(struct sockaddr_un, sun_path) + size;
	return a;
}

static int bound(const char *name, size_t size, int type)
{
	socklen_t len;
	const struct sockaddr_un a = address_of(name, size, &len);
	const int fd = socket(AF_UNIX, type, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, len))
		zoo_die("bind");
	return fd;
}

static int connected(const char *name, size_t size, int type)
{
	socklen_t len;
	const struct sockaddr_un a = address_of(name, size, &len);
	const int fd = socket(AF_UNIX, type, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&a, len))
		zoo_die("connect");
	return fd;
}

/* Kernels differ in what state datagram sockets have that are connected. */
static void say_pair(const char *one, const char *other, int type)
{
	const int state = (type & 0xf) == SOCK_DGRAM ? ANY_STATE : ESTABLISHED;
	int ends[2];

	if (socketpair(AF_UNIX, type, 0, ends) || write(ends[0], "12345", 5) != 5)
		zoo_die("socketpair");
	zoo_say_socket(ends[0], one, state, " rx_queue=0 peer_ino=%llu",
		       socket_ino(ends[1]));
	zoo_say_socket(ends[1], other, state, " rx_queue=5 tx_queue=0 peer_ino=%llu",
		       socket_ino(ends[0]));
}

/* The server's end of a connection has the address that it was accepted at. */
static void say_stream(const char *name, size_t size, const char *label)
{
	const int at = bound(name, size, SOCK_STREAM);
	char text[64];
	int from, to;

	if (listen(at, BACKLOG))
		zoo_die("listen");
	from = connected(name, size, SOCK_STREAM);
	to = accept4(at, NULL, NULL, SOCK_CLOEXEC);
	connected(name, size, SOCK_STREAM);
	zoo_say_socket(at, label, LISTENS, " rx_queue=1 tx_queue=%d peer_ino=0", BACKLOG);
	snprintf(text, sizeof(text), "%s-client", label);
	zoo_say_socket(from, text, ESTABLISHED, " peer_ino=%llu", socket_ino(to));
	snprintf(text, sizeof(text), "%s-server", label);
	zoo_say_socket(to, text, ESTABLISHED, " peer_ino=%llu", socket_ino(from));
}

static void say_datagrams(void)
{
	const int at = bound("datagrams", 9, SOCK_DGRAM);
	const int to = connected("datagrams", 9, SOCK_DGRAM);

	if (send(to, "123", 3, 0) != 3)
		zoo_die("send");
	zoo_say_socket(at, "unix-dgram", ANY_STATE, " rx_queue=3 peer_ino=0");
	zoo_say_socket(to, "unix-dgram-connected", ANY_STATE, " rx_queue=0 peer_ino=%llu",
		       socket_ino(at));
}

/* Its other end is gone. */
static void say_widow(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		zoo_die("socketpair");
	close(ends[1]);
	zoo_say_socket(ends[0], "unix-widow", ESTABLISHED, NULL);
}

void zoo_unix(void)
{
	char longest[sizeof(((struct sockaddr_un *)0)->sun_path)];

	memset(longest, 'l', sizeof(longest));
	say_stream("stream", 6, "unix-stream");
	say_stream("\0abstract\0\n\xff", 12, "unix-abstract");
	zoo_say_socket(bound(longest, sizeof(longest), SOCK_STREAM), "unix-long", CLOSED, NULL);
	zoo_say_socket(bound("gone", 4, SOCK_STREAM), "unix-unlinked", CLOSED, NULL);
	unlink("gone");
	zoo_say_socket(bound("", 0, SOCK_DGRAM), "unix-autobound", CLOSED, NULL);
	zoo_say_socket(socket(AF_UNIX, SOCK_STREAM, 0), "unix-new", CLOSED, " peer_ino=0");
	say_datagrams();
	say_pair("unix-pair", "unix-pair-other", SOCK_STREAM);
	say_pair("unix-dgram-pair", "unix-dgram-pair-other", SOCK_DGRAM | SOCK_NONBLOCK);
	say_pair("unix-seqpacket", "unix-seqpacket-other", SOCK_SEQPACKET | SOCK_CLOEXEC);
	say_widow();
}
