// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules that are bad: each mistake is told, where it is, and nothing else. Most are
 * files in tests/unit/rules, with what is said of NAME.yaml in NAME.errors: a line
 * that ends with "..." says how a message starts.
 */
#include <errno.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rulesread.h"
#include "source.h"

#define LITERAL(text) text, sizeof(text) - 1

/* ---- the files ---- */

static char *read_file(const char *name, size_t *len)
{
	FILE *file = fopen(name, "r");
	char *text = malloc(1 << 20);

	assert_non_null(text);
	if (!file)
		fail_msg("%s: %s", name, strerror(errno));
	*len = fread(text, 1, (1 << 20) - 1, file);
	text[*len] = '\0';
	fclose(file);
	return text;
}

static bool agrees(const char *said, const char *expected)
{
	const size_t len = strlen(expected);

	if (len >= 3 && !strcmp(expected + len - 3, "..."))
		return !strncmp(said, expected, len - 3);
	return !strcmp(said, expected);
}

/* Line by line; returns whether all are there. */
static bool compare(const char *file, char *said, char *expected)
{
	char *s, *e, *at_said, *at_expected;

	s = strtok_r(said, "\n", &at_said);
	e = strtok_r(expected, "\n", &at_expected);
	while (s && e && agrees(s, e)) {
		s = strtok_r(NULL, "\n", &at_said);
		e = strtok_r(NULL, "\n", &at_expected);
	}
	if (s || e)
		print_error("%s:\n  said:     %s\n  expected: %s\n", file,
			    s ? s : "(nothing)", e ? e : "(nothing)");
	return !s && !e;
}

static bool check_file(const char *name)
{
	char beside[256];
	size_t len, unused;
	char *text = read_file(name, &len), *expected;
	struct rulesread read;
	bool good;

	snprintf(beside, sizeof(beside), "%.*s.errors", (int)(strlen(name) - 5), name);
	expected = read_file(beside, &unused);
	rulesread_text(&read, text, len);
	good = read.err == -EINVAL && !read.rules.list && *read.said;
	good &= compare(name, read.said, expected);
	rulesread_free(&read);
	free(expected);
	free(text);
	return good;
}

