// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evaluation, by three-valued logic: what is not known is neither true nor false. It
 * allocates nothing, and stops at what decides.
 */
#include <math.h>

#include "exprnode.h"

/* So many generations are asked: a mirror that is wrong may have a circle. */
#define MAX_GENERATIONS 65536

/* ---- numbers ---- */

bool expr_column(const struct expr_node *node, const struct kin_expr_row *row,
		 struct kin_value *value)
{
	struct kin_expr_row up;

	if (node->op == EXPR_COLUMN) {
		row->value(row, node->column, value);
		return value->known;
	}
	if (node->op == EXPR_HOST) {
		row->host(row, node->column, value);
		return value->known;
	}
	up = *row;
	up.row = row->parent ? row->parent(row) : NULL;
	if (!up.row)
		return false;
	up.value(&up, node->column, value);
	return value->known;
}

static bool column_number(const struct expr_node *node, const struct kin_expr_row *row,
			  long double *number)
{
	struct kin_value value;

	if (!expr_column(node, row, &value))
		return false;
	switch (node->column->type) {
	case KIN_TYPE_INT:
	case KIN_TYPE_TIME:
		*number = value.i;
		return true;
	case KIN_TYPE_PERCENT:
		*number = value.u / 100000.0L;
		return true;
	case KIN_TYPE_MILLI:
		*number = value.u / 1000.0L;
		return true;
	default:
		*number = value.u;
		return true;
	}
}

static bool slot_number(const struct expr_node *node, const struct kin_expr_row *row,
			long double *number)
{
	double value;

	if (!row->slot(row, node->slot, node->index, &value) || !isfinite(value))
		return false;
	*number = node->per_second ? value / 1e9L : value;
	return true;
}

static bool calculate(const struct expr_node *node, const struct kin_expr_row *row,
		      long double *number)
{
	long double a, b;

	if (!expr_value(node->child, row, &a))
		return false;
	if (node->op == EXPR_NEG) {
		*number = -a;
		return true;
	}
	if (!expr_value(node->child->next, row, &b))
		return false;
	*number = node->op == EXPR_ADD ? a + b :
		  node->op == EXPR_SUB ? a - b :
		  node->op == EXPR_MUL ? a * b :
					 a / b;
	/* nothing is known of what was divided by 0 */
	return isfinite(*number);
}

bool expr_value(const struct expr_node *node, const struct kin_expr_row *row,
		long double *number)
{
	switch (node->op) {
	case EXPR_NUMBER:
		*number = node->number;
		return true;
	case EXPR_COLUMN:
	case EXPR_HOST:
	case EXPR_PARENT:
		return column_number(node, row, number);
	case EXPR_SLOT:
		return slot_number(node, row, number);
	default:
		return calculate(node, row, number);
	}
}

/* ---- conditions ---- */

bool expr_compare(enum expr_op op, long double a, long double b)
{
	switch (op) {
	case EXPR_EQ:
		return a == b;
	case EXPR_NE:
		return a != b;
	case EXPR_LT:
		return a < b;
	case EXPR_LE:
		return a <= b;
	case EXPR_GT:
		return a > b;
	default:
		return a >= b;
	}
}

/* The same, of a column whose values are whole and not negative. */
static enum kin_truth compare_quickly(const struct expr_node *node,
				      const struct kin_expr_row *row)
{
	const uint64_t limit = node->limit;
	struct kin_value value;

	row->value(row, node->child->column, &value);
	if (!value.known)
		return KIN_UNKNOWN;
	switch (node->op) {
	case EXPR_EQ:
		return value.u == limit;
	case EXPR_NE:
		return value.u != limit;
	case EXPR_LT:
		return value.u < limit;
	case EXPR_LE:
		return value.u <= limit;
	case EXPR_GT:
		return value.u > limit;
	default:
		return value.u >= limit;
	}
}

static enum kin_truth not(enum kin_truth truth)
{
	return truth == KIN_UNKNOWN ? KIN_UNKNOWN : truth == KIN_FALSE;
}

