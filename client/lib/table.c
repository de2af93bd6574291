// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "text.h"

#define OUT_BYTES 65536

void kin_table_init(struct kin_table *table, struct kin_table_column *columns,
		    size_t n_columns)
{
	memset(table, 0, sizeof(*table));
	table->columns = columns;
	table->n_columns = n_columns;
	table->headings = true;
	for (size_t i = 0; i < n_columns; i++)
		columns[i].width = 0;
}

void kin_table_free(struct kin_table *table)
{
	free(table->cells);
	free(table->text);
	table->cells = NULL;
	table->text = NULL;
}

static bool grow_cells(struct kin_table *table)
{
	size_t room = table->room_cells ? 2 * table->room_cells : 4096;
	struct kin_cell *cells = reallocarray(table->cells, room,
					      sizeof(*cells));

	if (!cells)
		return false;
	table->cells = cells;
	table->room_cells = room;
	return true;
}

static bool grow_text(struct kin_table *table, size_t bytes)
{
	size_t room = 2 * table->room_text + bytes + 65536;
	char *text = realloc(table->text, room);

	if (!text)
		return false;
	table->text = text;
	table->room_text = room;
	return true;
}

char *kin_table_cell(struct kin_table *table, size_t bytes)
{
	if (table->n_cells == table->room_cells && !grow_cells(table))
		return NULL;
	if (table->room_text - table->n_text < bytes &&
	    !grow_text(table, bytes))
		return NULL;
	return table->text + table->n_text;
}

void kin_table_put(struct kin_table *table, size_t bytes, uint32_t columns)
{
	struct kin_cell *cell = &table->cells[table->n_cells++];

	cell->bytes = bytes;
	cell->columns = columns;
	table->n_text += bytes;
}

/* Lines on their way to the stream. */
struct out {
	FILE *file;
	size_t n;
	char buf[OUT_BYTES];
};

static void out_flush(struct out *out)
{
	fwrite(out->buf, 1, out->n, out->file);
	out->n = 0;
}

static void out_text(struct out *out, const char *text, size_t len)
{
	if (OUT_BYTES - out->n < len)
		out_flush(out);
	if (len > OUT_BYTES)
		fwrite(text, 1, len, out->file);
	else
		memcpy(out->buf + out->n, text, len);
	out->n += len > OUT_BYTES ? 0 : len;
}

static void out_blanks(struct out *out, size_t n)
{
	while (n) {
		size_t some = n < OUT_BYTES ? n : OUT_BYTES;

		if (OUT_BYTES - out->n < some)
			out_flush(out);
		memset(out->buf + out->n, ' ', some);
		out->n += some;
		n -= some;
	}
}

/*
 * Nearly all cells are short and there is room for them: one fixed copy and one
 * fixed fill, whose surplus the next cell overwrites, cost less than two calls.
 */
#define SHORT 32

static void out_cell(struct out *out, const char *text, size_t len, size_t pad,
		     bool right)
{
	char *at = out->buf + out->n;

	if (len > SHORT || pad > SHORT || OUT_BYTES - out->n < 3 * SHORT) {
		if (right)
			out_blanks(out, pad);
		out_text(out, text, len);
		if (!right)
			out_blanks(out, pad);
		return;
	}
	if (right) {
		memset(at, ' ', SHORT);
		memcpy(at + pad, text, SHORT);
	} else {
		memcpy(at, text, SHORT);
		memset(at + len, ' ', SHORT);
	}
	out->n += len + pad;
}

static void measure(struct kin_table *table)
{
	const struct kin_cell *cell = table->cells;
	size_t rows = table->n_cells / table->n_columns;

	for (size_t i = 0; i < table->n_columns; i++) {
		const char *name = table->columns[i].heading;

		table->columns[i].width =
			table->headings ? kin_text_width(name, strlen(name)) :
					  0;
	}
	for (size_t row = 0; row < rows; row++)
		for (size_t i = 0; i < table->n_columns; i++, cell++)
			if (cell->columns > table->columns[i].width)
				table->columns[i].width = cell->columns;
}

/* Columns that are left for the last cell of a line, at least its heading. */
static uint32_t last_limit(const struct kin_table *table)
{
	size_t last = table->n_columns - 1;
	uint32_t used = last, least = 4;

	if (!table->limit || table->raw || table->columns[last].right)
		return UINT32_MAX;
	for (size_t i = 0; i < last; i++)
		used += table->columns[i].width;
	return used + least < table->limit ? table->limit - used : least;
}

static void print_row(const struct kin_table *table, struct out *out,
		      const struct kin_cell *cell, const char *text,
		      uint32_t limit)
{
	size_t last = table->n_columns - 1;

	for (size_t i = 0; i <= last; i++, text += cell->bytes, cell++) {
		const struct kin_table_column *col = &table->columns[i];
		size_t pad = 0, len = cell->bytes;

		if (!table->raw && (i < last || col->right))
			pad = col->width - cell->columns;
		if (i == last && cell->columns > limit)
			len = kin_text_fit(text, len, limit);
		out_cell(out, text, len, pad, col->right);
		out_text(out, i == last ? "\n" : " ", 1);
	}
}

static int print_headings(const struct kin_table *table, struct out *out,
			  uint32_t limit)
{
	struct kin_table head = *table;
	int err = 0;

	head.cells = NULL;
	head.text = NULL;
	head.n_cells = head.room_cells = head.n_text = head.room_text = 0;
	for (size_t i = 0; i < table->n_columns && !err; i++) {
		const char *name = table->columns[i].heading;
		size_t len = strlen(name);
		char *at = kin_table_cell(&head, len + SHORT);

		if (!at) {
			err = -ENOMEM;
			break;
		}
		memcpy(at, name, len);
		kin_table_put(&head, len, kin_text_width(name, len));
	}
	if (!err)
		print_row(&head, out, head.cells, head.text, limit);
	kin_table_free(&head);
	return err;
}

int kin_table_print(struct kin_table *table, FILE *file)
{
	const struct kin_cell *cell = table->cells;
	struct out *out = malloc(sizeof(*out));
	const char *text;
	uint32_t limit;
	int err = 0;

	/* a fixed copy of the last cell reads a little beyond it */
	if (!out || !kin_table_cell(table, SHORT)) {
		free(out);
		return -ENOMEM;
	}
	out->file = file;
	out->n = 0;
	measure(table);
	limit = last_limit(table);
	if (table->headings)
		err = print_headings(table, out, limit);
	text = table->text;
	cell = table->cells;
	for (size_t n = table->n_cells; !err && n >= table->n_columns;
	     n -= table->n_columns) {
		print_row(table, out, cell, text, limit);
		for (size_t i = 0; i < table->n_columns; i++)
			text += (cell++)->bytes;
	}
	out_flush(out);
	free(out);
	return err;
}
