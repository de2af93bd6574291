// SPDX-License-Identifier: GPL-2.0-or-later
/* Where in the text the mistake is, shown. */
#include <langinfo.h>
#include <string.h>

#include "exprnode.h"
#include "text.h"

/* Bytes that are shown in front of a mistake, of it, and behind it. */
#define MOST 240

/* The safe form of at most MOST bytes; returns its columns. */
static uint32_t safe_text(char to[KIN_TEXT_MAX(MOST) + 1], const char *text, size_t len)
{
	const bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	uint32_t width;

	to[kin_text_put(to, text, len < MOST ? len : MOST, utf8 ? KIN_TEXT_UTF8 : 0,
			UINT32_MAX, &width)] = '\0';
	return width;
}

static void repeat(FILE *out, char c, uint32_t n)
{
	while (n--)
		fputc(c, out);
}

void kin_expr_print_error(FILE *out, const char *text,
			  const struct kin_expr_error *error)
{
	char safe[3][KIN_TEXT_MAX(MOST) + 1];
	uint32_t before, under;
	const char *at = text + strnlen(text, error->at), *from = at, *to;

	while (from > text && from[-1] != '\n' && at - from < MOST)
		from--;
	to = at + strcspn(at, "\n");
	if (error->len < to - at)
		to = at + error->len;
	before = safe_text(safe[0], from, at - from);
	under = safe_text(safe[1], at, to - at);
	safe_text(safe[2], to, strcspn(to, "\n"));
	fprintf(out, "  %s%s%s\n  ", safe[0], safe[1], safe[2]);
	repeat(out, ' ', before);
	fputc('^', out);
	repeat(out, '~', under ? under - 1 : 0);
	fputc('\n', out);
}
