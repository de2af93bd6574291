// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cmd.h"
#include "figure.h"

#define NS_PER_SEC 1000000000ull

static const struct figure unknown = { "?" };

static struct figure put(size_t (*format)(char *to, uint64_t n), uint64_t n)
{
	struct figure figure = { "" };

	if (n == KIN_NONE64)
		return unknown;
	figure.text[format(figure.text, n)] = '\0';
	return figure;
}

struct figure figure_count(uint64_t n)
{
	return put(kin_format_u64, n);
}

struct figure figure_times(uint64_t n)
{
	struct figure figure = figure_count(n);

	if (n == 1)
		strcpy(figure.text, "once");
	else
		strcat(figure.text, " times");
	return figure;
}

struct figure figure_bytes(uint64_t bytes)
{
	return put(kin_format_bytes, bytes);
}

struct figure figure_about(uint64_t ns)
{
	return put(kin_format_about, ns);
}

static struct figure put_milli(uint64_t milli, unsigned int digits,
			       const char *unit)
{
	struct figure figure = { "" };
	const size_t len = kin_format_milli(figure.text, milli, digits);

	strcpy(figure.text + len, unit);
	return figure;
}

struct figure figure_seconds(uint64_t ns)
{
	const uint64_t milli = ns / (NS_PER_SEC / 1000);

	if (ns == KIN_NONE64)
		return unknown;
	return put_milli(milli, milli % 1000 < 100 ? 0 : 1, " s");
}

struct figure figure_share(uint64_t part, uint64_t whole)
{
	if (part == KIN_NONE64 || whole == KIN_NONE64 || !whole)
		return unknown;
	return put_milli(part * 1e5 / whole, 1, " %");
}

/* With its sign, and something behind it. */
static struct figure put_signed(size_t (*format)(char *to, uint64_t n), int64_t n,
				const char *unit)
{
	struct figure figure = { { n < 0 ? '-' : '+' } };
	size_t len = 1;

	len += format(figure.text + 1, n < 0 ? -(uint64_t)n : (uint64_t)n);
	strcpy(figure.text + len, unit);
	return figure;
}

struct figure figure_more(int64_t n)
{
	return put_signed(kin_format_u64, n, "");
}

struct figure figure_more_bytes(int64_t bytes)
{
	return put_signed(kin_format_bytes, bytes, "");
}

static size_t format_tenths(char *to, uint64_t milli)
{
	return kin_format_milli(to, milli, 1);
}

struct figure figure_rate(int64_t n, uint64_t ns)
{
	const int64_t milli =
		cmd_rate_milli(n < 0 ? -(uint64_t)n : (uint64_t)n, ns);

	return put_signed(format_tenths, n < 0 ? -milli : milli, "/s");
}

struct figure figure_rate_bytes(int64_t bytes, uint64_t ns)
{
	const double rate = bytes * (double)NS_PER_SEC / (ns ? ns : 1);

	return put_signed(kin_format_bytes, rate, "/s");
}

struct figure figure_plain(struct figure figure)
{
	if (figure.text[0] == '+')
		memmove(figure.text, figure.text + 1, strlen(figure.text));
	return figure;
}
