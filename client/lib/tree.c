// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "known.h"
#include "tree.h"

/*
 * by_pid holds pid << 32 | node, in order: first the n_by_pid processes, which
 * are looked up, behind them the threads.
 */
static uint32_t pid_of(uint64_t key)
{
	return key >> 32;
}

static uint32_t node_of(uint64_t key)
{
	return (uint32_t)key;
}

static bool is_main_thread(const struct kin_base *base)
{
	return (base->flags & KIN_TASK_THREAD) && base->pid == base->tgid;
}

bool kin_tree_is_thread(const struct kin_tree *tree, uint32_t node)
{
	const struct kin_base *base = &kin_tree_task(tree, node)->base;

	return (base->flags & KIN_TASK_THREAD) && base->pid != base->tgid;
}

static int compare_keys(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Snapshots come in pid order, but not those that were put together. */
static void sort_keys(uint64_t *keys, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (keys[i] < keys[i - 1]) {
			qsort(keys, n, sizeof(*keys), compare_keys);
			return;
		}
	}
}

/* The first key of a pid, or where it would be. */
static size_t lower_bound(const struct kin_tree *tree, uint32_t pid)
{
	const uint64_t least = (uint64_t)pid << 32;
	size_t low = 0, high = tree->n_by_pid;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (tree->by_pid[mid] < least)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint32_t kin_tree_find(const struct kin_tree *tree, uint32_t pid)
{
	size_t i = lower_bound(tree, pid);

	if (i == tree->n_by_pid || pid_of(tree->by_pid[i]) != pid)
		return KIN_TREE_NONE;
	return node_of(tree->by_pid[i]);
}

/*
 * Which records are processes. A main thread's is one only if the process's
 * own is missing; keys of one pid may come in any order of their kinds.
 */
static void index_processes(struct kin_tree *tree)
{
	const struct kin_task *tasks = tree->snap->tasks;
	const size_t n = tree->snap->n;
	uint64_t *keys = tree->by_pid;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!(tasks[i].base.flags & KIN_TASK_THREAD))
			keys[kept++] = (uint64_t)tasks[i].base.pid << 32 | i;
	sort_keys(keys, kept);
	tree->n_by_pid = kept;
	for (size_t i = 0; i < n; i++)
		if (is_main_thread(&tasks[i].base) &&
		    kin_tree_find(tree, tasks[i].base.pid) == KIN_TREE_NONE)
			keys[kept++] = (uint64_t)tasks[i].base.pid << 32 | i;
	if (kept > tree->n_by_pid) {
		tree->n_by_pid = kept;
		sort_keys(keys, kept);
	}
}

static void index_threads(struct kin_tree *tree)
{
	const size_t n = tree->snap->n, first = tree->n_by_pid;
	size_t end = first;

	for (size_t i = 0; i < n; i++)
		if (kin_tree_is_thread(tree, i))
			tree->by_pid[end++] =
				(uint64_t)kin_tree_task(tree, i)->base.pid
					<< 32 | i;
	sort_keys(tree->by_pid + first, end - first);
	tree->n_keys = end;
}

/*
 * Reaping, adopting and CLONE_PARENT all lead to an older task, so one that is
 * younger got the number of a parent that is gone. The difference is signed: in
 * a time namespace a start may lie before 0.
 */
static bool older(const struct kin_base *parent, const struct kin_base *child)
{
	const uint64_t born = parent->start_boottime_ns;

	if (born == KIN_NONE64 || child->start_boottime_ns == KIN_NONE64)
		return true;
	return (int64_t)(child->start_boottime_ns - born) >= 0;
}

static uint32_t find_parent(const struct kin_tree *tree, uint32_t node)
{
	const struct kin_base *base = &kin_tree_task(tree, node)->base;
	uint32_t pid = kin_tree_is_thread(tree, node) ? base->tgid : base->ppid;
	uint32_t parent = pid ? kin_tree_find(tree, pid) : KIN_TREE_NONE;

	if (parent != KIN_TREE_NONE &&
	    !older(&kin_tree_task(tree, parent)->base, base))
		return KIN_TREE_NONE;
	return parent;
}