static void test_files(void **state)
{
	unsigned int bad = 0;
	glob_t files;

	assert_int_equal(glob("tests/unit/rules/*.yaml", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		if (!check_file(files.gl_pathv[i]))
			bad++;
	assert_true(files.gl_pathc >= 10);
	globfree(&files);
	assert_int_equal(bad, 0);
}

/* ---- what no file of this tree may hold ---- */

static void test_not_text(void **state)
{
	static const char nothing[] =
		"t: error: nothing in it: 'rules:' or 'receivers:' is expected\n";

	rulesread_bad(LITERAL(""), nothing);
	rulesread_bad(LITERAL("\n# only this\n"), nothing);
	rulesread_bad(LITERAL("a: \"\xff\"\n"),
		      "t:1:5: error: this is not YAML: invalid leading UTF-8 octet\n");
	rulesread_bad(LITERAL("a: \xc3"),
		      "t:1:4: error: this is not YAML: incomplete UTF-8 octet sequence\n");
	rulesread_bad(LITERAL("a\0b: c\n"),
		      "t:1:2: error: this is not YAML: control characters are not allowed\n");
	rulesread_bad(LITERAL("rules: [{ name: a, expr: \"rss > 1\\0\" }]\n"),
		      "t:1:26: error: 'expr' has a NUL character\n");
	/* what a terminal would obey */
	rulesread_bad(LITERAL("\"\\e[2J\": c\n"),
		      "t:1:1: error: unknown key of a file of rules: '\\x1b[2J': one of rules, receivers, interval, external_url is expected\n");
}

static void test_not_one_tree(void **state)
{
	rulesread_bad(LITERAL("rules: &a [x]\n"),
		      "t:1:8: error: anchors (&) are not taken here\n");
	rulesread_bad(LITERAL("a: *b\n"), "t:1:4: error: aliases (*) are not taken here\n");
	rulesread_bad(LITERAL("a: !!str b\n"), "t:1:4: error: tags (!) are not taken here\n");
	rulesread_bad(LITERAL("a: b\n---\nc: d\n"),
		      "t:2:1: error: a second document: a file has one\n");
	rulesread_bad(LITERAL("- a\n"),
		      "t:1:1: error: expected keys with values: 'rules:', 'receivers:', 'interval:'\n");
}

/* ---- how much of it ---- */

/* @n times @text (a printf format for its number), after @head. */
static char *repeat(const char *head, const char *text, unsigned int n, size_t *len)
{
	char *all = NULL;
	FILE *out = open_memstream(&all, len);

	fputs(head, out);
	for (unsigned int i = 0; i < n; i++)
		fprintf(out, text, i, i);
	fclose(out);
	return all;
}

static void check_many(const char *head, const char *text, unsigned int n,
		       const char *said)
{
	size_t len;
	char *all = repeat(head, text, n, &len);
	struct rulesread read;

	rulesread_text(&read, all, len);
	if (said)
		assert_non_null(strstr(read.said, said));
	else
		assert_string_equal(read.said, "");
	assert_int_equal(read.err, said ? -EINVAL : 0);
	rulesread_free(&read);
	free(all);
}

static void test_bounds(void **state)
{
	static const char rule[] = "- { name: r%u, expr: rss > 1 }\n";
	static const char receiver[] = "- { name: r%u, journal: {} }\n";

	check_many("rules:\n", rule, 1000, NULL);
	check_many("rules:\n", rule, 1001, "t:2:1: error: more than 1000 rules\n");
	check_many("receivers:\n", receiver, 100, NULL);
	check_many("receivers:\n", receiver, 101, "t:2:1: error: more than 100 receivers\n");
	check_many("rules: ", "[", 14, "t:1:22: error: this is not YAML: ");
	check_many("rules: ", "[", 17, "t:1:23: error: lists and mappings in one another, too deep\n");
	check_many("rules: ", "[", 500000, "too deep\n");
	check_many("rules:\n", "- a\n", 100001, "error: too many keys and values\n");
	check_many("#", "%08u", SOURCE_MAX_BYTES / 8, "t: error: larger than 1024 KiB\n");
	check_many("", "k%u: 1\n", 65, "t:1:1: error: a file of rules has more than 64 keys\n");
}

/* Nobody reads thousands of messages, and looking for their places takes long. */
static void test_many_errors(void **state)
{
	size_t len, lines = 0;
	char *all = repeat("rules:\n", "- { name: r%u, exp%u: x }\n", 500, &len);
	struct rulesread read;

	rulesread_text(&read, all, len);
	for (const char *at = read.said; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 101);
	assert_non_null(strstr(read.said, "more than 100 errors: the rest is not shown\n"));
	rulesread_free(&read);
	free(all);
}

/* ---- places within values ---- */

/* An expression whose last column is unknown, written in each way that YAML has. */
static void test_places(void **state)
{
	static const struct {
		const char *text;
		unsigned int line, column;
	} cases[] = {
		{ "rss > 1 && xyz > 2", 1, 37 },
		{ "\"rss > 1 && xyz > 2\"", 1, 38 },
		{ "'rss > 1 && xyz > 2'", 1, 38 },
		{ "\"comm == \\\"a\\\" && xyz > 2\"", 1, 44 },
		{ "'comm == ''a'' && xyz > 2'", 1, 44 },
		{ "\"comm == '\\u00e4\\xe4\\U000000e4' && xyz > 2\"", 1, 61 },
		{ "\"comm == '\xc3\xa4' && xyz > 2\"", 1, 42 },
		{ "rss > 1\n    && xyz > 2", 2, 8 },
		{ "\"rss > 1\n    && xyz > 2\"", 2, 8 },
		{ "\"rss > 1 \\\n    && xyz > 2\"", 2, 8 },
		{ "\"rss > 1\\n\\t && xyz > 2\"", 1, 42 },
		{ ">-\n    rss > 1\n    && xyz > 2", 3, 8 },
		{ "|\n    rss > 1\n\n\n    && xyz > 2\n\n", 5, 8 },
		{ "| # xyz\n     rss > 1 &&\n     xyz > 2\n", 3, 6 },
		{ ">+\n    rss > 1\n\n      && xyz > 2\n\n", 4, 10 },
	};
	char text[256], said[64];
	struct rulesread read;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(text, sizeof(text), "rules:\n- name: a\n  summary: x\n  expr: %s\n",
			 cases[i].text);
		snprintf(said, sizeof(said), "t:%u:%u: error: unknown column 'xyz'",
			 cases[i].line + 3,
			 cases[i].line > 1 ? cases[i].column : cases[i].column - 17);
		rulesread_text(&read, text, strlen(text));
		if (strncmp(read.said, said, strlen(said)))
			fail_msg("%s\n%s, not %s", text, read.said, said);
		rulesread_free(&read);
	}
}

/* One at its very end is behind its last character. */
static void test_place_at_end(void **state)
{
	rulesread_bad(LITERAL("rules: [{ name: a, summary: \"x {pid\", expr: rss > 1 }]\n"),
		      "t:1:32: error: no '}' behind this '{' (a brace is written '{{')\n");
	rulesread_bad(LITERAL("rules:\n- name: a\n  expr: rss > 1\n  summary: >\n"
			      "    one\n    two {}\n"),
		      "t:6:9: error: no name in '{}' (a brace is written '{{')\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_not_text),
		cmocka_unit_test(test_not_one_tree),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_many_errors),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_place_at_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
