// SPDX-License-Identifier: GPL-2.0-or-later
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "table.h"

static struct kin_table_column heads[3] = {
	{ .heading = "N", .right = true },
	{ .heading = "NAME" },
	{ .heading = "COMMAND" },
};

static void add_row(struct kin_table *table, const char *a, const char *b,
		    const char *c)
{
	assert_true(kin_table_word(table, a));
	assert_true(kin_table_word(table, b));
	assert_true(kin_table_word(table, c));
}

/* What the table prints; to be freed. */
static char *print(struct kin_table *table)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(kin_table_print(table, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void check(struct kin_table *table, const char *expected)
{
	char *text = print(table);

	assert_string_equal(text, expected);
	free(text);
	kin_table_free(table);
}

static void test_aligned(void **state)
{
	struct kin_table table;

	kin_table_init(&table, heads, 3);
	add_row(&table, "1", "systemd", "/sbin/init");
	add_row(&table, "12345", "x", "y z");
	check(&table, "    N NAME    COMMAND\n"
		      "    1 systemd /sbin/init\n"
		      "12345 x       y z\n");
}

static void test_display_width(void **state)
{
	struct kin_table table;

	kin_table_init(&table, heads, 3);
	add_row(&table, "1", "\xe4\xbd\xa0\xe5\xa5\xbd", "c");
	add_row(&table, "2", "\xc3\xa4", "c");
	add_row(&table, "3", "abcde", "c");
	check(&table, "N NAME  COMMAND\n"
		      "1 \xe4\xbd\xa0\xe5\xa5\xbd  c\n"
		      "2 \xc3\xa4     c\n"
		      "3 abcde c\n");
}

static void test_empty(void **state)
{
	struct kin_table table;

	kin_table_init(&table, heads, 3);
	check(&table, "N NAME COMMAND\n");
	kin_table_init(&table, heads, 3);
	table.headings = false;
	check(&table, "");
}

static void test_raw(void **state)
{
	struct kin_table table;

	kin_table_init(&table, heads, 3);
	table.raw = true;
	table.headings = false;
	add_row(&table, "1", "systemd", "/sbin/init");
	add_row(&table, "12345", "x", "y");
	check(&table, "1 systemd /sbin/init\n12345 x y\n");
}

static void test_cut(void **state)
{
	struct kin_table table;

	kin_table_init(&table, heads, 3);
	table.limit = 20;
	add_row(&table, "1", "systemd", "0123456789abcdef");
	add_row(&table, "2", "x", "0123456789");
	add_row(&table, "3", "y", "012345678\xe4\xbd\xa0");
	check(&table, "N NAME    COMMAND\n"
		      "1 systemd 0123456789\n"
		      "2 x       0123456789\n"
		      "3 y       012345678\n");
}

static void test_wrapped(void **state)
{
	struct kin_table table;

	kin_table_init(&table, heads, 3);
	table.limit = 36;
	table.wrap = true;
	table.headings = false;
	table.margin = 2;
	add_row(&table, "1", "abcd", "one two three four five six seven eight");
	add_row(&table, "2", "b", "short");
	add_row(&table, "3", "c", "0123456789012345678901234567890123456789");
	check(&table, "  1 abcd one two three four five six\n"
		      "         seven eight\n"
		      "  2 b    short\n"
		      "  3 c    012345678901234567890123456\n"
		      "         7890123456789\n");
}

/* A terminal that is narrower than the least for the last cell. */
static void test_wrapped_narrow(void **state)
{
	struct kin_table table;

	kin_table_init(&table, heads, 3);
	table.limit = 16;
	table.wrap = true;
	table.headings = false;
	add_row(&table, "1", "abcd", "one two three four five six seven eight");
	check(&table, "1 abcd one two three four five\n"
		      "six seven eight\n");
}

static void test_some_rows(void **state)
{
	struct kin_table table;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	kin_table_init(&table, heads, 3);
	table.headings = false;
	add_row(&table, "1", "a", "x");
	add_row(&table, "2", "b", "y");
	add_row(&table, "333", "c", "z");
	assert_int_equal(kin_table_print_rows(&table, 1, 1, out), 0);
	fclose(out);
	assert_string_equal(text, "  2 b y\n");
	free(text);
	kin_table_free(&table);
}

/* Around the sizes where copies are short, and where a buffer is full. */
static void test_long_cells(void **state)
{
	static const size_t sizes[] = { 31,   32,    33,    1000,
					65535, 65536, 200000 };
	struct kin_table table;
	char *cell, *text;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t n = sizes[i];

		cell = malloc(n + 1);
		memset(cell, 'x', n);
		cell[n] = '\0';
		kin_table_init(&table, heads, 3);
		table.headings = false;
		add_row(&table, "1", cell, "end");
		add_row(&table, "2", "y", cell);
		text = print(&table);
		assert_int_equal(strlen(text), 2 + n + 5 + 2 + n + 1 + n + 1);
		assert_memory_equal(text + 2 + n, " end\n2 y ", 9);
		assert_int_equal(text[strlen(text) - 2], 'x');
		free(text);
		free(cell);
		kin_table_free(&table);
	}
}

static void test_many_rows(void **state)
{
	struct kin_table table;
	char number[16], *text, *line;
	unsigned int n = 0;

	kin_table_init(&table, heads, 3);
	table.headings = false;
	for (unsigned int i = 0; i < 20000; i++) {
		snprintf(number, sizeof(number), "%u", i);
		add_row(&table, number, "name", number);
	}
	text = print(&table);
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), n++) {
		char expected[64];

		snprintf(expected, sizeof(expected), "%5u name %u", n, n);
		assert_string_equal(line, expected);
	}
	assert_int_equal(n, 20000);
	free(text);
	kin_table_free(&table);
}

static int setup(void **state)
{
	return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aligned),
		cmocka_unit_test(test_display_width),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_wrapped_narrow),
		cmocka_unit_test(test_some_rows),
		cmocka_unit_test(test_long_cells),
		cmocka_unit_test(test_many_rows),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
