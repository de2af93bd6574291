/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The family tree of a snapshot: who is whose child, and what whole branches
 * amount to.
 *
 * Input is taken for what it is: read while processes came and went. Whatever
 * the numbers say, each process stands in the tree once, and nothing here
 * recurses: a chain of any length and a parent of any number of children cost
 * the same per task.
 */
#ifndef KIN_TREE_H
#define KIN_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libkin.h"

/* Nodes are named by their index; this is none. */
#define KIN_TREE_NONE UINT32_MAX

/*
 * One for each task of the snapshot, with its index. The record of a main
 * thread beside its process is in no list: the process speaks for both.
 */
struct kin_tree_node {
	uint32_t parent;	/* of a thread: its process; none: a root */
	uint32_t first_child;	/* processes only; in pid order until sorted */
	uint32_t first_thread;	/* thread records but the main thread's */
	uint32_t next;		/* in the list it is in: children, threads, roots */
	uint32_t depth;		/* 0: a root */
};

/*
 * A process with all its descendants; of a thread's node: the thread alone,
 * which its process has counted already. What a task does not tell is left out.
 */
struct kin_tree_sum {
	uint64_t rss_bytes;	/* KIN_NONE64: nobody tells */
	uint64_t cpu_ns;	/* user + system; KIN_NONE64: nobody tells */
	uint32_t processes;	/* itself included */
	uint32_t threads;	/* main threads included */
	uint32_t states[KIN_STATE_COUNT]; /* processes in each, order of the letters */
};

struct kin_tree {
	const struct kin_snapshot *snap;	/* the caller's; NULL: bare nodes */
	size_t n;				/* nodes, in the tree or not */
	struct kin_tree_node *nodes;
	struct kin_tree_sum *sums;		/* NULL: bare nodes */
	uint32_t *order;	/* a process, its threads, its children's branches */
	size_t n_order;
	uint32_t first_root;
	uint32_t max_depth;
	/* the rest is the library's */
	uint64_t *by_pid;
	size_t n_by_pid, n_keys;
};

/*
 * kin_tree_build - who belongs to whom
 * @tree: receives the tree; kin_tree_free() it. Empty if the call fails
 * @snap: its processes, with or without their threads, in any order; must stay
 *        as it is as long as the tree is used
 *
 * A process whose parent is not in the snapshot (it ended, is outside the pid
 * namespace or the scope) becomes a root. So does one whose parent is younger
 * than itself (the number was given out again) and the oldest of a circle of
 * parents, which such numbers can make; a thread without its process too. Roots
 * that are processes come first.
 *
 * Returns 0, -ENOMEM, or -E2BIG for 2^31 tasks and more.
 */
int kin_tree_build(struct kin_tree *tree, const struct kin_snapshot *snap);

/*
 * kin_tree_build_bare - a tree of nodes that stand for something else than tasks
 * @parents: of each, a node before it, or KIN_TREE_NONE: a root
 *
 * Siblings stand in the order of their numbers, threads beside processes. There
 * are no tasks and no sums: of the functions here, only free is for such a tree.
 *
 * Returns as kin_tree_build().
 */
int kin_tree_build_bare(struct kin_tree *tree, const uint32_t *parents,
			size_t n);

/* kin_tree_free - the struct is empty then; zeroed ones may come */
void kin_tree_free(struct kin_tree *tree);

/* kin_tree_task - the task of a node */
static inline const struct kin_task *kin_tree_task(const struct kin_tree *tree,
						   uint32_t node)
{
	return &tree->snap->tasks[node];
}

/* kin_tree_is_thread - whether a node is a thread, not a process */
bool kin_tree_is_thread(const struct kin_tree *tree, uint32_t node);

/* kin_tree_find - a process by its pid; KIN_TREE_NONE: it is not there */
uint32_t kin_tree_find(const struct kin_tree *tree, uint32_t pid);

enum kin_tree_key {
	KIN_TREE_BY_PID,
	KIN_TREE_BY_COMM,	/* bytes, small first */
	KIN_TREE_BY_RSS,	/* of the branch, large first */
	KIN_TREE_BY_CPU,	/* of the branch, large first */
};

/*
 * kin_tree_sort - order roots, the children of each, and their threads
 *
 * Equal ones stay in pid order. Returns 0 or -ENOMEM (nothing changed then).
 */
int kin_tree_sort(struct kin_tree *tree, enum kin_tree_key key);

/*
 * kin_tree_prune - take nodes out
 * @keep: one for each task of the snapshot; threads go where their process goes
 *
 * A process that stays without its parent becomes a root. Sums count what is
 * left. Children come in pid order again.
 */
void kin_tree_prune(struct kin_tree *tree, const bool *keep);

/* kin_tree_sum_add - add @more to @sum; what is not known adds nothing */
void kin_tree_sum_add(struct kin_tree_sum *sum,
		      const struct kin_tree_sum *more);

#endif /* KIN_TREE_H */
