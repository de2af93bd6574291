// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "columns.h"

static int unknown_column(const struct cmd *cmd,
			  const struct kin_column_set *set, const char *word)
{
	const struct kin_column *near = kin_column_nearest_in(set, word);

	if (near)
		return cmd_usage(cmd,
				 "unknown column '%s'; did you mean '%s'? (--list-columns shows all)",
				 word, near->id);
	return cmd_usage(cmd, "unknown column '%s' (--list-columns shows all)",
			 word);
}

static size_t find(const struct columns *columns, const struct kin_column *col)
{
	size_t i = 0;

	while (i < columns->n && columns->list[i] != col)
		i++;
	return i;
}

static void remove_at(struct columns *columns, size_t at)
{
	columns->n--;
	memmove(&columns->list[at], &columns->list[at + 1],
		(columns->n - at) * sizeof(columns->list[0]));
}

/* The command stays last, or the name of what is open: what may be long, and may
 * be cut. */
static bool stays_last(const struct columns *columns)
{
	const struct kin_column *col = columns->list[columns->n - 1];

	return col->type == KIN_TYPE_COMMAND || !strcmp(col->id, "name") ||
	       !strcmp(col->id, "comm");
}

static int insert(const struct cmd *cmd, struct columns *columns,
		  const struct kin_column *col, bool relative)
{
	size_t at = columns->n;

	if (columns->n == COLUMNS_MAX)
		return cmd_usage(cmd, "more than %d columns", COLUMNS_MAX);
	if (relative && at && stays_last(columns))
		at--;
	memmove(&columns->list[at + 1], &columns->list[at],
		(columns->n - at) * sizeof(columns->list[0]));
	columns->list[at] = col;
	columns->n++;
	return CMD_OK;
}

static int insert_all(const struct cmd *cmd, struct columns *columns)
{
	const struct kin_column_set *set = columns->set;
	int status = CMD_OK;

	for (size_t i = 0; i < set->n && !status; i++)
		if (find(columns, &set->columns[i]) == columns->n)
			status = insert(cmd, columns, &set->columns[i], false);
	return status;
}

/* One word of the list, with its sign if it has one. */
static int apply_word(const struct cmd *cmd, struct columns *columns,
		      const char *word, bool relative)
{
	bool minus = *word == '-';
	const struct kin_column *col;
	size_t at;

	if (relative && (*word == '+' || minus))
		word++;
	if (!strcmp(word, "all") && !minus)
		return insert_all(cmd, columns);
	col = kin_column_find_in(columns->set, word, strlen(word));
	if (!col)
		return unknown_column(cmd, columns->set, word);
	at = find(columns, col);
	if (relative && minus) {
		if (at < columns->n)
			remove_at(columns, at);
		return CMD_OK;
	}
	/* once is enough: JSON takes a name only once */
	if (at < columns->n)
		return CMD_OK;
	return insert(cmd, columns, col, relative);
}

static int apply_list(const struct cmd *cmd, struct columns *columns,
		      const char *text, bool relative)
{
	int status = CMD_OK;
	char word[64];
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		status = apply_word(cmd, columns, word, relative);
		if (status || !text[len])
			return status;
	}
}

int columns_parse(const struct cmd *cmd, struct columns *columns,
		  const char *text, const char *defaults)
{
	return columns_parse_of(cmd, &kin_task_columns, columns, text,
				defaults);
}

int columns_parse_of(const struct cmd *cmd, const struct kin_column_set *set,
		     struct columns *columns, const char *text,
		     const char *defaults)
{
	bool relative = text && (*text == '+' || *text == '-');
	int status = CMD_OK;

	columns->set = set;
	columns->n = 0;
	columns->needs = 0;
	if (!text || relative)
		status = apply_list(cmd, columns, defaults, false);
	if (text && !status)
		status = apply_list(cmd, columns, text, relative);
	if (!status && !columns->n)
		return cmd_usage(cmd, "no columns are left to show");
	for (size_t i = 0; i < columns->n; i++)
		columns->needs |= columns->list[i]->needs;
	return status;
}
