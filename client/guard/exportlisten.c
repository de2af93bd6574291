// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd.h"
#include "exportlisten.h"

#define BACKLOG 64

/* ---- what was written ---- */

struct place {
	char host[64];		/* "": all addresses */
	const char *port;
};

/* Colons of an address of IPv6 need brackets, or nobody could tell the port. */
static bool split(const char *text, struct place *place)
{
	const char *colon = strrchr(text, ':'), *end = colon;
	const bool brackets = *text == '[';
	uint64_t port;

	if (!colon || (brackets && (colon == text || colon[-1] != ']')))
		return false;
	text += brackets;
	end -= brackets;
	if (end < text || (size_t)(end - text) >= sizeof(place->host) ||
	    (!brackets && memchr(text, ':', end - text)))
		return false;
	memcpy(place->host, text, end - text);
	place->host[end - text] = '\0';
	place->port = colon + 1;
	return (*place->host || !brackets) && cmd_number(place->port, UINT16_MAX, &port);
}

/* No names: looking one up may take as long as it likes. */
static struct addrinfo *look_up(const struct place *place)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	};
	struct addrinfo *info;

	if (getaddrinfo(*place->host ? place->host : NULL, place->port, &hints, &info))
		return NULL;
	return info;
}

/* ---- the socket ---- */

/* IPv6 takes IPv4, too, whatever net.ipv6.bindv6only says: all addresses are all. */
static int open_socket(const struct addrinfo *info)
{
	const int yes = 1, no = 0;
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	if (!bind(fd, info->ai_addr, info->ai_addrlen) && !listen(fd, BACKLOG))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* All addresses: one socket of IPv6, where the kernel has it. */
static int open_first(const struct addrinfo *info)
{
	int fd = -EAFNOSUPPORT;

	for (int family = AF_INET6; family; family = family == AF_INET6 ? AF_INET : 0)
		for (const struct addrinfo *at = info; at && fd < 0; at = at->ai_next)
			if (at->ai_family == family)
				fd = open_socket(at);
	return fd;
}

static void name_socket(int fd, char url[EXPORT_URL_ROOM])
{
	struct sockaddr_storage addr = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(addr);
	char host[64] = "", port[8] = "";
	const char *format = "http://%s:%s";

	if (!getsockname(fd, (struct sockaddr *)&addr, &len)) {
		getnameinfo((struct sockaddr *)&addr, len, host, sizeof(host), port,
			    sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
		if (addr.ss_family == AF_INET6)
			format = "http://[%s]:%s";
	}
	snprintf(url, EXPORT_URL_ROOM, format, host, port);
}

int export_listen(const char *text, char url[EXPORT_URL_ROOM])
{
	struct addrinfo *info = NULL;
	struct place place;
	int fd;

	if (split(text, &place))
		info = look_up(&place);
	if (!info) {
		cmd_error("--listen: '%s' is not an address and a port: 127.0.0.1:9947, [::1]:9947, or :9947 for all addresses",
			  text);
		return -CMD_USAGE;
	}
	fd = open_first(info);
	freeaddrinfo(info);
	if (fd < 0) {
		cmd_error("cannot listen on %s: %s", text, strerror(-fd));
		return -CMD_FAILED;
	}
	name_socket(fd, url);
	return fd;
}
