/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A family tree as text: one process a line, its children below it. Equal
 * branches stand once, with their number.
 */
#ifndef KIN_TREEDRAW_H
#define KIN_TREEDRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fold.h"
#include "tree.h"
#include "treecells.h"
#include "treeline.h"

struct kin_names;

/* What has just happened to a task. */
struct treemark {
	char sign;		/* '+': it was born, '-': it has ended; 0: nothing */
	/* of one that has ended, as in ending.h */
	uint32_t status, flags;
	uint64_t life_ns;	/* KIN_NONE64: not known */
};

/* Another way to show nodes than as tasks: a tree need have none then. Each node
 * has a line of its own. */
struct treedraw_nodes {
	const struct treecolumns *columns;
	kin_fold_look_fn *look;
	void (*put_label)(struct treeline *line, const struct kin_fold *fold,
			  const struct kin_fold_node *at, const void *arg);
	void *arg;		/* for the three of them */
};

/* What to draw, and how. */
struct treedraw {
	FILE *out;
	const struct kin_tree *tree;
	const bool *marked;	/* by node: to be highlighted; NULL: none */
	const struct treemark *marks; /* by node; NULL: none */
	struct kin_names *names;/* show where the user changes; NULL: do not */
	uint32_t width;		/* lines are cut at this column; 0: not at all */
	uint32_t levels;	/* of indentation at most; 0: as fits the width */
	bool utf8;		/* names may be shown in UTF-8 */
	bool utf8_lines;	/* lines are drawn with UTF-8 characters */
	bool color;		/* for a terminal; else marks are characters */
	bool pids;
	bool args;		/* command lines, not only names */
	bool fold;
	bool sums;		/* columns before the tree */
	const struct treedraw_nodes *nodes; /* NULL: nodes are tasks */
};

/* treedraw_print - all of it; write errors stay in @out. 0 or -ENOMEM. */
int treedraw_print(const struct treedraw *draw);

/* ---- treelabel.c: what a node is called ---- */

/* treelabel_put - the label of a node of the folded tree */
void treelabel_put(const struct treedraw *draw, struct treeline *line,
		   const struct kin_fold_node *at);

/* treelabel_put_end - how a task ended, and how long it lived */
void treelabel_put_end(struct treeline *line, uint32_t status, uint32_t flags,
		       uint64_t life_ns);

/* What a label shows, as bytes to compare. */
struct treelook {
	const struct treedraw *draw;
	unsigned char *bytes;
};

/* treelook_init - false: no memory; free(look->bytes) */
bool treelook_init(struct treelook *look, const struct treedraw *draw);

/* treelook_get - a kin_fold_look_fn; @arg: the struct treelook */
const void *treelook_get(const struct kin_tree *tree, uint32_t node,
			 size_t *len, void *arg);

/* ---- treesums.c ---- */

extern const struct treecolumns treesums_columns;

#endif /* KIN_TREEDRAW_H */
