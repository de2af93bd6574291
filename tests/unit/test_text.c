// SPDX-License-Identifier: GPL-2.0-or-later
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "text.h"

#define ALL UINT32_MAX

/* What kin_text_put() makes of @len bytes, at most @limit columns wide. */
static void check(const char *from, size_t len, unsigned int flags,
		  uint32_t limit, const char *expected, uint32_t columns)
{
	char to[KIN_TEXT_MAX(256) + 1];
	uint32_t width = 12345;
	size_t n;

	assert_true(len <= 256);
	memset(to, '#', sizeof(to));
	n = kin_text_put(to, from, len, flags, limit, &width);
	assert_true(n <= KIN_TEXT_MAX(len));
	to[n] = '\0';
	assert_string_equal(to, expected);
	assert_int_equal(width, columns);
}

#define CHECK(from, flags, expected, columns) \
	check(from, sizeof(from) - 1, flags, ALL, expected, columns)

static void test_plain(void **state)
{
	CHECK("", 0, "", 0);
	CHECK("bash", 0, "bash", 4);
	CHECK("a b\\n\"'~", 0, "a b\\n\"'~", 8);
	/* longer than what is looked at in one piece */
	CHECK("/usr/sbin/worker --number", 0, "/usr/sbin/worker --number", 25);
}

static void test_control(void **state)
{
	CHECK("\x1b[31mred", KIN_TEXT_UTF8, "\\x1b[31mred", 11);
	CHECK("a\nb", KIN_TEXT_UTF8, "a\\x0ab", 6);
	CHECK("\x7f", KIN_TEXT_UTF8, "\\x7f", 4);
	CHECK("\r\t", 0, "\\x0d\\x09", 8);
	/* C1: a terminal may take U+009B for ESC [ */
	CHECK("\xc2\x9b" "1m", KIN_TEXT_UTF8, "\\xc2\\x9b1m", 10);
}

/* Each place in a word of eight bytes, each byte that is not plain. */
static void test_each_place(void **state)
{
	static const unsigned char odd[] = { 0x00, 0x01, 0x1f, 0x7f,
					     0x80, 0xff, 0x0a };
	char from[17], expected[64];

	for (size_t i = 0; i < 16; i++) {
		for (size_t c = 0; c < sizeof(odd); c++) {
			strcpy(from, "0123456789abcdef");
			from[i] = odd[c];
			snprintf(expected, sizeof(expected), "%.*s\\x%02x%s",
				 (int)i, "0123456789abcdef", odd[c],
				 &"0123456789abcdef"[i + 1]);
			check(from, 16, KIN_TEXT_UTF8, ALL, expected, 19);
		}
	}
}

static void test_invalid_utf8(void **state)
{
	CHECK("\xff\xfe", KIN_TEXT_UTF8, "\\xff\\xfe", 8);
	/* cut short, overlong, a surrogate, beyond the last */
	CHECK("\xc3", KIN_TEXT_UTF8, "\\xc3", 4);
	CHECK("\xc0\xaf", KIN_TEXT_UTF8, "\\xc0\\xaf", 8);
	CHECK("\xe0\x80\xaf", KIN_TEXT_UTF8, "\\xe0\\x80\\xaf", 12);
	CHECK("\xed\xa0\x80", KIN_TEXT_UTF8, "\\xed\\xa0\\x80", 12);
	CHECK("\xf4\x90\x80\x80", KIN_TEXT_UTF8, "\\xf4\\x90\\x80\\x80", 16);
	CHECK("\xe4\xbd" "a", KIN_TEXT_UTF8, "\\xe4\\xbd" "a", 9);
}

static void test_wide(void **state)
{
	CHECK("\xe4\xbd\xa0\xe5\xa5\xbd", KIN_TEXT_UTF8,
	      "\xe4\xbd\xa0\xe5\xa5\xbd", 4);
	CHECK("\xc3\xa4", KIN_TEXT_UTF8, "\xc3\xa4", 1);
	/* an accent counts nothing, and needs something below it */
	CHECK("e\xcc\x81", KIN_TEXT_UTF8, "e\xcc\x81", 1);
	CHECK("\xcc\x81" "e", KIN_TEXT_UTF8, "\\xcc\\x81" "e", 9);
	/* a reader of ASCII only */
	CHECK("\xc3\xa4", 0, "\\xc3\\xa4", 8);
}

