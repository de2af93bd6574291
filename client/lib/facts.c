// SPDX-License-Identifier: GPL-2.0-or-later
/* What a node knows of its task: a copy of the last record, and what events told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nodes.h"

/* ---- lists and strings: one block for a node ---- */

static size_t nspids_size(const struct kin_task *task)
{
	return task->nspids ? task->n_nspids * sizeof(*task->nspids) : 0;
}

static size_t string_size(const char *string)
{
	return string ? strlen(string) + 1 : 0;
}

static bool same_bytes(const void *a, size_t a_size, const void *b,
		       size_t b_size)
{
	return a_size == b_size && !a == !b &&
	       (!a || !memcmp(a, b, a_size));
}

static bool same_string(const char *a, const char *b)
{
	return same_bytes(a, string_size(a), b, string_size(b));
}

static bool same_strings(const struct kin_task *a, const struct kin_task *b)
{
	return same_bytes(a->nspids, nspids_size(a), b->nspids,
			  nspids_size(b)) &&
	       same_bytes(a->cmdline, a->cmdline_len, b->cmdline,
			  b->cmdline_len) &&
	       same_string(a->cgroup_path, b->cgroup_path) &&
	       same_string(a->exe, b->exe) && same_string(a->stack, b->stack);
}

static const void *put(char **at, const void *bytes, size_t size)
{
	char *to = *at;

	if (!bytes)
		return NULL;
	*at += size;
	return memcpy(to, bytes, size);
}

/* Copies what @from points to. Most samples bring what is there already. */
static int keep_strings(struct kin_node *node, const struct kin_task *from)
{
	const size_t size = nspids_size(from) + from->cmdline_len +
			    string_size(from->cgroup_path) +
			    string_size(from->exe) + string_size(from->stack);
	struct kin_task *task = &node->task;
	char *block, *at;

	if (same_strings(task, from))
		return 0;
	block = malloc(size ? size : 1);
	if (!block)
		return -ENOMEM;
	at = block;
	task->nspids = put(&at, from->nspids, nspids_size(from));
	task->cmdline = put(&at, from->cmdline, from->cmdline_len);
	task->cgroup_path = put(&at, from->cgroup_path,
				string_size(from->cgroup_path));
	task->exe = put(&at, from->exe, string_size(from->exe));
	task->stack = put(&at, from->stack, string_size(from->stack));
	task->n_nspids = from->n_nspids;
	task->cmdline_len = from->cmdline_len;
	node->version++;
	free(node->strings);
	node->strings = block;
	return 0;
}

/* A command line that could not be had now is the one that was had before. */
static struct kin_task strings_of(const struct kin_nodes *nodes,
				  const struct kin_task *task,
				  const struct kin_record *rec)
{
	struct kin_task from = {
		.nspids = rec->nspids,
		.n_nspids = rec->nspids ? rec->n_nspids : 0,
		.cmdline = rec->cmdline,
		.cmdline_len = rec->cmdline ? rec->cmdline_len : 0,
		.exe = rec->exe,
		.stack = rec->stack,
	};

	if ((rec->busy & KIN_GROUP_CMDLINE) &&
	    task->base.exec_id == rec->base->exec_id) {
		from.cmdline = task->cmdline;
		from.cmdline_len = task->cmdline_len;
	}
	/* The path comes along with the id, which is always asked for. */
	if (nodes->options.groups & KIN_GROUP_CGROUP)
		from.cgroup_path = rec->cgroup_path;
	return from;
}

void kin_node_forget(struct kin_node *node, uint32_t groups)
{
	struct kin_task *task = &node->task;

	if (groups & KIN_GROUP_CMDLINE) {
		task->cmdline = NULL;
		task->cmdline_len = 0;
		task->groups &= ~KIN_GROUP_CMDLINE;
	}
	if (groups & KIN_GROUP_EXE) {
		task->exe = NULL;
		task->groups &= ~KIN_GROUP_EXE;
	}
	if (groups & KIN_GROUP_CGROUP)
		task->cgroup_path = NULL;
}

/* ---- numbers ---- */

