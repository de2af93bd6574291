/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions over a few rows that are made up: tasks with parents, slots with values. */
#ifndef EXPRMADE_H
#define EXPRMADE_H

#include <stdlib.h>
#include <string.h>

#include "column.h"
#include "eventcolumn.h"
#include "expr.h"
#include "hostcolumn.h"

#define SEC 1000000000ull
#define MIB (1ull << 20)

static const struct kin_view made_view = {
	.now_boottime_ns = 1000 * SEC,
	.boot_epoch_ns = 1700000000 * (int64_t)SEC,
	.mem_total_bytes = 1ull << 30,
};

/* All that may be said; a filter of tasks; a filter of events. */
static const struct kin_expr_place made_rules __attribute__((unused)) = {
	&kin_task_columns, &kin_host_columns, &kin_event_columns, true, true, true
};
static const struct kin_expr_place made_filter __attribute__((unused)) = {
	.columns = &kin_task_columns, .kinship = true
};
static const struct kin_expr_place made_events __attribute__((unused)) = {
	.columns = &kin_event_columns, .kinship = true
};

struct made_row {
	struct kin_task task;
	const struct made_row *parent;
	struct kin_host_row host;
	const double *slots;	/* NULL, or NaN: not known */
	unsigned int asked;	/* columns so far */
};

static inline void made_value(const struct kin_expr_row *row, const struct kin_column *col,
			      struct kin_value *value)
{
	const struct made_row *made = row->row;

	++*(unsigned int *)row->ctx;
	if (made)
		kin_column_get(col, &made_view, &made->task, value);
	else
		value->known = false;
}

static inline void made_host(const struct kin_expr_row *row, const struct kin_column *col,
			     struct kin_value *value)
{
	kin_column_get_row(col, &((const struct made_row *)row->row)->host, value);
}

static inline const void *made_parent(const struct kin_expr_row *row)
{
	return ((const struct made_row *)row->row)->parent;
}

static inline bool made_slot(const struct kin_expr_row *row, const struct kin_expr_slot *slot,
			     size_t index, double *value)
{
	const struct made_row *made = row->row;

	if (!made->slots)
		return false;
	*value = made->slots[index];
	return true;
}

/* Nothing is known but its number, name, state and owner. */
static inline struct made_row made_task(uint32_t pid, const char *comm, char state)
{
	struct made_row row;

	memset(&row, 0xff, sizeof(row));
	row.parent = NULL;
	row.slots = NULL;
	row.task = (struct kin_task){ .groups = KIN_GROUPS, .cgroup_id = 4711 };
	memset(&row.task.base, 0xff, sizeof(row.task.base));
	memset(&row.task.sched, 0xff, sizeof(row.task.sched));
	memset(&row.task.mem, 0xff, sizeof(row.task.mem));
	memset(&row.task.files, 0xff, sizeof(row.task.files));
	memset(&row.task.io, 0xff, sizeof(row.task.io));
	row.task.base.pid = row.task.base.tgid = pid;
	row.task.base.uid = 1000;
	row.task.base.state = state;
	row.task.base.flags = 0;
	memset(row.task.base.comm, 0, sizeof(row.task.base.comm));
	strncpy(row.task.base.comm, comm, KIN_COMM_LEN - 1);
	return row;
}

static inline struct kin_expr_row made_expr_row(const struct made_row *made, unsigned int *asked)
{
	return (struct kin_expr_row){ made, asked, made_value, made_host, made_parent,
				      made_slot };
}

/* Its truth; -1: the text was refused. */
static inline int made_test(const struct kin_expr_place *place, const char *text,
			    const struct made_row *made)
{
	struct kin_expr_error error;
	struct kin_expr_row row;
	unsigned int asked = 0;
	struct kin_expr *expr;
	enum kin_truth truth;

	if (kin_expr_parse(place, text, &expr, &error))
		return -1;
	row = made_expr_row(made, &asked);
	truth = kin_expr_test(expr, &row);
	kin_expr_free(expr);
	return truth;
}

#endif /* EXPRMADE_H */
