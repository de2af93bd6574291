// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers with their units, strings with their backslashes. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "exprnode.h"

static const struct unit {
	const char *name;
	enum expr_kind kind;
	long double worth;	/* of percent, a hundredfold: no hundredth is exact */
} units[] = {
	{ "%", EXPR_PERCENT, 1 },
	{ "ns", EXPR_DURATION, 1 },
	{ "us", EXPR_DURATION, 1e3L },
	{ "\xc2\xb5s", EXPR_DURATION, 1e3L },
	{ "\xce\xbcs", EXPR_DURATION, 1e3L },
	{ "ms", EXPR_DURATION, 1e6L },
	{ "s", EXPR_DURATION, 1e9L },
	{ "m", EXPR_DURATION, 60e9L },
	{ "h", EXPR_DURATION, 3600e9L },
	{ "d", EXPR_DURATION, 86400e9L },
	{ "B", EXPR_SIZE, 1 },
	{ "K", EXPR_SIZE, 0x1p10L },
	{ "M", EXPR_SIZE, 0x1p20L },
	{ "G", EXPR_SIZE, 0x1p30L },
	{ "T", EXPR_SIZE, 0x1p40L },
	{ "KiB", EXPR_SIZE, 0x1p10L },
	{ "MiB", EXPR_SIZE, 0x1p20L },
	{ "GiB", EXPR_SIZE, 0x1p30L },
	{ "TiB", EXPR_SIZE, 0x1p40L },
	{ "kB", EXPR_SIZE, 1e3L },
	{ "KB", EXPR_SIZE, 1e3L },
	{ "MB", EXPR_SIZE, 1e6L },
	{ "GB", EXPR_SIZE, 1e9L },
	{ "TB", EXPR_SIZE, 1e12L },
};

#define N_UNITS (sizeof(units) / sizeof(units[0]))

static const struct unit *find_unit(const char *s, size_t len)
{
	for (size_t i = 0; i < N_UNITS; i++)
		if (strlen(units[i].name) == len && !memcmp(units[i].name, s, len))
			return &units[i];
	return NULL;
}

/* One that differs in upper and lower case only. */
static const char *nearly_unit(const char *s, size_t len)
{
	for (size_t i = 0; i < N_UNITS; i++)
		if (strlen(units[i].name) == len && !strncasecmp(units[i].name, s, len))
			return units[i].name;
	return NULL;
}

static struct expr_node *bad_unit(struct expr_parse *parse, const char *s, size_t len)
{
	const char *near = nearly_unit(s, len);
	const uint32_t at = s - parse->whole->text;

	if (!len)
		return expr_fail(parse, at - 1, 1, "its last part has no unit, as in 1h30m");
	if (near)
		return expr_fail(parse, at, len, "unknown unit '%s'; did you mean %s?",
				 EXPR_QUOTE(s, len), near);
	return expr_fail(parse, at, len,
			 "unknown unit '%s': sizes have B, K, M, G, T (KiB: the same, KB: 1000), durations ns, us, ms, s, m, h, d",
			 EXPR_QUOTE(s, len));
}

/* Digits from *@s on, with a fraction: @number without the point, and what to divide it
 * by. Both are exact up to 19 digits, so that who divides once has the nearest number,
 * which is that of a column with the same value. */
static bool digits(struct expr_parse *parse, const char **s, const char *end,
		   long double *number, long double *scale)
{
	const char *from = *s;

	*number = 0;
	*scale = 1;
	for (; *s < end && isdigit((unsigned char)**s); ++*s)
		*number = *number * 10 + (**s - '0');
	if (*s < end && **s == '.') {
		++*s;
		for (; *s < end && isdigit((unsigned char)**s); ++*s) {
			*scale *= 10;
			*number = *number * 10 + (**s - '0');
		}
	}
	if (!isdigit((unsigned char)(*s)[-1]))
		return expr_fail(parse, *s - 1 - parse->whole->text, 1,
				 "a digit must follow the point");
	if (*s - from <= 40 && *number / *scale < 0x1p64L)
		return true;
	return expr_fail(parse, from - parse->whole->text, *s - from,
			 "the number is too large: 2^64 - 1 is the most");
}

