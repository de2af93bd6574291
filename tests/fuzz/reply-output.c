// SPDX-License-Identifier: GPL-2.0-or-later
/* Nothing here is the client's own: jansson and the C library judge. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <jansson.h>

#include "reply-output.h"

static void complain(const char *what, const char *text, size_t len)
{
	fprintf(stderr, "output: %s\n", what);
	fwrite(text, 1, len, stderr);
	fflush(stderr);
	abort();
}

/* What a terminal would obey, or show in another order: C0, DEL, C1, bidi. */
static bool dangerous(wchar_t c)
{
	return (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) ||
	       c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff;
}

static void check_characters(const char *text, size_t len, bool utf8)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = 1;
		c = (unsigned char)text[i];
		if (c >= 0x80 && !utf8)
			complain("not ASCII", text, len);
		if (c >= 0x80)
			n = mbrtowc(&c, text + i, len - i, &state);
		if (n > 4)
			complain("not UTF-8", text, len);
		if (dangerous(c))
			complain("not safe to show", text, len);
	}
}

/* Take out "ESC [ numbers m"; at a line's end the last one was a reset. */
static void check_colors(const char *text, size_t len, bool utf8)
{
	char *plain = malloc(len + 1);
	bool colored = false;
	size_t n = 0, digits;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' && colored)
			complain("a colour at the end of a line", text, len);
		if (text[i] != '\033') {
			plain[n++] = text[i];
			continue;
		}
		if (++i == len || text[i++] != '[')
			complain("not a colour", text, len);
		digits = strspn(text + i, "0123456789;");
		if (text[i + digits] != 'm')
			complain("not a colour", text, len);
		colored = digits && strncmp(text + i, "0m", 2);
		i += digits;
	}
	check_characters(plain, n, utf8);
	free(plain);
}

static void check_words(const char *text, size_t len, bool utf8)
{
	size_t words = 1, wanted = 0;

	check_characters(text, len, utf8);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ')
			words++;
		if (text[i] != '\n')
			continue;
		if (wanted && words != wanted)
			complain("a word is missing or too much", text, len);
		wanted = words;
		words = 1;
	}
}

static void check_json(const char *text, size_t len)
{
	json_error_t error;
	json_t *json;

	if (!len)
		return;
	json = json_loadb(text, len,
			  JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL |
			  JSON_ALLOW_NUL, &error);
	if (!json)
		complain(error.text, text, len);
	json_decref(json);
}

static void check_lines(const char *text, size_t len)
{
	const char *end;

	for (; len; len -= end + 1 - text, text = end + 1) {
		end = memchr(text, '\n', len);
		if (!end || end == text)
			complain("a line that is none", text, len);
		check_json(text, end - text);
	}
}

void output_check(enum reply_output output, const char *text, size_t len,
		  bool utf8)
{
	switch (output) {
	case OUTPUT_TEXT:
		check_characters(text, len, utf8);
		break;
	case OUTPUT_COLOR:
		check_colors(text, len, utf8);
		break;
	case OUTPUT_RAW:
		check_words(text, len, utf8);
		break;
	case OUTPUT_JSON:
		check_json(text, len);
		break;
	case OUTPUT_LINES:
		check_lines(text, len);
		break;
	}
}
