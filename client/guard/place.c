// SPDX-License-Identifier: GPL-2.0-or-later
/* From where expressions are looked at: what the evaluator asks for. */
#include "judge.h"

static void value_of_node(const struct kin_expr_row *row, const struct kin_column *col,
			  struct kin_value *value)
{
	const struct place *place = row->ctx;
	const struct kin_node *node = row->row;

	if (node)
		kin_column_get(col, &place->judge->view, &node->task, value);
	else
		value->known = false;
}

static void value_of_event(const struct kin_expr_row *row, const struct kin_column *col,
			   struct kin_value *value)
{
	kin_column_get_row(col, row->row, value);
}

static void value_of_host(const struct kin_expr_row *row, const struct kin_column *col,
			  struct kin_value *value)
{
	const struct place *place = row->ctx;

	kin_column_get_row(col, &place->judge->host, value);
}

static const void *parent_of(const struct kin_expr_row *row)
{
	const struct kin_node *node = row->row;

	return node ? node->parent : NULL;
}

static bool slot_value(const struct kin_expr_row *row, const struct kin_expr_slot *slot,
		       size_t index, double *value)
{
	const struct place *place = row->ctx;

	if (index >= place->sight->n)
		return false;
	return meter_value(place->judge, &place->sight->meters[index], row->row,
			   place->group, value);
}

void place_init(struct place *place, struct judge *judge, const struct sight *sight,
		const struct kin_node *node, struct group *group)
{
	*place = (struct place){
		.row = {
			.row = node,
			.ctx = place,
			.value = value_of_node,
			.host = value_of_host,
			.parent = parent_of,
			.slot = slot_value,
		},
		.judge = judge,
		.sight = sight,
		.group = group,
	};
}

void place_init_event(struct place *place, struct judge *judge,
		      const struct sight *sight, const struct kin_event_record *rec)
{
	place_init(place, judge, sight, NULL, NULL);
	place->row.row = rec;
	place->row.value = value_of_event;
	place->row.parent = NULL;
	place->row.slot = NULL;
}

const struct kin_node *group_process(const struct judge *judge, enum kin_expr_by by,
				     const struct group_key *key)
{
	const struct kin_node *node;

	if (by != KIN_BY_PARENT && by != KIN_BY_SUBTREE)
		return NULL;
	node = judge->source.find(key->b, judge->source.arg);
	if (node && node->task.base.start_boottime_ns != key->a)
		return NULL;
	return node;
}
