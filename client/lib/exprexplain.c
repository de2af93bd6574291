// SPDX-License-Identifier: GPL-2.0-or-later
/* What is done where, told in words. */
#include <string.h>

#include "derive.h"
#include "exprnode.h"

struct explaining {
	const struct kin_expr *expr;
	FILE *out;
	uint32_t kinds;			/* 1 << enum expr_pushed: told */
	const struct expr_node *terms[EXPR_PUSH_COUNT];
	size_t n;
};

/* One term of each kind is pushed: the first. */
static void note(struct expr_node *node, const struct expr_term *term, void *arg)
{
	struct explaining *explaining = arg;

	if (explaining->kinds >> term->kind & 1)
		return;
	explaining->kinds |= 1u << term->kind;
	explaining->terms[explaining->n++] = node;
}

static bool is_noted(const struct explaining *explaining, const struct expr_node *node)
{
	for (size_t i = 0; i < explaining->n; i++)
		if (explaining->terms[i] == node)
			return true;
	return false;
}

static void heading(const struct explaining *explaining, const char *text)
{
	fprintf(explaining->out, "%-12s", text);
}

static void explain_kernel(struct explaining *explaining)
{
	heading(explaining, "kernel:");
	for (size_t i = 0; i < explaining->n; i++) {
		fputs(i ? " && " : "", explaining->out);
		expr_print(explaining->expr->whole, explaining->terms[i], explaining->out);
	}
	fputs(explaining->n ? "\n" : "filters nothing of it\n", explaining->out);
}

/* The terms of an "and" that the kernel does not know. */
static size_t print_rest(const struct explaining *explaining, const struct expr_node *node,
			 size_t n)
{
	if (node->op == EXPR_AND) {
		for (node = node->child; node; node = node->next)
			n = print_rest(explaining, node, n);
		return n;
	}
	if (is_noted(explaining, node))
		return n;
	fputs(n ? " && " : "", explaining->out);
	expr_print(explaining->expr->whole, node, explaining->out);
	return n + 1;
}

static void explain_rest(const struct explaining *explaining)
{
	heading(explaining, "here:");
	if (!print_rest(explaining, explaining->expr->root, 0))
		fputs("nothing is left", explaining->out);
	fputc('\n', explaining->out);
}

static void explain_needs(const struct explaining *explaining)
{
	static const char *const others[] = { "the host's summary", "names of users" };
	const uint32_t needs = explaining->expr->needs;

	heading(explaining, "reads:");
	fputs("base", explaining->out);
	for (unsigned int i = 0; kin_group_names[i]; i++)
		if (needs >> i & 1)
			fprintf(explaining->out, ", %s", kin_group_names[i]);
	if (needs & KIN_NEED_HOST)
		fprintf(explaining->out, ", %s", others[0]);
	if (needs & KIN_NEED_NAMES)
		fprintf(explaining->out, ", %s", others[1]);
	fputc('\n', explaining->out);
}

static void explain_subject(const struct explaining *explaining)
{
	static const char *const words[] = {
		[KIN_EXPR_HOST] = "the host",
		[KIN_EXPR_ROW] = "each process",
		[KIN_EXPR_GROUP] = "each",
	};
	const struct kin_expr *expr = explaining->expr;

	heading(explaining, "watches:");
	fprintf(explaining->out, "%s%s%s\n", words[expr->subject],
		expr->by ? " " : "", expr_by_name(expr->by));
}

void kin_expr_explain(const struct kin_expr *expr, FILE *out)
{
	struct explaining explaining = { .expr = expr, .out = out };
	const bool events = expr_is_of_events(&expr->whole->place);

	heading(&explaining, "understood:");
	kin_expr_print(expr, out);
	if (expr->for_ns)
		fprintf(out, " for %.9Lgs", expr->for_ns / 1e9L);
	fputc('\n', out);
	/* a rule is of a mirror, which has all rows */
	if (expr->whole->place.sets) {
		explain_subject(&explaining);
	} else {
		expr_terms(expr->root, events, note, &explaining);
		explain_kernel(&explaining);
		explain_rest(&explaining);
	}
	/* the bits of others stand for something else */
	if (expr->whole->place.columns == &kin_task_columns)
		explain_needs(&explaining);
}
