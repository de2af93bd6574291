// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "source.h"

/* libyaml counts characters, a text has bytes. */
size_t source_byte(const struct source *src, size_t index)
{
	size_t at = 0;

	for (; index && at < src->len; index--)
		for (at++; at < src->len && (src->text[at] & 0xc0) == 0x80; at++)
			;
	return at;
}

size_t source_start(const struct source *src, const yaml_node_t *node)
{
	return source_byte(src, node->start_mark.index);
}

unsigned int source_line(const struct source *src, size_t at)
{
	unsigned int line = 1;

	for (size_t i = 0; i < at; i++)
		line += src->text[i] == '\n';
	return line;
}

/*
 * YAML folds blanks, indents, quotes and escapes, but keeps everything else, in
 * order: the character that is the nth of a value, blanks not counted, is the nth of
 * its source.
 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t solids(const char *value, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += !is_blank(value[i]) && (value[i] & 0xc0) != 0x80;
	return n;
}

/* Bytes of an escape in a double-quoted scalar, from its backslash. */
static size_t escape_len(char letter)
{
	return letter == 'x' ? 4 : letter == 'u' ? 6 : letter == 'U' ? 10 : 2;
}

/* What stands for a blank or, before the end of a line, for nothing. */
static bool escapes_blank(char letter)
{
	return letter == 't' || letter == 'n' || letter == 'r' || is_blank(letter);
}

struct walk {
	const char *at, *end;
	yaml_scalar_style_t style;
};

static bool at_escape(const struct walk *walk)
{
	return walk->style == YAML_DOUBLE_QUOTED_SCALAR_STYLE && *walk->at == '\\' &&
	       walk->end - walk->at > 1;
}

static void skip_blanks(struct walk *walk)
{
	while (walk->at < walk->end) {
		if (is_blank(*walk->at))
			walk->at++;
		else if (at_escape(walk) && escapes_blank(walk->at[1]))
			walk->at += 2;
		else
			return;
	}
}

static void skip_solid(struct walk *walk)
{
	size_t len = 1;

	if (at_escape(walk))
		len = escape_len(walk->at[1]);
	else if (walk->style == YAML_SINGLE_QUOTED_SCALAR_STYLE && *walk->at == '\'')
		len = 2;
	else
		while (walk->end - walk->at > (ptrdiff_t)len &&
		       (walk->at[len] & 0xc0) == 0x80)
			len++;
	walk->at += walk->end - walk->at > (ptrdiff_t)len ? (ptrdiff_t)len :
							    walk->end - walk->at;
}

/* To where the value's own characters start: behind the quote, "|" or ">". */
static void skip_lead(struct walk *walk)
{
	const char *newline;

	if (walk->at == walk->end || walk->style == YAML_PLAIN_SCALAR_STYLE)
		return;
	if (walk->style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
	    walk->style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) {
		walk->at++;
		return;
	}
	newline = memchr(walk->at, '\n', walk->end - walk->at);
	walk->at = newline ? newline + 1 : walk->end;
}

size_t source_within(const struct source *src, const yaml_node_t *node, size_t at)
{
	const char *value = source_scalar(node);
	struct walk walk = {
		.at = src->text + source_start(src, node),
		.end = src->text + source_byte(src, node->end_mark.index),
		.style = node->data.scalar.style,
	};
	size_t n = solids(value, at);

	skip_lead(&walk);
	for (; n && walk.at < walk.end; n--) {
		skip_blanks(&walk);
		if (walk.at < walk.end)
			skip_solid(&walk);
	}
	if (at < node->data.scalar.length && !is_blank(value[at]))
		skip_blanks(&walk);
	return walk.at - src->text;
}
