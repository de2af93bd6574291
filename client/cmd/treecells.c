// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "treecells.h"

void treecells_init(struct treecells *cells, const struct treecolumns *columns)
{
	memset(cells, 0, sizeof(*cells));
	cells->columns = columns;
	for (unsigned int i = 0; i < columns->n; i++)
		cells->width[i] = strlen(columns->of[i].heading);
}

void treecells_free(struct treecells *cells)
{
	free(cells->text);
	free(cells->lens);
}

static bool make_room(struct treecells *cells)
{
	const size_t text = TREECELLS_COLUMNS * TREECELLS_ROOM;
	void *more;

	if (cells->room_text - cells->n_text < text) {
		cells->room_text = 2 * cells->room_text + 2 * text;
		more = realloc(cells->text, cells->room_text);
		if (!more)
			return false;
		cells->text = more;
	}
	if (cells->room_lens - cells->n_lens < TREECELLS_COLUMNS) {
		cells->room_lens = 2 * cells->room_lens + 64;
		more = realloc(cells->lens, cells->room_lens);
		if (!more)
			return false;
		cells->lens = more;
	}
	return true;
}

bool treecells_add_row(struct treecells *cells, const struct kin_fold *fold,
		       const struct kin_fold_node *at, const void *arg)
{
	if (!make_room(cells))
		return false;
	cells->columns->add(cells, fold, at, arg);
	return true;
}

void treecells_add(struct treecells *cells, size_t len)
{
	const unsigned int column = cells->n_lens % cells->columns->n;

	if (len > cells->width[column])
		cells->width[column] = len;
	cells->lens[cells->n_lens++] = len;
	cells->n_text += len;
}

void treecells_add_known(struct treecells *cells,
			 size_t (*format)(char *to, uint64_t n), uint64_t n,
			 uint64_t none)
{
	char *to = treecells_next(cells);

	*to = '-';
	treecells_add(cells, n == none ? 1 : format(to, n));
}

struct row {
	char text[TREECELLS_COLUMNS * (TREECELLS_ROOM + 2)];
	size_t len;
};

static void put_cell(const struct treecells *cells, struct row *row,
		     unsigned int i, const char *text, size_t len)
{
	const bool left = cells->columns->of[i].left;
	const uint32_t width = cells->width[i];

	memset(row->text + row->len, ' ', width + 2);
	memcpy(row->text + row->len + (left ? 0 : width - len), text, len);
	row->len += width + (left ? 2 : 1);
}

void treecells_put_headings(const struct treecells *cells,
			    struct treeline *line)
{
	struct row row = { .len = 0 };

	for (unsigned int i = 0; i < cells->columns->n; i++)
		put_cell(cells, &row, i, cells->columns->of[i].heading,
			 strlen(cells->columns->of[i].heading));
	treeline_put(line, row.text, row.len, row.len);
	treeline_ascii(line, "TREE");
}

void treecells_put_row(struct treecells *cells, struct treeline *line)
{
	struct row row;

	row.len = 0;
	for (unsigned int i = 0; i < cells->columns->n; i++) {
		const size_t len = cells->lens[cells->at_lens++];

		put_cell(cells, &row, i, cells->text + cells->at_text, len);
		cells->at_text += len;
	}
	treeline_put(line, row.text, row.len, row.len);
}
