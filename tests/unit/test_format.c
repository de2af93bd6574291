// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "format.h"

#define MS 1000000ull
#define SEC (1000 * MS)

#define assert_text(call, expected)                                            \
	do {                                                                   \
		char to[KIN_FORMAT_MAX + 1];                                   \
		memset(to, '#', sizeof(to));                                   \
		to[call] = '\0';                                               \
		assert_string_equal(to, expected);                             \
	} while (0)

static void test_u64(void **state)
{
	assert_text(kin_format_u64(to, 0), "0");
	assert_text(kin_format_u64(to, 9), "9");
	assert_text(kin_format_u64(to, 10), "10");
	assert_text(kin_format_u64(to, 9999), "9999");
	assert_text(kin_format_u64(to, 10000), "10000");
	assert_text(kin_format_u64(to, UINT32_MAX), "4294967295");
	assert_text(kin_format_u64(to, UINT32_MAX + 1ull), "4294967296");
	assert_text(kin_format_u64(to, UINT64_MAX), "18446744073709551615");
}

static void test_u64_is_printf(void **state)
{
	char expected[32];

	for (uint64_t n = 1; n < UINT64_MAX / 7; n = n * 7 + 3) {
		snprintf(expected, sizeof(expected), "%llu",
			 (unsigned long long)n);
		assert_text(kin_format_u64(to, n), expected);
	}
}

static void test_i64(void **state)
{
	assert_text(kin_format_i64(to, 0), "0");
	assert_text(kin_format_i64(to, -1), "-1");
	assert_text(kin_format_i64(to, INT64_MAX), "9223372036854775807");
	assert_text(kin_format_i64(to, INT64_MIN), "-9223372036854775808");
}

static void test_bytes(void **state)
{
	assert_text(kin_format_bytes(to, 0), "0");
	assert_text(kin_format_bytes(to, 1023), "1023");
	assert_text(kin_format_bytes(to, 1024), "1K");
	assert_text(kin_format_bytes(to, 1536), "1.5K");
	assert_text(kin_format_bytes(to, 4096), "4K");
	assert_text(kin_format_bytes(to, 1024 * 1024 - 1), "1023K");
	assert_text(kin_format_bytes(to, 1024 * 1024), "1.0M");
	assert_text(kin_format_bytes(to, 12897485), "12.3M");
	assert_text(kin_format_bytes(to, 117ull << 30), "117G");
	assert_text(kin_format_bytes(to, UINT64_MAX), "15.9E");
}

static void test_duration(void **state)
{
	assert_text(kin_format_duration(to, 0), "0s");
	assert_text(kin_format_duration(to, 812), "812ns");
	assert_text(kin_format_duration(to, 1000), "1.00us");
	assert_text(kin_format_duration(to, 35230), "35.2us");
	assert_text(kin_format_duration(to, MS - 1), "999us");
	assert_text(kin_format_duration(to, 120 * MS), "120ms");
	assert_text(kin_format_duration(to, SEC), "1.00s");
	assert_text(kin_format_duration(to, 4 * SEC + 209 * MS), "4.20s");
	assert_text(kin_format_duration(to, 60 * SEC - 1), "59.9s");
	assert_text(kin_format_duration(to, 60 * SEC), "1:00");
	assert_text(kin_format_duration(to, 3600 * SEC - 1), "59:59");
	assert_text(kin_format_duration(to, 3723 * SEC), "1:02:03");
	assert_text(kin_format_duration(to, 86399 * SEC), "23:59:59");
	assert_text(kin_format_duration(to, 86400 * SEC), "1-00:00:00");
	assert_text(kin_format_duration(to, 273906 * SEC), "3-04:05:06");
	assert_text(kin_format_duration(to, UINT64_MAX), "213503-23:34:33");
}

static void test_time(void **state)
{
	setenv("TZ", "UTC", 1);
	tzset();
	assert_text(kin_format_time(to, 0), "1970-01-01 00:00:00");
	assert_text(kin_format_time(to, 1795248018376255473),
		    "2026-11-21 08:00:18");
	/* before: the second that it is in, not the next one */
	assert_text(kin_format_time(to, -1), "1969-12-31 23:59:59");
	setenv("TZ", "XYZ-2", 1);
	tzset();
	assert_text(kin_format_time(to, 0), "1970-01-01 02:00:00");
}

static void test_milli(void **state)
{
	assert_text(kin_format_milli(to, 12345, 0), "12");
	assert_text(kin_format_milli(to, 12345, 1), "12.3");
	assert_text(kin_format_milli(to, 12005, 2), "12.00");
	assert_text(kin_format_milli(to, 5, 3), "0.005");
	assert_text(kin_format_milli(to, 99999, 1), "99.9");
}

static void test_tty(void **state)
{
	assert_text(kin_format_tty(to, 136 << 8 | 3), "pts/3");
	/* minors beyond 255 go into the upper bits */
	assert_text(kin_format_tty(to, 136 << 8 | 0x2c | 1 << 20), "pts/300");
	assert_text(kin_format_tty(to, 4 << 8 | 1), "tty1");
	assert_text(kin_format_tty(to, 4 << 8 | 64), "ttyS0");
	assert_text(kin_format_tty(to, 5 << 8 | 1), "console");
	assert_text(kin_format_tty(to, 204 << 8 | 64), "ttyAMA0");
	assert_text(kin_format_tty(to, 204 << 8 | 5), "204:5");
	assert_text(kin_format_tty(to, 77 << 8 | 9), "77:9");
}

static void test_longest_fits(void **state)
{
	char to[KIN_FORMAT_MAX];

	assert_in_range(kin_format_duration(to, UINT64_MAX - 1), 1,
			KIN_FORMAT_MAX);
	assert_in_range(kin_format_time(to, INT64_MIN), 1, KIN_FORMAT_MAX);
	assert_in_range(kin_format_time(to, INT64_MAX), 1, KIN_FORMAT_MAX);
	assert_in_range(kin_format_milli(to, UINT64_MAX, 3), 1,
			KIN_FORMAT_MAX);
	assert_in_range(kin_format_tty(to, UINT32_MAX), 1, KIN_FORMAT_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_u64),
		cmocka_unit_test(test_u64_is_printf),
		cmocka_unit_test(test_i64),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_milli),
		cmocka_unit_test(test_tty),
		cmocka_unit_test(test_longest_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
