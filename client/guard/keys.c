// SPDX-License-Identifier: GPL-2.0-or-later
/* To which groups a process belongs, or an event. */
#include <stdio.h>
#include <string.h>

#include "tracked.h"

/* No family is so deep; a damaged one could be endless. */
#define MAX_GENERATIONS 4096

void key_of_process(struct group_key *key, uint32_t pid, uint64_t start_boottime_ns)
{
	group_key_set(key, start_boottime_ns, pid, NULL);
}

static void tell_process(const struct kin_node *node, key_fn *fn, void *arg)
{
	struct group_key key;

	key_of_process(&key, node->task.base.pid, node->task.base.start_boottime_ns);
	fn(&key, arg);
}

static void tell_branch(const struct kin_node *node, key_fn *fn, void *arg)
{
	for (int i = 0; node && i < MAX_GENERATIONS; i++, node = node->parent)
		tell_process(node, fn, arg);
}

static void tell_comm(const char *comm, key_fn *fn, void *arg)
{
	struct group_key key;
	uint64_t half[2] = { 0 };

	memcpy(half, comm, strnlen(comm, KIN_COMM_LEN));
	group_key_set(&key, half[0], half[1], NULL);
	fn(&key, arg);
}

static void tell_number(uint64_t n, const char *text, key_fn *fn, void *arg)
{
	struct group_key key;

	group_key_set(&key, n, 0, text);
	fn(&key, arg);
}

static void tell_exe(const char *exe, key_fn *fn, void *arg)
{
	if (exe)
		tell_number(0, exe, fn, arg);
}

void keys_of_node(enum kin_expr_by by, const struct kin_node *node, key_fn *fn, void *arg)
{
	const struct kin_task *task = &node->task;

	switch (by) {
	case KIN_BY_COMM:
		tell_comm(task->base.comm, fn, arg);
		break;
	case KIN_BY_UID:
		if (task->base.uid != KIN_NONE32)
			tell_number(task->base.uid, NULL, fn, arg);
		break;
	case KIN_BY_CGROUP:
		if (task->cgroup_id != KIN_NONE64)
			tell_number(task->cgroup_id, task->cgroup_path, fn, arg);
		break;
	case KIN_BY_PARENT:
		if (node->parent)
			tell_process(node->parent, fn, arg);
		break;
	case KIN_BY_SUBTREE:
		tell_branch(node, fn, arg);
		break;
	case KIN_BY_EXE:
		tell_exe(row_exe(node), fn, arg);
		break;
	case KIN_BY_NONE:
		break;
	}
}

/* ---- events ---- */

static const struct kin_node *process_of(const struct judge *judge,
					 const struct kin_event *ev)
{
	const struct kin_node *node = judge->source.find(ev->tgid, judge->source.arg);

	/* of a thread the start is its own */
	if (node && ev->pid == ev->tgid &&
	    node->task.base.start_boottime_ns != ev->start_boottime_ns)
		return NULL;
	return node;
}

static const struct kin_node *parent_of(const struct judge *judge,
					const struct kin_event *ev)
{
	const struct kin_node *node = process_of(judge, ev);

	if (node && node->parent)
		return node->parent;
	return ev->ppid ? judge->source.find(ev->ppid, judge->source.arg) : NULL;
}

const char *exe_of_event(const struct judge *judge, const struct kin_event_record *rec)
{
	const struct kin_node *node;

	if (rec->filename)
		return rec->filename;
	node = process_of(judge, rec->base);
	if (!node)
		node = parent_of(judge, rec->base);
	return node ? row_exe(node) : NULL;
}

static void tell_relatives(const struct judge *judge, enum kin_expr_by by,
			   const struct kin_event *ev, key_fn *fn, void *arg)
{
	const struct kin_node *node = process_of(judge, ev);

	if (by == KIN_BY_SUBTREE && node) {
		tell_branch(node, fn, arg);
		return;
	}
	node = parent_of(judge, ev);
	if (by == KIN_BY_SUBTREE)
		tell_branch(node, fn, arg);
	else if (node)
		tell_process(node, fn, arg);
}

/* Who has just been born is where those before it are, whose path is known. */
static const char *cgroup_path(const struct kin_node *node, uint64_t cgroup_id)
{
	for (int i = 0; node && i < MAX_GENERATIONS; i++, node = node->parent)
		if (node->task.cgroup_id == cgroup_id && node->task.cgroup_path)
			return node->task.cgroup_path;
	return NULL;
}

static void tell_cgroup(const struct judge *judge, const struct kin_event *ev,
			key_fn *fn, void *arg)
{
	if (ev->cgroup_id != KIN_NONE64)
		tell_number(ev->cgroup_id,
			    cgroup_path(process_of(judge, ev), ev->cgroup_id), fn, arg);
}

void keys_of_event(const struct judge *judge, enum kin_expr_by by,
		   const struct kin_event_record *rec, key_fn *fn, void *arg)
{
	switch (by) {
	case KIN_BY_COMM:
		tell_comm(rec->base->comm, fn, arg);
		break;
	case KIN_BY_UID:
		if (rec->base->uid != KIN_NONE32)
			tell_number(rec->base->uid, NULL, fn, arg);
		break;
	case KIN_BY_CGROUP:
		tell_cgroup(judge, rec->base, fn, arg);
		break;
	case KIN_BY_PARENT:
	case KIN_BY_SUBTREE:
		tell_relatives(judge, by, rec->base, fn, arg);
		break;
	case KIN_BY_EXE:
		tell_exe(exe_of_event(judge, rec), fn, arg);
		break;
	case KIN_BY_NONE:
		break;
	}
}

/* ---- for people ---- */

char *key_text(enum kin_expr_by by, const struct group_key *key)
{
	const uint64_t half[2] = { key->a, key->b };
	char *text = NULL;

	if (by == KIN_BY_COMM)
		return text_safe((const char *)half,
				 strnlen((const char *)half, KIN_COMM_LEN));
	if (key->text)
		return text_safe(key->text, strlen(key->text));
	if (asprintf(&text, "%llu", (unsigned long long)(key->a ? key->a : key->b)) < 0)
		return NULL;
	return text;
}
