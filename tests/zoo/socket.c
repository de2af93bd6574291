// SPDX-License-Identifier: GPL-2.0-or-later
/* What system calls tell of a socket. */
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "socket.h"
#include "zoo.h"

static int option(int fd, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	getsockopt(fd, SOL_SOCKET, name, &value, &len);
	return value;
}

unsigned long long socket_ino(int fd)
{
	struct stat st = { 0 };

	fstat(fd, &st);
	return st.st_ino;
}

static void print_bytes(const char *key, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;

	printf(" %s=", key);
	for (size_t i = 0; i < 16; i++)
		printf("%02x", i < len ? byte[i] : 0);
}

static void print_end(const char *key, const struct sockaddr_storage *address)
{
	const struct sockaddr_in *in = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;

	if (address->ss_family == AF_INET) {
		print_bytes(key, &in->sin_addr, 4);
		printf(" %s_port=%u", key, ntohs(in->sin_port));
	} else if (address->ss_family == AF_INET6) {
		print_bytes(key, &in6->sin6_addr, 16);
		printf(" %s_port=%u", key, ntohs(in6->sin6_port));
	}
}

/* Abstract ones begin with a NUL; others end before theirs. */
static void print_unix(const struct sockaddr_storage *address, socklen_t len)
{
	const struct sockaddr_un *un = (const void *)address;
	size_t size = len - offsetof(struct sockaddr_un, sun_path);
	char quoted[512];

	if (len > offsetof(struct sockaddr_un, sun_path) && *un->sun_path)
		size = strnlen(un->sun_path, size);
	printf(" unix=%s", zoo_quote(quoted, sizeof(quoted), un->sun_path, size));
}

/* A listening socket has no other end, others may have none yet. */
static void print_ends(int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len))
		return;
	if (address.ss_family == AF_UNIX)
		print_unix(&address, len);
	print_end("local", &address);
	if (address.ss_family == AF_UNIX)
		return;
	len = sizeof(address);
	if (getpeername(fd, (struct sockaddr *)&address, &len))
		memset(&address.__ss_padding, 0, sizeof(address.__ss_padding));
	print_end("remote", &address);
}

void zoo_say_socket(int fd, const char *name, int state, const char *fmt, ...)
{
	struct stat net = { 0 };
	va_list args;

	if (fd < 0) {
		zoo_skip(name, strerrorname_np(errno));
		return;
	}
	zoo_say_open(fd, name, KIN_FD_SOCKET);
	stat("/proc/self/ns/net", &net);
	printf(" netns=%llu family=%d socktype=%d", (unsigned long long)net.st_ino,
	       option(fd, SO_DOMAIN), option(fd, SO_TYPE));
	if (state != ANY_STATE)
		printf(" state=%d", state);
	/* Of packet sockets it is what socket() was given, in whatever order. */
	if (option(fd, SO_DOMAIN) != AF_PACKET)
		printf(" protocol=%d", option(fd, SO_PROTOCOL));
	print_ends(fd);
	if (fmt) {
		va_start(args, fmt);
		vprintf(fmt, args);
		va_end(args);
	}
	putchar('\n');
}
