// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets of IPv4 and IPv6, all on the loopback interface. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "socket.h"
#include "zoo.h"

#define BACKLOG 7
#define SENT	1000 /* bytes that nobody reads */

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* Port 0: any that is free. */
static union address address_of(const char *text, unsigned int port, socklen_t *len)
{
	union address a = { 0 };

	if (inet_pton(AF_INET, text, &a.in.sin_addr) == 1) {
		a.in.sin_family = AF_INET;
		a.in.sin_port = htons(port);
		*len = sizeof(a.in);
		return a;
	}
	inet_pton(AF_INET6, text, &a.in6.sin6_addr);
	a.in6.sin6_family = AF_INET6;
	a.in6.sin6_port = htons(port);
	*len = sizeof(a.in6);
	return a;
}

/* Bound to an address and any port; -1: not here. */
static int bound(const char *text, int type, int protocol)
{
	socklen_t len;
	const union address a = address_of(text, 0, &len);
	const int fd = socket(a.any.sa_family, type, protocol);

	if (fd >= 0 && bind(fd, &a.any, len)) {
		const int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

static int listening(const char *text)
{
	const int fd = bound(text, SOCK_STREAM, 0);

	if (fd >= 0 && listen(fd, BACKLOG))
		zoo_die("listen");
	return fd;
}

/* Connected to where another socket is bound, by the address @text. */
static int connected(const char *text, int to, int type)
{
	union address a;
	socklen_t len = sizeof(a);
	int fd;

	if (to < 0 || getsockname(to, &a.any, &len))
		return -1;
	a = address_of(text, ntohs(a.in.sin_port), &len);
	fd = socket(a.any.sa_family, type, 0);
	if (fd >= 0 && connect(fd, &a.any, len))
		zoo_die("connect");
	return fd;
}

/* A connection that nobody accepts waits in the queue. */
static void say_listening(const char *name, const char *text, const char *name_of_other)
{
	const int fd = listening(text);
	const int waiting = connected(text, fd, SOCK_STREAM);

	zoo_say_socket(fd, name, LISTENS, " rx_queue=1 tx_queue=%d", BACKLOG);
	if (waiting >= 0)
		zoo_say_socket(waiting, name_of_other, ESTABLISHED,
			       " rx_queue=0 tx_queue=0");
}

static void await_bytes(int fd, int wanted)
{
	int got = 0;

	while (got != wanted) {
		if (ioctl(fd, FIONREAD, &got))
			zoo_die("FIONREAD");
		poll(NULL, 0, 1);
	}
}

/* Nothing of what was sent may still be on its way. */
static void await_sent(int fd)
{
	int left = 1;

	while (left) {
		if (ioctl(fd, TIOCOUTQ, &left))
			zoo_die("TIOCOUTQ");
		poll(NULL, 0, 1);
	}
}

static void say_connected(const char *name, const char *text, const char *by)
{
	const int at = listening(text), from = connected(by, at, SOCK_STREAM);
	static char data[SENT];
	char other[64];
	int to;

	snprintf(other, sizeof(other), "%s-accepted", name);
	if (from < 0) {
		zoo_say_socket(-1, name, 0, NULL);
		return;
	}
	to = accept4(at, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	close(at);
	if (to < 0 || send(from, data, SENT, 0) != SENT)
		zoo_die("send");
	await_bytes(to, SENT);
	await_sent(from);
	zoo_say_socket(from, name, ESTABLISHED, " rx_queue=0 tx_queue=0");
	zoo_say_socket(to, other, ESTABLISHED, " rx_queue=%d tx_queue=0", SENT);
}

static void await_state(int fd, int state)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	while (info.tcpi_state != state) {
		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
			zoo_die("TCP_INFO");
		poll(NULL, 0, 1);
	}
}

static void say_half_closed(void)
{
	const int at = listening("127.0.0.1");
	const int from = connected("127.0.0.1", at, SOCK_STREAM);
	const int to = accept(at, NULL, NULL);

	shutdown(from, SHUT_WR);
	await_state(to, CLOSE_WAIT);
	await_state(from, FIN_WAIT2);
	zoo_say_socket(from, "tcp-fin-wait2", FIN_WAIT2, NULL);
	/* Its end of the stream waits to be read, as a byte. */
	zoo_say_socket(to, "tcp-close-wait", CLOSE_WAIT, NULL);
}

/* More than the other end takes stays in the queue. */
static void say_full(void)
{
	const int at = listening("127.0.0.1");
	const int from = connected("127.0.0.1", at, SOCK_STREAM);
	const int to = accept(at, NULL, NULL);
	static char data[1 << 16];

	fcntl(from, F_SETFL, O_NONBLOCK);
	while (send(from, data, sizeof(data), 0) > 0)
		;
	zoo_say_socket(from, "tcp-full", ESTABLISHED, " tx_at_least=1");
	zoo_say_socket(to, "tcp-full-accepted", ESTABLISHED, " rx_at_least=1");
}

static void say_v6_only(void)
{
	const int fd = socket(AF_INET6, SOCK_STREAM, 0), on = 1;

	if (fd >= 0 && (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) ||
			listen(fd, BACKLOG)))
		zoo_die("IPV6_V6ONLY");
	zoo_say_socket(fd, "tcp6-v6only", LISTENS, " v6only=1");
	zoo_say_socket(listening("::"), "tcp6-any", LISTENS, " v6only=0");
	zoo_say_socket(listening("0.0.0.0"), "tcp-any", LISTENS, " v6only=0");
}

static void say_on_device(void)
{
	const int fd = listening("127.0.0.1");

	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2))
		zoo_die("SO_BINDTODEVICE");
	zoo_say_socket(fd, "tcp-on-device", LISTENS, " ifindex=%u", if_nametoindex("lo"));
	zoo_say_socket(listening("127.0.0.1"), "tcp-on-no-device", LISTENS, " ifindex=0");
}

static void say_udp(const char *text, const char *name, const char *name_of_other)
{
	const int fd = bound(text, SOCK_DGRAM, 0);
	const int other = connected(text, fd, SOCK_DGRAM);

	zoo_say_socket(fd, name, CLOSED, " rx_at_least=%d", other < 0 ? 0 : SENT);
	if (other >= 0 && send(other, (char[SENT]){ 0 }, SENT, 0) != SENT)
		zoo_die("send");
	zoo_say_socket(other, name_of_other, ESTABLISHED, " rx_queue=0");
}

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
}

void zoo_inet(void)
{
	loopback_up();
	zoo_say_socket(socket(AF_INET, SOCK_STREAM, 0), "tcp-new", CLOSED, NULL);
	zoo_say_socket(bound("127.0.0.2", SOCK_STREAM, 0), "tcp-bound", CLOSED, NULL);
	say_listening("tcp-listening", "127.0.0.1", "tcp-waiting");
	say_listening("tcp6-listening", "::1", "tcp6-waiting");
	say_connected("tcp", "127.0.0.1", "127.0.0.1");
	say_connected("tcp6", "::1", "::1");
	say_connected("tcp6-mapped", "::", "127.0.0.1");
	say_half_closed();
	say_full();
	say_v6_only();
	say_on_device();
	say_udp("127.0.0.1", "udp", "udp-connected");
	say_udp("::1", "udp6", "udp6-connected");
	zoo_say_socket(bound("127.0.0.1", SOCK_RAW, IPPROTO_ICMP), "raw-icmp", CLOSED, NULL);
	zoo_say_socket(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), "raw-icmp6", CLOSED, NULL);
	zoo_say_socket(socket(AF_INET, SOCK_STREAM, 262), "mptcp", CLOSED, NULL);
}
