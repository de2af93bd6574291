// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "../truth/tap.h"
#include "dumps.h"

struct dumped *dumped;

struct look {
	struct keeper_sight sight;
	uint32_t pid; /* of the table that was told of last */
	bool thread;
	int64_t fd; /* the last one in it */
	unsigned long records, wrong;
};

void dumps_init(void)
{
	dumped = mmap(NULL, sizeof(*dumped), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (dumped == MAP_FAILED)
		tap_bail("no memory");
}

static void add(unsigned long *number, unsigned long n)
{
	__atomic_add_fetch(number, n, __ATOMIC_RELAXED);
}

/* A process before its main thread, and each of them once. */
static void look_at_table(struct look *look, const struct kin_fd_table *table)
{
	const bool thread = table->flags & KIN_FD_TABLE_THREAD;

	look->wrong += table->pid < look->pid ||
		       (table->pid == look->pid && (look->thread || !thread));
	look->pid = table->pid;
	look->thread = thread;
	look->fd = -1;
}

static void look_at_fd(struct look *look, const struct kin_fd_record *rec)
{
	look->wrong +=
		rec->table->pid != look->pid || rec->fd->fd <= look->fd ||
		rec->fd->type >= KIN_FD_TYPE_COUNT || rec->table->shared_pid;
	look->fd = rec->fd->fd;
}

static int take(const struct kin_fd_record *rec, void *arg)
{
	struct look *look = arg;

	look->records++;
	if (rec->fd)
		look_at_fd(look, rec);
	else if (rec->counts)
		look->wrong += rec->n_counts != KIN_FD_TYPE_COUNT;
	else
		look_at_table(look, rec->table);
	keeper_look(&look->sight, rec);
	return 0;
}

static int try_once(struct look *look, uint32_t kinds)
{
	const struct kin_fd_query query = { .kinds = kinds,
					    .parts = KIN_FD_PARTS };
	struct kin *kin;
	int err = kin_open(&kin);

	/* Not there; or there no longer. */
	if (err)
		err = err == -ENOENT ? -ENODEV : err;
	else
		err = kin_fd_dump(kin, &query, take, look);
	kin_close(kin);
	return err;
}

void dump_once(const struct keeper *keeper, uint32_t kinds)
{
	struct look look = { .sight.keeper = keeper };
	const int err = try_once(&look, kinds);

	if (err == -ENODEV) {
		add(&dumped->gone, 1);
	} else if (err) {
		dumped->error = err;
		add(&dumped->failed, 1);
	} else {
		add(&dumped->wrong, look.wrong || !keeper_seen(&look.sight));
		add(&dumped->records, look.records);
		add(&dumped->done, 1);
	}
}

void dumps_note(void)
{
	tap_note("%lu dumps with %lu records, %lu found no module, %lu failed"
		 " (%d), %lu wrong",
		 dumped->done, dumped->records, dumped->gone, dumped->failed,
		 dumped->error, dumped->wrong);
}
