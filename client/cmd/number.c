// SPDX-License-Identifier: GPL-2.0-or-later
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

int cmd_pid(const struct cmd *cmd, const char *text, uint32_t *pid)
{
	uint64_t n;

	if (!cmd_number(text, INT32_MAX, &n) || !n)
		return cmd_usage(cmd, "'%s' is not a pid: a number from 1 to %d",
				 text, INT32_MAX);
	*pid = n;
	return CMD_OK;
}
