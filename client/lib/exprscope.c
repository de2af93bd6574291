// SPDX-License-Identifier: GPL-2.0-or-later
/* Terms that the kernel can filter, written into a scope, or a subscription's filter. */
#include <string.h>

#include "exprnode.h"

struct pushing {
	struct expr_whole *whole;
	struct kin_scope *scope;
	struct kin_event_filter *filter;	/* NULL: of tasks */
	bool done;
};

/* A copy in the arena; NULL: no memory, and the kernel is asked for more. */
static void *keep(struct pushing *pushing, const void *values, size_t size)
{
	void *copy = expr_alloc(pushing->whole, size);

	return copy ? memcpy(copy, values, size) : NULL;
}

static size_t values_in(const struct kin_scope *scope)
{
	return scope->n_pids + scope->n_tgids + scope->n_subtrees + scope->n_uids +
	       scope->n_cgroups;
}

static bool push_u32(struct pushing *pushing, const uint32_t **list, size_t *n,
		     const struct expr_term *term)
{
	uint32_t values[EXPR_MAX_PUSHED];

	if (*n || values_in(pushing->scope) + term->n > KIN_MAX_VALUES)
		return false;
	for (size_t i = 0; i < term->n; i++)
		values[i] = term->values[i];
	*list = keep(pushing, values, term->n * sizeof(*values));
	*n = *list ? term->n : 0;
	return *n;
}

static bool push_u64(struct pushing *pushing, const uint64_t **list, size_t *n,
		     const struct expr_term *term)
{
	if (*n || values_in(pushing->scope) + term->n > KIN_MAX_VALUES)
		return false;
	*list = keep(pushing, term->values, term->n * sizeof(*term->values));
	*n = *list ? term->n : 0;
	return *n;
}

static bool push_bits(uint32_t *bits, const struct expr_term *term)
{
	if (*bits)
		return false;
	for (size_t i = 0; i < term->n; i++)
		*bits |= term->values[i];
	return true;
}

static bool push_comms(struct pushing *pushing, const struct expr_term *term)
{
	const char *comms[EXPR_MAX_PUSHED];
	char *comm;

	if (pushing->filter->n_comms)
		return false;
	for (size_t i = 0; i < term->n; i++) {
		comm = expr_alloc(pushing->whole, term->texts[i].len + 1);
		if (!comm)
			return false;
		comms[i] = memcpy(comm, term->texts[i].s, term->texts[i].len);
	}
	pushing->filter->comms = keep(pushing, comms, term->n * sizeof(*comms));
	pushing->filter->n_comms = pushing->filter->comms ? term->n : 0;
	return pushing->filter->n_comms;
}

static bool push_failed(struct kin_event_filter *filter)
{
	if (filter->failed)
		return false;
	return filter->failed = true;
}

static bool push_term(struct pushing *pushing, const struct expr_term *term)
{
	struct kin_scope *scope = pushing->scope;

	switch (term->kind) {
	case EXPR_PUSH_PID:
		return push_u32(pushing, &scope->pids, &scope->n_pids, term);
	case EXPR_PUSH_TGID:
		return push_u32(pushing, &scope->tgids, &scope->n_tgids, term);
	case EXPR_PUSH_SUBTREE:
		return push_u32(pushing, &scope->subtrees, &scope->n_subtrees, term);
	case EXPR_PUSH_UID:
		return push_u32(pushing, &scope->uids, &scope->n_uids, term);
	case EXPR_PUSH_CGROUP:
		return push_u64(pushing, &scope->cgroups, &scope->n_cgroups, term);
	case EXPR_PUSH_STATE:
		return push_bits(&scope->states, term);
	case EXPR_PUSH_EVENT:
		return push_bits(&pushing->filter->events, term);
	case EXPR_PUSH_COMM:
		return push_comms(pushing, term);
	default:
		return push_failed(pushing->filter);
	}
}

/* What the kernel sends has them for ancestors: nobody has to know its whole family to
 * say so, and of an event nobody else can. */
static void set_answered(struct expr_node *node)
{
	if (node->op == EXPR_DESCENDANT)
		node->answered = true;
	for (node = node->child; node; node = node->next)
		set_answered(node);
}

static void push(struct expr_node *node, const struct expr_term *term, void *arg)
{
	struct pushing *pushing = arg;

	if (!push_term(pushing, term))
		return;
	pushing->done = true;
	if (term->kind == EXPR_PUSH_SUBTREE)
		set_answered(node);
}

bool expr_has_rows_parents(const struct kin_expr_place *place)
{
	return place->columns == &kin_task_columns;
}

/* ---- what nobody but the kernel can answer ---- */

static void count_subtrees(struct expr_node *node, const struct expr_term *term, void *arg)
{
	size_t *n = arg;

	/* one is pushed: two subtrees would be either, not both */
	if (term->kind == EXPR_PUSH_SUBTREE && !*n)
		*n = term->n;
}

static size_t count_descendants(const struct expr_node *node, const struct expr_node **last)
{
	size_t n = node->op == EXPR_DESCENDANT;

	if (n)
		*last = node;
	for (node = node->child; node; node = node->next)
		n += count_descendants(node, last);
	return n;
}

bool expr_check_kernel(struct expr_parse *parse)
{
	const struct expr_node *last = NULL;
	size_t pushed = 0;

	if (expr_has_rows_parents(&parse->whole->place))
		return true;
	expr_terms(parse->root, true, count_subtrees, &pushed);
	if (count_descendants(parse->root, &last) <= pushed || !last)
		return true;
	return expr_fail_at(parse, last,
			    "only the kernel can answer descendant_of() here: join it to the rest by && alone");
}

/* ---- the whole ---- */

static bool push_terms(struct kin_expr *expr, struct pushing *pushing)
{
	pushing->whole = expr->whole;
	expr_terms(expr->root, pushing->filter, push, pushing);
	return pushing->done;
}

bool kin_expr_push(struct kin_expr *expr, struct kin_scope *scope)
{
	return push_terms(expr, &(struct pushing){ .scope = scope });
}

bool kin_expr_push_events(struct kin_expr *expr, struct kin_event_filter *filter)
{
	return push_terms(expr, &(struct pushing){ .scope = &filter->scope,
						   .filter = filter });
}
