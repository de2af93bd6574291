// SPDX-License-Identifier: GPL-2.0-or-later
/* Tasks that are kept. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libkin.h"

/* Strings live in chunks that never move, so that pointers to them are good. */
struct kin_chunk {
	struct kin_chunk *next;
	size_t used, room;		/* bytes */
	char bytes[];
};

#define CHUNK_ROOM (64 * 1024 - sizeof(struct kin_chunk))

static void *keep(struct kin_snapshot *snap, const void *bytes, size_t len)
{
	const size_t need = (len + 7) & ~(size_t)7;
	struct kin_chunk *chunk = snap->strings;
	void *to;

	if (!chunk || chunk->room - chunk->used < need) {
		const size_t room = need > CHUNK_ROOM ? need : CHUNK_ROOM;

		chunk = malloc(sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		chunk->next = snap->strings;
		chunk->used = 0;
		chunk->room = room;
		snap->strings = chunk;
	}
	to = chunk->bytes + chunk->used;
	chunk->used += need;
	return memcpy(to, bytes, len);
}

static struct kin_task *next_task(struct kin_snapshot *snap)
{
	if (snap->n == snap->room) {
		const size_t room = snap->room ? 2 * snap->room : 256;
		struct kin_task *tasks =
			reallocarray(snap->tasks, room, sizeof(*tasks));

		if (!tasks)
			return NULL;
		snap->tasks = tasks;
		snap->room = room;
	}
	return &snap->tasks[snap->n];
}

/* Lists and strings. Returns false if there is no memory. */
static bool keep_rest(struct kin_snapshot *snap, struct kin_task *task,
		      const struct kin_record *rec)
{
	if (rec->nspids) {
		task->n_nspids = rec->n_nspids;
		task->nspids = keep(snap, rec->nspids,
				    rec->n_nspids * sizeof(*rec->nspids));
		if (!task->nspids)
			return false;
	}
	if (rec->cmdline) {
		task->groups |= KIN_GROUP_CMDLINE;
		task->cmdline_len = rec->cmdline_len;
		task->cmdline = keep(snap, rec->cmdline, rec->cmdline_len);
		if (!task->cmdline)
			return false;
	}
	if (rec->cgroup_id != KIN_NONE64)
		task->groups |= KIN_GROUP_CGROUP;
	task->cgroup_id = rec->cgroup_id;
	if (rec->cgroup_path) {
		task->cgroup_path = keep(snap, rec->cgroup_path,
					 strlen(rec->cgroup_path) + 1);
		if (!task->cgroup_path)
			return false;
	}
	return true;
}

int kin_snapshot_add(const struct kin_record *rec, void *arg)
{
	struct kin_snapshot *snap = arg;
	struct kin_task *task = next_task(snap);

	if (!task)
		return -ENOMEM;
	task->base = *rec->base;
	task->groups = 0;
	if (rec->sched) {
		task->groups |= KIN_GROUP_SCHED;
		task->sched = *rec->sched;
	} else {
		memset(&task->sched, 0xff, sizeof(task->sched));
	}
	if (rec->mem) {
		task->groups |= KIN_GROUP_MEM;
		task->mem = *rec->mem;
	} else {
		memset(&task->mem, 0xff, sizeof(task->mem));
	}
	task->busy = rec->busy;
	task->cut = rec->cut;
	task->nspids = NULL;
	task->cmdline = NULL;
	task->cgroup_path = NULL;
	task->n_nspids = 0;
	task->cmdline_len = 0;
	if (!keep_rest(snap, task, rec))
		return -ENOMEM;
	snap->n++;
	return 0;
}

int kin_snapshot_take(struct kin *kin, const struct kin_query *query,
		      struct kin_snapshot *snap)
{
	int err;

	memset(snap, 0, sizeof(*snap));
	err = kin_dump(kin, query, kin_snapshot_add, snap);
	if (err)
		kin_snapshot_free(snap);
	return err;
}

void kin_snapshot_free(struct kin_snapshot *snap)
{
	struct kin_chunk *chunk;

	while ((chunk = snap->strings)) {
		snap->strings = chunk->next;
		free(chunk);
	}
	free(snap->tasks);
	memset(snap, 0, sizeof(*snap));
}

const struct kin_task *kin_snapshot_find(const struct kin_snapshot *snap,
					 uint32_t pid, uint32_t kind)
{
	const bool thread = kind == KIN_KIND_THREAD;
	size_t low = 0, high = snap->n;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;
		const struct kin_task *task = &snap->tasks[mid];
		const bool is_thread = task->base.flags & KIN_TASK_THREAD;

		if (task->base.pid == pid && is_thread == thread)
			return task;
		if (task->base.pid < pid ||
		    (task->base.pid == pid && !is_thread))
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}
