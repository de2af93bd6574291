/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Columns before the lines of a tree. All cells are written before the first
 * line is, to know their widths.
 */
#ifndef KIN_TREECELLS_H
#define KIN_TREECELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fold.h"
#include "treeline.h"

#define TREECELLS_COLUMNS 5	/* at most */
#define TREECELLS_ROOM 250	/* bytes of a cell at most, all of them ASCII */

struct treecells;

/* Which columns, and who fills them. */
struct treecolumns {
	struct {
		const char *heading;
		bool left;
	} of[TREECELLS_COLUMNS];
	unsigned int n;
	/* adds a cell for each column, in their order */
	void (*add)(struct treecells *cells, const struct kin_fold *fold,
		    const struct kin_fold_node *at, const void *arg);
};

struct treecells {
	const struct treecolumns *columns;
	uint32_t width[TREECELLS_COLUMNS];
	char *text;		/* of all cells, one after the other */
	size_t n_text, room_text;
	uint8_t *lens;		/* of the cells */
	size_t n_lens, room_lens;
	size_t at_text, at_lens; /* of the row to be put next */
};

/* treecells_init - no rows, columns as wide as their headings */
void treecells_init(struct treecells *cells, const struct treecolumns *columns);
void treecells_free(struct treecells *cells);

/* treecells_add_row - the cells of a node; false: no memory */
bool treecells_add_row(struct treecells *cells, const struct kin_fold *fold,
		       const struct kin_fold_node *at, const void *arg);

/* treecells_next - where the next cell's text goes; then treecells_add() says
 * how long it is. Only for those whom treecells_add_row() calls. */
static inline char *treecells_next(const struct treecells *cells)
{
	return cells->text + cells->n_text;
}

void treecells_add(struct treecells *cells, size_t len);

/* treecells_add_known - a number as @format writes it; '-' if it is @none */
void treecells_add_known(struct treecells *cells,
			 size_t (*format)(char *to, uint64_t n), uint64_t n,
			 uint64_t none);

void treecells_put_headings(const struct treecells *cells,
			    struct treeline *line);

/* treecells_put_row - the next row, in the order in which they were added */
void treecells_put_row(struct treecells *cells, struct treeline *line);

#endif /* KIN_TREECELLS_H */
