// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "treedraw.h"

static const struct {
	const char *heading;
	bool left;
} columns[TREESUMS_COLUMNS] = {
	{ "PROCS", false }, { "THREADS", false }, { "RSS", false },
	{ "CPU", false },   { "STATES", true },
};

/* Room for a count and a letter for each state. */
#define CELL_ROOM (KIN_STATE_COUNT * (KIN_FORMAT_MAX + 2))

typedef size_t format_fn(char *to, uint64_t n);

/* Sleeping, parked and idle are the background of all the rest. */
#define BACKGROUND (KIN_STATE_SLEEPING | KIN_STATE_PARKED | KIN_STATE_IDLE)

static size_t put_states(char *to, const struct kin_tree_sum *sum)
{
	static const char letters[] = KIN_STATE_LETTERS;
	size_t n = 0;

	for (unsigned int i = 0; i < KIN_STATE_COUNT; i++) {
		if (!sum->states[i] || (BACKGROUND >> i & 1))
			continue;
		if (n)
			to[n++] = ' ';
		n += kin_format_u64(to + n, sum->states[i]);
		to[n++] = letters[i];
	}
	if (!n)
		to[n++] = '-';
	return n;
}

void treesums_init(struct treesums *sums)
{
	memset(sums, 0, sizeof(*sums));
	for (unsigned int i = 0; i < TREESUMS_COLUMNS; i++)
		sums->width[i] = strlen(columns[i].heading);
}

void treesums_free(struct treesums *sums)
{
	free(sums->text);
	free(sums->lens);
}

static bool make_room(struct treesums *sums)
{
	void *more;

	if (sums->room_text - sums->n_text < TREESUMS_COLUMNS * CELL_ROOM) {
		sums->room_text = 2 * sums->room_text + 8 * CELL_ROOM;
		more = realloc(sums->text, sums->room_text);
		if (!more)
			return false;
		sums->text = more;
	}
	if (sums->room_lens - sums->n_lens < TREESUMS_COLUMNS) {
		sums->room_lens = 2 * sums->room_lens + 64;
		more = realloc(sums->lens, sums->room_lens);
		if (!more)
			return false;
		sums->lens = more;
	}
	return true;
}

static void add_cell(struct treesums *sums, size_t len)
{
	const unsigned int column = sums->n_lens % TREESUMS_COLUMNS;

	if (len > sums->width[column])
		sums->width[column] = len;
	sums->lens[sums->n_lens++] = len;
	sums->n_text += len;
}

static void add_known(struct treesums *sums, format_fn *format, uint64_t n,
		      uint64_t none)
{
	char *to = sums->text + sums->n_text;

	*to = '-';
	add_cell(sums, n == none ? 1 : format(to, n));
}

bool treesums_add(struct treesums *sums, const struct kin_fold *fold,
		  const struct kin_fold_node *at)
{
	struct kin_tree_sum sum;

	if (!make_room(sums))
		return false;
	kin_fold_sum(fold, at, &sum);
	add_known(sums, kin_format_u64, sum.processes, 0);
	add_known(sums, kin_format_u64, sum.threads, 0);
	add_known(sums, kin_format_bytes, sum.rss_bytes, KIN_NONE64);
	add_known(sums, kin_format_duration, sum.cpu_ns, KIN_NONE64);
	add_cell(sums, put_states(sums->text + sums->n_text, &sum));
	return true;
}

struct row {
	char text[TREESUMS_COLUMNS * (CELL_ROOM + 2)];
	size_t len;
};

static void put_cell(const struct treesums *sums, struct row *row,
		     unsigned int i, const char *text, size_t len)
{
	const uint32_t width = sums->width[i];

	memset(row->text + row->len, ' ', width + 2);
	memcpy(row->text + row->len + (columns[i].left ? 0 : width - len), text,
	       len);
	row->len += width + (columns[i].left ? 2 : 1);
}

void treesums_put_headings(const struct treesums *sums, struct treeline *line)
{
	struct row row = { .len = 0 };

	for (unsigned int i = 0; i < TREESUMS_COLUMNS; i++)
		put_cell(sums, &row, i, columns[i].heading,
			 strlen(columns[i].heading));
	treeline_put(line, row.text, row.len, row.len);
	treeline_ascii(line, "TREE");
}

void treesums_put_row(struct treesums *sums, struct treeline *line)
{
	struct row row;

	row.len = 0;
	for (unsigned int i = 0; i < TREESUMS_COLUMNS; i++) {
		const size_t len = sums->lens[sums->at_lens++];

		put_cell(sums, &row, i, sums->text + sums->at_text, len);
		sums->at_text += len;
	}
	treeline_put(line, row.text, row.len, row.len);
}
