// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tap.h"

static unsigned int results, failures;

#define PRINT(fmt)                   \
	do {                         \
		va_list args;        \
                                     \
		va_start(args, fmt); \
		vprintf(fmt, args);  \
		va_end(args);        \
	} while (0)

bool tap_ok(bool ok, const char *fmt, ...)
{
	printf("%sok %u - ", ok ? "" : "not ", ++results);
	PRINT(fmt);
	putchar('\n');
	fflush(stdout);
	failures += !ok;
	return ok;
}

void tap_skip(const char *why, const char *fmt, ...)
{
	printf("ok %u - ", ++results);
	PRINT(fmt);
	printf(" # SKIP %s\n", why);
	fflush(stdout);
}

void tap_note(const char *fmt, ...)
{
	fputs("# ", stdout);
	PRINT(fmt);
	putchar('\n');
}

void tap_bail(const char *fmt, ...)
{
	fputs("Bail out! ", stdout);
	PRINT(fmt);
	putchar('\n');
	fflush(stdout);
	exit(1);
}

int tap_done(void)
{
	printf("1..%u\n", results);
	fflush(stdout);
	return failures ? 1 : 0;
}
