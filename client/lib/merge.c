// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records onto nodes: of a dump of all tasks, or of some that were asked about. A
 * record tells how a task was when it was read; which of the events still to come
 * happened before that, nobody knows. So a record never undoes what an event has
 * told for good: that a task has ended. And what a record says before the event
 * does (the task is no more, or a zombie) waits some time for the event, which
 * knows how it ended.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nodes.h"

/* Of a node that nobody was told of yet, in place of its changes. */
#define FRESH UINT32_MAX

/* Among what was lost may be newer names. */
static void forget_told(struct kin_nodes *nodes)
{
	struct kin_node *node = NULL;

	while ((node = kin_nodes_next(nodes, node)))
		node->told_comm = node->told_cgroup = false;
	nodes->lossy = false;
}

void kin_nodes_merge_begin(struct kin_nodes *nodes)
{
	nodes->pass++;
	nodes->n_fresh = 0;
	if (nodes->lossy)
		forget_told(nodes);
}

static bool is_main_thread(const struct kin_base *base)
{
	return (base->flags & KIN_TASK_THREAD) && base->pid == base->tgid;
}

static struct kin_node *node_of(const struct kin_nodes *nodes,
				const struct kin_base *base)
{
	return kin_nodes_get(nodes, base->pid, base->start_boottime_ns,
			     base->flags & KIN_TASK_THREAD);
}

/* A process whose main thread has ended lives on as long as others do. */
static bool says_ended(const struct kin_base *base)
{
	if (base->state != 'Z' && base->state != 'X')
		return false;
	return (base->flags & KIN_TASK_THREAD) || base->num_threads <= 1;
}

static bool has_room(struct kin_nodes *nodes)
{
	const size_t room = nodes->fresh_room ? 2 * nodes->fresh_room : 256;
	struct kin_node **fresh;

	if (nodes->n_fresh < nodes->fresh_room)
		return true;
	fresh = reallocarray(nodes->fresh, room, sizeof(*fresh));
	if (!fresh)
		return false;
	nodes->fresh = fresh;
	nodes->fresh_room = room;
	return true;
}

/* Its place in the family is found when all have come. */
static struct kin_node *introduce(struct kin_nodes *nodes,
				  const struct kin_base *base)
{
	static const struct kin_share nothing;
	struct kin_node *node;

	if (!has_room(nodes))
		return NULL;
	node = kin_nodes_create(nodes, base->pid, base->start_boottime_ns,
				base->flags & KIN_TASK_THREAD);
	if (!node)
		return NULL;
	if (says_ended(base))
		node->life = KIN_LIFE_ENDED;
	if (!kin_node_is_thread(node)) {
		kin_kinship_update(nodes, node, &nothing);
		kin_kinship_link(nodes, node, NULL);
	}
	if (base->exec_id != KIN_NONE64)
		node->told_exec_id = base->exec_id;
	nodes->fresh[nodes->n_fresh++] = node;
	return node;
}

/*
 * The kernel tells of a new name, and of a new cgroup, just before the task has it:
 * a record that says something else may be from in between, and so may be the next
 * one, if whoever is to write it is not let run. Or it is newer, and the event is
 * still to come. Events have the last word; but several may change a name at once,
 * and then the last event need not be the last change: so what records say again
 * and again is right in the end.
 */
static uint32_t dispute(struct kin_node *node, const struct kin_base *told,
			uint64_t told_cgroup_id, uint32_t changes)
{
	uint32_t disputed = 0;

	if ((changes & KIN_CHANGE_COMM) && node->told_comm) {
		memcpy(node->task.base.comm, told->comm, KIN_COMM_LEN);
		disputed |= KIN_CHANGE_COMM;
	}
	if ((changes & KIN_CHANGE_CGROUP) && node->told_cgroup) {
		node->task.cgroup_id = told_cgroup_id;
		kin_node_forget(node, KIN_GROUP_CGROUP);
		disputed |= KIN_CHANGE_CGROUP;
	}
	return disputed;
}

static int take(const struct kin_nodes *nodes, struct kin_node *node,
		const struct kin_record *rec)
{
	const struct kin_base told = node->task.base;
	const uint64_t told_cgroup_id = node->task.cgroup_id;
	const bool patient = node->tries < KIN_WATCH_PATIENCE;
	int changes = kin_node_copy(nodes, node, rec);
	uint32_t disputed = 0;

	if (changes < 0)
		return changes;
	if (patient)
		disputed = dispute(node, &told, told_cgroup_id, changes);
	node->disputed = disputed;
	node->changes |= changes & ~disputed;
	node->pass = nodes->pass;
	return 0;
}

