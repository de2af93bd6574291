// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "text.h"
#include "treeline.h"

/* The widest that one byte of foreign text becomes: \xNN. */
#define WIDEST 4

void treeline_free(struct treeline *line)
{
	free(line->text);
	line->text = NULL;
	line->len = line->room = 0;
}

/* Where to write the next bytes; NULL: beyond the cut, or no memory. */
static char *reserve(struct treeline *line, size_t bytes)
{
	if (line->limit && line->width > line->limit)
		return NULL;
	if (!line->text || line->room - line->len < bytes) {
		const size_t room = 2 * line->room + bytes + 256;
		char *text = realloc(line->text, room);

		if (!text) {
			line->no_memory = true;
			return NULL;
		}
		line->text = text;
		line->room = room;
	}
	return line->text + line->len;
}

void treeline_put(struct treeline *line, const char *text, size_t len,
		  uint32_t width)
{
	char *to = reserve(line, len);

	if (!to)
		return;
	memcpy(to, text, len);
	line->len += len;
	line->width += width;
}

void treeline_ascii(struct treeline *line, const char *text)
{
	const size_t len = strlen(text);

	treeline_put(line, text, len, len);
}

void treeline_number(struct treeline *line, uint64_t n)
{
	char text[KIN_FORMAT_MAX];
	const size_t len = kin_format_u64(text, n);

	treeline_put(line, text, len, len);
}

void treeline_duration(struct treeline *line, uint64_t ns)
{
	char text[KIN_FORMAT_MAX];
	const size_t len = kin_format_duration(text, ns);

	treeline_put(line, text, len, len);
}

void treeline_pad(struct treeline *line, uint32_t width)
{
	char *to = reserve(line, width);

	if (!to)
		return;
	memset(to, ' ', width);
	line->len += width;
	line->width += width;
}

void treeline_foreign(struct treeline *line, const char *text, size_t len)
{
	const unsigned int flags = KIN_TEXT_ARGS |
				   (line->utf8 ? KIN_TEXT_UTF8 : 0);
	char *to = reserve(line, KIN_TEXT_MAX(len));
	uint32_t width, limit = UINT32_MAX;

	if (!to)
		return;
	/* so much more that the end of the line is seen to be passed */
	if (line->limit)
		limit = line->limit - line->width + WIDEST;
	line->len += kin_text_put(to, text, len, flags, limit, &width);
	line->width += width;
}

void treeline_word(struct treeline *line, const char *text, size_t len)
{
	char safe[KIN_TEXT_MAX(TREELINE_WORD)];
	const unsigned int flags = KIN_TEXT_RAW |
				   (line->utf8 ? KIN_TEXT_UTF8 : 0);
	uint32_t width;

	if (len > TREELINE_WORD)
		len = TREELINE_WORD;
	len = kin_text_put(safe, text, len, flags, UINT32_MAX, &width);
	treeline_put(line, safe, len, width);
}

void treeline_color(struct treeline *line, const char *code)
{
	const unsigned int i = line->n_colors;

	/* the last place is for the end of a colour, which must not be lost */
	if (i == TREELINE_COLORS || (i == TREELINE_COLORS - 1 && *code))
		return;
	line->colors[i].at = line->len;
	line->colors[i].code = *code ? code : "\033[0m";
	line->n_colors++;
}

static void cut(struct treeline *line)
{
	const char *mark = line->utf8 ? "…" : "+";

	line->len = kin_text_fit(line->text, line->len, line->limit - 1);
	line->width = 0;
	treeline_put(line, mark, strlen(mark), 1);
}

static void put_out(const struct treeline *line, size_t from, size_t to)
{
	fwrite_unlocked(line->text + from, 1, to - from, line->out);
}

static void write_colored(const struct treeline *line)
{
	size_t from = 0;

	for (unsigned int i = 0; i < line->n_colors; i++) {
		size_t at = line->colors[i].at;

		if (at > line->len)
			at = line->len;
		put_out(line, from, at);
		fputs_unlocked(line->colors[i].code, line->out);
		from = at;
	}
	put_out(line, from, line->len);
}

bool treeline_end(struct treeline *line)
{
	const bool enough = !line->no_memory;

	if (line->limit && line->width > line->limit)
		cut(line);
	if (line->n_colors) {
		write_colored(line);
		line->len = 0;
	}
	treeline_put(line, "\n", 1, 0);
	put_out(line, 0, line->len);
	line->len = 0;
	line->width = 0;
	line->n_colors = 0;
	line->no_memory = false;
	return enough;
}
