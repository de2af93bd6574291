/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors made up, as a dump would tell them. Include cmocka.h first. */
#ifndef TEST_FDRECORD_H
#define TEST_FDRECORD_H

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "fdrow.h"

#define DEV_PIPES 12
#define DEV_SOCKETS 8

/* One descriptor with all that it points to. */
struct made {
	struct kin_fd_table table;
	struct kin_fd fd;
	struct kin_sock sock;
	struct kin_fd_record rec;
};

static inline void make_fd(struct made *made, uint32_t pid, uint32_t fd,
			   uint32_t type)
{
	memset(made, 0, sizeof(*made));
	made->table.pid = made->table.tgid = pid;
	made->table.users = 1;
	made->table.open = 3;
	made->table.limit_soft = 1024;
	snprintf(made->table.comm, sizeof(made->table.comm), "c%u", pid);
	made->fd.fd = fd;
	made->fd.type = type;
	made->rec.table = &made->table;
	made->rec.fd = &made->fd;
}

static inline void make_file(struct made *made, const char *path)
{
	make_fd(made, 10, 3, KIN_FD_FILE);
	made->fd.flags = KIN_FD_READ;
	made->rec.path = path;
}

static inline void make_pipe(struct made *made, uint32_t pid, uint32_t fd,
			     uint64_t ino, uint32_t flags)
{
	make_fd(made, pid, fd, KIN_FD_PIPE);
	made->fd.ino = ino;
	made->fd.dev = DEV_PIPES;
	made->fd.flags = flags;
}

static inline void make_socket(struct made *made, uint32_t family,
			       uint32_t type, uint32_t protocol, uint32_t state)
{
	make_fd(made, 10, 4, KIN_FD_SOCKET);
	made->fd.ino = 700;
	made->fd.dev = DEV_SOCKETS;
	made->fd.flags = KIN_FD_READ | KIN_FD_WRITE;
	made->sock.family = family;
	made->sock.type = type;
	made->sock.protocol = protocol;
	made->sock.state = state;
	made->rec.sock = &made->sock;
}

static inline void make_ends(struct made *made, const char *local,
			     uint32_t local_port, const char *remote,
			     uint32_t remote_port)
{
	assert_int_equal(inet_pton(made->sock.family, local, made->sock.local),
			 1);
	made->sock.local_port = local_port;
	if (!remote)
		return;
	assert_int_equal(inet_pton(made->sock.family, remote,
				   made->sock.remote), 1);
	made->sock.remote_port = remote_port;
}

#define TCP_STATE_ESTABLISHED 1
#define TCP_STATE_CLOSED 7
#define TCP_STATE_LISTEN 10

#endif /* TEST_FDRECORD_H */
