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

bool kin_table_grow(struct kin_table *table, size_t bytes)
{
	return (table->n_cells < table->room_cells || grow_cells(table)) &&
	       (table->room_text - table->n_text >= bytes ||
		grow_text(table, bytes));
}

bool kin_table_word(struct kin_table *table, const char *text)
{
	size_t len = strlen(text);
	char *at = kin_table_cell(table, len);

	if (!at)
		return false;
	memcpy(at, text, len);
	kin_table_put(table, len, kin_text_width(text, len));
	return true;
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

static void out_long(struct out *out, const char *text, size_t len, size_t pad,
		     bool right, char behind)
{
	if (right)
		out_blanks(out, pad);
	out_text(out, text, len);
	if (!right)
		out_blanks(out, pad);
	out_text(out, &behind, 1);
}

/* A cell, the blanks that align it, and what stands behind it. */
static inline void out_cell(struct out *out, const char *text, size_t len,
			    size_t pad, bool right, char behind)
{
	char *at = out->buf + out->n;

	if (len > SHORT || pad > SHORT || OUT_BYTES - out->n < 4 * SHORT) {
		out_long(out, text, len, pad, right, behind);
		return;
	}
	if (right) {
		memset(at, ' ', SHORT);
		memcpy(at + pad, text, SHORT);
	} else {
		memcpy(at, text, SHORT);
		memset(at + len, ' ', SHORT);
	}
	at[len + pad] = behind;
	out->n += len + pad + 1;
}

static void measure(struct kin_table *table)
{
	const struct kin_cell *cell = table->cells;
	size_t rows = table->n_cells / table->n_columns;

	/* never narrower than what was printed before */
	for (size_t i = 0; table->headings && i < table->n_columns; i++) {
		const char *name = table->columns[i].heading;
		uint32_t width = kin_text_width(name, strlen(name));

		if (width > table->columns[i].width)
			table->columns[i].width = width;
	}
	for (size_t row = 0; row < rows; row++)
		for (size_t i = 0; i < table->n_columns; i++, cell++)
			if (cell->columns > table->columns[i].width)
				table->columns[i].width = cell->columns;
}

/* Columns that are left for the last cell of a line, but never too few. */
static uint32_t last_limit(const struct kin_table *table)
{
	size_t last = table->n_columns - 1;
	uint32_t used = table->margin + last, least = table->wrap ? 24 : 4;

	if (!table->limit || table->raw || table->columns[last].right)
		return UINT32_MAX;
	for (size_t i = 0; i < last; i++)
		used += table->columns[i].width;
	return used + least < table->limit ? table->limit - used : least;
}

/* How much of @text stands on one line: whole words, if one fits at all. */
static size_t line_fit(const char *text, size_t len, uint32_t limit)
{
	size_t fit = kin_text_fit(text, len, limit), at = fit;

	if (fit == len)
		return len;
	while (at && text[at] != ' ')
		at--;
	return at ? at : fit ? fit : len;
}

static void print_wrapped(struct out *out, const char *text, size_t len,
			  uint32_t limit, size_t indent)
{
	size_t fit = line_fit(text, len, limit);

	out_text(out, text, fit);
	for (;;) {
		text += fit;
		len -= fit;
		while (len && *text == ' ') {
			text++;
			len--;
		}
		if (!len)
			return;
		out_text(out, "\n", 1);
		out_blanks(out, indent);
		fit = line_fit(text, len, limit);
		out_text(out, text, fit);
	}
}

/* The cell that goes beyond the limit of a line. */
static void print_long(const struct kin_table *table, struct out *out,
		       const char *text, size_t len, uint32_t limit)
{
	/* where a line is narrower than the least for a cell: from its start */
	if (table->wrap)
		print_wrapped(out, text, len, limit,
			      table->limit > limit ? table->limit - limit : 0);
	else
		out_text(out, text, kin_text_fit(text, len, limit));
	out_text(out, "\n", 1);
}

/* Returns the text of the next row. */
static const char *print_row(const struct kin_table *table, struct out *out,
			     const struct kin_cell *cell, const char *text,
			     uint32_t limit)
{
	const struct kin_table_column *col = table->columns;
	const struct kin_table_column *last = col + table->n_columns - 1;
	size_t pad;

	if (table->margin)
		out_blanks(out, table->margin);
	for (; col < last; text += cell->bytes, col++, cell++) {
		pad = table->raw ? 0 : col->width - cell->columns;
		out_cell(out, text, cell->bytes, pad, col->right, ' ');
	}
	pad = !table->raw && last->right ? last->width - cell->columns : 0;
	if (cell->columns > limit)
		print_long(table, out, text, cell->bytes, limit);
	else
		out_cell(out, text, cell->bytes, pad, last->right, '\n');
	return text + cell->bytes;
}

static int print_headings(const struct kin_table *table, struct out *out,
			  uint32_t limit)
{
	struct kin_table head = *table;
	char *at = NULL;

	head.cells = NULL;
	head.text = NULL;
	head.n_cells = head.room_cells = head.n_text = head.room_text = 0;
	for (size_t i = 0; i < table->n_columns; i++) {
		const char *name = table->columns[i].heading;
		size_t len = strlen(name);

		at = kin_table_cell(&head, len + SHORT);
		if (!at)
			break;
		memcpy(at, name, len);
		kin_table_put(&head, len, kin_text_width(name, len));
	}
	if (at)
		print_row(&head, out, head.cells, head.text, limit);
	kin_table_free(&head);
	return at ? 0 : -ENOMEM;
}

static void print_rows(const struct kin_table *table, struct out *out,
		       size_t first, size_t n, uint32_t limit)
{
	const struct kin_cell *cell = table->cells;
	const char *text = table->text;

	for (size_t i = 0; i < first * table->n_columns; i++)
		text += (cell++)->bytes;
	for (; n; n--, cell += table->n_columns)
		text = print_row(table, out, cell, text, limit);
}

int kin_table_print_rows(struct kin_table *table, size_t first, size_t n,
			 FILE *file)
{
	struct out *out = malloc(sizeof(*out));
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
	if (!err)
		print_rows(table, out, first, n, limit);
	out_flush(out);
	free(out);
	return err;
}

int kin_table_print(struct kin_table *table, FILE *file)
{
	return kin_table_print_rows(table, 0, table->n_cells / table->n_columns,
				    file);
}

int kin_table_flush(struct kin_table *table, FILE *file)
{
	int err = kin_table_print(table, file);

	table->headings = false;
	table->n_cells = 0;
	table->n_text = 0;
	return err;
}
