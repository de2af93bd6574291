// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/socket.h>

#include "fdrow.h"
#include "fdsock.h"

/* Paths are shorter (PATH_MAX), names of unix sockets much. */
#define TEXT_MAX 4096

static size_t put_text(char *to, const char *text, size_t len)
{
	if (len > TEXT_MAX)
		len = TEXT_MAX;
	memcpy(to, text, len);
	return len;
}

static size_t put_others(char *to, const struct fd_others *others,
			 uint64_t unseen_ino)
{
	char *at = stpcpy(to, " -> ");

	if (others->n)
		return at - to + fd_others_text(at, others);
	/* there is one, in a message, in the kernel, or in another pid namespace */
	return unseen_ino ? at - to + sprintf(at, "socket:[%llu]",
					      (unsigned long long)unseen_ino) :
			    0;
}

size_t fd_row_unix(char *to, const struct kin_fd_record *rec)
{
	size_t len;

	if (!rec->unix_name || !rec->unix_name_len)
		return 0;
	len = put_text(to, rec->unix_name, rec->unix_name_len);
	if (*to == '\0')
		*to = '@';
	return len;
}

static size_t put_unix(char *to, const struct fd_row *row)
{
	const struct kin_sock *sock = row->rec.sock;
	struct fd_others others = fd_peers_of(row->peers, &row->rec);
	char *at = to + fdsock_name(to, sock, row->netns);
	size_t len = fd_row_unix(at + 1, &row->rec);

	if (len) {
		*at = ' ';
		at += 1 + len;
	}
	if (fdsock_listens(sock))
		return stpcpy(at, " (LISTEN)") - to;
	return at - to + put_others(at, &others,
				    sock->peer_ino == KIN_NONE64 ?
					    0 : sock->peer_ino);
}

static size_t put_socket(char *to, const struct fd_row *row)
{
	const struct kin_sock *sock = row->rec.sock;

	if (!sock)
		return sprintf(to, "socket:[%llu]",
			       (unsigned long long)row->rec.fd->ino);
	if (sock->family == AF_UNIX)
		return put_unix(to, row);
	return fdsock_name(to, sock, row->netns);
}

static size_t put_pipe(char *to, const struct fd_row *row)
{
	struct fd_others others = fd_peers_of(row->peers, &row->rec);
	const char *path = row->rec.path;
	size_t len;

	if (path)
		len = put_text(to, path, strlen(path));
	else
		len = sprintf(to, "pipe:[%llu]",
			      (unsigned long long)row->rec.fd->ino);
	return len + put_others(to + len, &others, 0);
}

static size_t put_path(char *to, const struct fd_row *row)
{
	const struct kin_fd *fd = row->rec.fd;
	size_t len;

	if (!row->rec.path)
		return fd->flags & KIN_FD_PATH_LONG ?
			       sprintf(to, "(longer than a path may be)") : 0;
	len = put_text(to, row->rec.path, strlen(row->rec.path));
	if (fd->flags & KIN_FD_DELETED)
		len = stpcpy(to + len, " (deleted)") - to;
	return len;
}

size_t fd_row_name(char *to, const struct fd_row *row)
{
	const struct kin_fd *fd = row->rec.fd;

	if (!fd)
		return 0;
	if (fd->type == KIN_FD_SOCKET)
		return put_socket(to, row);
	if (fd->type == KIN_FD_PIPE || fd->type == KIN_FD_FIFO)
		return put_pipe(to, row);
	return put_path(to, row);
}
