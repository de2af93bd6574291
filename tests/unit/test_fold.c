// SPDX-License-Identifier: GPL-2.0-or-later
/* Equal branches: which are, and how they are drawn. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "drawing.h"
#include "family.h"
#include "name.h"

static void test_fold_leaves(void **state)
{
	struct kin_snapshot snap = { 0 };

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 1, "worker");
	family_process(&snap, 3, 1, "other");
	for (uint32_t pid = 4; pid < 15; pid++)
		family_process(&snap, pid, 1, "worker");
	assert_drawn(&snap, utf8,
		     "init\n"
		     "├─ 12*[worker]\n"
		     "└─ other\n");
}

static void nginx(struct kin_snapshot *snap, uint32_t pid, unsigned int threads)
{
	family_process(snap, pid, 1, "nginx");
	for (unsigned int i = 1; i <= threads; i++)
		family_thread(snap, pid + i, pid, "nginx");
}

static void test_fold_threads(void **state)
{
	struct kin_snapshot snap = { 0 };

	family_process(&snap, 1, 0, "init");
	nginx(&snap, 10, 4);
	nginx(&snap, 20, 4);
	nginx(&snap, 30, 4);
	nginx(&snap, 40, 3);
	nginx(&snap, 50, 1);
	nginx(&snap, 60, 0);
	assert_drawn(&snap, utf8,
		     "init\n"
		     "├─ 3*[nginx───4*[{nginx}]]\n"
		     "├─ nginx───3*[{nginx}]\n"
		     "├─ nginx───{nginx}\n"
		     "└─ nginx\n");
}

static void test_threads_before_children(void **state)
{
	struct kin_snapshot snap = { 0 };

	family_process(&snap, 1, 0, "server");
	family_process(&snap, 2, 1, "child");
	for (uint32_t tid = 3; tid < 15; tid++)
		family_thread(&snap, tid, 1, "worker");
	family_thread(&snap, 15, 1, "logger");
	assert_drawn(&snap, utf8,
		     "server\n"
		     "├─ 12*[{worker}]\n"
		     "├─ {logger}\n"
		     "└─ child\n");
}

/* Whole branches: their children may come in any order. */
static void branch(struct kin_snapshot *snap, uint32_t pid, bool other_order)
{
	family_process(snap, pid, 1, "make");
	family_process(snap, pid + 1, pid, other_order ? "ld" : "cc");
	family_process(snap, pid + 2, pid, other_order ? "cc" : "ld");
	family_process(snap, pid + 3, pid, "cc");
	family_process(snap, pid + 4, pid + (other_order ? 2 : 1), "as");
}

static void test_fold_branches(void **state)
{
	struct kin_snapshot snap = { 0 };

	family_process(&snap, 1, 0, "init");
	branch(&snap, 10, false);
	branch(&snap, 20, true);
	branch(&snap, 30, false);
	assert_drawn(&snap, utf8,
		     "init\n"
		     "└─ 3*[make]\n"
		     "   ├─ cc\n"
		     "   │  └─ as\n"
		     "   ├─ ld\n"
		     "   └─ cc\n");
}

static void test_unequal_branches(void **state)
{
	struct kin_snapshot snap = { 0 };

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 1, "sh");
	family_process(&snap, 3, 1, "sh");
	family_process(&snap, 4, 1, "sh");
	family_process(&snap, 5, 2, "a");
	family_process(&snap, 6, 3, "b");
	family_process(&snap, 7, 4, "a");
	family_process(&snap, 8, 4, "a");
	assert_drawn(&snap, utf8,
		     "init\n"
		     "├─ sh\n"
		     "│  └─ a\n"
		     "├─ sh\n"
		     "│  └─ b\n"
		     "└─ sh\n"
		     "   └─ 2*[a]\n");
}

/* "ab" + "c" is not "a" + "bc"; a thread is not a process of the same name. */
static void test_fold_exact(void **state)
{
	struct kin_snapshot snap = { 0 };

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 1, "ab");
	family_process(&snap, 3, 2, "c");
	family_process(&snap, 4, 1, "a");
	family_process(&snap, 5, 4, "bc");
	family_process(&snap, 6, 1, "p");
	family_process(&snap, 7, 6, "t");
	family_process(&snap, 8, 1, "p");
	family_thread(&snap, 9, 8, "t");
	assert_drawn(&snap, utf8,
		     "init\n"
		     "├─ ab\n"
		     "│  └─ c\n"
		     "├─ a\n"
		     "│  └─ bc\n"
		     "├─ p\n"
		     "│  └─ t\n"
		     "└─ p───{t}\n");
}

/* What is shown decides: users do if they are shown. */
static void test_fold_users(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;

	for (unsigned int round = 0; round < 2; round++) {
		family_process(&snap, 1, 0, "init");
		family_process(&snap, 2, 1, "job")->base.uid = 4000000001u;
		family_process(&snap, 3, 1, "job")->base.uid = 4000000001u;
		family_process(&snap, 4, 1, "job");
		assert_drawn(&snap, options,
			     round ? "init\n"
				     "├─ 2*[job(4000000001)]\n"
				     "└─ job\n" :
				     "init\n"
				     "└─ 3*[job]\n");
		if (!round)
			options.names = kin_names_new();
	}
	kin_names_free(options.names);
}

#define CHAIN 50000

/* Two equal chains: one branch, told once. */
static void test_folded_chains(void **state)
{
	struct kin_snapshot snap = { 0 };
	size_t lines = 0;
	char *text;

	family_process(&snap, 1, 0, "init");
	for (uint32_t i = 0; i < CHAIN; i++)
		family_process(&snap, 2 + i, i < 2 ? 1 : i, "link");
	text = draw(&snap, plain);
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 1 + CHAIN / 2);
	assert_memory_equal(text, "init\n`- 2*[link]\n   `- link\n", 26);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold_leaves),
		cmocka_unit_test(test_fold_threads),
		cmocka_unit_test(test_threads_before_children),
		cmocka_unit_test(test_fold_branches),
		cmocka_unit_test(test_unequal_branches),
		cmocka_unit_test(test_fold_exact),
		cmocka_unit_test(test_fold_users),
		cmocka_unit_test(test_folded_chains),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