/* An exec of which no event has told yet is told of by that event. */
static uint32_t differences(struct kin_node *node, const struct kin_record *rec)
{
	const struct kin_task *task = &node->task;
	const uint64_t exec_id = rec->base->exec_id;
	uint32_t changes = 0;

	if (memcmp(task->base.comm, rec->base->comm, KIN_COMM_LEN))
		changes |= KIN_CHANGE_COMM;
	if (rec->cgroup_id != KIN_NONE64 && task->cgroup_id != KIN_NONE64 &&
	    rec->cgroup_id != task->cgroup_id)
		changes |= KIN_CHANGE_CGROUP;
	if (node->told_exec_id && node->told_exec_id < exec_id) {
		node->told_exec_id = exec_id;
		node->inherited = false;
		changes |= KIN_CHANGE_EXEC;
	}
	if (!kin_node_is_thread(node) &&
	    task->base.num_threads != rec->base->num_threads)
		changes |= KIN_CHANGE_THREADS;
	return changes;
}

/* What is copied one by one tells whether it was another one. */
static bool set_bytes(void *to, const void *from, size_t size)
{
	if (!memcmp(to, from, size))
		return false;
	memcpy(to, from, size);
	return true;
}

static bool set_mask(uint32_t *mask, uint32_t to)
{
	const bool changed = *mask != to;

	*mask = to;
	return changed;
}

/* What a task no longer has, or may no longer be told, is not known any more. */
static bool copy_group(struct kin_task *task, uint32_t group, void *to,
		       const void *from, size_t size)
{
	const bool had = task->groups & group;

	if (from) {
		task->groups |= group;
		return set_bytes(to, from, size) || !had;
	}
	if (had) {
		memset(to, 0xff, size);
		task->groups &= ~group;
	}
	return had;
}

static bool copy_private(struct kin_task *task, const struct kin_record *rec)
{
	bool changed = false;

	changed |= copy_group(task, KIN_GROUP_FILES, &task->files, rec->files,
			      sizeof(task->files));
	changed |= copy_group(task, KIN_GROUP_IO, &task->io, rec->io,
			      sizeof(task->io));
	changed |= copy_group(task, KIN_GROUP_DELAY, &task->delay, rec->delay,
			      sizeof(task->delay));
	copy_group(task, KIN_GROUP_WAIT, &task->wait, rec->wait,
		   sizeof(task->wait));
	task->groups &= ~(KIN_GROUP_EXE | KIN_GROUP_STACK);
	if (task->exe)
		task->groups |= KIN_GROUP_EXE;
	if (task->stack)
		task->groups |= KIN_GROUP_STACK;
	changed |= set_mask(&task->denied, rec->denied);
	return changed | set_mask(&task->deleted, rec->deleted);
}

static bool copy_structs(struct kin_task *task, const struct kin_record *rec)
{
	bool changed = set_bytes(&task->base, rec->base, sizeof(task->base));

	if (rec->sched)
		changed |= copy_group(task, KIN_GROUP_SCHED, &task->sched,
				      rec->sched, sizeof(task->sched));
	if (rec->mem)
		changed |= copy_group(task, KIN_GROUP_MEM, &task->mem, rec->mem,
				      sizeof(task->mem));
	if (rec->cgroup_id != KIN_NONE64) {
		changed |= set_bytes(&task->cgroup_id, &rec->cgroup_id,
				     sizeof(task->cgroup_id));
		task->groups |= KIN_GROUP_CGROUP;
	}
	task->groups &= ~KIN_GROUP_CMDLINE;
	if (task->cmdline)
		task->groups |= KIN_GROUP_CMDLINE;
	changed |= copy_private(task, rec);
	changed |= set_mask(&task->busy, rec->busy);
	return changed | set_mask(&task->cut, rec->cut);
}

int kin_node_copy(const struct kin_nodes *nodes, struct kin_node *node,
		  const struct kin_record *rec)
{
	struct kin_task *task = &node->task;
	const struct kin_task strings = strings_of(nodes, task, rec);
	const struct kin_share before = kin_share_of(node);
	uint32_t changes;

	if (keep_strings(node, &strings))
		return -ENOMEM;
	changes = differences(node, rec);
	node->version += copy_structs(task, rec);
	/* Threads are counted by their own events, which may be ahead. */
	if (node->process == node && kin_nodes_have_threads(nodes)) {
		task->base.num_threads = 1 + node->n_threads;
		changes &= ~KIN_CHANGE_THREADS;
	}
	if (node->process == node)
		kin_kinship_update(nodes, node, &before);
	node->sampled_ns = nodes->now_ns;
	return changes;
}
