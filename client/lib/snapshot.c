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

/* Copies what is there; a failure is told once, at the end. */
struct keeper {
	struct kin_snapshot *snap;
	bool failed;
};

static const void *keep_bytes(struct keeper *keeper, const void *bytes,
			      size_t len)
{
	const void *kept = bytes ? keep(keeper->snap, bytes, len) : NULL;

	keeper->failed |= bytes && !kept;
	return kept;
}

static const char *keep_string(struct keeper *keeper, const char *string)
{
	return keep_bytes(keeper, string, string ? strlen(string) + 1 : 0);
}

/* Lists and strings. Returns false if there is no memory. */
static bool keep_rest(struct kin_snapshot *snap, struct kin_task *task,
		      const struct kin_record *rec)
{
	struct keeper keeper = { .snap = snap };

	task->n_nspids = rec->nspids ? rec->n_nspids : 0;
	task->nspids = keep_bytes(&keeper, rec->nspids,
				  task->n_nspids * sizeof(*rec->nspids));
	task->cmdline_len = rec->cmdline ? rec->cmdline_len : 0;
	task->cmdline = keep_bytes(&keeper, rec->cmdline, task->cmdline_len);
	task->n_limits = rec->limits ? rec->n_limits : 0;
	task->limits = keep_bytes(&keeper, rec->limits,
				  task->n_limits * sizeof(*rec->limits));
	task->cgroup_path = keep_string(&keeper, rec->cgroup_path);
	task->exe = keep_string(&keeper, rec->exe);
	task->cwd = keep_string(&keeper, rec->cwd);
	task->root = keep_string(&keeper, rec->root);
	task->stack = keep_string(&keeper, rec->stack);
	return !keeper.failed;
}

static inline void keep_struct(void *to, const void *from, size_t size)
{
	if (from)
		memcpy(to, from, size);
	else
		memset(to, 0xff, size);
}

static void keep_structs(struct kin_task *task, const struct kin_record *rec)
{
	task->base = *rec->base;
	keep_struct(&task->sched, rec->sched, sizeof(task->sched));
	keep_struct(&task->mem, rec->mem, sizeof(task->mem));
	keep_struct(&task->files, rec->files, sizeof(task->files));
	keep_struct(&task->io, rec->io, sizeof(task->io));
	keep_struct(&task->ns, rec->ns, sizeof(task->ns));
	keep_struct(&task->delay, rec->delay, sizeof(task->delay));
	keep_struct(&task->wait, rec->wait, sizeof(task->wait));
}

static inline uint32_t group_if(const void *there, uint32_t group)
{
	return there ? group : 0;
}

/* The groups that came. */
static uint32_t groups_of(const struct kin_record *rec)
{
	uint32_t groups = 0;

	groups |= group_if(rec->sched, KIN_GROUP_SCHED);
	groups |= group_if(rec->mem, KIN_GROUP_MEM);
	groups |= group_if(rec->cmdline, KIN_GROUP_CMDLINE);
	groups |= group_if(rec->files, KIN_GROUP_FILES);
	groups |= group_if(rec->io, KIN_GROUP_IO);
	groups |= group_if(rec->exe, KIN_GROUP_EXE);
	groups |= group_if(rec->cwd, KIN_GROUP_CWD);
	groups |= group_if(rec->root, KIN_GROUP_ROOT);
	groups |= group_if(rec->ns, KIN_GROUP_NS);
	groups |= group_if(rec->limits, KIN_GROUP_LIMITS);
	groups |= group_if(rec->delay, KIN_GROUP_DELAY);
	groups |= group_if(rec->wait, KIN_GROUP_WAIT);
	groups |= group_if(rec->stack, KIN_GROUP_STACK);
	if (rec->cgroup_id != KIN_NONE64)
		groups |= KIN_GROUP_CGROUP;
	return groups;
}

int kin_snapshot_add(const struct kin_record *rec, void *arg)
{
	struct kin_snapshot *snap = arg;
	struct kin_task *task = next_task(snap);

	if (!task)
		return -ENOMEM;
	keep_structs(task, rec);
	task->groups = groups_of(rec);
	task->cgroup_id = rec->cgroup_id;
	task->busy = rec->busy;
	task->cut = rec->cut;
	task->denied = rec->denied;
	task->deleted = rec->deleted;
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
