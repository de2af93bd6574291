// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "format.h"

#define NS_PER_SEC 1000000000ull

/* Two digits at a time: numbers are most of what a table holds. */
static const char pairs[] =
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899";

static unsigned int count_digits(uint64_t n)
{
	unsigned int count = 1;

	while (n >= 10000) {
		n /= 10000;
		count += 4;
	}
	return count + (n >= 10) + (n >= 100) + (n >= 1000);
}

size_t kin_format_u64(char *to, uint64_t n)
{
	size_t count = count_digits(n);
	char *end = to + count;
	uint32_t m;

	for (; n > UINT32_MAX; n /= 100) {
		end -= 2;
		memcpy(end, pairs + 2 * (n % 100), 2);
	}
	for (m = n; m >= 100; m /= 100) {
		end -= 2;
		memcpy(end, pairs + 2 * (m % 100), 2);
	}
	if (m < 10)
		*to = '0' + m;
	else
		memcpy(to, pairs + 2 * m, 2);
	return count;
}

size_t kin_format_i64(char *to, int64_t n)
{
	if (n >= 0)
		return kin_format_u64(to, n);
	*to = '-';
	return 1 + kin_format_u64(to + 1, -(uint64_t)n);
}

static char *put_u64(char *to, uint64_t n)
{
	return to + kin_format_u64(to, n);
}

static char *put_pair(char *to, unsigned int n)
{
	memcpy(to, pairs + 2 * n, 2);
	return to + 2;
}

static char *put_text(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return to + len;
}

/* @n in thousandths; what is behind the last digit is cut, not rounded. */
static char *put_milli(char *to, uint64_t n, unsigned int digits)
{
	unsigned int rest = n % 1000;

	to = put_u64(to, n / 1000);
	if (!digits)
		return to;
	*to++ = '.';
	*to++ = '0' + rest / 100;
	if (digits > 1)
		*to++ = '0' + rest / 10 % 10;
	if (digits > 2)
		*to++ = '0' + rest % 10;
	return to;
}

size_t kin_format_milli(char *to, uint64_t milli, unsigned int digits)
{
	return put_milli(to, milli, digits) - to;
}

/* About three digits of @n thousandths: 4.20, 42.1, 421. */
static char *put_three(char *to, uint64_t n)
{
	return put_milli(to, n, n < 10000 ? 2 : n < 100000 ? 1 : 0);
}

size_t kin_format_bytes(char *to, uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	unsigned int shift = 10;
	uint64_t whole, tenth;
	char *at;

	if (bytes < 1024)
		return kin_format_u64(to, bytes);
	while (bytes >> shift >= 1024)
		shift += 10;
	whole = bytes >> shift;
	tenth = (bytes & ((1ull << shift) - 1)) * 10 >> shift;
	at = put_u64(to, whole);
	if (whole < 100 && (shift > 10 || tenth)) {
		*at++ = '.';
		*at++ = '0' + tenth;
	}
	*at++ = units[shift / 10 - 1];
	return at - to;
}

static char *put_clock(char *to, uint64_t sec)
{
	unsigned int minutes = sec / 60 % 60, hours = sec / 3600 % 24;
	uint64_t days = sec / 86400;

	if (days) {
		to = put_u64(to, days);
		*to++ = '-';
		to = put_pair(to, hours);
		*to++ = ':';
	} else if (hours) {
		to = put_u64(to, hours);
		*to++ = ':';
	}
	to = sec >= 3600 ? put_pair(to, minutes) : put_u64(to, minutes);
	*to++ = ':';
	return put_pair(to, sec % 60);
}

size_t kin_format_duration(char *to, uint64_t ns)
{
	char *at;

	if (ns >= 60 * NS_PER_SEC)
		at = put_clock(to, ns / NS_PER_SEC);
	else if (ns >= NS_PER_SEC)
		at = put_text(put_three(to, ns / 1000000), "s");
	else if (ns >= 1000000)
		at = put_text(put_three(to, ns / 1000), "ms");
	else if (ns >= 1000)
		at = put_text(put_three(to, ns), "us");
	else
		at = put_text(put_u64(to, ns), ns ? "ns" : "s");
	return at - to;
}

size_t kin_format_about(char *to, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = {
		{ 86400 * NS_PER_SEC, " days" },
		{ 3600 * NS_PER_SEC, " h" },
		{ 60 * NS_PER_SEC, " min" },
		{ NS_PER_SEC, " s" },
	};
	size_t i = 0;

	while (i < 3 && ns < 2 * units[i].ns)
		i++;
	return put_text(put_u64(to, (ns + units[i].ns / 2) / units[i].ns),
			units[i].name) - to;
}

size_t kin_format_time(char *to, int64_t epoch_ns)
{
	int64_t sec = epoch_ns / (int64_t)NS_PER_SEC;
	time_t when = sec - (epoch_ns % (int64_t)NS_PER_SEC < 0);
	struct tm tm;

	if (!localtime_r(&when, &tm))
		return kin_format_i64(to, when);
	return strftime(to, KIN_FORMAT_MAX, "%Y-%m-%d %H:%M:%S", &tm);
}

/* Device numbers: Documentation/admin-guide/devices.txt of the kernel. */
static const struct {
	unsigned int major, first, last;
	const char *name;
} ttys[] = {
	{ 4, 0, 63, "tty" },	  { 4, 64, 255, "ttyS" },
	{ 136, 0, ~0u, "pts/" },  { 166, 0, ~0u, "ttyACM" },
	{ 188, 0, ~0u, "ttyUSB" }, { 204, 64, 79, "ttyAMA" },
	{ 229, 0, ~0u, "hvc" },
};

static const char *fixed_tty(unsigned int major, unsigned int minor)
{
	static const char *const five[] = { "tty", "console", "ptmx" };

	return major == 5 && minor < 3 ? five[minor] : NULL;
}

size_t kin_format_tty(char *to, uint32_t dev)
{
	/* 32 bits as the kernel's new_encode_dev() puts them */
	unsigned int major = dev >> 8 & 0xfff;
	unsigned int minor = (dev & 0xff) | (dev >> 12 & 0xfff00);
	const char *name = fixed_tty(major, minor);
	char *at;

	if (name)
		return put_text(to, name) - to;
	for (size_t i = 0; i < sizeof(ttys) / sizeof(ttys[0]); i++) {
		if (ttys[i].major != major || minor < ttys[i].first ||
		    minor > ttys[i].last)
			continue;
		at = put_text(to, ttys[i].name);
		return put_u64(at, minor - ttys[i].first) - to;
	}
	at = put_u64(to, major);
	*at++ = ':';
	return put_u64(at, minor) - to;
}
