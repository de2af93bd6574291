// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The second source of kin tree: a snapshot made of a mirror's nodes. Tasks are
 * copied, what they point to is not: the mirror must not be read as long as the
 * snapshot is used.
 */
#include <stdlib.h>
#include <string.h>

#include "follow.h"

#define NS_PER_SEC 1000000000ull

/* So long is shown what has happened, and in one frame at least. */
#define MOMENT_NS (2 * NS_PER_SEC)

struct entry {
	const struct kin_node *node;	/* NULL: it is no more */
	const struct followpast *past;
	uint32_t pid, thread;
};

struct entries {
	struct entry *list;
	size_t n;
};

static uint64_t moment_ns(const struct follow *follow)
{
	const uint64_t interval = follow->show->interval_ns;

	return interval < MOMENT_NS ? MOMENT_NS : interval;
}

/* ---- which ---- */

/* A task in the scope and, if that was asked for, its ancestors. */
static void choose(struct follow *follow, const struct kin_node *node)
{
	struct followed *followed = followed_of(node);

	followed->shown = followscope_passes(&follow->scope, node);
	if (!followed->shown || node->process != node)
		return;
	followed->pass = follow->pass;
	if (!follow->show->read.parents)
		return;
	while ((node = node->parent) && followed_of(node)->pass != follow->pass)
		followed_of(node)->pass = follow->pass;
}

static void add_nodes(struct follow *follow, struct entries *entries)
{
	const struct kin_node *node = NULL;

	follow->pass++;
	follow->n_processes = follow->n_threads = 0;
	while ((node = kin_mirror_next(follow->mirror, node)))
		choose(follow, node);
	while ((node = kin_mirror_next(follow->mirror, node))) {
		const bool thread = node->process != node;

		if (followed_of(node->process)->pass != follow->pass)
			continue;
		follow->n_processes += !thread;
		follow->n_threads += thread;
		entries->list[entries->n++] = (struct entry){
			.node = node,
			.pid = node->task.base.pid,
			.thread = thread,
		};
	}
}

static bool is_there(const struct follow *follow, uint32_t pid)
{
	if (kin_mirror_find(follow->mirror, pid, KIN_KIND_PROCESS))
		return true;
	for (size_t i = 0; i < FOLLOWED_PAST; i++)
		if (follow->past[i].task.base.pid == pid)
			return true;
	return false;
}

/* One whose parent is not shown any more has no place. */
static void add_past(const struct follow *follow, struct entries *entries,
		     uint64_t now)
{
	for (size_t i = 0; i < FOLLOWED_PAST; i++) {
		const struct followpast *past = &follow->past[i];
		const struct kin_base *base = &past->task.base;
		const bool thread = base->flags & KIN_TASK_THREAD;
		const uint32_t above = thread ? base->tgid : base->ppid;

		if (!base->pid || now - past->ended_ns > moment_ns(follow) ||
		    (above && !is_there(follow, above)))
			continue;
		entries->list[entries->n++] = (struct entry){
			.past = past,
			.pid = base->pid,
			.thread = thread,
		};
	}
}

/* ---- in the order of a snapshot ---- */

static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (int)x->thread - (int)y->thread;
}

/* What events have told is newer than the last sample. */
static void copy_node(struct kin_task *to, const struct kin_node *node)
{
	*to = node->task;
	if (node->process == node && node->parent)
		to->base.ppid = node->parent->task.base.pid;
	if (node->life != KIN_LIFE_ENDED)
		return;
	to->base.state = 'Z';
	memset(&to->mem, 0xff, sizeof(to->mem));
}

static struct treemark mark_of(const struct follow *follow,
			       const struct entry *entry, uint64_t now)
{
	const struct followed *followed;

	if (!entry->node)
		return entry->past->mark;
	followed = followed_of(entry->node);
	if (followed->ended_ns && now - followed->ended_ns <= moment_ns(follow))
		return followed_mark(entry->node);
	if (followed->born_ns && now - followed->born_ns <= moment_ns(follow))
		return (struct treemark){ .sign = '+' };
	return (struct treemark){ 0 };
}

static void fill(struct follow *follow, struct entries *entries, uint64_t now)
{
	struct kin_snapshot *snap = &follow->show->read.snap;

	qsort(entries->list, entries->n, sizeof(*entries->list), compare);
	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *entry = &entries->list[i];

		if (entry->node)
			copy_node(&snap->tasks[i], entry->node);
		else
			snap->tasks[i] = entry->past->task;
		follow->marks[i] = mark_of(follow, entry, now);
	}
	snap->n = entries->n;
}

/* Those that are no more are shown, but do not count. */
static void subtract(struct follow *follow, const struct entries *entries)
{
	struct kin_tree *tree = &follow->show->read.tree;

	for (size_t i = 0; i < entries->n; i++) {
		uint32_t node = entries->list[i].node ? KIN_TREE_NONE : i;

		if (node != KIN_TREE_NONE && kin_tree_is_thread(tree, node))
			continue;
		for (; node != KIN_TREE_NONE; node = tree->nodes[node].parent)
			tree->sums[node].processes--;
	}
}

/* ---- all of it ---- */

static void forget(struct follow *follow)
{
	kin_tree_free(&follow->show->read.tree);
	kin_snapshot_free(&follow->show->read.snap);
	free(follow->marks);
	follow->marks = NULL;
}

static int read_tree(struct follow *follow, struct entries *entries)
{
	const uint64_t now = waiting_now();

	add_nodes(follow, entries);
	add_past(follow, entries, now);
	fill(follow, entries, now);
	if (kin_tree_build(&follow->show->read.tree, &follow->show->read.snap))
		return cmd_no_memory();
	subtract(follow, entries);
	return treeshow_sort(follow->show);
}

int followtree_read(struct follow *follow)
{
	struct kin_snapshot *snap = &follow->show->read.snap;
	struct kin_mirror_stats stats;
	struct entries entries = { 0 };
	size_t room;
	int status;

	forget(follow);
	kin_mirror_stats(follow->mirror, &stats);
	room = stats.processes + stats.threads + FOLLOWED_PAST;
	entries.list = calloc(room, sizeof(*entries.list));
	snap->tasks = calloc(room, sizeof(*snap->tasks));
	snap->room = room;
	follow->marks = calloc(room, sizeof(*follow->marks));
	if (entries.list && snap->tasks && follow->marks)
		status = read_tree(follow, &entries);
	else
		status = cmd_no_memory();
	free(entries.list);
	return status;
}
