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
#include "treeline.h"

struct kin_names;

/* What to draw, and how. */
struct treedraw {
	FILE *out;
	const struct kin_tree *tree;
	const bool *marked;	/* by node: to be highlighted; NULL: none */
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
};

/* treedraw_print - all of it; write errors stay in @out. 0 or -ENOMEM. */
int treedraw_print(const struct treedraw *draw);

/* ---- treelabel.c: what a node is called ---- */

/* treelabel_put - the label of a node of the folded tree */
void treelabel_put(const struct treedraw *draw, struct treeline *line,
		   const struct kin_fold_node *at);

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

/* ---- treesums.c: the columns ---- */

#define TREESUMS_COLUMNS 5

/* The cells are written before the first line is, to know their widths. */
struct treesums {
	uint32_t width[TREESUMS_COLUMNS];
	char *text;		/* of all cells, one after the other */
	size_t n_text, room_text;
	uint8_t *lens;		/* of the cells */
	size_t n_lens, room_lens;
	size_t at_text, at_lens; /* of the row to be put next */
};

/* treesums_init - no rows, columns as wide as their headings */
void treesums_init(struct treesums *sums);
void treesums_free(struct treesums *sums);

/* treesums_add - the row of a node; false: no memory */
bool treesums_add(struct treesums *sums, const struct kin_fold *fold,
		  const struct kin_fold_node *at);

void treesums_put_headings(const struct treesums *sums, struct treeline *line);

/* treesums_put_row - the next row, in the order in which they were added */
void treesums_put_row(struct treesums *sums, struct treeline *line);

#endif /* KIN_TREEDRAW_H */
