// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "columns.h"

static int add_key(const struct cmd *cmd, struct sort *sort, const char *word)
{
	bool down = *word == '-';
	const struct kin_column_set *set = sort->set ? sort->set :
						       &kin_task_columns;
	const struct kin_column *col, *near;

	if (*word == '-' || *word == '+')
		word++;
	col = kin_column_find_in(set, word, strlen(word));
	near = col ? col : kin_column_nearest_in(set, word);
	if (!col && near)
		return cmd_usage(cmd,
				 "cannot sort by unknown column '%s'; did you mean '%s'?",
				 word, near->id);
	if (!col)
		return cmd_usage(cmd, "cannot sort by unknown column '%s'",
				 word);
	if (sort->n == SORT_MAX)
		return cmd_usage(cmd, "more than %d columns to sort by",
				 SORT_MAX);
	sort->keys[sort->n] = col;
	sort->down[sort->n++] = down;
	sort->needs |= col->needs;
	return CMD_OK;
}

int sort_parse(const struct cmd *cmd, struct sort *sort, const char *text)
{
	int status = CMD_OK;
	char word[64];
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		status = add_key(cmd, sort, word);
		if (status || !text[len])
			return status;
	}
}

/* A row and its keys, read once: comparing reads each many times. */
struct row {
	size_t place;
	struct kin_value keys[];
};

static int compare_rows(const void *a, const void *b, void *arg)
{
	const struct row *x = *(struct row *const *)a;
	const struct row *y = *(struct row *const *)b;
	const struct sort *sort = arg;
	int order;

	for (size_t i = 0; i < sort->n; i++) {
		const struct kin_value *v = &x->keys[i], *w = &y->keys[i];

		order = kin_value_compare(sort->keys[i]->type, v, w);
		/* what is absent stays at the end, up or down */
		if (order)
			return sort->down[i] && v->known && w->known ? -order :
								       order;
	}
	return (x->place > y->place) - (x->place < y->place);
}

static void read_keys(const struct sort *sort, sort_get_fn *get,
		      const void *from, struct row *row, size_t place)
{
	row->place = place;
	for (size_t k = 0; k < sort->n; k++)
		get(sort->keys[k], from, place, &row->keys[k]);
}

bool sort_order(const struct sort *sort, sort_get_fn *get, const void *from,
		size_t n, size_t *order)
{
	size_t size = sizeof(struct row) + sort->n * sizeof(struct kin_value);
	char *keys = calloc(n + 1, size);
	struct row **rows = calloc(n + 1, sizeof(*rows));

	if (keys && rows) {
		for (size_t i = 0; i < n; i++) {
			rows[i] = (struct row *)(keys + i * size);
			read_keys(sort, get, from, rows[i], i);
		}
		qsort_r(rows, n, sizeof(*rows), compare_rows, (void *)sort);
		for (size_t i = 0; i < n; i++)
			order[i] = rows[i]->place;
	}
	free(keys);
	free(rows);
	return keys && rows;
}

struct tasks {
	const struct kin_view *view;
	const struct kin_task **rows;
};

static void get_of_task(const struct kin_column *col, const void *from,
			size_t place, struct kin_value *value)
{
	const struct tasks *tasks = from;

	kin_column_get(col, tasks->view, tasks->rows[place], value);
}

bool sort_rows(const struct sort *sort, const struct kin_view *view,
	       const struct kin_task **rows, size_t n)
{
	const struct tasks tasks = { view, rows };
	const struct kin_task **sorted = calloc(n + 1, sizeof(*sorted));
	size_t *order = calloc(n + 1, sizeof(*order));
	bool done = sorted && order &&
		    sort_order(sort, get_of_task, &tasks, n, order);

	if (done) {
		for (size_t i = 0; i < n; i++)
			sorted[i] = rows[order[i]];
		memcpy(rows, sorted, n * sizeof(*rows));
	}
	free(sorted);
	free(order);
	return done;
}
