// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "text.h"

#define MARGIN 3	/* before labels */
#define INDENT 13	/* before entries */
#define NARROW 20	/* no line is wrapped to fewer columns */

static const char gap[] = "... / ";
static const char joint[] = " / ";

/* Text made safe, ended by NUL; NULL: no memory. */
static char *make_safe(struct page *page, const char *text)
{
	const size_t len = strlen(text);
	char *safe = malloc(KIN_TEXT_MAX(len) + 1);
	uint32_t width;

	if (!safe) {
		page->no_memory = true;
		return NULL;
	}
	safe[kin_text_put(safe, text, len, page->utf8 ? KIN_TEXT_UTF8 : 0,
			  UINT32_MAX, &width)] = '\0';
	return safe;
}

void page_label(struct page *page, const char *label)
{
	page->label = label;
}

/* What stands left of an entry. */
static void begin_entry(struct page *page)
{
	fprintf(page->out, "%*s%-*s", MARGIN, "", INDENT - MARGIN,
		page->label ? page->label : "");
	page->label = NULL;
}

/* Columns that an entry may take; UINT32_MAX: any. */
static uint32_t room(const struct page *page)
{
	if (!page->width)
		return UINT32_MAX;
	return page->width < INDENT + NARROW ? NARROW : page->width - INDENT;
}

/* How many bytes of safe text come onto this line: whole words, at least one. */
static size_t fill_line(const char *text, uint32_t columns)
{
	const size_t len = strlen(text), fit = kin_text_fit(text, len, columns);
	size_t at = fit;

	if (fit == len)
		return len;
	while (at && text[at] != ' ')
		at--;
	return at ? at : strcspn(text, " ");
}

static void put_wrapped(struct page *page, const char *text)
{
	size_t len;

	begin_entry(page);
	for (;;) {
		len = fill_line(text, room(page));
		fprintf(page->out, "%.*s\n", (int)len, text);
		text += len;
		text += strspn(text, " ");
		if (!*text)
			return;
		fprintf(page->out, "%*s", INDENT, "");
	}
}

void page_say(struct page *page, const char *format, ...)
{
	char *text, *safe;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0) {
		page->no_memory = true;
		return;
	}
	safe = make_safe(page, text);
	if (safe)
		put_wrapped(page, safe);
	free(safe);
	free(text);
}

void page_command(struct page *page, const char *command)
{
	char *safe = make_safe(page, command);

	if (!safe)
		return;
	begin_entry(page);
	fprintf(page->out, "%s\n", safe);
	free(safe);
}

/* ---- families ---- */

/* As many of the youngest as fit into so many columns, one at least: where they
 * begin. */
static const char *youngest(const char *family, uint32_t columns)
{
	const char *from = NULL, *at = family + strlen(family);

	while (at > family) {
		const char *name;

		do
			at--;
		while (at > family && strncmp(at, joint, strlen(joint)));
		name = at > family ? at + strlen(joint) : family;
		if (from && kin_text_width(name, strlen(name)) > columns)
			break;
		from = name;
	}
	return from;
}

/* The eldest stays, and as many of the youngest as there is room for: one at least. */
void page_family(struct page *page, const char *family)
{
	char *safe = make_safe(page, family);
	const char *first_end, *rest;
	uint32_t eldest;

	if (!safe)
		return;
	first_end = strstr(safe, joint);
	if (!first_end || kin_text_width(safe, strlen(safe)) <= room(page)) {
		put_wrapped(page, safe);
		free(safe);
		return;
	}
	first_end += strlen(joint);
	eldest = kin_text_width(safe, first_end - safe) + strlen(gap);
	rest = youngest(first_end, eldest < room(page) ? room(page) - eldest : 0);
	begin_entry(page);
	if (rest == first_end)
		fprintf(page->out, "%s\n", safe);
	else
		fprintf(page->out, "%.*s%s%s\n", (int)(first_end - safe), safe, gap,
			rest);
	free(safe);
}

/* ---- lines ---- */

void page_line(struct page *page, const char *color, size_t colored,
	       const char *text)
{
	char *safe = make_safe(page, text);

	if (!safe)
		return;
	if (page->color && *color)
		fprintf(page->out, "%s%.*s\033[0m%s\n", color, (int)colored, safe,
			safe + colored);
	else
		fprintf(page->out, "%s\n", safe);
	free(safe);
}