/* Of a circle, the one that becomes a root: the oldest, the smallest pid. */
static uint32_t circle_head(const struct kin_tree *tree, uint32_t start)
{
	uint32_t head = start, i = start;

	while ((i = tree->nodes[i].parent) != start) {
		const struct kin_base *a = &kin_tree_task(tree, i)->base;
		const struct kin_base *b = &kin_tree_task(tree, head)->base;
		int64_t age = b->start_boottime_ns - a->start_boottime_ns;

		if (age > 0 || (age == 0 && a->pid < b->pid))
			head = i;
	}
	return head;
}

/*
 * Starts that are equal, or not known, leave circles possible. Each node is
 * walked once: depth holds the walk that saw it, until depths are known.
 */
static void break_circles(struct kin_tree *tree)
{
	struct kin_tree_node *nodes = tree->nodes;

	for (uint32_t i = 0; i < tree->n_by_pid; i++) {
		uint32_t at = node_of(tree->by_pid[i]);

		while (at != KIN_TREE_NONE && !nodes[at].depth) {
			nodes[at].depth = i + 1;
			at = nodes[at].parent;
		}
		if (at != KIN_TREE_NONE && nodes[at].depth == i + 1)
			nodes[circle_head(tree, at)].parent = KIN_TREE_NONE;
	}
}

static void put_first(struct kin_tree *tree, uint32_t *head, uint32_t node)
{
	tree->nodes[node].next = *head;
	*head = node;
}

/* Put @node in front of the list it belongs to. */
static void link_node(struct kin_tree *tree, uint32_t node)
{
	struct kin_tree_node *nodes = tree->nodes;
	const uint32_t parent = nodes[node].parent;
	uint32_t *head = &tree->first_root;

	if (parent != KIN_TREE_NONE)
		head = kin_tree_is_thread(tree, node) ?
			       &nodes[parent].first_thread :
			       &nodes[parent].first_child;
	put_first(tree, head, node);
}

static void unlink_all(struct kin_tree *tree)
{
	for (size_t i = 0; i < tree->n; i++) {
		tree->nodes[i].first_child = KIN_TREE_NONE;
		tree->nodes[i].first_thread = KIN_TREE_NONE;
		tree->nodes[i].next = KIN_TREE_NONE;
	}
	tree->first_root = KIN_TREE_NONE;
}

static void link_by_pid(struct kin_tree *tree)
{
	unlink_all(tree);
	for (size_t i = tree->n_keys; i-- > 0;)
		link_node(tree, node_of(tree->by_pid[i]));
}

/* The first of the branch that follows @node's own, up the tree if need be. */
static uint32_t next_branch(const struct kin_tree_node *nodes, uint32_t node)
{
	while (node != KIN_TREE_NONE && nodes[node].next == KIN_TREE_NONE)
		node = nodes[node].parent;
	return node == KIN_TREE_NONE ? node : nodes[node].next;
}

static void walk(struct kin_tree *tree)
{
	struct kin_tree_node *nodes = tree->nodes;
	uint32_t node = tree->first_root, thread;
	size_t n = 0;

	tree->max_depth = 0;
	while (node != KIN_TREE_NONE) {
		const uint32_t parent = nodes[node].parent;
		const uint32_t depth =
			parent == KIN_TREE_NONE ? 0 : nodes[parent].depth + 1;

		tree->order[n++] = node;
		nodes[node].depth = depth;
		if (depth > tree->max_depth)
			tree->max_depth = depth;
		for (thread = nodes[node].first_thread; thread != KIN_TREE_NONE;
		     thread = nodes[thread].next) {
			tree->order[n++] = thread;
			nodes[thread].depth = depth + 1;
		}
		node = nodes[node].first_child != KIN_TREE_NONE ?
			       nodes[node].first_child :
			       next_branch(nodes, node);
	}
	tree->n_order = n;
}

