// SPDX-License-Identifier: GPL-2.0-or-later
/* The tree for programs: flat, complete, valid whatever the names are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "family.h"
#include "name.h"
#include "treejson.h"

/* The text of a tree; free() it. The snapshot ends with it. */
static char *print(struct kin_snapshot *snap, struct treejson options)
{
	struct kin_view view = { .names = kin_names_new() };
	struct kin_tree tree;
	char *text = NULL;
	size_t size;

	options.out = open_memstream(&text, &size);
	options.tree = &tree;
	options.view = &view;
	assert_int_equal(kin_tree_build(&tree, snap), 0);
	treejson_print(&options);
	fclose(options.out);
	kin_tree_free(&tree);
	kin_names_free(view.names);
	kin_snapshot_free(snap);
	return text;
}

static void assert_printed(struct kin_snapshot *snap, struct treejson options,
			   const char *expected)
{
	char *text = print(snap, options);

	assert_string_equal(text, expected);
	free(text);
}

static void test_empty(void **state)
{
	struct kin_snapshot snap = { 0 };

	assert_printed(&snap, (struct treejson){ 0 },
		       "{\n\t\"processes\": []\n}\n");
}

static void test_family(void **state)
{
	struct kin_snapshot snap = { 0 };

	family_use(family_process(&snap, 1, 0, "init"), 4096, 5);
	family_process(&snap, 2, 1, "a\"\n\xff")->base.state = 'Z';
	family_use(family_process(&snap, 3, 1, "b"), 8192, 7);
	assert_printed(
		&snap, (struct treejson){ 0 },
		"{\n\t\"processes\": [\n"
		"\t\t{\"pid\": 1, \"ppid\": 0, \"comm\": \"init\", \"uid\": 0, "
		"\"user\": \"root\", \"state\": \"S\", \"depth\": 0, "
		"\"num_threads\": 1, \"children\": [2, 3], "
		"\"subtree\": {\"processes\": 3, \"threads\": 3, "
		"\"rss_bytes\": 12288, \"cpu_ns\": 12, "
		"\"states\": {\"S\": 2, \"Z\": 1}}},\n"
		"\t\t{\"pid\": 2, \"ppid\": 1, \"comm\": \"a\\\"\\u000a\\\\xff\", "
		"\"uid\": 0, \"user\": \"root\", \"state\": \"Z\", \"depth\": 1, "
		"\"num_threads\": 1, \"children\": [], "
		"\"subtree\": {\"processes\": 1, \"threads\": 1, "
		"\"rss_bytes\": null, \"cpu_ns\": null, "
		"\"states\": {\"Z\": 1}}},\n"
		"\t\t{\"pid\": 3, \"ppid\": 1, \"comm\": \"b\", \"uid\": 0, "
		"\"user\": \"root\", \"state\": \"S\", \"depth\": 1, "
		"\"num_threads\": 1, \"children\": [], "
		"\"subtree\": {\"processes\": 1, \"threads\": 1, "
		"\"rss_bytes\": 8192, \"cpu_ns\": 7, "
		"\"states\": {\"S\": 1}}}\n"
		"\t]\n}\n");
}

static void test_options(void **state)
{
	static const char args[] = "prog\0-v";
	const bool marked[] = { true, false, false };
	struct kin_snapshot snap = { 0 };
	struct kin_task *task = family_process(&snap, 10, 9, "prog");

	task->cmdline = args;
	task->cmdline_len = sizeof(args);
	task->groups = KIN_GROUP_CMDLINE;
	task->base.num_threads = 2;
	family_use(family_thread(&snap, 11, 10, "worker"), 0, 3);
	family_thread(&snap, 21, 20, "lost");
	assert_printed(
		&snap,
		(struct treejson){
			.marked = marked, .threads = true, .args = true },
		"{\n\t\"processes\": [\n"
		"\t\t{\"pid\": 10, \"ppid\": 9, \"comm\": \"prog\", \"uid\": 0, "
		"\"user\": \"root\", \"state\": \"S\", \"depth\": 0, "
		"\"num_threads\": 2, \"args\": [\"prog\", \"-v\"], "
		"\"highlight\": true, \"threads\": [{\"pid\": 11, "
		"\"comm\": \"worker\", \"state\": \"S\", \"cpu_ns\": 3}], "
		"\"children\": [], \"subtree\": {\"processes\": 1, "
		"\"threads\": 2, \"rss_bytes\": null, \"cpu_ns\": null, "
		"\"states\": {\"S\": 1}}},\n"
		"\t\t{\"pid\": 21, \"ppid\": 0, \"comm\": \"lost\", \"uid\": 0, "
		"\"user\": \"root\", \"state\": \"S\", \"depth\": 0, "
		"\"tgid\": 20, \"num_threads\": 1, \"args\": null, "
		"\"highlight\": false, \"threads\": [], \"children\": [], "
		"\"subtree\": {\"processes\": 0, \"threads\": 1, "
		"\"rss_bytes\": null, \"cpu_ns\": null, "
		"\"states\": {\"S\": 1}}}\n"
		"\t]\n}\n");
}

/* However deep the tree, brackets are not. */
static void test_chain(void **state)
{
	struct kin_snapshot snap = { 0 };
	int depth = 0, deepest = 0;
	char *text;

	for (uint32_t pid = 1; pid <= 5000; pid++)
		family_process(&snap, pid, pid - 1, "link");
	text = print(&snap, (struct treejson){ 0 });
	for (const char *at = text; *at; at++) {
		depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
		if (depth > deepest)
			deepest = depth;
	}
	assert_int_equal(depth, 0);
	assert_int_equal(deepest, 5);
	assert_non_null(strstr(text, "\"depth\": 4999, "));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_family),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
