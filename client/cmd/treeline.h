/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of output that knows its width on a terminal and ends there. Colours
 * stand beside the text, so that neither widths nor cuts see them.
 */
#ifndef KIN_TREELINE_H
#define KIN_TREELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TREELINE_COLORS 16	/* changes of it in one line */

#define TREELINE_BOLD "\033[1m"
#define TREELINE_RED "\033[31m"
#define TREELINE_GREEN "\033[32m"
#define TREELINE_YELLOW "\033[33m"
#define TREELINE_MAGENTA "\033[35m"

struct treeline {
	FILE *out;
	uint32_t limit;		/* columns; 0: none */
	bool utf8;		/* the reader takes UTF-8 */
	/* the rest is for treeline.c */
	char *text;
	size_t len, room;
	uint32_t width;
	bool no_memory;
	unsigned int n_colors;
	struct {
		size_t at;
		const char *code;
	} colors[TREELINE_COLORS];
};

/* treeline_free - the line's memory, not the stream */
void treeline_free(struct treeline *line);

/* treeline_put - text of ours, @width columns wide */
void treeline_put(struct treeline *line, const char *text, size_t len,
		  uint32_t width);

/* treeline_ascii - the same for a string of ours in plain ASCII */
void treeline_ascii(struct treeline *line, const char *text);

/* treeline_number, treeline_duration - in digits; with a unit */
void treeline_number(struct treeline *line, uint64_t n);
void treeline_duration(struct treeline *line, uint64_t ns);

/* treeline_pad - blanks */
void treeline_pad(struct treeline *line, uint32_t width);

/* treeline_foreign - text that others chose, made safe; NULs become blanks */
void treeline_foreign(struct treeline *line, const char *text, size_t len);

/* treeline_word - the same as one word: without blanks or quotes, so that what
 * follows is not taken for a part of it; at most TREELINE_WORD bytes of it */
#define TREELINE_WORD 4096
void treeline_word(struct treeline *line, const char *text, size_t len);

/* treeline_color - what follows has this colour, "" ends it; a terminal's code */
void treeline_color(struct treeline *line, const char *code);

/* treeline_end - write the line, start the next; false: no memory was left */
bool treeline_end(struct treeline *line);

#endif /* KIN_TREELINE_H */
