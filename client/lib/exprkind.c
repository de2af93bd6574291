// SPDX-License-Identifier: GPL-2.0-or-later
/* Kinds of values: what may be compared, and what comes of arithmetic. */
#include <math.h>

#include "exprnode.h"

const char *const expr_kind_names[] = {
	[EXPR_PLAIN] = "a number",
	[EXPR_SIZE] = "a size",
	[EXPR_DURATION] = "a duration",
	[EXPR_TIME] = "a date",
	[EXPR_PERCENT] = "a percentage",
	[EXPR_STATE] = "a state",
	[EXPR_TEXT] = "a string",
	[EXPR_TEXTS] = "a list of strings",
	[EXPR_NUMBERS] = "a list of numbers",
	[EXPR_TRUTH] = "a condition",
};

enum expr_kind expr_kind_of(enum kin_type type)
{
	switch (type) {
	case KIN_TYPE_BYTES:
		return EXPR_SIZE;
	case KIN_TYPE_DURATION:
		return EXPR_DURATION;
	case KIN_TYPE_TIME:
		return EXPR_TIME;
	case KIN_TYPE_PERCENT:
		return EXPR_PERCENT;
	case KIN_TYPE_STATE:
		return EXPR_STATE;
	case KIN_TYPE_STRING:
	case KIN_TYPE_COMMAND:
		return EXPR_TEXT;
	case KIN_TYPE_ARGS:
	case KIN_TYPE_WORDS:
	case KIN_TYPE_LINES:
		return EXPR_TEXTS;
	case KIN_TYPE_NUMBERS:
		return EXPR_NUMBERS;
	default:
		return EXPR_PLAIN;
	}
}

/* The type of a number of that kind, which has room for its sign and decimals. */
enum kin_type expr_type_of(enum expr_kind kind, long double number)
{
	switch (kind) {
	case EXPR_SIZE:
		return KIN_TYPE_BYTES;
	case EXPR_DURATION:
		return KIN_TYPE_DURATION;
	case EXPR_TIME:
		return KIN_TYPE_TIME;
	case EXPR_PERCENT:
		return KIN_TYPE_PERCENT;
	default:
		if (number != floorl(number))
			return KIN_TYPE_MILLI;
		return number < 0 ? KIN_TYPE_INT : KIN_TYPE_UINT;
	}
}

bool expr_kinds_meet(enum expr_kind a, enum expr_kind b)
{
	if (!expr_is_number(a) || !expr_is_number(b))
		return a == b;
	/* without a unit, a number counts in base units */
	return a == b || a == EXPR_PLAIN || b == EXPR_PLAIN;
}

static bool is_factor(enum expr_kind kind)
{
	return kind == EXPR_PLAIN || kind == EXPR_PERCENT;
}

static bool sum_result(enum expr_op op, enum expr_kind a, enum expr_kind b,
		       enum expr_kind *result)
{
	if (a == EXPR_TIME && b == EXPR_TIME) {
		*result = EXPR_DURATION;
		return op == EXPR_SUB;
	}
	if (a == EXPR_TIME || b == EXPR_TIME) {
		*result = EXPR_TIME;
		return b == EXPR_DURATION || (a == EXPR_DURATION && op == EXPR_ADD);
	}
	*result = a == EXPR_PLAIN ? b : a;
	return expr_kinds_meet(a, b);
}

bool expr_kind_result(enum expr_op op, enum expr_kind a, enum expr_kind b,
		      enum expr_kind *result)
{
	switch (op) {
	case EXPR_ADD:
	case EXPR_SUB:
		return sum_result(op, a, b, result);
	case EXPR_MUL:
		*result = is_factor(a) ? b : a;
		/* 5 % of ten is a number, but 5 % of 5 % is a percentage */
		if (is_factor(a) && is_factor(b) && a != b)
			*result = EXPR_PLAIN;
		return (is_factor(a) || is_factor(b)) && a != EXPR_TIME &&
		       b != EXPR_TIME;
	default:
		*result = is_factor(b) && a != b ? a : EXPR_PLAIN;
		return (is_factor(b) || a == b) && a != EXPR_TIME;
	}
}
