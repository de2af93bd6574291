/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of columns: as users give them, and the list of all there are. */
#ifndef KIN_CMD_COLUMNS_H
#define KIN_CMD_COLUMNS_H

#include "cmd.h"

#define COLUMNS_MAX 128

struct columns {
	const struct kin_column_set *set;
	const struct kin_column *list[COLUMNS_MAX];
	size_t n;
	uint32_t needs;	/* of all together */
};

/*
 * columns_parse - "pid,comm", "all", or changes to @defaults: "+rss,-state"
 * @columns: receives them, columns of tasks
 *
 * Returns a status, after a message.
 */
int columns_parse(const struct cmd *cmd, struct columns *columns,
		  const char *text, const char *defaults);

#define SORT_MAX 8

struct sort {
	const struct kin_column_set *set;	/* of which; NULL: of tasks */
	const struct kin_column *keys[SORT_MAX];
	bool down[SORT_MAX];
	size_t n;
	uint32_t needs;
};

/* sort_parse - "rss", "-rss,pid": a minus sign turns the order of one key */
int sort_parse(const struct cmd *cmd, struct sort *sort, const char *text);

/* sort_order - the order of @n rows by the keys; equal ones stay in order
 * @get: reads a key of a row, by its place
 * @order: receives the places
 * False: no memory. */
typedef void sort_get_fn(const struct kin_column *col, const void *from,
			 size_t place, struct kin_value *value);
bool sort_order(const struct sort *sort, sort_get_fn *get, const void *from,
		size_t n, size_t *order);

/* sort_rows - order pointers to tasks by the keys; equal ones stay in order.
 * False: no memory. */
bool sort_rows(const struct sort *sort, const struct kin_view *view,
	       const struct kin_task **rows, size_t n);

/* columns_parse_of - the same, for the columns of @set */
int columns_parse_of(const struct cmd *cmd, const struct kin_column_set *set,
		     struct columns *columns, const char *text,
		     const char *defaults);

/* The list of all columns, in several dresses. Each returns a status. */
int columns_list(const struct kin_column_set *set);
int columns_list_raw(const struct kin_column_set *set);
int columns_list_json(const struct kin_column_set *set);
int columns_list_scdoc(const struct kin_column_set *set);

#endif /* KIN_CMD_COLUMNS_H */
