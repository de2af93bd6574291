// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exposition.h"
#include "libkin.h"
#include "text.h"

static const char *const type_names[] = { "gauge", "counter" };

void exposition_begin(struct exposition *ex, FILE *out)
{
	*ex = (struct exposition){ .out = out };
}

int exposition_end(struct exposition *ex)
{
	free(ex->labels);
	ex->labels = NULL;
	if (ex->failed)
		return -ENOMEM;
	return ferror(ex->out) || fflush(ex->out) ? -EIO : 0;
}

void exposition_family(struct exposition *ex, const char *name,
		       enum exposition_type type, const char *help)
{
	ex->name = name;
	ex->help = help;
	ex->type = type;
	ex->announced = false;
	ex->len = 0;
}

/* ---- labels ---- */

/* Almost every byte of almost every name is one of these. */
static size_t put_plain(char *to, const char *from, size_t len)
{
	size_t n = 0;

	for (; n < len && from[n] >= 0x20 && from[n] < 0x7f; n++)
		to[n] = from[n];
	return n;
}

/* One character; returns the bytes taken of @from. */
static size_t put_odd(char **to, const char *from, size_t len)
{
	uint32_t code;
	size_t bytes = kin_text_utf8(from, len, &code);

	if (bytes && !kin_text_is_control(code)) {
		*to = mempcpy(*to, from, bytes);
		return bytes;
	}
	*to += sprintf(*to, "\\x%02x", (unsigned char)*from);
	return 1;
}

size_t exposition_text(char *to, const char *from, size_t len)
{
	const char *const start = to, *const end = from + len;
	size_t plain;

	while (from < end) {
		plain = put_plain(to, from, end - from);
		to += plain;
		from += plain;
		if (from < end)
			from += put_odd(&to, from, end - from);
	}
	*to = '\0';
	return to - start;
}

/* Room for @more bytes of labels; NULL: no memory. */
static char *room_for(struct exposition *ex, size_t more)
{
	if (ex->room - ex->len < more) {
		const size_t room = 2 * (ex->len + more);
		char *labels = realloc(ex->labels, room);

		if (!labels) {
			ex->failed = true;
			return NULL;
		}
		ex->labels = labels;
		ex->room = room;
	}
	return ex->labels + ex->len;
}

static char *escape(char *to, const char *from, size_t len)
{
	for (; len; len--, from++) {
		if (*from == '\\' || *from == '"')
			*to++ = '\\';
		*to++ = *from;
	}
	return to;
}

void exposition_label(struct exposition *ex, const char *name, const char *value)
{
	const size_t len = strlen(value);
	/* the text waits behind its escaped form, which gains on it one byte for each of
	 * @value at most */
	char *to = room_for(ex, strlen(name) + len + EXPOSITION_ROOM(len) + 8);
	char *text;

	if (!to)
		return;
	if (ex->len)
		*to++ = ',';
	to += sprintf(to, "%s=\"", name);
	text = to + len + 1;
	to = escape(to, text, exposition_text(text, value, len));
	*to++ = '"';
	ex->len = to - ex->labels;
}

/* ---- samples ---- */

static void start_sample(struct exposition *ex)
{
	if (!ex->announced)
		fprintf(ex->out, "# HELP %s %s\n# TYPE %s %s\n", ex->name, ex->help,
			ex->name, type_names[ex->type]);
	ex->announced = true;
	fputs(ex->name, ex->out);
	if (ex->len)
		fprintf(ex->out, "{%.*s}", (int)ex->len, ex->labels);
	putc(' ', ex->out);
	ex->len = 0;
}

/* Exact, though a double is not: digits after the point, no zeros at the end. */
static void put_decimal(struct exposition *ex, uint64_t value, uint64_t unit, int digits)
{
	uint64_t rest = value % unit;

	if (value == KIN_NONE64) {
		ex->len = 0;
		return;
	}
	start_sample(ex);
	fprintf(ex->out, "%" PRIu64, value / unit);
	for (; rest && !(rest % 10); digits--)
		rest /= 10;
	if (rest)
		fprintf(ex->out, ".%0*" PRIu64, digits, rest);
	putc('\n', ex->out);
}

void exposition_u64(struct exposition *ex, uint64_t value)
{
	put_decimal(ex, value, 1, 0);
}

void exposition_seconds(struct exposition *ex, uint64_t ns)
{
	put_decimal(ex, ns, 1000000000, 9);
}

void exposition_milli(struct exposition *ex, uint64_t milli)
{
	put_decimal(ex, milli, 1000, 3);
}

void exposition_number(struct exposition *ex, double value)
{
	if (isnan(value)) {
		ex->len = 0;
		return;
	}
	start_sample(ex);
	if (isinf(value))
		fputs(value > 0 ? "+Inf\n" : "-Inf\n", ex->out);
	else
		fprintf(ex->out, "%.15g\n", value);
}

void exposition_gauge(struct exposition *ex, const char *name, const char *help,
		      uint64_t value)
{
	exposition_family(ex, name, EXPOSITION_GAUGE, help);
	exposition_u64(ex, value);
}

void exposition_counter(struct exposition *ex, const char *name, const char *help,
			uint64_t value)
{
	exposition_family(ex, name, EXPOSITION_COUNTER, help);
	exposition_u64(ex, value);
}
