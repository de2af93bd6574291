// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cmd.h"

/* strtoull() would take signs, blanks, and wrap negative numbers around. */
bool cmd_number(const char *text, uint64_t max, uint64_t *n)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned int digit = *text - '0';

		if (digit > 9 || digit > max ||
		    value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*n = value;
	return true;
}

struct unit {
	const char *name;
	uint64_t size;
};

static const struct unit times[] = {
	{ "", 1000000000 },	{ "s", 1000000000 },	{ "ms", 1000000 },
	{ "us", 1000 },		{ "m", 60000000000 },	{ "h", 3600000000000 },
	{ "d", 86400000000000 }, { NULL, 0 },
};

/* Powers of 1024, as sizes are printed. */
static const struct unit sizes[] = {
	{ "", 1 },		{ "B", 1 },		{ "K", 1ull << 10 },
	{ "KiB", 1ull << 10 },	{ "M", 1ull << 20 },	{ "MiB", 1ull << 20 },
	{ "G", 1ull << 30 },	{ "GiB", 1ull << 30 },	{ "T", 1ull << 40 },
	{ "TiB", 1ull << 40 },	{ NULL, 0 },
};

/* By the letters at *@text, which moves behind them; 0: there is none such. */
static uint64_t unit_size(const struct unit *units, const char **text)
{
	const size_t len = strcspn(*text, "0123456789.");

	for (; units->name; units++) {
		if (strlen(units->name) != len || memcmp(units->name, *text, len))
			continue;
		*text += len;
		return units->size;
	}
	return 0;
}

/* "" and ".25": of @unit; false if there are no digits, or too many. */
static bool fraction(const char *text, size_t len, uint64_t unit, uint64_t *n)
{
	uint64_t part = 0, scale = 1;

	*n = 0;
	if (!len)
		return true;
	if (len == 1 || len > 7)
		return false;
	for (size_t i = 1; i < len; i++) {
		part = part * 10 + (text[i] - '0');
		scale *= 10;
	}
	*n = (unsigned __int128)part * unit / scale;
	return true;
}

/* A number and its unit at *@text, which moves behind both. */
static bool quantity(const struct unit *units, const char **text, uint64_t *n)
{
	const char *start = *text;
	const size_t whole = strspn(start, "0123456789");
	const char *point = start + whole;
	const size_t digits = *point == '.' ?
				      1 + strspn(point + 1, "0123456789") : 0;
	char number[24];
	uint64_t unit, part;

	*text = point + digits;
	unit = unit_size(units, text);
	if (!unit || whole >= sizeof(number))
		return false;
	memcpy(number, start, whole);
	number[whole] = '\0';
	if (!cmd_number(number, INT64_MAX / unit - 1, n) ||
	    !fraction(point, digits, unit, &part))
		return false;
	*n = *n * unit + part;
	return true;
}

/* "30" after "1h" may be minutes as well as seconds: of several, each has a unit. */
bool cmd_duration(const char *text, uint64_t *ns)
{
	uint64_t sum, part;

	if (!quantity(times, &text, &sum))
		return false;
	while (*text) {
		if (strchr("0123456789.", text[-1]) ||
		    !quantity(times, &text, &part) ||
		    strchr("0123456789.", text[-1]) || part > INT64_MAX - sum)
			return false;
		sum += part;
	}
	*ns = sum;
	return true;
}

bool cmd_size(const char *text, uint64_t *bytes)
{
	return quantity(sizes, &text, bytes) && !*text;
}

uint64_t cmd_rate_milli(uint64_t n, uint64_t ns)
{
	const double rate = n * 1e12 / (ns ? ns : 1);

	return rate < 0x1p63 ? rate : 0;
}

int cmd_pid(const struct cmd *cmd, const char *text, uint32_t *pid)
{
	uint64_t n;

	if (!cmd_number(text, INT32_MAX, &n) || !n)
		return cmd_usage(cmd, "'%s' is not a pid: a number from 1 to %d",
				 text, INT32_MAX);
	*pid = n;
	return CMD_OK;
}

int cmd_take_time(const struct cmd *cmd, const char *option, const char *arg,
		  uint64_t *ns)
{
	if (cmd_duration(arg, ns) && *ns)
		return CMD_OK;
	return cmd_usage(cmd,
			 "--%s: '%s' is not a time: a number with us, ms, s, m or h, as 200ms, 1.5s, 2m",
			 option, arg);
}

int cmd_take_count(const struct cmd *cmd, const char *option, const char *of,
		   const char *arg, uint64_t *n)
{
	if (cmd_number(arg, UINT64_MAX, n) && *n)
		return CMD_OK;
	return cmd_usage(cmd, "--%s: '%s' is not a number of %s, 1 or more",
			 option, arg, of);
}
