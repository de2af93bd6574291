// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <string.h>

#include "cmd.h"
#include "source.h"

#define MOST 100	/* as many help nobody */

/* Whether one more is printed; says so once when it is too many. */
static bool counted(struct complaints *said)
{
	if (said->n++ == MOST)
		fprintf(said->out, "more than %d errors: the rest is not shown\n", MOST);
	return said->n <= MOST;
}

bool complaints_are_many(const struct complaints *said)
{
	return said->n > MOST;
}

static void say(FILE *out, const char *format, va_list args)
{
	char line[1024];
	int len = vsnprintf(line, sizeof(line), format, args);

	if (len < 0)
		return;
	fputs("error: ", out);
	cmd_safe(out, line, (size_t)len < sizeof(line) ? (size_t)len : sizeof(line) - 1);
	fputc('\n', out);
}

static void mark(FILE *out, unsigned int blanks, unsigned int n)
{
	fprintf(out, "      | %*s^", (int)blanks, "");
	while (n-- > 1)
		fputc('~', out);
	fputc('\n', out);
}

/* What is shown of a line: so much around the place, if it is very long. */
#define SHOWN 200

static void excerpt(const struct source *src, unsigned int number, size_t at, size_t len)
{
	const char *newline = memchr(src->text + at, '\n', src->len - at);
	size_t from = at, end = newline ? (size_t)(newline - src->text) : src->len;
	FILE *out = src->said->out;
	unsigned int before, wide;

	while (from && at - from < SHOWN && src->text[from - 1] != '\n')
		from--;
	if (end - at > SHOWN)
		end = at + SHOWN;
	if (len > end - at)
		len = end - at;
	fprintf(out, "%5u | ", number);
	before = cmd_safe(out, src->text + from, at - from);
	wide = cmd_safe(out, src->text + at, len);
	cmd_safe(out, src->text + at + len, end - at - len);
	fputc('\n', out);
	mark(out, before, wide);
}

/* In characters, from 1. */
static unsigned int column(const struct source *src, size_t at)
{
	unsigned int n = 1;

	for (; at && src->text[at - 1] != '\n'; at--)
		n += (src->text[at - 1] & 0xc0) != 0x80;
	return n;
}

static void say_at(const struct source *src, size_t at, size_t len, const char *format,
		   va_list args)
{
	struct complaints *said = src->said;
	unsigned int number;

	if (!counted(said))
		return;
	number = source_line(src, at);
	cmd_safe(said->out, src->name, strlen(src->name));
	fprintf(said->out, ":%u:%u: ", number, column(src, at));
	say(said->out, format, args);
	if (said->excerpts)
		excerpt(src, number, at, len);
}

void complain_at(const struct source *src, size_t at, size_t len, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_at(src, at, len, format, args);
	va_end(args);
}

/* A mapping or a list is named by its first word. */
void complain(const struct source *src, const yaml_node_t *node, const char *format, ...)
{
	size_t at, len = 1;
	va_list args;

	/* looking for the place takes long in a long text */
	if (complaints_are_many(src->said))
		return;
	at = source_start(src, node);
	if (node->type == YAML_SCALAR_NODE)
		len = source_byte(src, node->end_mark.index) - at;
	va_start(args, format);
	say_at(src, at, len, format, args);
	va_end(args);
}

void complain_of(struct complaints *said, const char *name, const char *format, ...)
{
	va_list args;

	if (!counted(said))
		return;
	cmd_safe(said->out, name, strlen(name));
	fputs(": ", said->out);
	va_start(args, format);
	say(said->out, format, args);
	va_end(args);
}
