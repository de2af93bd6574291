// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of columns, found; or what was meant by them. */
#include <stdio.h>
#include <string.h>

#include "exprnode.h"

static bool no_columns(struct expr_check *check, const struct expr_node *node)
{
	if (node->op == EXPR_HOST_NAME)
		return expr_fail_at(check->parse, node,
				    "columns of the host are not known here");
	return expr_fail_at(check->parse, node, "there are no columns here but those of the host: host.%s",
			    EXPR_QUOTE(node->text.s, node->text.len));
}

static const struct kin_column *nearest(const struct kin_column_set *set,
					struct expr_text text)
{
	char id[64];

	if (text.len >= sizeof(id))
		return NULL;
	memcpy(id, text.s, text.len);
	id[text.len] = '\0';
	return kin_column_nearest_in(set, id);
}

/* Where a row's column was looked for among the host's, or the other way round. */
static const char *elsewhere(struct expr_check *check, const struct expr_node *node)
{
	const struct kin_expr_place *place = &check->parse->whole->place;
	const struct kin_column_set *other =
		node->op == EXPR_HOST_NAME ? check->columns : place->host;

	if (!other || !kin_column_find_in(other, node->text.s, node->text.len))
		return NULL;
	return node->op == EXPR_HOST_NAME ? "without 'host.'" : "with 'host.' in front";
}

static bool unknown_column(struct expr_check *check, const struct expr_node *node,
			   const struct kin_column_set *set)
{
	const struct kin_column *near = nearest(set, node->text);
	const char *where = elsewhere(check, node);
	struct expr_quoted quoted = { 0 };
	const char *of = node->op == EXPR_HOST_NAME ? " of the host" : "";

	expr_quote(&quoted, node->text.s, node->text.len);
	if (where)
		return expr_fail_at(check->parse, node, "unknown column%s '%s': it is one %s",
				    of, quoted.text, where);
	if (near)
		return expr_fail_at(check->parse, node,
				    "unknown column%s '%s'; did you mean %s?",
				    of, quoted.text, near->id);
	return expr_fail_at(check->parse, node,
			    "unknown column%s '%s' (strings want quotes)", of, quoted.text);
}

bool expr_is_unknown(const struct expr_check *check, const struct expr_node *node)
{
	return node->op == EXPR_NAME && check->columns &&
	       !kin_column_find_in(check->columns, node->text.s, node->text.len);
}

static bool look_up(struct expr_check *check, struct expr_node *node,
		    const struct kin_column_set *set, enum expr_op op)
{
	const struct kin_column *column;

	if (!set)
		return no_columns(check, node);
	column = kin_column_find_in(set, node->text.s, node->text.len);
	if (!column)
		return unknown_column(check, node, set);
	node->op = op;
	node->column = column;
	node->kind = expr_kind_of(column->type);
	check->needs |= column->needs;
	return true;
}

bool expr_check_name(struct expr_check *check, struct expr_node *node)
{
	const struct kin_expr_place *place = &check->parse->whole->place;

	if (node->op == EXPR_HOST_NAME) {
		if (!check->host)
			check->host = node;
		check->needs |= KIN_NEED_HOST;
		return look_up(check, node, place->host, EXPR_HOST);
	}
	if (!check->row)
		check->row = node;
	if (node->op == EXPR_NAME)
		return look_up(check, node, check->columns, EXPR_COLUMN);
	if (!place->kinship || check->columns != &kin_task_columns)
		return expr_fail_at(check->parse, node,
				    "'parent.' cannot be asked here: rows have no parents");
	return look_up(check, node, check->columns, EXPR_PARENT);
}
