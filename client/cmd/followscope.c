// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scope of kin tree, for the tasks of a mirror: what the kernel filters for a
 * dump is looked up here, as far as the mirror knows it.
 */
#include <stdlib.h>
#include <string.h>

#include "follow.h"

void followscope_free(struct followscope *scope)
{
	free(scope->roots);
	free(scope->cgroups);
}

/* ---- cgroups: a cgroup stays below whom it was created, its id is its own ---- */

static int count_record(const struct kin_record *rec, void *arg)
{
	++*(size_t *)arg;
	return 0;
}

static int keep_cgroup(const struct kin_record *rec, void *arg)
{
	*(uint64_t *)arg = rec->cgroup_id;
	return 0;
}

static uint64_t cgroup_of(const struct followscope *scope, uint32_t tgid)
{
	uint64_t id = KIN_NONE64;

	if (kin_get(scope->kin, tgid, KIN_KIND_PROCESS, KIN_GROUP_CGROUP,
		    keep_cgroup, &id))
		return KIN_NONE64;
	return id;
}

/*
 * Ask the kernel about one of the tasks in a cgroup. Returns whether it knew: not if
 * the task is no more, or moves meanwhile.
 */
static bool ask(const struct followscope *scope, uint32_t tgid,
		struct followcgroup *cgroup)
{
	const struct kin_query query = {
		.kinds = KIN_KIND_PROCESS,
		.scope = { .pids = &tgid,
			   .n_pids = 1,
			   .cgroups = scope->scope->cgroups,
			   .n_cgroups = scope->scope->n_cgroups },
	};
	size_t n = 0;

	if (cgroup_of(scope, tgid) != cgroup->id ||
	    kin_dump(scope->kin, &query, count_record, &n) ||
	    cgroup_of(scope, tgid) != cgroup->id)
		return false;
	cgroup->inside = n;
	return true;
}

/* Where it is, or belongs. */
static size_t find_cgroup(const struct followscope *scope, uint64_t id)
{
	size_t low = 0, high = scope->n_cgroups;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (scope->cgroups[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Without memory, it is asked about again. */
static void keep(struct followscope *scope, size_t at,
		 const struct followcgroup *cgroup)
{
	struct followcgroup *list = scope->cgroups;

	if (scope->n_cgroups == scope->room) {
		const size_t room = 2 * scope->room + 64;

		list = reallocarray(list, room, sizeof(*list));
		if (!list)
			return;
		scope->cgroups = list;
		scope->room = room;
	}
	memmove(list + at + 1, list + at,
		(scope->n_cgroups - at) * sizeof(*list));
	list[at] = *cgroup;
	scope->n_cgroups++;
}

static bool in_cgroup(struct followscope *scope, const struct kin_node *node)
{
	struct followcgroup cgroup = { .id = node->task.cgroup_id };
	const size_t at = find_cgroup(scope, cgroup.id);

	if (at < scope->n_cgroups && scope->cgroups[at].id == cgroup.id)
		return scope->cgroups[at].inside;
	for (size_t i = 0; i < scope->scope->n_cgroups; i++)
		if (scope->scope->cgroups[i] == cgroup.id)
			return true;
	if (cgroup.id == KIN_NONE64 ||
	    !ask(scope, node->task.base.tgid, &cgroup))
		return false;
	keep(scope, at, &cgroup);
	return cgroup.inside;
}

/* ---- branches ---- */

static bool is_root(const struct followscope *scope, const struct kin_base *base)
{
	for (size_t i = 0; i < scope->n_roots; i++)
		if (scope->roots[i].pid == base->pid &&
		    scope->roots[i].start_boottime_ns ==
			    base->start_boottime_ns)
			return true;
	return false;
}

static bool below_root(const struct followscope *scope,
		       const struct kin_node *node)
{
	for (; node; node = node->parent) {
		if (is_root(scope, &node->task.base))
			return true;
		if (!node->parent && node->doubt && followed_of(node))
			return followed_of(node)->shown;
	}
	return false;
}

/* ---- all of it ---- */

static bool has_user(const struct cmd_scope *scope, uint32_t uid)
{
	for (size_t i = 0; i < scope->n_uids; i++)
		if (scope->uids[i] == uid)
			return true;
	return false;
}

bool followscope_passes(struct followscope *scope, const struct kin_node *node)
{
	const struct kin_node *process = node->process;

	if (!process)
		return false;
	return cmd_scope_passes(scope->scope, &process->task) &&
	       (!scope->scope->n_uids ||
		has_user(scope->scope, process->task.base.uid)) &&
	       (!scope->by_root || below_root(scope, process)) &&
	       (!scope->scope->n_cgroups || in_cgroup(scope, process));
}
