/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small HTTP server that does what it is told, wrong things too. */
#ifndef KIN_TEST_SINKSERVER_H
#define KIN_TEST_SINKSERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

/* What becomes of the next requests: each once, then 200 for ever. */
enum {
	SERVER_RESET = -1,	/* the connection is reset after the request was read */
	SERVER_HANG = -2,	/* there is no answer before the client goes */
	SERVER_GARBAGE = -3,	/* not HTTP */
	SERVER_CUT = -4,	/* an answer that ends amid its head */
};

#define SERVER_MAX 4096

struct server {
	int fd, port;
	pthread_t thread;
	atomic_bool ended;
	atomic_int requests;		/* that were read */
	atomic_int answered_well;
	int script[64];			/* a status, or one of the above; 0: end */
	const char *head;		/* more lines of the answer's head, with \r\n */
	const char *answer;		/* its body */
	/* of the last requests; those that were answered well, one after another */
	char last[65536];
	char bodies[SERVER_MAX][1024];
	double at[64];			/* when each came */
};

static inline int server_listen(struct server *server)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons(server->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int one = 1;

	server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(server->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(server->fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(server->fd, 64) ||
	    getsockname(server->fd, (struct sockaddr *)&addr, &len))
		return -1;
	server->port = ntohs(addr.sin_port);
	return 0;
}

/* Head and body; returns where the body is, or NULL. */
static inline char *server_read(struct server *server, int fd)
{
	size_t len = 0, need = 0;
	char *body = NULL, *length;
	ssize_t some;

	while (!body || len < (size_t)(body - server->last) + need) {
		some = read(fd, server->last + len, sizeof(server->last) - 1 - len);
		if (some <= 0)
			return NULL;
		len += some;
		server->last[len] = '\0';
		if (body || !(body = strstr(server->last, "\r\n\r\n")))
			continue;
		body += 4;
		length = strcasestr(server->last, "Content-Length: ");
		need = length ? strtoul(length + 16, NULL, 10) : 0;
	}
	return body;
}

static inline void server_answer(struct server *server, int fd, int status)
{
	const char *answer = server->answer ? server->answer : "";
	char text[4096];
	int len;

	len = snprintf(text, sizeof(text),
		       "HTTP/1.1 %d Whatever\r\n%sContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
		       status, server->head ? server->head : "", strlen(answer), answer);
	if (write(fd, text, len) != len)
		perror("write");
}

/* One request; @n: its number, from 0. */
static inline void server_serve(struct server *server, int fd, int n)
{
	struct linger reset = { .l_onoff = 1 };
	struct pollfd gone = { .fd = fd, .events = POLLRDHUP };
	char *body = server_read(server, fd);
	int what = n < 64 && server->script[n] ? server->script[n] : 200;

	if (!body)
		return;
	if (n < 64)
		server->at[n] = scene_seconds();
	server->requests++;
	if (what / 100 == 2) {
		/* before the answer: who got that may look */
		snprintf(server->bodies[server->answered_well % SERVER_MAX],
			 sizeof(server->bodies[0]), "%s", body);
		server->answered_well++;
	}
	if (what == SERVER_RESET)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	else if (what == SERVER_HANG)
		poll(&gone, 1, 20000);
	else if (what == SERVER_GARBAGE)
		dprintf(fd, "\x01\x02 this is no answer\r\n\r\n");
	else if (what == SERVER_CUT)
		dprintf(fd, "HTTP/1.1 200 O");
	else
		server_answer(server, fd, what);
}

static inline void *server_run(void *arg)
{
	struct server *server = arg;
	int n = server->requests, fd;

	while (!server->ended && (fd = accept(server->fd, NULL, NULL)) >= 0) {
		if (!server->ended)
			server_serve(server, fd, n++);
		close(fd);
	}
	return NULL;
}

static inline void server_start(struct server *server)
{
	server->ended = false;
	assert_int_equal(server_listen(server), 0);
	assert_int_equal(pthread_create(&server->thread, NULL, server_run, server), 0);
}

/* Its port then refuses connections. */
static inline void server_stop(struct server *server)
{
	server->ended = true;
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
}

#endif /* KIN_TEST_SINKSERVER_H */
