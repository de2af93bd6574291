// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd --count as a table. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "fdcounts.h"
#include "format.h"
#include "name.h"
#include "table.h"

#define HEADING_MAX 16

struct countcolumn {
	const char *heading;
	enum kin_type type;
	bool left;
	void (*get)(const struct fdcounts *counts,
		    const struct kin_fd_table *table, struct kin_value *value);
};

/* ---- cells ---- */

static void set_number(struct kin_value *value, uint64_t n)
{
	value->known = n != KIN_NONE64;
	value->u = n;
}

static void set_text(struct kin_value *value, const char *text, size_t len)
{
	value->known = true;
	value->s = text;
	value->len = len;
}

static void get_pid(const struct fdcounts *counts,
		    const struct kin_fd_table *table, struct kin_value *value)
{
	set_number(value, table->pid);
}

static void get_comm(const struct fdcounts *counts,
		     const struct kin_fd_table *table, struct kin_value *value)
{
	set_text(value, table->comm, strnlen(table->comm, KIN_COMM_LEN));
}

static void get_user(const struct fdcounts *counts,
		     const struct kin_fd_table *table, struct kin_value *value)
{
	const char *name = kin_names_user(counts->names, table->uid);

	set_text(value, name, strlen(name));
}

static void get_open(const struct fdcounts *counts,
		     const struct kin_fd_table *table, struct kin_value *value)
{
	set_number(value, table->open);
}

static void get_use(const struct fdcounts *counts,
		    const struct kin_fd_table *table, struct kin_value *value)
{
	set_number(value, fdtable_use_milli(table));
}

static void get_size(const struct fdcounts *counts,
		     const struct kin_fd_table *table, struct kin_value *value)
{
	set_number(value, table->table_size);
}

static void get_tasks(const struct fdcounts *counts,
		      const struct kin_fd_table *table, struct kin_value *value)
{
	set_number(value, table->users);
}

static void get_shared(const struct fdcounts *counts,
		       const struct kin_fd_table *table, struct kin_value *value)
{
	set_number(value, table->shared_pid ? table->shared_pid : KIN_NONE64);
}

/* Digits or a word: text, but aligned as a number. */
static void get_limit(const struct fdcounts *counts,
		      const struct kin_fd_table *table, struct kin_value *value)
{
	const uint64_t limit = table->limit_soft;

	if (limit == KIN_NONE64)
		set_text(value, "unlimited", strlen("unlimited"));
	else
		set_text(value, value->scratch,
			 kin_format_u64(value->scratch, limit));
}

static const struct countcolumn columns[] = {
	{ "PID", KIN_TYPE_UINT, false, get_pid },
	{ "COMMAND", KIN_TYPE_STRING, true, get_comm },
	{ "USER", KIN_TYPE_STRING, true, get_user },
	{ "OPEN", KIN_TYPE_UINT, false, get_open },
	{ "LIMIT", KIN_TYPE_STRING, false, get_limit },
	{ "USE%", KIN_TYPE_PERCENT, false, get_use },
	{ "TABLE", KIN_TYPE_UINT, false, get_size },
	{ "TASKS", KIN_TYPE_UINT, false, get_tasks },
	{ "SHARED-WITH", KIN_TYPE_UINT, false, get_shared },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* ---- rows ---- */

static bool put(struct kin_table *table, enum kin_type type,
		const struct kin_value *value, unsigned int style)
{
	char *at = kin_table_cell(table, kin_value_room(type, value));
	uint32_t width;
	size_t bytes;

	if (!at)
		return false;
	bytes = kin_value_put(at, type, value, style, UINT32_MAX, &width);
	kin_table_put(table, bytes, width);
	return true;
}

static bool put_types(struct kin_table *table, const struct fdtable *row,
		      uint32_t types, unsigned int style)
{
	struct kin_value value = { .known = row->counted };

	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++) {
		if (!(types >> type & 1))
			continue;
		value.u = row->counts[type];
		if (!put(table, KIN_TYPE_UINT, &value, style))
			return false;
	}
	return true;
}

static bool put_row(const struct fdcounts *counts, struct kin_table *table,
		    const struct fdtable *row, uint32_t types,
		    unsigned int style)
{
	for (size_t i = 0; i < N_COLUMNS; i++) {
		struct kin_value value = { 0 };

		columns[i].get(counts, &row->base, &value);
		if (!put(table, columns[i].type, &value, style))
			return false;
	}
	return put_types(table, row, types, style);
}

/* ---- the table ---- */

static void set_heading(char *heading, uint32_t type)
{
	const char *name = kin_fd_type_name(type);
	size_t i;

	for (i = 0; i < HEADING_MAX - 1 && name[i]; i++)
		heading[i] = toupper((unsigned char)name[i]);
	heading[i] = '\0';
}

static size_t set_columns(struct kin_table_column *heads,
			  char (*headings)[HEADING_MAX], uint32_t types)
{
	size_t n = 0;

	for (; n < N_COLUMNS; n++) {
		heads[n].heading = columns[n].heading;
		heads[n].right = !columns[n].left;
	}
	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++) {
		if (!(types >> type & 1))
			continue;
		set_heading(headings[type], type);
		heads[n].heading = headings[type];
		heads[n++].right = true;
	}
	return n;
}

int fdcounts_print(const struct fdcounts *counts)
{
	const struct fd_options *options = counts->options;
	const unsigned int style = (cmd_utf8() ? KIN_STYLE_UTF8 : 0) |
				   (options->base ? KIN_STYLE_BASE : 0) |
				   (options->raw ? KIN_STYLE_RAW : 0);
	const uint32_t types = fdcounts_types(counts);
	struct kin_table_column heads[N_COLUMNS + KIN_FD_TYPE_COUNT];
	char headings[KIN_FD_TYPE_COUNT][HEADING_MAX];
	struct kin_table table;
	bool enough = true;

	kin_table_init(&table, heads, set_columns(heads, headings, types));
	table.raw = options->raw;
	table.headings = !options->no_headings;
	for (size_t i = 0; i < counts->n && enough; i++)
		enough = put_row(counts, &table, counts->rows[i], types, style);
	if (enough)
		enough = !kin_table_print(&table, counts->out);
	kin_table_free(&table);
	return enough ? 0 : -ENOMEM;
}
