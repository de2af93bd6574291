// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "column.h"
#include "template.h"

/* ---- what is looked up ---- */

static int look(const char *name, size_t len, char *to, size_t room, void *arg)
{
	static const struct {
		const char *name, *value;
	} values[] = {
		{ "pid", "12" },	{ "comm", "it's; rm -rf /" },
		{ "key", "" },		{ "host.load1", "3.50" },
		{ "exe", "/usr/bin/a_b-c.d:e@f%g+h,i=j" },
	};
	int *asked = arg;

	if (asked)
		++*asked;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (strlen(values[i].name) == len && !memcmp(values[i].name, name, len))
			return snprintf(to, room, "%s", values[i].value);
	return -1;
}

static void test_fill(void **state)
{
	static const struct {
		const char *text, *filled;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "{pid}", "12" },
		{ "{comm}({pid})", "it's; rm -rf /(12)" },
		{ "{{pid}", "{pid}" },
		{ "{{{pid}}", "{12}" },
		{ "{{{{", "{{" },
		{ "a } b }} c", "a } b }} c" },
		{ "{uid} {host.load1}", "? 3.50" },
		{ "<{key}>", "<>" },
		/* refused by template_check(); not to be read beyond its end */
		{ "{pid", "12" },
		{ "{", "?" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *filled = template_fill(cases[i].text, look, NULL);

		assert_non_null(filled);
		assert_string_equal(filled, cases[i].filled);
		free(filled);
	}
}

static void test_fill_asks_once(void **state)
{
	int asked = 0;

	free(template_fill("{pid} {{pid} {pid}", look, &asked));
	assert_int_equal(asked, 2);
}

/* A shell is to see one word, whatever others have chosen. */
static void test_fill_command(void **state)
{
	static const struct {
		const char *text, *filled;
	} cases[] = {
		{ "kill {pid}", "kill 12" },
		{ "pkill {comm}", "pkill 'it'\\''s; rm -rf /'" },
		{ "ls {key}", "ls ''" },
		{ "ls {exe}", "ls /usr/bin/a_b-c.d:e@f%g+h,i=j" },
		{ "ls {uid}", "ls ?" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *filled = template_fill_command(cases[i].text, look, NULL);

		assert_non_null(filled);
		assert_string_equal(filled, cases[i].filled);
		free(filled);
	}
}

/* ---- what is refused ---- */

static void test_good(void **state)
{
	static const char *const good[] = {
		"", "x", "{{", "}", "{pid}", "{COMM}", "{parent}", "{host.load}",
		"{value} {bar} {key} {rule} {severity} {for} {since} {family} {more}",
	};
	char message[240];
	uint32_t at;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_int_equal(template_check(good[i], &at, message, sizeof(message)), 0);
}

static void test_bad(void **state)
{
	static const struct {
		const char *text;
		uint32_t at;
		const char *message;
	} cases[] = {
		{ "{", 0, "no '}' behind this '{'" },
		{ "ab {pid", 3, "no '}' behind this '{'" },
		{ "{a{pid}", 0, "no '}' behind this '{'" },
		{ "{{{}", 2, "no name in '{}'" },
		{ "{pid} {pdi}", 6, "'{pdi}'; did you mean '{pid}'?" },
		{ "{famly}", 0, "'{famly}'; did you mean '{family}'?" },
		{ "{host.laod1}", 0, "'{host.laod1}'; did you mean '{host.load1}'?" },
		{ "{host.}", 0, "'{host.}'" },
		{ "{host.comm}", 0, "'{host.comm}'" },
		{ "{qqqqqqqqqq}", 0, "'{qqqqqqqqqq}' (a brace" },
		{ "{ pid}", 0, "'{ pid}'" },
	};
	char message[240];
	uint32_t at;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		at = 12345;
		message[0] = '\0';
		assert_int_equal(template_check(cases[i].text, &at, message,
						sizeof(message)), -EINVAL);
		assert_int_equal(at, cases[i].at);
		if (!strstr(message, cases[i].message))
			fail_msg("%s: %s", cases[i].text, message);
	}
}

/* A name of which nothing is ever known is a mistake. */
static void test_about(void **state)
{
	static const struct {
		const char *text;
		unsigned int about;
		int err;
	} cases[] = {
		{ "{comm}", TEMPLATE_PROCESS, 0 },
		{ "{comm}", TEMPLATE_GROUP, -EINVAL },
		{ "{family}", TEMPLATE_PROCESS, 0 },
		{ "{family}", 0, -EINVAL },
		{ "{key}", TEMPLATE_GROUP, 0 },
		{ "{key}", TEMPLATE_PROCESS, -EINVAL },
		{ "{key} {comm}", TEMPLATE_PROCESS | TEMPLATE_GROUP, 0 },
		{ "{host.load1} {value} {since}", 0, 0 },
	};
	char message[240];
	uint32_t at;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(template_check_about(cases[i].text, cases[i].about, &at,
						      message, sizeof(message)),
				 cases[i].err);
}

static void test_needs(void **state)
{
	assert_int_equal(template_needs(""), 0);
	assert_int_equal(template_needs("{pid} {{rss} {value} {family}"), 0);
	assert_int_equal(template_needs("{rss}"), KIN_GROUP_MEM);
	assert_int_equal(template_needs("{rss} {fds}{stack}"),
			 KIN_GROUP_MEM | KIN_GROUP_FILES | KIN_GROUP_STACK);
	assert_int_equal(template_needs("{host.load1}"), KIN_NEED_HOST);
	assert_int_equal(template_needs("{user}"), KIN_NEED_NAMES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_fill_asks_once),
		cmocka_unit_test(test_fill_command),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_about),
		cmocka_unit_test(test_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
