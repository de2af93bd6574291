/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Aligned tables of many rows. Cells are written once, in order, into one
 * buffer that remembers their widths; printing pads and copies. A short cell
 * costs some 100 instructions here (libsmartcols 2.38: 5,000).
 */
#ifndef KIN_TABLE_H
#define KIN_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct kin_cell {
	uint32_t bytes;
	uint32_t columns;	/* of the terminal */
};

struct kin_table_column {
	const char *heading;	/* the caller's, safe text */
	uint32_t width;		/* of the widest cell so far */
	bool right;
};

struct kin_table {
	struct kin_table_column *columns;
	size_t n_columns;
	struct kin_cell *cells;	/* row by row */
	size_t n_cells, room_cells;
	char *text;		/* of all cells, without anything between */
	size_t n_text, room_text;
	bool raw;		/* one blank between cells, no alignment */
	bool headings;
	uint32_t limit;		/* columns of a line, last cell; 0: none */
	bool wrap;		/* what goes beyond: on more lines, else cut */
	uint32_t margin;	/* blanks before each line */
};

/* kin_table_init - @columns are the caller's, their width is set by this */
void kin_table_init(struct kin_table *table, struct kin_table_column *columns,
		    size_t n_columns);
void kin_table_free(struct kin_table *table);

/* kin_table_grow - room for a cell of @bytes; false: no memory */
bool kin_table_grow(struct kin_table *table, size_t bytes);

/*
 * kin_table_cell - room for the next cell
 * @bytes: the most it may take
 *
 * Returns where to write its safe text, without NUL; then kin_table_put() says
 * how much that was. NULL: no memory.
 */
static inline char *kin_table_cell(struct kin_table *table, size_t bytes)
{
	if ((table->n_cells == table->room_cells ||
	     table->room_text - table->n_text < bytes) &&
	    !kin_table_grow(table, bytes))
		return NULL;
	return table->text + table->n_text;
}

static inline void kin_table_put(struct kin_table *table, size_t bytes,
				 uint32_t columns)
{
	struct kin_cell *cell = &table->cells[table->n_cells++];

	cell->bytes = bytes;
	cell->columns = columns;
	table->n_text += bytes;
}

/* kin_table_word - the same for a whole cell of safe text; false: no memory */
bool kin_table_word(struct kin_table *table, const char *text);

/* kin_table_print - all rows; write errors stay in @out. 0 or -ENOMEM. */
int kin_table_print(struct kin_table *table, FILE *out);

/* kin_table_flush - the same, and forget the rows: of tables that are too long to
 * keep. Headings come once; columns stay at least as wide as they were. */
int kin_table_flush(struct kin_table *table, FILE *out);

/* kin_table_print_rows - the same for @n rows from @first on; the columns are
 * as wide as all rows need */
int kin_table_print_rows(struct kin_table *table, size_t first, size_t n,
			 FILE *out);

#endif /* KIN_TABLE_H */
