// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Linux 5.10 tells the uptime in the clock of the reader's time namespace, but
 * start times without its offset; since 5.11 both have it. Which it is shows in
 * our own start: it was not long ago.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proc.h"
#include "timens.h"

#define TICKS 100 /* a second */

/* Seconds; 0 outside of time namespaces. */
static int64_t boottime_offset(void)
{
	char text[256];
	const char *at = NULL;

	if (proc_file("/proc/self/timens_offsets", text, sizeof(text)) > 0)
		at = strstr(text, "boottime");
	return at ? strtoll(at + strlen("boottime"), NULL, 10) : 0;
}

static int64_t own_start(void)
{
	char text[1024] = "";
	const char *at;

	proc_file("/proc/self/stat", text, sizeof(text));
	at = strrchr(text, ')');
	for (int i = 2; at && i < 22; i++)
		at = strchr(at + 1, ' ');
	return at ? strtoll(at, NULL, 10) : 0;
}

int64_t timens_untold(void)
{
	static int64_t untold;
	static bool known;
	struct timespec now;
	int64_t offset, age;

	if (known)
		return untold;
	known = true;
	offset = boottime_offset() * TICKS;
	clock_gettime(CLOCK_BOOTTIME, &now);
	age = now.tv_sec * TICKS - own_start();
	/* Without the offset our age is wrong by all of it. */
	if (offset && llabs(age) > llabs(age - offset))
		untold = offset;
	return untold;
}
