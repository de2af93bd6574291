// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "hostcolumn.h"
#include "template.h"

/* ---- pieces ---- */

struct piece {
	const char *at;		/* of the text, or of the name in braces */
	size_t len;
	bool name;
	bool open;		/* a name whose brace is not closed */
};

/* The next piece at *@text, which moves behind it; false: that was the last. */
static bool next_piece(const char **text, struct piece *piece)
{
	const char *at = *text;
	const bool brace = *at == '{';

	*piece = (struct piece){ .at = at };
	if (!*at)
		return false;
	if (brace && at[1] == '{') {
		piece->len = 1;
		*text = at + 2;
		return true;
	}
	piece->name = brace;
	piece->at = at + brace;
	piece->len = strcspn(piece->at, brace ? "{}" : "{");
	*text = piece->at + piece->len;
	piece->open = brace && **text != '}';
	*text += brace && **text == '}';
	return true;
}

/* ---- names ---- */

static const struct {
	const char *name;
	unsigned int about;	/* which alerts have it; 0: all */
} own[] = {
	{ "value", 0 },	   { "bar", 0 },   { "key", TEMPLATE_GROUP },
	{ "rule", 0 },	   { "for", 0 },   { "severity", 0 },
	{ "since", 0 },	   { "more", 0 },  { "family", TEMPLATE_PROCESS },
};

#define N_OWN (sizeof(own) / sizeof(*own))

static bool is_own(const char *name, size_t len, unsigned int *about)
{
	for (size_t i = 0; i < N_OWN; i++) {
		if (strlen(own[i].name) != len || memcmp(own[i].name, name, len))
			continue;
		*about = own[i].about;
		return true;
	}
	return false;
}

#define HOST "host."
#define HOST_LEN (sizeof(HOST) - 1)

static bool is_host(const char *name, size_t len)
{
	return len >= HOST_LEN && !memcmp(name, HOST, HOST_LEN);
}

/* The column that a name stands for; NULL: none. */
static const struct kin_column *column_of(const char *name, size_t len)
{
	if (is_host(name, len))
		return kin_column_find_in(&kin_host_columns, name + HOST_LEN,
					  len - HOST_LEN);
	return kin_column_find_in(&kin_task_columns, name, len);
}

/* ---- checking ---- */

struct check {
	unsigned int about;
	char *message;
	size_t size;
};

static int wrong(const struct check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int wrong(const struct check *check, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(check->message, check->size, format, args);
	va_end(args);
	return -EINVAL;
}

/* Of columns and own names, the nearest; NULL: none comes near. */
static const char *nearest(const char *name)
{
	const char *names[N_OWN + 2];
	const struct kin_column *col = kin_column_nearest_in(&kin_task_columns, name);
	size_t n = 0;

	for (size_t i = 0; i < N_OWN; i++)
		names[n++] = own[i].name;
	if (col)
		names[n++] = col->id;
	names[n] = NULL;
	return cmd_nearest(name, names);
}

static int unknown(const struct check *check, const struct piece *piece)
{
	const bool host = is_host(piece->at, piece->len);
	const struct kin_column *col;
	const char *near;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)piece->len, piece->at);
	col = host ? kin_column_nearest_in(&kin_host_columns, name + HOST_LEN) : NULL;
	near = col ? col->id : host ? NULL : nearest(name);
	if (near)
		return wrong(check, "unknown name '{%s}'; did you mean '{%s%s}'?", name,
			     host ? HOST : "", near);
	return wrong(check, "unknown name '{%s}' (a brace is written '{{')", name);
}

static int check_name(const struct check *check, const struct piece *piece)
{
	unsigned int needs = TEMPLATE_PROCESS;

	if (piece->open)
		return wrong(check, "no '}' behind this '{' (a brace is written '{{')");
	if (!piece->len)
		return wrong(check, "no name in '{}' (a brace is written '{{')");
	if (is_host(piece->at, piece->len))
		needs = 0;
	if (!is_own(piece->at, piece->len, &needs) && !column_of(piece->at, piece->len))
		return unknown(check, piece);
	if (needs & ~check->about & TEMPLATE_PROCESS)
		return wrong(check, "'{%.*s}' is of a process, and these alerts are about none",
			     (int)piece->len, piece->at);
	if (needs & ~check->about & TEMPLATE_GROUP)
		return wrong(check, "'{%.*s}' is of a group, and these alerts are about none",
			     (int)piece->len, piece->at);
	return 0;
}

int template_check_about(const char *text, unsigned int about, uint32_t *at,
			 char *message, size_t size)
{
	const struct check check = { about, message, size };
	const char *start = text;
	struct piece piece;

	while (next_piece(&text, &piece)) {
		if (!piece.name || !check_name(&check, &piece))
			continue;
		*at = piece.at - start - 1;
		return -EINVAL;
	}
	return 0;
}

int template_check(const char *text, uint32_t *at, char *message, size_t size)
{
	return template_check_about(text, TEMPLATE_PROCESS | TEMPLATE_GROUP, at, message,
				    size);
}

uint32_t template_needs(const char *text)
{
	const struct kin_column *col;
	struct piece piece;
	uint32_t needs = 0;
	unsigned int about;

	while (next_piece(&text, &piece)) {
		if (!piece.name || is_own(piece.at, piece.len, &about))
			continue;
		col = column_of(piece.at, piece.len);
		needs |= col ? col->needs : 0;
	}
	return needs;
}

/* ---- filling in ---- */

#define VALUE_ROOM 4096

/* In single quotes, and each of those as '\''. */
static void put_quoted(FILE *out, const char *value, size_t len)
{
	static const char harmless[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz./_:@%+,=-";
	size_t i = 0;

	while (i < len && value[i] && strchr(harmless, value[i]))
		i++;
	if (len && i == len) {
		fwrite(value, 1, len, out);
		return;
	}
	fputc('\'', out);
	for (i = 0; i < len; i++) {
		if (value[i] == '\'')
			fputs("'\\''", out);
		else
			fputc(value[i], out);
	}
	fputc('\'', out);
}

static void put_piece(FILE *out, const struct piece *piece, template_look *look,
		      void *arg, bool quote)
{
	char value[VALUE_ROOM];
	int len;

	if (!piece->name) {
		fwrite(piece->at, 1, piece->len, out);
		return;
	}
	len = look(piece->at, piece->len, value, sizeof(value), arg);
	if (len < 0)
		fputc('?', out);
	else if (quote)
		put_quoted(out, value, len);
	else
		fwrite(value, 1, len, out);
}

static char *fill(const char *text, template_look *look, void *arg, bool quote)
{
	struct piece piece;
	char *filled = NULL;
	size_t size;
	FILE *out = open_memstream(&filled, &size);
	bool failed;

	if (!out)
		return NULL;
	while (next_piece(&text, &piece))
		put_piece(out, &piece, look, arg, quote);
	failed = ferror(out);
	if (fclose(out) || failed) {
		free(filled);
		return NULL;
	}
	return filled;
}

char *template_fill(const char *text, template_look *look, void *arg)
{
	return fill(text, look, arg, false);
}

char *template_fill_command(const char *text, template_look *look, void *arg)
{
	return fill(text, look, arg, true);
}
