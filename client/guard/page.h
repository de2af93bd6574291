/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text for people on a page of some width: entries with a label at the left, wrapped
 * between words. All that is written is made safe.
 */
#ifndef GUARD_PAGE_H
#define GUARD_PAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct page {
	FILE *out;
	uint32_t width;		/* terminal columns; 0: no line is wrapped or cut */
	bool utf8;		/* the reader takes UTF-8 */
	bool color;
	/* the rest is for page.c */
	const char *label;	/* of the next entry */
	bool no_memory;
};

/* page_label - for the next page_say(), if there is one; those behind it have none */
void page_label(struct page *page, const char *label);

/* page_say - an entry, wrapped; a word that is too long has a line for itself */
void page_say(struct page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* page_command - the same, but never wrapped: it is there to be copied */
void page_command(struct page *page, const char *command);

/* page_family - the same for a family path, "a(1) / b(2) / c(3)": what does not fit
 * into a line is left out in the middle */
void page_family(struct page *page, const char *family);

/* page_line - a line of its own, at the margin; @color: a terminal's code for the
 * first @colored bytes; "": none */
void page_line(struct page *page, const char *color, size_t colored,
	       const char *text);

#endif /* GUARD_PAGE_H */