/*
 * Whoever was on its way out when it was read may have had its exit event before
 * the subscription, or among the lost ones: then none will come.
 */
int kin_nodes_merge(const struct kin_record *rec, void *arg)
{
	struct kin_nodes *nodes = arg;
	struct kin_node *node;
	int err;

	if (is_main_thread(rec->base))
		return 0;
	node = node_of(nodes, rec->base);
	if (!node) {
		node = introduce(nodes, rec->base);
		if (!node)
			return -ENOMEM;
		node->changes = FRESH;
	}
	err = take(nodes, node, rec);
	if (!err && !node->doubt &&
	    ((rec->base->flags & KIN_TASK_EXITING) || node->disputed))
		kin_watch(nodes, node, 0);
	return err;
}

/* ---- when all have come ---- */

/* Parents before children, processes before their threads. */
static int compare_starts(const void *a, const void *b)
{
	const struct kin_base *x = &(*(struct kin_node *const *)a)->task.base;
	const struct kin_base *y = &(*(struct kin_node *const *)b)->task.base;

	if (x->start_boottime_ns != y->start_boottime_ns)
		return kin_start_after(x->start_boottime_ns,
				       y->start_boottime_ns) ? 1 : -1;
	return (int)(x->flags & KIN_TASK_THREAD) -
	       (int)(y->flags & KIN_TASK_THREAD);
}

/* A thread whose process was not met: that had ended by then, or its fork and the
 * thread's are among the events to come. */
static bool adopt(struct kin_nodes *nodes, struct kin_node *thread)
{
	const struct kin_base *base = &thread->task.base;
	struct kin_node *process = kin_nodes_find(nodes, base->tgid, false,
						  base->start_boottime_ns);

	if (process) {
		kin_kinship_link_thread(nodes, thread, process);
		if (process->changes != FRESH)
			process->changes |= KIN_CHANGE_THREADS;
		return true;
	}
	kin_unwatch(nodes, thread);
	kin_nodes_unhash(nodes, thread);
	kin_node_free(thread);
	return false;
}

static void adopt_threads(struct kin_nodes *nodes)
{
	size_t kept = 0;

	if (nodes->n_fresh)
		qsort(nodes->fresh, nodes->n_fresh, sizeof(*nodes->fresh),
		      compare_starts);
	for (size_t i = 0; i < nodes->n_fresh; i++) {
		struct kin_node *node = nodes->fresh[i];

		if (!kin_node_is_thread(node) || adopt(nodes, node))
			nodes->fresh[kept++] = node;
	}
	nodes->n_fresh = kept;
}

static void settle_parent(struct kin_nodes *nodes, struct kin_node *node)
{
	if (kin_kinship_settle(nodes, node))
		node->changes |= KIN_CHANGE_PARENT;
	if (!kin_kinship_is_sure(node) && !node->doubt)
		kin_watch(nodes, node, 0);
}

static void tell_changes(struct kin_nodes *nodes, struct kin_node *node,
			 uint32_t more)
{
	const uint32_t changes = node->changes | more;

	node->changes = 0;
	kin_nodes_changed(nodes, node, changes);
}

/* Nothing is freed here: who was not met is asked about first. */
void kin_nodes_merge_end(struct kin_nodes *nodes, bool whole)
{
	struct kin_node *node;

	adopt_threads(nodes);
	for (node = kin_nodes_next(nodes, NULL); node;
	     node = kin_nodes_next(nodes, node)) {
		if (node->pass != nodes->pass) {
			if (whole && !node->doubt)
				kin_watch(nodes, node, 0);
		} else if (!kin_node_is_thread(node)) {
			settle_parent(nodes, node);
		}
	}
	for (size_t i = 0; i < nodes->n_fresh; i++)
		kin_nodes_born(nodes, nodes->fresh[i]);
	for (node = kin_nodes_next(nodes, NULL); node;
	     node = kin_nodes_next(nodes, node)) {
		if (node->changes == FRESH)
			node->changes = 0;
		else if (node->pass == nodes->pass)
			tell_changes(nodes, node, KIN_CHANGE_SAMPLED);
	}
	nodes->n_fresh = 0;
}