void kin_tree_sum_add(struct kin_tree_sum *sum, const struct kin_tree_sum *more)
{
	sum->rss_bytes = kin_known_sum(sum->rss_bytes, more->rss_bytes);
	sum->cpu_ns = kin_known_sum(sum->cpu_ns, more->cpu_ns);
	sum->processes += more->processes;
	sum->threads += more->threads;
	for (unsigned int i = 0; i < KIN_STATE_COUNT; i++)
		sum->states[i] += more->states[i];
}

static void own_sum(const struct kin_tree *tree, uint32_t node,
		    struct kin_tree_sum *sum)
{
	const struct kin_task *task = kin_tree_task(tree, node);
	const char *letter = NULL;

	memset(sum, 0, sizeof(*sum));
	sum->cpu_ns = task->sched.utime_ns;
	if (sum->cpu_ns != KIN_NONE64 && task->sched.stime_ns != KIN_NONE64)
		sum->cpu_ns += task->sched.stime_ns;
	if (task->base.state)
		letter = strchr(KIN_STATE_LETTERS, task->base.state);
	if (letter)
		sum->states[letter - KIN_STATE_LETTERS] = 1;
	if (kin_tree_is_thread(tree, node)) {
		sum->threads = 1;
		sum->rss_bytes = KIN_NONE64;
		return;
	}
	sum->processes = 1;
	if (task->base.num_threads != KIN_NONE32)
		sum->threads = task->base.num_threads;
	sum->rss_bytes = kin_rss_bytes(&task->mem);
}

/* Backwards, each branch is complete before it is added to its parent's. */
static void sum_up(struct kin_tree *tree)
{
	for (size_t i = 0; i < tree->n_order; i++)
		own_sum(tree, tree->order[i], &tree->sums[tree->order[i]]);
	for (size_t i = tree->n_order; i-- > 0;) {
		const uint32_t node = tree->order[i];
		const uint32_t parent = tree->nodes[node].parent;

		if (parent != KIN_TREE_NONE && !kin_tree_is_thread(tree, node))
			kin_tree_sum_add(&tree->sums[parent],
					 &tree->sums[node]);
	}
}

static bool allocate_nodes(struct kin_tree *tree)
{
	const size_t n = tree->n ? tree->n : 1;

	tree->nodes = calloc(n, sizeof(*tree->nodes));
	tree->order = calloc(n, sizeof(*tree->order));
	return tree->nodes && tree->order;
}

static bool allocate(struct kin_tree *tree)
{
	const size_t n = tree->n ? tree->n : 1;

	tree->sums = calloc(n, sizeof(*tree->sums));
	tree->by_pid = calloc(n, sizeof(*tree->by_pid));
	return allocate_nodes(tree) && tree->sums && tree->by_pid;
}

int kin_tree_build(struct kin_tree *tree, const struct kin_snapshot *snap)
{
	memset(tree, 0, sizeof(*tree));
	tree->first_root = KIN_TREE_NONE;
	if (snap->n > INT32_MAX)
		return -E2BIG;
	tree->snap = snap;
	tree->n = snap->n;
	if (!allocate(tree)) {
		kin_tree_free(tree);
		return -ENOMEM;
	}
	index_processes(tree);
	index_threads(tree);
	for (size_t i = 0; i < tree->n_keys; i++) {
		const uint32_t node = node_of(tree->by_pid[i]);

		tree->nodes[node].parent = find_parent(tree, node);
	}
	break_circles(tree);
	link_by_pid(tree);
	walk(tree);
	sum_up(tree);
	return 0;
}

