// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "../truth/tap.h"
#include "told.h"

#define ALL (KIN_FD_PART_LIST | KIN_FD_PART_PATH | KIN_FD_PART_SOCK | KIN_FD_PART_COUNTS)

static void *grow(void *array, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return array;
	*room = *room ? 2 * *room : 16;
	array = realloc(array, *room * size);
	if (!array)
		tap_bail("out of memory");
	return array;
}

static void add_table(struct told *told, const struct kin_fd_table *base)
{
	told->tables = grow(told->tables, told->n, &told->room, sizeof(*told->tables));
	told->tables[told->n++] = (struct told_table){ .base = *base };
}

static void add_fd(struct told_table *table, const struct kin_fd_record *rec)
{
	struct fd_told *to;

	table->fds = grow(table->fds, table->n, &table->room, sizeof(*table->fds));
	to = &table->fds[table->n++];
	*to = (struct fd_told){ .fd = *rec->fd, .has_sock = rec->sock };
	if (rec->sock)
		to->sock = *rec->sock;
	if (rec->path)
		to->path = strdup(rec->path);
	to->has_unix = rec->unix_name;
	to->unix_len = rec->unix_name_len;
	to->unix_name = calloc(1, rec->unix_name_len + 1);
	if (rec->unix_name)
		memcpy(to->unix_name, rec->unix_name, rec->unix_name_len);
}

static int add(const struct kin_fd_record *rec, void *arg)
{
	struct told *told = arg;
	struct told_table *last;

	if (!rec->fd && !rec->counts)
		add_table(told, rec->table);
	last = told->n ? &told->tables[told->n - 1] : NULL;
	if (!last || last->base.pid != rec->table->pid) {
		told->stray++;
		return 0;
	}
	if (rec->fd)
		add_fd(last, rec);
	if (rec->counts && rec->n_counts == KIN_FD_TYPE_COUNT) {
		memcpy(last->counts, rec->counts, sizeof(last->counts));
		last->has_counts = true;
	}
	return 0;
}

void told_take(struct kin *kin, const struct kin_fd_query *query, struct told *told)
{
	struct kin_fd_query all = *query;

	all.parts = all.parts ?: ALL;
	*told = (struct told){ 0 };
	if (kin_fd_dump(kin, &all, add, told))
		tap_bail("descriptors: %s", kin_error(kin));
}

bool told_take_process(struct kin *kin, uint32_t pid, struct told *told)
{
	const struct kin_fd_query query = { .scope = { .tgids = &pid, .n_tgids = 1 } };

	told_take(kin, &query, told);
	return told->n == 1;
}

void told_drop(struct told *told)
{
	for (size_t i = 0; i < told->n; i++) {
		for (size_t j = 0; j < told->tables[i].n; j++) {
			free(told->tables[i].fds[j].path);
			free(told->tables[i].fds[j].unix_name);
		}
		free(told->tables[i].fds);
	}
	free(told->tables);
	*told = (struct told){ 0 };
}

const struct told_table *told_find(const struct told *told, uint32_t pid, bool thread)
{
	for (size_t i = 0; i < told->n; i++) {
		const struct kin_fd_table *base = &told->tables[i].base;

		if (base->pid == pid && !!(base->flags & KIN_FD_TABLE_THREAD) == thread)
			return &told->tables[i];
	}
	return NULL;
}

const struct fd_told *told_fd(const struct told_table *table, uint32_t fd)
{
	for (size_t i = 0; i < table->n; i++) {
		if (table->fds[i].fd.fd == fd)
			return &table->fds[i];
	}
	return NULL;
}