static struct expr_node *hexadecimal(struct expr_parse *parse, struct expr_node *node)
{
	const char *s = parse->whole->text + node->at + 2;
	const char *end = s + node->len - 2;

	if (s == end || end - s > 16)
		return expr_fail_at(parse, node, "0x wants 1 to 16 hexadecimal digits");
	for (; s < end; s++) {
		const unsigned char c = tolower((unsigned char)*s);

		if (!isxdigit(c))
			return expr_fail(parse, s - parse->whole->text, 1,
					 "not a hexadecimal digit");
		node->number = node->number * 16 +
			       (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	return node;
}

/* One of the parts of 1h30m; a number without unit is one, too. */
static bool part(struct expr_parse *parse, struct expr_node *node, const char **s,
		 const char *end, bool first)
{
	const struct unit *unit;
	long double number, scale;
	size_t len = 0;

	if (!digits(parse, s, end, &number, &scale))
		return false;
	while (*s + len < end && !isdigit((unsigned char)(*s)[len]))
		len++;
	if (first && !len) {
		node->number = number / scale;
		return true;
	}
	unit = find_unit(*s, len);
	if (!unit)
		return bad_unit(parse, *s, len);
	if (!first && (unit->kind != EXPR_DURATION || node->kind != EXPR_DURATION))
		return expr_fail_at(parse, node,
				    "only durations have several parts, as in 1h30m");
	node->kind = unit->kind;
	if (unit->kind == EXPR_PERCENT)
		scale *= 100;
	node->number += number * unit->worth / scale;
	*s += len;
	return true;
}

struct expr_node *expr_number(struct expr_parse *parse, struct expr_span span)
{
	struct expr_node *node = expr_node(parse, EXPR_NUMBER, span);
	const char *s = parse->whole->text + span.at;
	const char *end = parse->whole->text + span.end;
	bool first = true;

	if (!node)
		return NULL;
	node->kind = EXPR_PLAIN;
	if (end - s > 1 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		return hexadecimal(parse, node);
	for (; s < end; first = false)
		if (!part(parse, node, &s, end, first))
			return NULL;
	if (node->number < 0x1p64L)
		return node;
	return expr_fail_at(parse, node, "too large: 2^64 - 1 %s is the most",
			    node->kind == EXPR_SIZE ? "bytes" : "ns");
}

static int hex_digit(char c)
{
	static const char all[] = "0123456789abcdef";
	const char *at = c ? strchr(all, tolower((unsigned char)c)) : NULL;

	return at ? at - all : -1;
}

/* What stands for one byte, from behind the backslash on; returns how many bytes
 * it takes, 0: nothing that is known. */
static size_t escape(const char *s, char *to)
{
	static const char letters[] = "ntr\\\"'", meant[] = "\n\t\r\\\"'";
	const char *at = strchr(letters, *s);
	int high, low;

	if (at) {
		*to = meant[at - letters];
		return 1;
	}
	if (*s != 'x')
		return 0;
	high = hex_digit(s[1]);
	low = high < 0 ? -1 : hex_digit(s[2]);
	if (low < 0)
		return 0;
	*to = high << 4 | low;
	return 3;
}

bool expr_unescape(struct expr_parse *parse, struct expr_node *node)
{
	const char *s = parse->whole->text + node->at + 1;
	const char *end = s + node->len - 2;
	char *to = expr_alloc(parse->whole, node->len);
	size_t len;

	if (!to) {
		parse->err = parse->err ? parse->err : -ENOMEM;
		return false;
	}
	node->text.s = to;
	for (; s < end; to++) {
		if (*s != '\\') {
			*to = *s++;
			continue;
		}
		len = escape(s + 1, to);
		if (!len)
			return expr_fail(parse, s - parse->whole->text, 2,
					 "unknown escape: \\\\, \\\", \\', \\n, \\t, \\r and \\xNN are known; only behind =~ others are");
		s += 1 + len;
	}
	node->text.len = to - node->text.s;
	return true;
}
