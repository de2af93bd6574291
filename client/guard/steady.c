// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "judge.h"

/* ---- what an expression looks at ---- */

/* What changes by itself: ages, and what derives from them. */
static bool is_of_clock(const struct kin_column *col)
{
	static const char *const ids[] = { "etime", "pcpu", "start" };

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		if (!strcmp(col->id, ids[i]))
			return true;
	return col->needs & (KIN_GROUP_WAIT | KIN_NEED_HOST);
}

static void add_host(struct steady *steady, const struct kin_column *col)
{
	for (size_t i = 0; i < steady->n_hosts; i++)
		if (steady->hosts[i] == col)
			return;
	if (steady->n_hosts == STEADY_HOSTS)
		steady->never = true;
	else
		steady->hosts[steady->n_hosts++] = col;
}

static void add_column(const struct kin_column *col, enum kin_expr_whose whose, void *arg)
{
	struct steady *steady = arg;

	if (whose == KIN_EXPR_HOSTS)
		add_host(steady, col);
	else
		steady->never |= whose == KIN_EXPR_OTHERS || is_of_clock(col);
}

void steady_add(struct steady *steady, const struct kin_expr *expr)
{
	if (expr)
		kin_expr_columns(expr, add_column, steady);
}

/* All numbers of the host are whole ones; what is not known is UINT64_MAX. */
static uint64_t host_value(const struct judge *judge, const struct kin_column *col)
{
	struct kin_value value;

	kin_column_get_row(col, &judge->host, &value);
	return value.known ? value.u : UINT64_MAX;
}

void steady_look(const struct judge *judge, struct steady *steady)
{
	bool same = !steady->never;

	for (size_t i = 0; i < steady->n_hosts; i++) {
		const uint64_t value = host_value(judge, steady->hosts[i]);

		same &= value == steady->values[i];
		steady->values[i] = value;
	}
	steady->now = same;
}

/* ---- rows ---- */

bool row_is_at_rest(const struct judge *judge, const struct row *row)
{
	return row->at_rest && row->version == row->node->version &&
	       judge->now_ns < row->due_ns &&
	       judge->now_ns - row->seen_ns <= judge->gap_ns;
}

/* While it was at rest, its numbers were not added one by one: they were the same. */
void row_wake(const struct judge *judge, struct row *row)
{
	for (size_t i = 0; row->at_rest && row->pasts && i < judge->n_row_pasts; i++)
		if (row->pasts[i].last_ns)
			row->pasts[i].last_ns = row->seen_ns;
	row->at_rest = false;
	row->passed = 0;
}

/* Those that are never steady are read at each sample as it is. */
static bool has_rest(const struct judge *judge, struct row *row)
{
	uint64_t due_ns;

	row->due_ns = UINT64_MAX;
	for (size_t i = 0; row->pasts && i < judge->n_row_pasts; i++) {
		const struct meter *meter = judge->row_meters[i];

		if (meter->steady.never)
			continue;
		if (!past_is_same(&row->pasts[i], meter->slot, &due_ns))
			return false;
		if (due_ns < row->due_ns)
			row->due_ns = due_ns;
	}
	return true;
}

void row_rest(const struct judge *judge, struct row *row)
{
	row->at_rest = has_rest(judge, row);
	row->version = row->node->version;
}
