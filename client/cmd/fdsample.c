// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fdsample.h"
#include "waiting.h"

static int compare_pid(const void *key, const void *table)
{
	const uint32_t pid = *(const uint32_t *)key;
	const uint32_t other = ((const struct fdtable *)table)->base.pid;

	return (pid > other) - (pid < other);
}

const struct fdtable *fdsample_find(const struct fdsample *sample, uint32_t pid)
{
	if (!sample->n)
		return NULL;
	return bsearch(&pid, sample->tables, sample->n, sizeof(*sample->tables),
		       compare_pid);
}

static bool grow(struct fdsample *sample)
{
	const size_t room = sample->room ? 2 * sample->room : 256;
	struct fdtable *tables = reallocarray(sample->tables, room,
					      sizeof(*tables));

	if (!tables)
		return false;
	sample->tables = tables;
	sample->room = room;
	return true;
}

/* Whoever shares a table has what is in it, too; it is told once, and before. */
static void take_shared(struct fdsample *sample, struct fdtable *table)
{
	const struct fdtable *owner;

	if (!table->base.shared_pid)
		return;
	owner = fdsample_find(sample, table->base.shared_pid);
	if (!owner)
		return;
	table->counted = owner->counted;
	memcpy(table->counts, owner->counts, sizeof(table->counts));
}

/* A thread is here only if it has not the table of its process. */
static bool is_told(const struct kin_fd_table *base)
{
	if (!(base->flags & KIN_FD_TABLE_THREAD))
		return true;
	return !(base->flags & KIN_FD_TABLE_DENIED) &&
	       base->shared_pid != base->tgid;
}

static int add_table(struct fdsample *sample, const struct kin_fd_table *base)
{
	struct fdtable *table;

	if (!is_told(base))
		return 0;
	if (sample->n == sample->room && !grow(sample))
		return -ENOMEM;
	table = &sample->tables[sample->n];
	memset(table, 0, sizeof(*table));
	table->base = *base;
	take_shared(sample, table);
	sample->n++;
	sample->n_denied += (base->flags & KIN_FD_TABLE_DENIED) != 0;
	return 0;
}

/* Types that only a newer module knows are others. */
static void set_counts(struct fdtable *table, const struct kin_fd_record *rec)
{
	memset(table->counts, 0, sizeof(table->counts));
	for (uint32_t i = 0; i < rec->n_counts; i++)
		table->counts[i < KIN_FD_TYPE_COUNT ? i : KIN_FD_OTHER] +=
			rec->counts[i];
	table->counted = true;
	/* as of when the last of them were counted */
	table->base.open = rec->table->open;
}

int fdsample_add(const struct kin_fd_record *rec, void *arg)
{
	struct fdsample *sample = arg;
	struct fdtable *last = sample->n ? &sample->tables[sample->n - 1] : NULL;

	if (rec->fd)
		return 0;
	if (!rec->counts)
		return add_table(sample, rec->table);
	if (last && last->base.pid == rec->table->pid)
		set_counts(last, rec);
	return 0;
}

void fdsample_begin(struct fdsample *sample)
{
	sample->boottime_ns = waiting_now();
	sample->n = 0;
	sample->n_denied = 0;
}

int fdsample_take(struct kin *kin, const struct kin_fd_query *query,
		  struct fdsample *sample)
{
	fdsample_begin(sample);
	return kin_fd_dump(kin, query, fdsample_add, sample);
}

void fdsample_free(struct fdsample *sample)
{
	free(sample->tables);
	memset(sample, 0, sizeof(*sample));
}

uint64_t fdtable_use_milli(const struct kin_fd_table *table)
{
	const uint64_t open = table->open, limit = table->limit_soft;

	if (open == KIN_NONE64 || limit == KIN_NONE64 || !limit)
		return KIN_NONE64;
	return open < UINT64_MAX / 100000 ? open * 100000 / limit :
					    open / limit * 100000;
}

/* ---- JSON ---- */

void fdtable_json_who(struct kin_json *json, const struct kin_fd_table *table)
{
	kin_json_u64(json, "pid", table->pid);
	kin_json_known(json, "start_boottime_ns", table->start_boottime_ns);
	kin_json_bytes(json, "comm", table->comm,
		       strnlen(table->comm, KIN_COMM_LEN));
	kin_json_u64(json, "uid", table->uid);
}

void fdtable_json_use(struct kin_json *json, const struct kin_fd_table *table)
{
	const uint64_t use = fdtable_use_milli(table);

	if (use == KIN_NONE64)
		kin_json_null(json, "use_percent");
	else
		kin_json_milli(json, "use_percent", use);
}
