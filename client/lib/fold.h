/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Equal branches of a tree, told once: which siblings look alike with all that
 * is below them. What "alike" means for a single task is the caller's to say.
 * Exact (hashes only find, they never decide), iterative, in time that grows
 * with the number of tasks.
 */
#ifndef KIN_FOLD_H
#define KIN_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tree.h"

/*
 * A node of the folded tree: @times equal branches below each task of the
 * parent. They stand for times * (tasks of the parent) tasks of the tree.
 */
struct kin_fold_node {
	uint32_t node;		/* in the tree: the first of them */
	uint32_t parent;	/* in the folded tree; KIN_TREE_NONE: a root */
	uint32_t first;		/* its threads, then its children, are first, */
	uint32_t count;		/* first + 1, ... of the folded tree */
	uint32_t depth;
	uint32_t times;
	uint32_t tasks;		/* it stands for */
	uint32_t last;		/* the library's */
};

struct kin_fold {
	const struct kin_tree *tree;	/* the caller's */
	struct kin_fold_node *nodes;	/* the roots first */
	size_t n, n_roots;
	uint32_t *more;		/* by node of the tree: another task of its fold */
};

/*
 * What makes a task look as it does.
 * @len: receives the number of bytes
 *
 * Returns bytes that are equal exactly for tasks that look alike (good until
 * the next call), or NULL: this one looks like no other.
 */
typedef const void *kin_fold_look_fn(const struct kin_tree *tree, uint32_t node,
				     size_t *len, void *arg);

/*
 * kin_fold_build - fold a tree
 * @fold: receives it; kin_fold_free() it. Empty if the call fails
 * @tree: must stay as it is as long as @fold is used
 * @look: NULL: nothing is folded, each node stands for one task
 *
 * Siblings keep the order of the first of each fold. Returns 0 or -ENOMEM.
 */
int kin_fold_build(struct kin_fold *fold, const struct kin_tree *tree,
		   kin_fold_look_fn *look, void *arg);

/* kin_fold_free - the struct is empty then; zeroed ones may come */
void kin_fold_free(struct kin_fold *fold);

/* kin_fold_sum - what all branches that a node stands for amount to */
void kin_fold_sum(const struct kin_fold *fold, const struct kin_fold_node *node,
		  struct kin_tree_sum *sum);

#endif /* KIN_FOLD_H */
