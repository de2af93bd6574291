// SPDX-License-Identifier: GPL-2.0-or-later
/* What each node is, and whether that makes sense where it stands. */
#include "exprnode.h"

static const char *type_word(const struct expr_node *node)
{
	return expr_kind_names[node->kind];
}

/* A value where a condition should be. */
static bool no_truth(struct expr_check *check, const struct expr_node *node)
{
	const char *s = check->parse->whole->text + node->at;
	const char *how = node->kind == EXPR_TEXT || node->kind == EXPR_STATE ?
				  "==" : expr_is_number(node->kind) ? ">" : "has";

	return expr_fail_at(check->parse, node,
			    "'%s' is %s, no condition: compare it, as with %s",
			    EXPR_QUOTE(s, node->len), type_word(node), how);
}

bool expr_check_truth(struct expr_check *check, struct expr_node *node)
{
	if (!expr_check(check, node))
		return false;
	return node->kind == EXPR_TRUTH || no_truth(check, node);
}

static bool check_logic(struct expr_check *check, struct expr_node *node)
{
	node->kind = EXPR_TRUTH;
	for (struct expr_node *child = node->child; child; child = child->next)
		if (!expr_check_truth(check, child))
			return false;
	return true;
}

static bool check_ancestor(struct expr_check *check, struct expr_node *node)
{
	const bool outer = check->in_ancestor;
	bool good;

	if (!check->parse->whole->place.kinship || check->columns != &kin_task_columns)
		return expr_fail_at(check->parse, node,
				    "'ancestor' cannot be asked here: rows have no parents");
	check->in_ancestor = true;
	good = check_logic(check, node);
	check->in_ancestor = outer;
	if (good && !check->row)
		check->row = node;
	return good;
}

static bool check_negative(struct expr_check *check, struct expr_node *node)
{
	if (!expr_check(check, node->child))
		return false;
	node->kind = node->child->kind;
	if (expr_is_number(node->kind) && node->kind != EXPR_TIME)
		return true;
	return expr_fail_at(check->parse, node, "%s has no negative",
			    type_word(node->child));
}

static const char *verb(enum expr_op op)
{
	return op == EXPR_ADD ? "added to" :
	       op == EXPR_SUB ? "less" :
	       op == EXPR_MUL ? "times" :
				"divided by";
}

static bool check_arithmetic(struct expr_check *check, struct expr_node *node)
{
	struct expr_node *a = node->child, *b = a->next;
	enum expr_kind kind;

	if (!expr_check(check, a) || !expr_check(check, b))
		return false;
	if (!expr_is_number(a->kind) || !expr_is_number(b->kind)) {
		const struct expr_node *bad = expr_is_number(a->kind) ? b : a;

		return expr_fail_at(check->parse, bad,
				    "cannot calculate with %s", type_word(bad));
	}
	if (!expr_kind_result(node->op, a->kind, b->kind, &kind))
		return expr_fail_at(check->parse, node, "%s %s %s makes no sense",
				    type_word(a), verb(node->op), type_word(b));
	node->kind = kind;
	return true;
}

bool expr_check(struct expr_check *check, struct expr_node *node)
{
	switch (node->op) {
	case EXPR_NUMBER:
		return true;
	case EXPR_STRING:
		node->kind = EXPR_TEXT;
		return true;
	case EXPR_NAME:
	case EXPR_HOST_NAME:
	case EXPR_PARENT_NAME:
		return expr_check_name(check, node);
	case EXPR_CALL:
		return expr_check_call(check, node);
	case EXPR_NEG:
		return check_negative(check, node);
	case EXPR_ADD:
	case EXPR_SUB:
	case EXPR_MUL:
	case EXPR_DIV:
		return check_arithmetic(check, node);
	case EXPR_MATCH:
	case EXPR_NO_MATCH:
		return expr_check_match(check, node);
	case EXPR_HAS:
		return expr_check_has(check, node);
	case EXPR_IN:
	case EXPR_NOT_IN:
		return expr_check_in(check, node);
	case EXPR_ANCESTOR:
		return check_ancestor(check, node);
	case EXPR_NOT:
	case EXPR_AND:
	case EXPR_OR:
		return check_logic(check, node);
	default:
		return expr_check_compare(check, node);
	}
}
