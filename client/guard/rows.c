// SPDX-License-Identifier: GPL-2.0-or-later
/* What is remembered of processes. */
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "tracked.h"

/* Who has not executed anything runs what those before it did. */
#define MAX_GENERATIONS 64

/* The user pointer is the only thing of a node that is ours. */
static void set_user(const struct kin_node *node, struct row *row)
{
	((struct kin_node *)node)->user = row;
}

struct row *rows_get(struct judge *judge, const struct kin_node *node)
{
	struct row *row = row_of(node);

	if (row)
		return row;
	row = calloc(1, sizeof(*row));
	if (!row) {
		judge->no_memory = true;
		return NULL;
	}
	row->node = node;
	row->pid = node->task.base.pid;
	row->start_boottime_ns = node->task.base.start_boottime_ns;
	row->next = judge->rows;
	if (judge->rows)
		judge->rows->prev = row;
	judge->rows = row;
	set_user(node, row);
	return row;
}

static void forget_pasts(const struct judge *judge, struct row *row)
{
	for (size_t i = 0; row->pasts && i < judge->n_row_pasts; i++)
		past_forget(&row->pasts[i], judge->row_meters[i]->slot);
	free(row->pasts);
	row->pasts = NULL;
	row->at_rest = false;
}

void rows_forget_pasts(struct judge *judge)
{
	for (struct row *row = judge->rows; row; row = row->next)
		forget_pasts(judge, row);
}

/* Its alerts, if there are any, are the caller's. */
void rows_free(struct judge *judge, struct row *row)
{
	if (row->next)
		row->next->prev = row->prev;
	if (row->prev)
		row->prev->next = row->next;
	else
		judge->rows = row->next;
	if (row->node)
		set_user(row->node, NULL);
	forget_pasts(judge, row);
	free(row->exe);
	free(row);
}

struct past *row_pasts(struct judge *judge, struct row *row)
{
	if (!row->pasts) {
		row->pasts = calloc(judge->n_row_pasts, sizeof(*row->pasts));
		judge->no_memory |= !row->pasts;
	}
	return row->pasts;
}

void rows_orphan(struct judge *judge)
{
	for (struct row *row = judge->rows; row; row = row->next) {
		if (row->node)
			set_user(row->node, NULL);
		row->node = NULL;
	}
}

/* Whoever is not there any more has ended meanwhile. */
void rows_adopt(struct judge *judge)
{
	struct row *next;

	for (struct row *row = judge->rows; row; row = next) {
		const struct kin_node *node =
			judge->source.find(row->pid, judge->source.arg);

		next = row->next;
		if (node && !row_of(node) &&
		    node->task.base.start_boottime_ns == row->start_boottime_ns) {
			row->node = node;
			/* of a new mirror, which counts anew: look at it */
			row->version = node->version - 1;
			set_user(node, row);
		} else if (!row->node) {
			tracked_row_gone(judge, row);
			rows_free(judge, row);
		}
	}
}

/* ---- what it executes ---- */

/* Without memory the old one is wrong: rather none. */
void row_set_exe(struct row *row, const char *path)
{
	free(row->exe);
	row->exe = path ? strdup(path) : NULL;
}

static const char *own_exe(const struct kin_node *node)
{
	const struct row *row = row_of(node);

	return row && row->exe ? row->exe : node->task.exe;
}

const char *row_exe(const struct kin_node *node)
{
	const char *exe = NULL;

	if (node->task.base.flags & KIN_TASK_KTHREAD)
		return NULL;
	for (int i = 0; node && !exe && i < MAX_GENERATIONS; i++) {
		exe = own_exe(node);
		node = node->parent;
	}
	return exe;
}
