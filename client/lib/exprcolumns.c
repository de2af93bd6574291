// SPDX-License-Identifier: GPL-2.0-or-later
/* Which columns an expression looks at. */
#include "exprnode.h"

struct walk {
	void (*fn)(const struct kin_column *col, enum kin_expr_whose whose, void *arg);
	void *arg;
};

static bool is_of_events(const struct expr_node *node)
{
	return node->op == EXPR_SLOT &&
	       node->slot->kind == KIN_SLOT_EVENTS;
}

/* Nodes are never deeper than EXPR_MAX_DEPTH. */
static void visit(const struct walk *walk, const struct expr_node *node, bool of_others)
{
	if (is_of_events(node))
		return;
	of_others |= node->op == EXPR_ANCESTOR || node->op == EXPR_DESCENDANT ||
		     node->op == EXPR_PARENT;
	if (node->op == EXPR_HOST)
		walk->fn(node->column, KIN_EXPR_HOSTS, walk->arg);
	else if (node->op == EXPR_COLUMN || node->op == EXPR_PARENT)
		walk->fn(node->column, of_others ? KIN_EXPR_OTHERS : KIN_EXPR_OWN,
			 walk->arg);
	else if (node->op == EXPR_DESCENDANT)
		walk->fn(NULL, KIN_EXPR_OTHERS, walk->arg);
	for (const struct expr_node *child = node->child; child; child = child->next)
		visit(walk, child, of_others);
}

void kin_expr_columns(const struct kin_expr *expr,
		      void (*fn)(const struct kin_column *col,
				 enum kin_expr_whose whose, void *arg),
		      void *arg)
{
	const struct walk walk = { fn, arg };

	visit(&walk, expr->root, false);
}
