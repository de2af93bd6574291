// SPDX-License-Identifier: GPL-2.0-or-later
/* An expression as it was understood, with all parentheses; it can be read again. */
#include <string.h>

#include "exprnode.h"
#include "text.h"

static const char *const signs[] = {
	[EXPR_NEG] = "-",	  [EXPR_ADD] = " + ",	    [EXPR_SUB] = " - ",
	[EXPR_MUL] = " * ",	  [EXPR_DIV] = " / ",	    [EXPR_EQ] = " == ",
	[EXPR_NE] = " != ",	  [EXPR_LT] = " < ",	    [EXPR_LE] = " <= ",
	[EXPR_GT] = " > ",	  [EXPR_GE] = " >= ",	    [EXPR_MATCH] = " =~ ",
	[EXPR_NO_MATCH] = " !~ ", [EXPR_HAS] = " has ",	    [EXPR_IN] = " in ",
	[EXPR_NOT_IN] = " not in ", [EXPR_NOT] = "not ",    [EXPR_AND] = " && ",
	[EXPR_OR] = " || ",	  [EXPR_ANCESTOR] = "ancestor ",
};

static const char *const slot_names[] = {
	[KIN_SLOT_RATE] = "rate",   [KIN_SLOT_DELTA] = "delta", [KIN_SLOT_MAX] = "max",
	[KIN_SLOT_MIN] = "min",	    [KIN_SLOT_AVG] = "avg",	[KIN_SLOT_COUNT] = "count",
	[KIN_SLOT_SUM] = "sum",	    [KIN_SLOT_EVENTS] = "events",
};

static const char *const by_names[] = {
	[KIN_BY_NONE] = "",
	[KIN_BY_COMM] = "comm",	    [KIN_BY_UID] = "uid",	  [KIN_BY_CGROUP] = "cgroup",
	[KIN_BY_PARENT] = "parent", [KIN_BY_SUBTREE] = "subtree", [KIN_BY_EXE] = "exe",
};

const char *expr_by_name(enum kin_expr_by by)
{
	return by_names[by];
}

/* A number or a string, as it was written. What is made safe means the same: \xNN. */
static void print_literal(const struct expr_whole *whole, const struct expr_node *node,
			  FILE *out)
{
	char safe[KIN_TEXT_MAX(512)];
	uint32_t width;
	size_t len, n;

	for (uint32_t i = 0; i < node->len; i += len) {
		len = node->len - i < 512 ? node->len - i : 512;
		n = kin_text_put(safe, whole->text + node->at + i, len, 0, UINT32_MAX, &width);
		fwrite(safe, 1, n, out);
	}
}

static void print_list(const struct expr_whole *whole, const struct expr_node *node,
		       const char *between, FILE *out)
{
	for (const struct expr_node *first = node; node; node = node->next) {
		if (node != first)
			fputs(between, out);
		expr_print(whole, node, out);
	}
}

static void print_slot(const struct expr_whole *whole, const struct expr_node *node,
		       FILE *out)
{
	fprintf(out, "%s(", slot_names[node->slot->kind]);
	print_list(whole, node->child, ", ", out);
	fputc(')', out);
	if (node->by)
		fprintf(out, " by (%s)", by_names[node->by]);
}

static void print_in(const struct expr_whole *whole, const struct expr_node *node,
		     FILE *out)
{
	fputc('(', out);
	expr_print(whole, node->child, out);
	fprintf(out, "%s(", signs[node->op]);
	print_list(whole, node->child->next, ", ", out);
	fputs("))", out);
}

void expr_print(const struct expr_whole *whole, const struct expr_node *node, FILE *out)
{
	switch (node->op) {
	case EXPR_NUMBER:
	case EXPR_STRING:
		print_literal(whole, node, out);
		break;
	case EXPR_COLUMN:
	case EXPR_HOST:
	case EXPR_PARENT:
		fprintf(out, "%s%s", node->op == EXPR_HOST ? "host." :
			node->op == EXPR_PARENT ? "parent." : "", node->column->id);
		break;
	case EXPR_DESCENDANT:
		fputs("descendant_of(", out);
		expr_print(whole, node->child, out);
		fputc(')', out);
		break;
	case EXPR_SLOT:
		print_slot(whole, node, out);
		break;
	case EXPR_IN:
	case EXPR_NOT_IN:
		print_in(whole, node, out);
		break;
	case EXPR_WHERE:
		fputs("where ", out);
		expr_print(whole, node->child, out);
		break;
	case EXPR_NEG:
	case EXPR_NOT:
	case EXPR_ANCESTOR:
		fprintf(out, "(%s", signs[node->op]);
		expr_print(whole, node->child, out);
		fputc(')', out);
		break;
	default:
		fputc('(', out);
		print_list(whole, node->child, signs[node->op], out);
		fputc(')', out);
	}
}

void kin_expr_print(const struct kin_expr *expr, FILE *out)
{
	expr_print(expr->whole, expr->root, out);
}
