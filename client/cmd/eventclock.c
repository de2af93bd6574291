// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "format.h"

#define NS_PER_SEC 1000000000ll

/* Two clocks cannot be read at once: less than this is no change. */
#define STEP_NS 1000000

int eventclock_sync(struct eventclock *clock)
{
	struct kin_view view;
	int err = kin_view_now(&view);

	if (err)
		return err;
	if (llabs(view.boot_epoch_ns - clock->boot_epoch_ns) >= STEP_NS) {
		clock->boot_epoch_ns = view.boot_epoch_ns;
		clock->len = 0;
	}
	return 0;
}

/* The fraction after the last digit is cut, as everywhere. */
static size_t put_micros(char *to, uint64_t ns)
{
	unsigned int us = ns % NS_PER_SEC / 1000;

	*to++ = '.';
	for (size_t i = 6; i--; us /= 10)
		to[i] = '0' + us % 10;
	return 7;
}

static size_t put_boottime(char *to, uint64_t ns)
{
	char sec[KIN_FORMAT_MAX];
	const size_t len = kin_format_u64(sec, ns / NS_PER_SEC);
	const size_t pad = len + 8 < EVENTCLOCK_WIDTH ?
				   EVENTCLOCK_WIDTH - len - 8 : 0;

	memset(to, ' ', pad);
	memcpy(to + pad, sec, len);
	to += pad + len;
	to[put_micros(to, ns)] = 's';
	return pad + len + 8;
}

/* Thousands of events have the same second: it is written once. */
static void set_second(struct eventclock *clock, time_t second)
{
	struct tm tm;

	clock->second = second;
	clock->len = 0;
	if (localtime_r(&second, &tm))
		clock->len = strftime(clock->text, sizeof(clock->text), "%T",
				      &tm);
	if (!clock->len)
		clock->len = strlen(strcpy(clock->text, "??:??:??"));
}

size_t eventclock_put(struct eventclock *clock, char *to, uint64_t boottime_ns)
{
	const int64_t ns = (uint64_t)clock->boot_epoch_ns + boottime_ns;
	const int64_t second = ns / NS_PER_SEC - (ns % NS_PER_SEC < 0);

	if (clock->boottime)
		return put_boottime(to, boottime_ns);
	if (!clock->len || clock->second != second)
		set_second(clock, second);
	memcpy(to, clock->text, clock->len);
	return clock->len + put_micros(to + clock->len,
				       ns - second * NS_PER_SEC);
}