int kin_tree_build_bare(struct kin_tree *tree, const uint32_t *parents,
			size_t n)
{
	struct kin_tree_node *nodes;

	memset(tree, 0, sizeof(*tree));
	tree->first_root = KIN_TREE_NONE;
	if (n > INT32_MAX)
		return -E2BIG;
	tree->n = n;
	if (!allocate_nodes(tree)) {
		kin_tree_free(tree);
		return -ENOMEM;
	}
	nodes = tree->nodes;
	unlink_all(tree);
	for (size_t i = n; i-- > 0;) {
		/* no circles: each stands behind its parent */
		nodes[i].parent = parents[i] < i ? parents[i] : KIN_TREE_NONE;
		put_first(tree,
			  nodes[i].parent == KIN_TREE_NONE ?
				  &tree->first_root :
				  &nodes[nodes[i].parent].first_child,
			  i);
	}
	walk(tree);
	return 0;
}

void kin_tree_free(struct kin_tree *tree)
{
	free(tree->nodes);
	free(tree->sums);
	free(tree->order);
	free(tree->by_pid);
	memset(tree, 0, sizeof(*tree));
	tree->first_root = KIN_TREE_NONE;
}

/* Moves the keys that stay, of those at @from to @to, behind the first @kept. */
static size_t keep_keys(struct kin_tree *tree, const bool *keep, size_t from,
			size_t to, size_t kept)
{
	for (size_t i = from; i < to; i++) {
		const uint32_t node = node_of(tree->by_pid[i]);
		uint32_t *parent = &tree->nodes[node].parent;
		uint32_t decides = node;

		if (*parent != KIN_TREE_NONE && kin_tree_is_thread(tree, node))
			decides = *parent;
		if (!keep[decides])
			continue;
		if (*parent != KIN_TREE_NONE && !keep[*parent])
			*parent = KIN_TREE_NONE;
		tree->by_pid[kept++] = tree->by_pid[i];
	}
	return kept;
}

void kin_tree_prune(struct kin_tree *tree, const bool *keep)
{
	const size_t processes = tree->n_by_pid, all = tree->n_keys;

	tree->n_by_pid = keep_keys(tree, keep, 0, processes, 0);
	tree->n_keys = keep_keys(tree, keep, processes, all, tree->n_by_pid);
	link_by_pid(tree);
	walk(tree);
	sum_up(tree);
}

struct sort {
	const struct kin_tree *tree;
	enum kin_tree_key key;
};

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* What is not known counts as nothing here. */
static uint64_t amount(const struct kin_tree_sum *sum, enum kin_tree_key key)
{
	uint64_t n = key == KIN_TREE_BY_RSS ? sum->rss_bytes : sum->cpu_ns;

	return n == KIN_NONE64 ? 0 : n;
}

static int compare_nodes(const void *a, const void *b, void *arg)
{
	const struct sort *sort = arg;
	const struct kin_tree *tree = sort->tree;
	const uint32_t x = node_of(*(const uint64_t *)a);
	const uint32_t y = node_of(*(const uint64_t *)b);
	int order = 0;

	if (sort->key == KIN_TREE_BY_COMM)
		order = strncmp(kin_tree_task(tree, x)->base.comm,
				kin_tree_task(tree, y)->base.comm,
				KIN_COMM_LEN);
	else if (sort->key != KIN_TREE_BY_PID)
		order = compare_u64(amount(&tree->sums[y], sort->key),
				    amount(&tree->sums[x], sort->key));
	return order ? order : compare_keys(a, b);
}

int kin_tree_sort(struct kin_tree *tree, enum kin_tree_key key)
{
	struct sort sort = { tree, key };
	const size_t n = tree->n_keys;
	uint64_t *keys = reallocarray(NULL, n + 1, sizeof(*keys));

	if (!keys)
		return -ENOMEM;
	memcpy(keys, tree->by_pid, n * sizeof(*keys));
	qsort_r(keys, n, sizeof(*keys), compare_nodes, &sort);
	unlink_all(tree);
	for (size_t i = n; i-- > 0;)
		link_node(tree, node_of(keys[i]));
	free(keys);
	walk(tree);
	return 0;
}