/* ---- some that were asked about ---- */

/* Has it called exec since what events have told so far? */
static bool is_ahead(const struct kin_node *node, const struct kin_base *base)
{
	return node->told_exec_id && base->exec_id != KIN_NONE64 &&
	       base->exec_id > node->told_exec_id;
}

/*
 * The exec, and the name that came with it, are left to the event, which is still
 * to come and tells more: which file, and what the name was before.
 */
static int take_without_exec(const struct kin_nodes *nodes,
			     struct kin_node *node,
			     const struct kin_record *rec)
{
	const uint64_t told_exec_id = node->told_exec_id;
	const bool inherited = node->inherited;
	char comm[KIN_COMM_LEN];
	int err;

	memcpy(comm, node->task.base.comm, sizeof(comm));
	err = take(nodes, node, rec);
	if (err)
		return err;
	memcpy(node->task.base.comm, comm, sizeof(comm));
	node->changes &= ~(KIN_CHANGE_COMM | KIN_CHANGE_EXEC);
	node->told_exec_id = told_exec_id;
	node->inherited = inherited;
	return 0;
}

/* A number may have another owner by now, whose fork is to come. */
int kin_nodes_answer(const struct kin_record *rec, void *arg)
{
	struct kin_nodes *nodes = arg;
	struct kin_node *node;

	if (is_main_thread(rec->base))
		return 0;
	node = node_of(nodes, rec->base);
	if (!node)
		return 0;
	if (is_ahead(node, rec->base))
		return take_without_exec(nodes, node, rec);
	return take(nodes, node, rec);
}

/* Is there something about it that is still to change? */
static bool is_passing(const struct kin_node *node)
{
	if (node->life == KIN_LIFE_ENDED || says_ended(&node->task.base) ||
	    (node->task.base.flags & KIN_TASK_EXITING))
		return true;
	return !kin_node_is_thread(node) && !kin_kinship_is_sure(node);
}

/* Until patience is over, which begins with the first answer that is ahead: it may
 * have been asked about often before, for something else. */
static bool wait_for_event(struct kin_nodes *nodes, struct kin_node *node)
{
	const uint32_t tries = node->ahead ? node->tries : 0;

	node->ahead = true;
	if (tries >= KIN_WATCH_PATIENCE)
		return false;
	kin_watch(nodes, node, tries + 1);
	return true;
}

static void judge_present(struct kin_nodes *nodes, struct kin_node *node)
{
	const bool ended = says_ended(&node->task.base);

	tell_changes(nodes, node, 0);
	if (node->life == KIN_LIFE_ALIVE && ended) {
		if (!wait_for_event(nodes, node))
			kin_nodes_end(nodes, node, NULL, 0);
		return;
	}
	node->ahead = false;
	if (is_passing(node) || node->disputed)
		kin_watch(nodes, node, node->tries + 1);
	else
		kin_unwatch(nodes, node);
}

/* The exit event of whoever is missing, and those of its threads, have happened:
 * they come with what is read next, unless they are among the lost ones. */
static void judge_missing(struct kin_nodes *nodes, struct kin_node *node)
{
	const bool untold = node->life == KIN_LIFE_ALIVE || node->first_thread;

	if (!untold || !wait_for_event(nodes, node))
		kin_nodes_gone(nodes, node);
}

/* Each entry is forgotten before its node may be freed. */
static void judge(struct kin_nodes *nodes, struct kin_node **asked, size_t n,
		  bool threads)
{
	for (size_t i = 0; i < n; i++) {
		struct kin_node *node = asked[i];

		if (!node || kin_node_is_thread(node) != threads)
			continue;
		asked[i] = NULL;
		if (node->pass == nodes->pass)
			judge_present(nodes, node);
		else
			judge_missing(nodes, node);
	}
}

/* First the new parents, then the end of the old ones; threads before the
 * processes that take them along. */
void kin_nodes_answered(struct kin_nodes *nodes, struct kin_node **asked,
			size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!kin_node_is_thread(asked[i]) &&
		    asked[i]->pass == nodes->pass &&
		    kin_kinship_settle(nodes, asked[i]))
			asked[i]->changes |= KIN_CHANGE_PARENT;
	judge(nodes, asked, n, true);
	judge(nodes, asked, n, false);
}