static enum kin_truth compare(const struct expr_node *node, const struct kin_expr_row *row)
{
	long double a, b;

	if (node->child->kind == EXPR_TEXT)
		return node->op == EXPR_EQ ? expr_text_equal(node, row) :
					     not(expr_text_equal(node, row));
	if (!expr_value(node->child, row, &a) || !expr_value(node->child->next, row, &b))
		return KIN_UNKNOWN;
	return expr_compare(node->op, a, b);
}

static enum kin_truth in(const struct expr_node *node, const struct kin_expr_row *row)
{
	const struct expr_node *item = node->child;
	long double number, other;

	if (item->kind == EXPR_TEXT)
		return expr_text_equal(node, row);
	if (!expr_value(item, row, &number))
		return KIN_UNKNOWN;
	for (item = item->next; item; item = item->next)
		if (expr_value(item, row, &other) && number == other)
			return KIN_TRUE;
	return KIN_FALSE;
}

/* All of them, or any: @decides is what one alone can decide it with. */
static enum kin_truth logic(const struct expr_node *node, const struct kin_expr_row *row,
			    enum kin_truth decides)
{
	enum kin_truth result = not(decides), one;

	for (node = node->child; node; node = node->next) {
		one = expr_test(node, row);
		if (one == decides)
			return one;
		if (one == KIN_UNKNOWN)
			result = one;
	}
	return result;
}

static enum kin_truth ancestor(const struct expr_node *node, const struct kin_expr_row *row)
{
	enum kin_truth result = KIN_FALSE, one;
	struct kin_expr_row up = *row;

	for (unsigned int i = 0; i < MAX_GENERATIONS && up.parent; i++) {
		up.row = up.parent(&up);
		if (!up.row)
			return result;
		one = expr_test(node->child, &up);
		if (one == KIN_TRUE)
			return one;
		if (one == KIN_UNKNOWN)
			result = one;
	}
	return KIN_UNKNOWN;
}

/* Of a process, or the process itself. */
static enum kin_truth descendant(const struct expr_node *node, const struct kin_expr_row *row)
{
	enum kin_truth result = KIN_FALSE;
	struct kin_expr_row up = *row;
	struct kin_value value;

	if (node->answered)
		return KIN_TRUE;
	if (!row->parent)
		return KIN_UNKNOWN;
	for (unsigned int i = 0; i < MAX_GENERATIONS; i++, up.row = up.parent(&up)) {
		if (!up.row)
			return result;
		up.value(&up, node->column, &value);
		if (!value.known)
			result = KIN_UNKNOWN;
		else if (value.u == node->child->number)
			return KIN_TRUE;
	}
	return KIN_UNKNOWN;
}

enum kin_truth expr_test(const struct expr_node *node, const struct kin_expr_row *row)
{
	if (node->quick)
		return compare_quickly(node, row);
	switch (node->op) {
	case EXPR_AND:
		return logic(node, row, KIN_FALSE);
	case EXPR_OR:
		return logic(node, row, KIN_TRUE);
	case EXPR_NOT:
		return not(expr_test(node->child, row));
	case EXPR_IN:
		return in(node, row);
	case EXPR_NOT_IN:
		return not(in(node, row));
	case EXPR_MATCH:
		return expr_text_match(node, row);
	case EXPR_NO_MATCH:
		return not(expr_text_match(node, row));
	case EXPR_HAS:
		return expr_list_has(node, row);
	case EXPR_ANCESTOR:
		return ancestor(node, row);
	case EXPR_DESCENDANT:
		return descendant(node, row);
	default:
		return compare(node, row);
	}
}

enum kin_truth kin_expr_test(const struct kin_expr *expr, const struct kin_expr_row *row)
{
	return expr_test(expr->root, row);
}

bool kin_expr_number(const struct kin_expr *expr, const struct kin_expr_row *row,
		     double *value)
{
	long double number;

	if (!expr_value(expr->root, row, &number))
		return false;
	*value = number;
	return isfinite(*value);
}
