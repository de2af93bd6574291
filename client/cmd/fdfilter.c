// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/socket.h>

#include "fd.h"
#include "fdsock.h"

bool fd_filter_table(const struct fd_filter *filter,
		     const struct kin_fd_table *table)
{
	if (!filter->limit_percent)
		return true;
	if (table->open == KIN_NONE64 || table->limit_soft == KIN_NONE64)
		return false;
	/* a number of descriptors is below 2^32: neither product wraps around */
	return table->open * 100 >= table->limit_soft * filter->limit_percent;
}

/* Whole components: /var/log holds /var/log/x, and not /var/logs. */
static bool is_below(const char *path, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	while (n && prefix[n - 1] == '/')
		n--;
	return len >= n && *path == '/' && !memcmp(path, prefix, n) &&
	       (len == n || path[n] == '/');
}

static bool passes_path(const struct fd_filter *filter,
			const struct kin_fd_record *rec)
{
	if (rec->path)
		return is_below(rec->path, strlen(rec->path), filter->path);
	return rec->unix_name && rec->unix_name_len &&
	       is_below(rec->unix_name, rec->unix_name_len, filter->path);
}

static bool at_either_end(const struct fd_endpoint *at,
			  const struct kin_sock *sock)
{
	return sock && (fdsock_is_at(at, sock, FDSOCK_LOCAL) ||
			fdsock_is_at(at, sock, FDSOCK_REMOTE));
}

static bool in_state(const struct fd_filter *filter, const struct kin_sock *sock)
{
	return sock && sock->state < 32 && (filter->states & 1u << sock->state);
}

bool fd_filter_passes(const struct fd_filter *filter,
		      const struct kin_fd_record *rec)
{
	if (filter->deleted && !(rec->fd->flags & KIN_FD_DELETED))
		return false;
	if (filter->path && !passes_path(filter, rec))
		return false;
	if ((filter->at.family || filter->at.has_port) &&
	    !at_either_end(&filter->at, rec->sock))
		return false;
	return !filter->states || in_state(filter, rec->sock);
}
