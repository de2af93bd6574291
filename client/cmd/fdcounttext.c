// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd --count as a table. */
#include <errno.h>
#include <string.h>

#include "fdcounts.h"
#include "table.h"

#define DEFAULT_COLUMNS "pid,comm,user,open,limit,use,table,tasks,shared"

static bool is_limit(const struct kin_column *col)
{
	return !strcmp(col->id, "limit");
}

/* A limit that there is not is a word, in the place of its number. */
static enum kin_type get_cell(const struct kin_column *col,
			      const struct fdcount_row *row,
			      struct kin_value *value)
{
	kin_column_get_row(col, row, value);
	if (value->known || !is_limit(col))
		return col->type;
	kin_value_set_text(value, "unlimited", strlen("unlimited"));
	return KIN_TYPE_STRING;
}

static bool put_row(struct kin_table *table, const struct columns *columns,
		    const struct fdcount_row *row, unsigned int style)
{
	struct kin_value value;
	enum kin_type type;
	uint32_t width;
	size_t bytes;
	char *at;

	for (size_t i = 0; i < columns->n; i++) {
		type = get_cell(columns->list[i], row, &value);
		at = kin_table_cell(table, kin_value_room(type, &value));
		if (!at)
			return false;
		bytes = kin_value_put(at, type, &value, style, UINT32_MAX,
				      &width);
		kin_table_put(table, bytes, width);
	}
	return true;
}

/* The same for all, then one for each type that is counted. */
static void set_columns(struct columns *columns, uint32_t types)
{
	columns_parse_of(&fd_cmd, &fdcount_columns, columns, NULL,
			 DEFAULT_COLUMNS);
	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++) {
		const char *name = kin_fd_type_name(type);

		if (types >> type & 1)
			columns->list[columns->n++] =
				kin_column_find_in(&fdcount_columns, name,
						   strlen(name));
	}
}

int fdcounts_print(const struct fdcounts *counts)
{
	const struct fd_options *options = counts->options;
	const unsigned int style = (cmd_utf8() ? KIN_STYLE_UTF8 : 0) |
				   (options->base ? KIN_STYLE_BASE : 0) |
				   (options->raw ? KIN_STYLE_RAW : 0);
	struct kin_table_column heads[COLUMNS_MAX];
	struct columns columns;
	struct kin_table table;
	bool enough = true;

	set_columns(&columns, fdcounts_types(counts));
	for (size_t i = 0; i < columns.n; i++) {
		heads[i].heading = columns.list[i]->heading;
		heads[i].right = kin_column_right(columns.list[i]);
	}
	kin_table_init(&table, heads, columns.n);
	table.raw = options->raw;
	table.headings = !options->no_headings;
	for (size_t i = 0; i < counts->n && enough; i++) {
		const struct fdcount_row row = { counts->rows[i],
						 counts->names };

		enough = put_row(&table, &columns, &row, style);
	}
	if (enough)
		enough = !kin_table_print(&table, counts->out);
	kin_table_free(&table);
	return enough ? 0 : -ENOMEM;
}
