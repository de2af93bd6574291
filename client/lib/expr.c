// SPDX-License-Identifier: GPL-2.0-or-later
/* An expression as a whole: read, asked what it is about, freed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exprnode.h"

static struct expr_whole *whole_new(const struct kin_expr_place *place, const char *text,
				    size_t len)
{
	struct expr_whole *whole = calloc(1, sizeof(*whole));

	if (!whole)
		return NULL;
	whole->place = *place;
	whole->len = len;
	whole->text = expr_alloc(whole, len + 1);
	if (!whole->text) {
		free(whole);
		return NULL;
	}
	memcpy(whole->text, text, len + 1);
	return whole;
}

static void whole_free(struct expr_whole *whole)
{
	expr_regex_free(whole->regexes);
	expr_free_chunks(whole);
	free(whole);
}

/* Of one row, and of all of them: that cannot be one answer. */
static bool check_subject(struct expr_check *check, struct kin_expr *expr)
{
	const struct expr_whole *whole = check->parse->whole;
	struct expr_quoted quoted = { 0 };

	expr->by = check->set ? check->by_set->by : KIN_BY_NONE;
	expr->subject = expr->by ? KIN_EXPR_GROUP : KIN_EXPR_HOST;
	if (!check->row)
		return true;
	expr->subject = KIN_EXPR_ROW;
	if (!check->set)
		return true;
	expr_quote(&quoted, whole->text + check->row->at, check->row->len);
	return expr_fail_at(check->parse, check->row,
			    "'%s' is of one process, but count(), sum() and events() are of many: put it into their (where ...)",
			    quoted.text);
}

static bool check_for(struct expr_parse *parse, struct kin_expr *expr)
{
	const struct expr_node *node = parse->for_node;

	if (!node)
		return true;
	if (!parse->whole->place.time)
		return expr_fail_at(parse, node,
				    "'for' waits, and there is no time here: only rules of kin alert can");
	if (node->kind != EXPR_DURATION)
		return expr_fail_at(parse, node, "'for' wants a duration, as in 30s");
	expr->for_ns = node->number;
	return true;
}

static bool check_whole(struct expr_parse *parse, struct kin_expr *expr)
{
	struct expr_check check = {
		.parse = parse,
		.columns = parse->whole->place.columns,
	};

	expr->root = parse->root;
	expr->whole = parse->whole;
	if (!expr_check_truth(&check, parse->root) || !check_subject(&check, expr) ||
	    !check_for(parse, expr) || !expr_check_kernel(parse))
		return false;
	expr->needs = check.needs;
	return true;
}

static struct kin_expr *parse_whole(struct expr_parse *parse)
{
	struct kin_expr *expr = expr_alloc(parse->whole, sizeof(*expr));

	if (!expr) {
		parse->err = -ENOMEM;
		return NULL;
	}
	expr_read(parse);
	if (parse->err || !check_whole(parse, expr))
		return NULL;
	return expr;
}

int kin_expr_parse(const struct kin_expr_place *place, const char *text,
		   struct kin_expr **exprp, struct kin_expr_error *error)
{
	struct expr_parse parse = { .error = error };
	const size_t len = strlen(text);

	*exprp = NULL;
	*error = (struct kin_expr_error){ 0 };
	if (len > EXPR_MAX_TEXT) {
		expr_fail(&parse, EXPR_MAX_TEXT, 1, "an expression of more than %d bytes",
			  EXPR_MAX_TEXT);
		return parse.err;
	}
	parse.whole = whole_new(place, text, len);
	if (!parse.whole)
		return -ENOMEM;
	*exprp = parse_whole(&parse);
	if (!*exprp)
		whole_free(parse.whole);
	return parse.err;
}

void kin_expr_free(struct kin_expr *expr)
{
	if (expr)
		whole_free(expr->whole);
}

/* ---- what it is about ---- */

enum kin_expr_subject kin_expr_subject(const struct kin_expr *expr)
{
	return expr->subject;
}

enum kin_expr_by kin_expr_by(const struct kin_expr *expr)
{
	return expr->by;
}

uint32_t kin_expr_needs(const struct kin_expr *expr)
{
	return expr->needs;
}

uint64_t kin_expr_for_ns(const struct kin_expr *expr)
{
	return expr->for_ns;
}

const struct kin_expr_slot *kin_expr_slots(const struct kin_expr *expr, size_t *n)
{
	*n = expr->whole->n_slots;
	return expr->whole->slots;
}
