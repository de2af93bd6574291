// SPDX-License-Identifier: GPL-2.0-or-later
/* The number that a condition is about, and what it is compared with. */
#include <math.h>

#include "exprnode.h"

/* Which comparisons count, best first. */
enum wish {
	TRUE_ORDER,	/* true, and of more and less */
	TRUE_ANY,
	KNOWN_ORDER,
	WISHES
};

static bool is_order(const struct expr_node *node)
{
	return node->op >= EXPR_LT && node->op <= EXPR_GE;
}

static bool is_constant(const struct expr_node *node)
{
	if (node->op >= EXPR_NEG && node->op <= EXPR_DIV)
		return is_constant(node->child) &&
		       (!node->child->next || is_constant(node->child->next));
	return node->op == EXPR_NUMBER;
}

static bool fulfils(const struct expr_node *node, const struct kin_expr_row *row,
		    enum wish wish)
{
	enum kin_truth truth;

	if (node->op < EXPR_EQ || node->op > EXPR_GE ||
	    !expr_is_number(node->child->kind) || (wish != TRUE_ANY && !is_order(node)))
		return false;
	truth = expr_test(node, row);
	return wish == KNOWN_ORDER ? truth != KIN_UNKNOWN : truth == KIN_TRUE;
}

/* Not in "not", where true is false, nor in "ancestor", which is of another row. */
static const struct expr_node *find(const struct expr_node *node,
				    const struct kin_expr_row *row, enum wish wish)
{
	const struct expr_node *found = NULL;

	if (node->op == EXPR_AND || node->op == EXPR_OR) {
		for (node = node->child; node && !found; node = node->next)
			found = find(node, row, wish);
		return found;
	}
	return fulfils(node, row, wish) ? node : NULL;
}

/* One side of the comparison: the one that may change is measured. */
static const struct expr_node *side(const struct kin_expr *expr,
				    const struct kin_expr_row *row, bool bar)
{
	const struct expr_node *node = NULL;

	for (enum wish wish = TRUE_ORDER; wish < WISHES && !node; wish++)
		node = find(expr->root, row, wish);
	if (!node)
		return NULL;
	return is_constant(node->child) == bar ? node->child : node->child->next;
}

static bool measure(const struct expr_node *node, const struct kin_expr_row *row,
		    double *value, enum kin_type *type)
{
	long double number;

	if (!node || !expr_value(node, row, &number))
		return false;
	*value = number;
	*type = expr_type_of(node->kind, number);
	return isfinite(*value);
}

bool kin_expr_measure(const struct kin_expr *expr, const struct kin_expr_row *row,
		      double *value, enum kin_type *type)
{
	return measure(side(expr, row, false), row, value, type);
}

bool kin_expr_bar(const struct kin_expr *expr, const struct kin_expr_row *row,
		  double *value, enum kin_type *type)
{
	return measure(side(expr, row, true), row, value, type);
}

static uint64_t to_u64(double number)
{
	return number > 0 ? number < 0x1p64 ? (uint64_t)number : UINT64_MAX : 0;
}

void kin_expr_value(double number, enum kin_type type, struct kin_value *value)
{
	*value = (struct kin_value){ .known = true };
	switch (type) {
	case KIN_TYPE_INT:
	case KIN_TYPE_TIME:
		value->i = number < -0x1p63 ? INT64_MIN :
			   number < 0x1p63  ? (int64_t)number : INT64_MAX;
		return;
	case KIN_TYPE_PERCENT:
		value->u = to_u64(number * 100000 + 0.5);
		return;
	case KIN_TYPE_MILLI:
		value->u = to_u64(number * 1000 + 0.5);
		return;
	default:
		value->u = to_u64(number);
	}
}
