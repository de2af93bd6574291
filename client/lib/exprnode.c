// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exprnode.h"
#include "text.h"

struct expr_chunk {
	struct expr_chunk *next;
	size_t used, room;		/* bytes */
	_Alignas(16) char bytes[];
};

void *expr_alloc(struct expr_whole *whole, size_t size)
{
	const size_t need = (size + 15) & ~(size_t)15;
	const size_t least = 4000;
	struct expr_chunk *chunk = whole->chunks;

	if (!chunk || chunk->room - chunk->used < need) {
		const size_t room = need > least ? need : least;

		chunk = calloc(1, sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		chunk->next = whole->chunks;
		chunk->room = room;
		whole->chunks = chunk;
	}
	chunk->used += need;
	return chunk->bytes + chunk->used - need;
}

void expr_free_chunks(struct expr_whole *whole)
{
	struct expr_chunk *next;

	for (struct expr_chunk *chunk = whole->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
}

struct expr_node *expr_fail(struct expr_parse *parse, uint32_t at, uint32_t len,
			    const char *format, ...)
{
	va_list args;

	if (parse->err)
		return NULL;
	parse->err = -EINVAL;
	parse->error->at = at;
	parse->error->len = len ? len : 1;
	va_start(args, format);
	vsnprintf(parse->error->message, sizeof(parse->error->message), format,
		  args);
	va_end(args);
	return NULL;
}

const char *expr_quote(struct expr_quoted *quoted, const char *s, size_t len)
{
	const size_t most = (sizeof(quoted->text) - 4) / 4;
	uint32_t width;
	size_t n;

	n = kin_text_put(quoted->text, s, len < most ? len : most, 0,
			 UINT32_MAX, &width);
	strcpy(quoted->text + n, len > most ? "..." : "");
	return quoted->text;
}

struct expr_node *expr_node(struct expr_parse *parse, enum expr_op op,
			    struct expr_span span)
{
	struct expr_node *node;

	if (parse->err)
		return NULL;
	if (parse->nodes++ == EXPR_MAX_NODES)
		return expr_fail(parse, span.at, span.end - span.at,
				 "the expression has more than %d parts",
				 EXPR_MAX_NODES);
	node = expr_alloc(parse->whole, sizeof(*node));
	if (!node) {
		parse->err = -ENOMEM;
		return NULL;
	}
	node->op = op;
	node->at = span.at;
	node->len = span.end - span.at;
	node->depth = 1;
	return node;
}

struct expr_node *expr_add(struct expr_parse *parse, struct expr_node *node,
			   struct expr_node *child)
{
	if (!node || !child)
		return NULL;
	if (child->depth >= EXPR_MAX_DEPTH)
		return expr_fail_at(parse, node,
				    "the expression is more than %d levels deep",
				    EXPR_MAX_DEPTH);
	if (node->depth <= child->depth)
		node->depth = child->depth + 1;
	if (node->last)
		node->last->next = child;
	else
		node->child = child;
	node->last = child;
	return node;
}

struct expr_node *expr_pair(struct expr_parse *parse, enum expr_op op,
			    struct expr_span span, struct expr_node *a,
			    struct expr_node *b)
{
	struct expr_node *node;

	if (a && a->op == op && (op == EXPR_AND || op == EXPR_OR)) {
		a->len = span.end - a->at;
		return expr_add(parse, a, b);
	}
	node = expr_add(parse, expr_node(parse, op, span), a);
	return expr_add(parse, node, b);
}
