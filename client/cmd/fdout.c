// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "fd.h"
#include "fdkept.h"
#include "fdout.h"

/* Rows that are aligned to each other, and kept until they are printed. */
#define BLOCK 4096

static void begin_table(struct fdout *out)
{
	const struct fd_options *options = out->options;

	for (size_t c = 0; c < out->columns.n; c++) {
		out->heads[c].heading = out->columns.list[c]->heading;
		out->heads[c].right = kin_column_right(out->columns.list[c]);
	}
	kin_table_init(&out->table, out->heads, out->columns.n);
	out->table.raw = options->raw;
	out->table.headings = !options->no_headings;
	out->table.limit = options->raw ? 0 : cmd_columns();
	out->limit = out->table.limit ? out->table.limit : UINT32_MAX;
	out->style = (cmd_utf8() ? KIN_STYLE_UTF8 : 0) |
		     (options->base ? KIN_STYLE_BASE : 0) |
		     (options->raw ? KIN_STYLE_RAW : 0);
}

static void begin(struct fdout *out)
{
	if (out->begun)
		return;
	out->begun = true;
	if (!out->options->json) {
		begin_table(out);
		return;
	}
	kin_json_begin(&out->json, stdout);
	kin_json_object(&out->json, NULL);
	kin_json_array(&out->json, "descriptors");
}

static bool fill_row(struct fdout *out, const struct fd_row *row)
{
	struct kin_table *table = &out->table;
	struct kin_value value;
	uint32_t width;
	size_t bytes;
	char *at;

	for (size_t c = 0; c < out->columns.n; c++) {
		const struct kin_column *col = out->columns.list[c];

		kin_column_get_row(col, row, &value);
		at = kin_table_cell(table, kin_value_room(col->type, &value));
		if (!at)
			return false;
		bytes = kin_value_put(at, col->type, &value, out->style,
				      out->limit, &width);
		kin_table_put(table, bytes, width);
	}
	return table->n_cells < BLOCK * table->n_columns ||
	       !kin_table_flush(table, stdout);
}

static bool put_row(struct fdout *out, const struct fd_row *row)
{
	begin(out);
	if (!out->options->json)
		return fill_row(out, row);
	fd_row_json(&out->json, row);
	return true;
}

bool fdout_row(struct fdout *out, const struct fd_row *row)
{
	if (!out->sort.n)
		return put_row(out, row);
	return fd_kept_add(&out->kept, &out->n_kept, &out->room_kept, row);
}

static bool remember_shared(struct fdout *out, const struct kin_fd_table *table)
{
	if (out->n_shared == out->room_shared) {
		size_t room = out->room_shared ? 2 * out->room_shared : 64;
		struct kin_fd_table *more =
			reallocarray(out->shared, room, sizeof(*more));

		if (!more)
			return false;
		out->shared = more;
		out->room_shared = room;
	}
	out->shared[out->n_shared++] = *table;
	return true;
}

bool fdout_shared(struct fdout *out, const struct kin_fd_table *table)
{
	struct fd_row row = { .rec.table = table };
	char name[64];

	if (out->options->json)
		return remember_shared(out, table);
	row.name = name;
	row.name_len = sprintf(name, "(descriptors shared with %u)",
			       table->shared_pid);
	return fdout_row(out, &row);
}

static void get_key(const struct kin_column *col, const void *from,
		    size_t place, struct kin_value *value)
{
	const struct fd_kept *kept = from;

	kin_column_get_row(col, &kept[place].row, value);
}

static bool put_sorted(struct fdout *out)
{
	size_t *order = calloc(out->n_kept + 1, sizeof(*order));
	bool enough = order && sort_order(&out->sort, get_key, out->kept,
					  out->n_kept, order);

	for (size_t i = 0; i < out->n_kept && enough; i++)
		enough = put_row(out, &out->kept[order[i]].row);
	free(order);
	return enough;
}

static void end_json(struct fdout *out, size_t denied, bool whole)
{
	kin_json_array_end(&out->json);
	kin_json_array(&out->json, "shared");
	for (size_t i = 0; i < out->n_shared; i++) {
		kin_json_object_line(&out->json, NULL);
		kin_json_u64(&out->json, "pid", out->shared[i].pid);
		kin_json_bytes(&out->json, "comm", out->shared[i].comm,
			       strnlen(out->shared[i].comm, KIN_COMM_LEN));
		kin_json_u64(&out->json, "shared_pid",
			     out->shared[i].shared_pid);
		kin_json_object_end(&out->json);
	}
	kin_json_array_end(&out->json);
	kin_json_u64(&out->json, "num_denied", denied);
	kin_json_bool(&out->json, "whole", whole);
	kin_json_object_end(&out->json);
	kin_json_end(&out->json);
}

bool fdout_end(struct fdout *out, size_t denied)
{
	if (out->sort.n && !put_sorted(out))
		return false;
	begin(out);
	if (out->options->json) {
		end_json(out, denied, true);
		return true;
	}
	/* headings, if nothing else was there */
	return (!out->table.n_cells && !out->table.headings) ||
	       !kin_table_flush(&out->table, stdout);
}

void fdout_break(struct fdout *out, size_t denied)
{
	if (out->begun && out->options->json)
		end_json(out, denied, false);
}

void fdout_free(struct fdout *out)
{
	for (size_t i = 0; i < out->n_kept; i++)
		free(out->kept[i].data);
	free(out->kept);
	free(out->shared);
	kin_table_free(&out->table);
}
