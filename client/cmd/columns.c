// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "columns.h"

static int unknown_column(const struct cmd *cmd, const char *word)
{
	const struct kin_column *near = kin_column_nearest(word);

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

/* The command stays last: it is the one that may be long, and may be cut. */
static bool stays_last(const struct kin_column *col)
{
	return col->type == KIN_TYPE_COMMAND || !strcmp(col->id, "comm");
}

static int insert(const struct cmd *cmd, struct columns *columns,
		  const struct kin_column *col, bool relative)
{
	size_t at = columns->n;

	if (columns->n == COLUMNS_MAX)
		return cmd_usage(cmd, "more than %d columns", COLUMNS_MAX);
	if (relative && at && stays_last(columns->list[at - 1]))
		at--;
	memmove(&columns->list[at + 1], &columns->list[at],
		(columns->n - at) * sizeof(columns->list[0]));
	columns->list[at] = col;
	columns->n++;
	return CMD_OK;
}

static int insert_all(const struct cmd *cmd, struct columns *columns)
{
	int status = CMD_OK;

	for (size_t i = 0; i < kin_n_columns && !status; i++)
		if (find(columns, &kin_columns[i]) == columns->n)
			status = insert(cmd, columns, &kin_columns[i], false);
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
	col = kin_column_find(word, strlen(word));
	if (!col)
		return unknown_column(cmd, word);
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
	bool relative = text && (*text == '+' || *text == '-');
	int status = CMD_OK;

	memset(columns, 0, sizeof(*columns));
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
