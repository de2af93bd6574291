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

static const struct {
	const char *name;
	uint64_t ns;
} units[] = {
	{ "", 1000000000 },    { "s", 1000000000 },	{ "ms", 1000000 },
	{ "us", 1000 },	       { "m", 60000000000 },	{ "h", 3600000000000 },
};

static uint64_t unit_ns(const char *name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(units[i].name, name))
			return units[i].ns;
	return 0;
}

/* "" and ".25": of @unit; false if there are no digits, or too many. */
static bool fraction(const char *text, size_t len, uint64_t unit, uint64_t *ns)
{
	uint64_t part = 0, scale = 1;

	*ns = 0;
	if (!len)
		return true;
	if (len == 1 || len > 7)
		return false;
	for (size_t i = 1; i < len; i++) {
		part = part * 10 + (text[i] - '0');
		scale *= 10;
	}
	/* below 10^6 * 3600 * 10^9: fits */
	*ns = part * unit / scale;
	return true;
}

bool cmd_duration(const char *text, uint64_t *ns)
{
	const size_t whole = strspn(text, "0123456789");
	const char *point = text + whole;
	const size_t digits = *point == '.' ?
				      1 + strspn(point + 1, "0123456789") : 0;
	const uint64_t unit = unit_ns(point + digits);
	char number[24];
	uint64_t n, part;

	if (!unit || whole >= sizeof(number))
		return false;
	memcpy(number, text, whole);
	number[whole] = '\0';
	if (!cmd_number(number, INT64_MAX / unit - 1, &n) ||
	    !fraction(point, digits, unit, &part))
		return false;
	*ns = n * unit + part;
	return true;
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
