// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "fdkept.h"

/* A copy of @from at *@at, which moves on; NULL stays NULL. */
static void *copy(char **at, const void *from, size_t len)
{
	char *to = *at;

	if (!from)
		return NULL;
	memcpy(to, from, len);
	*at += len;
	return to;
}

static size_t string_size(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

/* (The structs of the wire are aligned to 4 bytes, and of such sizes.) */
static bool copy_row(struct fd_kept *kept, const struct fd_row *row)
{
	const struct kin_fd_record *rec = &row->rec;
	size_t size = sizeof(*rec->table) + (rec->fd ? sizeof(*rec->fd) : 0) +
		      (rec->sock ? sizeof(*rec->sock) : 0) +
		      rec->unix_name_len + string_size(rec->path) +
		      row->name_len;
	char *at = malloc(size);

	if (!at)
		return false;
	kept->data = at;
	kept->row = *row;
	kept->row.rec.table = copy(&at, rec->table, sizeof(*rec->table));
	kept->row.rec.fd = copy(&at, rec->fd, sizeof(*rec->fd));
	kept->row.rec.sock = copy(&at, rec->sock, sizeof(*rec->sock));
	kept->row.rec.unix_name = copy(&at, rec->unix_name, rec->unix_name_len);
	kept->row.rec.path = copy(&at, rec->path, string_size(rec->path));
	kept->row.name = copy(&at, row->name, row->name_len);
	return true;
}

bool fd_kept_add(struct fd_kept **list, size_t *n, size_t *room,
		 const struct fd_row *row)
{
	if (*n == *room) {
		size_t wanted = *room ? 2 * *room : 1024;
		struct fd_kept *more =
			reallocarray(*list, wanted, sizeof(**list));

		if (!more)
			return false;
		*list = more;
		*room = wanted;
	}
	if (!copy_row(&(*list)[*n], row))
		return false;
	++*n;
	return true;
}
