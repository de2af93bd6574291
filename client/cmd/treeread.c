// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"
#include "treeread.h"

static int add_record(const struct kin_record *rec, void *arg)
{
	struct treeread *read = arg;

	/* the kernel has no filter for it */
	if (read->scope.kernel < 0 && (rec->base->flags & KIN_TASK_KTHREAD))
		return 0;
	return kin_snapshot_add(rec, &read->snap);
}

static int keep_tgid(const struct kin_record *rec, void *arg)
{
	*(uint32_t *)arg = rec->base->tgid;
	return 0;
}

int treeread_check_process(struct kin *kin, uint32_t pid)
{
	uint32_t tgid = pid;
	int err = kin_get(kin, pid, KIN_KIND_PROCESS, 0, keep_tgid, &tgid);

	if (err != -ESRCH)
		return err ? cmd_failed(kin, err, "cannot look up a pid") :
			     CMD_OK;
	err = kin_get(kin, pid, KIN_KIND_THREAD, 0, keep_tgid, &tgid);
	if (err || tgid == pid)
		return cmd_no_pid(pid);
	cmd_error("%u is a thread of process %u", pid, tgid);
	return CMD_NO_PID;
}

/* Take out of the scope what is no process (any more); the last status. One
 * that another filter kept back stays. */
static int drop_missing(struct kin *kin, struct treeread *read)
{
	struct cmd_scope *scope = &read->scope;
	int status = CMD_OK, one;
	size_t kept = 0;

	for (size_t i = 0; i < scope->n_subtrees; i++) {
		const uint32_t pid = scope->subtrees[i];

		one = CMD_OK;
		if (!kin_snapshot_find(&read->snap, pid, KIN_KIND_PROCESS))
			one = treeread_check_process(kin, pid);
		if (one)
			status = one;
		else
			scope->subtrees[kept++] = pid;
	}
	scope->n_subtrees = kept;
	return status;
}

/*
 * Dump what is in the scope. For a pid that is not there, read->missing becomes
 * the status; the others are shown. Should the kernel refuse all for its sake,
 * ask for the others again: not for ever, pids may come and go meanwhile.
 * @choosing: only processes that --where may let pass
 */
static int dump(struct kin *kin, struct treeread *read, uint32_t groups,
		bool choosing)
{
	struct kin_query query = { .groups = groups,
				   .kinds = KIN_KIND_PROCESS };
	int err, status, tries = 3;

	if (read->threads && !choosing)
		query.kinds |= KIN_KIND_THREAD;
	do {
		const bool scoped = read->scope.n_subtrees;

		cmd_scope_query(&read->scope, &query.scope);
		if (choosing)
			where_push(&read->where, &query.scope);
		kin_snapshot_free(&read->snap);
		err = kin_dump(kin, &query, add_record, read);
		if (err && (err != -ESRCH || !scoped))
			break;
		status = drop_missing(kin, read);
		if (status)
			read->missing = status;
		if (scoped && !read->scope.n_subtrees)
			return read->missing;
	} while (err && --tries);
	return err ? cmd_failed(kin, err, "cannot read the tasks") : CMD_OK;
}

static int build(struct treeread *read)
{
	int err = kin_tree_build(&read->tree, &read->snap);

	return err ? cmd_no_memory() : CMD_OK;
}

/* Keep the processes of @chosen that pass, and their ancestors, in the tree of all. */
static int keep_ancestors(struct treeread *read,
			  const struct kin_snapshot *chosen)
{
	bool *keep = calloc(read->snap.n + 1, sizeof(*keep));

	if (!keep)
		return cmd_no_memory();
	for (size_t i = 0; i < chosen->n; i++) {
		const struct kin_base *base = &chosen->tasks[i].base;
		uint32_t node = kin_tree_find(&read->tree, base->pid);

		if (!where_task(&read->where, &chosen->tasks[i]))
			continue;
		if (node != KIN_TREE_NONE &&
		    kin_tree_task(&read->tree, node)->base.start_boottime_ns !=
			    base->start_boottime_ns)
			continue;
		for (; node != KIN_TREE_NONE && !keep[node];
		     node = read->tree.nodes[node].parent)
			keep[node] = true;
	}
	kin_tree_prune(&read->tree, keep);
	free(keep);
	return CMD_OK;
}

/* The tree of all, and what is left of it. */
static int read_around(struct kin *kin, struct treeread *read,
		       const struct kin_snapshot *chosen)
{
	struct kin_view view = { 0 };
	int status = cmd_view(kin, where_needs(&read->where), &view);

	if (!status)
		status = dump(kin, read, read->groups, false);
	if (!status)
		status = build(read);
	where_begin(&read->where, kin, &view);
	if (!status)
		status = keep_ancestors(read, chosen);
	if (!status)
		status = where_end(&read->where);
	kin_names_free(view.names);
	if (!status)
		where_tell(&read->where);
	return status;
}

/* Ancestors are in no scope of the kernel's, and do not pass --where: it sends all,
 * the rest goes. */
static int read_with_ancestors(struct kin *kin, struct treeread *read)
{
	const int kernel = read->scope.kernel;
	struct kin_snapshot chosen;
	int status = dump(kin, read, where_needs(&read->where) & KIN_GROUPS,
			  true);

	if (status)
		return status;
	chosen = read->snap;
	memset(&read->snap, 0, sizeof(read->snap));
	if (read->parents) {
		cmd_scope_free(&read->scope);
		read->scope.kernel = kernel;
	}
	status = read_around(kin, read, &chosen);
	kin_snapshot_free(&chosen);
	return status;
}

bool treeread_is_scoped(const struct treeread *read)
{
	return read->scope.n_subtrees || read->scope.n_uids ||
	       read->scope.n_cgroups;
}

int treeread_tree(struct kin *kin, struct treeread *read)
{
	int status;

	if (read->where.text || (read->parents && treeread_is_scoped(read)))
		return read_with_ancestors(kin, read);
	status = dump(kin, read, read->groups, false);
	return status ? status : build(read);
}

void treeread_free(struct treeread *read)
{
	kin_tree_free(&read->tree);
	kin_snapshot_free(&read->snap);
	cmd_scope_free(&read->scope);
	where_free(&read->where);
}