static void test_deceivers(void **state)
{
	/* right-to-left override, zero-width space, joiner, BOM, filler */
	CHECK("\xe2\x80\xae", KIN_TEXT_UTF8, "\\xe2\\x80\\xae", 12);
	CHECK("a\xe2\x80\x8b", KIN_TEXT_UTF8, "a\\xe2\\x80\\x8b", 13);
	CHECK("a\xe2\x80\x8d", KIN_TEXT_UTF8, "a\\xe2\\x80\\x8d", 13);
	CHECK("\xef\xbb\xbf", KIN_TEXT_UTF8, "\\xef\\xbb\\xbf", 12);
	CHECK("\xe3\x85\xa4", KIN_TEXT_UTF8, "\\xe3\\x85\\xa4", 12);
	/* isolates, the line separator, a blank that is none */
	CHECK("\xe2\x81\xa6", KIN_TEXT_UTF8, "\\xe2\\x81\\xa6", 12);
	CHECK("\xe2\x80\xa8", KIN_TEXT_UTF8, "\\xe2\\x80\\xa8", 12);
	CHECK("\xc2\xa0", KIN_TEXT_UTF8, "\\xc2\\xa0", 8);
}

static void test_args(void **state)
{
	CHECK("a\0b", KIN_TEXT_ARGS, "a b", 3);
	CHECK("/usr/bin/x\0--one\0--two", KIN_TEXT_ARGS,
	      "/usr/bin/x --one --two", 22);
	/* a byte of 1 next to a NUL is not one */
	CHECK("0123\0\x01" "67", KIN_TEXT_ARGS, "0123 \\x0167", 11);
	CHECK("\0\0\0\0\0\0\0\0", KIN_TEXT_ARGS, "        ", 8);
	CHECK("a\0b", 0, "a\\x00b", 6);
}

static void test_raw(void **state)
{
	CHECK("a b", KIN_TEXT_RAW, "a\\x20b", 6);
	CHECK("\\x20", KIN_TEXT_RAW, "\\x5cx20", 7);
	CHECK("\"'", KIN_TEXT_RAW, "\\x22\\x27", 8);
	CHECK("long name with blanks", KIN_TEXT_RAW,
	      "long\\x20name\\x20with\\x20blanks", 30);
	CHECK("a\0b", KIN_TEXT_RAW, "a\\x00b", 6);
	CHECK("a\0b", KIN_TEXT_RAW | KIN_TEXT_ARGS, "a\\x20b", 6);
}

static void test_limit(void **state)
{
	check("0123456789", 10, 0, 4, "0123", 4);
	check("0123456789", 10, 0, 9, "012345678", 9);
	check("0123456789", 10, 0, 0, "", 0);
	/* never half a character, nor half an escape */
	check("a\xe4\xbd\xa0", 4, KIN_TEXT_UTF8, 2, "a", 1);
	check("ab\n", 3, 0, 5, "ab", 2);
	check("ab\n", 3, 0, 6, "ab\\x0a", 6);
}

static void test_fit(void **state)
{
	const char *mixed = "a\xe4\xbd\xa0" "b";

	assert_int_equal(kin_text_width(mixed, 5), 4);
	assert_int_equal(kin_text_fit(mixed, 5, 0), 0);
	assert_int_equal(kin_text_fit(mixed, 5, 1), 1);
	assert_int_equal(kin_text_fit(mixed, 5, 2), 1);
	assert_int_equal(kin_text_fit(mixed, 5, 3), 4);
	assert_int_equal(kin_text_fit(mixed, 5, 9), 5);
}

static void test_distance(void **state)
{
	assert_int_equal(kin_text_distance("", ""), 0);
	assert_int_equal(kin_text_distance("rss", "rss"), 0);
	assert_int_equal(kin_text_distance("RSS", "rss"), 0);
	assert_int_equal(kin_text_distance("rs", "rss"), 1);
	assert_int_equal(kin_text_distance("rsss", "rss"), 1);
	assert_int_equal(kin_text_distance("pdi", "pid"), 1);
	assert_int_equal(kin_text_distance("PDI", "pid"), 1);
	assert_int_equal(kin_text_distance("kitten", "sitting"), 3);
	assert_int_equal(kin_text_distance("", "abc"), 3);
	/* longer than any name: far, and not out of bounds */
	assert_true(kin_text_distance("0123456789012345678901234567890123456789",
				      "a") > 30);
}

static int setup(void **state)
{
	/* widths are the locale's */
	return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_each_place),
		cmocka_unit_test(test_invalid_utf8),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_deceivers),
		cmocka_unit_test(test_args),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_distance),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
