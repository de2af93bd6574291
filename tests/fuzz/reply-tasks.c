// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: the answer to kin_dump() or kin_get(), through the very code that
 * reads it. Each record that is handed out is read to its last byte, compared
 * with a second reading of the same datagrams, and kept in a snapshot.
 *
 * Input: a byte (odd: get; the rest: after how many records the callback has
 * enough, 0: never), then the datagrams.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libkin.h"
#include "reply-kernel.h"
#include "reply-reference.h"

#define ENOUGH 55

struct reader {
	struct kin_snapshot snap;
	unsigned int enough;
};

static void must(bool good)
{
	if (!good)
		abort();
}

static volatile unsigned char sink;

static void touch(const void *bytes, size_t len)
{
	for (size_t i = 0; bytes && i < len; i++)
		sink ^= ((const unsigned char *)bytes)[i];
}

/* The same bytes, or nothing in both places. */
static bool same(const void *a, const void *b, size_t len)
{
	return !a || !b ? a == b : !memcmp(a, b, len);
}

static bool same_string(const char *a, const char *b)
{
	return same(a, b, a && b ? strlen(a) + 1 : 0);
}

static bool same_struct(const void *kept, const void *came, size_t size)
{
	return !came || same(kept, came, size);
}

static void check_kept_private(const struct kin_task *task,
			       const struct kin_record *rec)
{
	must(same_struct(&task->files, rec->files, sizeof(task->files)));
	must(same_struct(&task->io, rec->io, sizeof(task->io)));
	must(same_struct(&task->ns, rec->ns, sizeof(task->ns)));
	must(same_struct(&task->delay, rec->delay, sizeof(task->delay)));
	must(same_struct(&task->wait, rec->wait, sizeof(task->wait)));
	must(task->n_limits == rec->n_limits &&
	     same(task->limits, rec->limits,
		  rec->n_limits * sizeof(*rec->limits)));
	must(same_string(task->exe, rec->exe) &&
	     same_string(task->cwd, rec->cwd) &&
	     same_string(task->root, rec->root) &&
	     same_string(task->stack, rec->stack));
	must(task->denied == rec->denied && task->deleted == rec->deleted);
}

/* What is kept is what came. */
static void check_kept(const struct kin_task *task, const struct kin_record *rec)
{
	must(same(&task->base, rec->base, sizeof(task->base)));
	must(same_struct(&task->sched, rec->sched, sizeof(task->sched)));
	must(same_struct(&task->mem, rec->mem, sizeof(task->mem)));
	must(task->n_nspids == rec->n_nspids &&
	     same(task->nspids, rec->nspids, 4 * rec->n_nspids));
	must(task->cmdline_len == rec->cmdline_len &&
	     same(task->cmdline, rec->cmdline, rec->cmdline_len));
	must(same_string(task->cgroup_path, rec->cgroup_path));
	must(task->cgroup_id == rec->cgroup_id && task->busy == rec->busy &&
	     task->cut == rec->cut);
	check_kept_private(task, rec);
}

static void touch_string(const char *string)
{
	touch(string, string ? strlen(string) + 1 : 0);
}

static int read_record(const struct kin_record *rec, void *arg)
{
	struct reader *reader = arg;

	touch(rec->base, sizeof(*rec->base));
	touch(rec->sched, sizeof(*rec->sched));
	touch(rec->mem, sizeof(*rec->mem));
	touch(rec->nspids, rec->n_nspids * sizeof(*rec->nspids));
	touch(rec->cmdline, rec->cmdline_len);
	touch_string(rec->cgroup_path);
	reference_check(rec);
	must(!kin_snapshot_add(rec, &reader->snap));
	check_kept(&reader->snap.tasks[reader->snap.n - 1], rec);
	return reader->snap.n == reader->enough ? ENOUGH : 0;
}

/* What is kept is as it came, wherever else the buffer is used for now. */
static void read_task(const struct kin_task *task)
{
	touch(task, sizeof(*task));
	touch(task->nspids, task->n_nspids * sizeof(*task->nspids));
	touch(task->cmdline, task->cmdline_len);
	touch(task->limits, task->n_limits * sizeof(*task->limits));
	touch_string(task->cgroup_path);
	touch_string(task->exe);
	touch_string(task->cwd);
	touch_string(task->root);
	touch_string(task->stack);
	must(task->groups & KIN_GROUP_MEM || task->mem.vm_bytes == KIN_NONE64);
}

static void read_snapshot(const struct kin_snapshot *snap)
{
	const struct kin_task *found;

	for (size_t i = 0; i < snap->n; i++) {
		const struct kin_base *base = &snap->tasks[i].base;
		const uint32_t kind = base->flags & KIN_TASK_THREAD ?
					      KIN_KIND_THREAD : KIN_KIND_PROCESS;

		read_task(&snap->tasks[i]);
		/* (Not in order, it need not be found; another must not be.) */
		found = kin_snapshot_find(snap, base->pid, kind);
		must(!found || found->base.pid == base->pid);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kin_query query = { .groups = KIN_GROUPS };
	struct reader reader = { .enough = size ? data[0] / 2 : 0 };
	struct kin *kin;
	int err;

	if (!size)
		return 0;
	kernel_says(data + 1, size - 1, true);
	reference_says(data + 1, size - 1);
	must(!kin_open(&kin));
	if (data[0] & 1)
		err = kin_get(kin, 1, KIN_KIND_PROCESS, KIN_GROUPS, read_record,
			      &reader);
	else
		err = kin_dump(kin, &query, read_record, &reader);
	must(err <= 0 || err == ENOUGH);
	must(strlen(kin_error(kin)) || err >= 0);
	if (!reader.enough || reader.snap.n < reader.enough)
		reference_end(err);
	read_snapshot(&reader.snap);
	kin_snapshot_free(&reader.snap);
	kin_close(kin);
	return 0;
}
