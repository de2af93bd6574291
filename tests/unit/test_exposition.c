// SPDX-License-Identifier: GPL-2.0-or-later
/* Metrics as text: labels of any bytes, exact numbers, what is not known. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exposition.h"
#include "libkin.h"

struct page {
	struct exposition ex;
	FILE *out;
	char *text;
	size_t len;
};

static void begin(struct page *page)
{
	page->out = open_memstream(&page->text, &page->len);
	assert_non_null(page->out);
	exposition_begin(&page->ex, page->out);
}

static void expect(struct page *page, const char *text)
{
	assert_int_equal(exposition_end(&page->ex), 0);
	fclose(page->out);
	assert_string_equal(page->text, text);
	free(page->text);
}

static void check_label(const char *value, const char *shown)
{
	struct page page;
	char line[512];

	begin(&page);
	exposition_family(&page.ex, "m", EXPOSITION_GAUGE, "Help.");
	exposition_label(&page.ex, "l", value);
	exposition_u64(&page.ex, 1);
	snprintf(line, sizeof(line), "# HELP m Help.\n# TYPE m gauge\nm{l=\"%s\"} 1\n", shown);
	expect(&page, line);
}

static void test_labels(void **state)
{
	check_label("", "");
	check_label("plain (name)", "plain (name)");
	check_label("a\"b", "a\\\"b");
	check_label("a\\b", "a\\\\b");
	check_label("two\nlines", "two\\\\x0alines");
	check_label("tab\t", "tab\\\\x09");
	check_label("caf\xc3\xa9", "caf\xc3\xa9");
	check_label("\xff\xfe", "\\\\xff\\\\xfe");
	check_label("cut\xc3", "cut\\\\xc3");
	check_label("\xc0\xaf", "\\\\xc0\\\\xaf");
	check_label("\xed\xa0\x80", "\\\\xed\\\\xa0\\\\x80");
	check_label("\xf0\x9f\x90\x98", "\xf0\x9f\x90\x98");
	/* CSI as one character: a terminal would obey */
	check_label("\xc2\x9b" "2J", "\\\\xc2\\\\x9b2J");
	check_label("\x1b[2J", "\\\\x1b[2J");
	check_label("\x7f", "\\\\x7f");
}

/* Every byte, alone and repeated: room for the worst. */
static void test_longest(void **state)
{
	char value[4097], shown[5 * 4096 + 64], *at = shown;
	struct page page;

	memset(value, '\xff', 4096);
	value[4096] = '\0';
	at = stpcpy(at, "# HELP m Help.\n# TYPE m gauge\nm{first=\"1\",l=\"");
	for (int i = 0; i < 4096; i++)
		at = stpcpy(at, "\\\\xff");
	strcpy(at, "\"} 1\n");
	begin(&page);
	exposition_family(&page.ex, "m", EXPOSITION_GAUGE, "Help.");
	exposition_label(&page.ex, "first", "1");
	exposition_label(&page.ex, "l", value);
	exposition_u64(&page.ex, 1);
	expect(&page, shown);
}

/* What went through once is not changed again: groups are named by it. */
static void test_text_twice(void **state)
{
	char once[EXPOSITION_ROOM(256)], twice[EXPOSITION_ROOM(sizeof(once))], all[256];
	size_t len;

	for (int i = 0; i < 255; i++)
		all[i] = i + 1;
	len = exposition_text(once, all, 255);
	assert_int_equal(len, strlen(once));
	assert_int_equal(exposition_text(twice, once, len), len);
	assert_string_equal(once, twice);
}

static void test_numbers(void **state)
{
	struct page page;

	begin(&page);
	exposition_family(&page.ex, "m_total", EXPOSITION_COUNTER, "Help.");
	exposition_u64(&page.ex, 0);
	exposition_u64(&page.ex, KIN_NONE64 - 1);
	exposition_seconds(&page.ex, 0);
	exposition_seconds(&page.ex, 1);
	exposition_seconds(&page.ex, 1500000000);
	exposition_seconds(&page.ex, 12345678901234567890ull);
	exposition_milli(&page.ex, 42);
	exposition_milli(&page.ex, 7000);
	exposition_number(&page.ex, 0.25);
	exposition_number(&page.ex, INFINITY);
	expect(&page, "# HELP m_total Help.\n# TYPE m_total counter\n"
		      "m_total 0\nm_total 18446744073709551614\n"
		      "m_total 0\nm_total 0.000000001\nm_total 1.5\n"
		      "m_total 12345678901.23456789\n"
		      "m_total 0.042\nm_total 7\nm_total 0.25\nm_total +Inf\n");
}

/* Not known: no sample, and without samples no family; its labels are dropped. */
static void test_unknown(void **state)
{
	struct page page;

	begin(&page);
	exposition_gauge(&page.ex, "nothing", "Help.", KIN_NONE64);
	exposition_family(&page.ex, "some", EXPOSITION_GAUGE, "Help.");
	exposition_label(&page.ex, "of", "a");
	exposition_seconds(&page.ex, KIN_NONE64);
	exposition_label(&page.ex, "of", "b");
	exposition_number(&page.ex, NAN);
	exposition_label(&page.ex, "of", "c");
	exposition_u64(&page.ex, 3);
	exposition_u64(&page.ex, 4);
	expect(&page, "# HELP some Help.\n# TYPE some gauge\nsome{of=\"c\"} 3\nsome 4\n");
}

static void test_write_error(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct exposition ex;

	assert_non_null(full);
	exposition_begin(&ex, full);
	exposition_gauge(&ex, "m", "Help.", 1);
	assert_int_equal(exposition_end(&ex), -EIO);
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),	  cmocka_unit_test(test_longest),
		cmocka_unit_test(test_text_twice), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_unknown),	  cmocka_unit_test(test_write_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
