// SPDX-License-Identifier: GPL-2.0-or-later
/* The model: who is whose child, whatever the snapshot says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "family.h"
#include "tree.h"

static uint32_t pid_at(const struct kin_tree *tree, size_t i)
{
	return kin_tree_task(tree, tree->order[i])->base.pid;
}

/* Each process (and thread without a process's record) once, and no other. */
static void assert_whole(const struct kin_tree *tree, size_t tasks)
{
	bool *seen = calloc(tree->snap->n + 1, sizeof(*seen));

	assert_int_equal(tree->n_order, tasks);
	for (size_t i = 0; i < tree->n_order; i++) {
		assert_false(seen[tree->order[i]]);
		seen[tree->order[i]] = true;
	}
	free(seen);
}

static void assert_order(const struct kin_tree *tree, const uint32_t *pids,
			 size_t n)
{
	assert_int_equal(tree->n_order, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(pid_at(tree, i), pids[i]);
}

#define ASSERT_ORDER(tree, ...) \
	assert_order(tree, (const uint32_t[]){ __VA_ARGS__ }, \
		     sizeof((const uint32_t[]){ __VA_ARGS__ }) / \
			     sizeof(uint32_t))

static uint32_t depth_of(const struct kin_tree *tree, uint32_t pid)
{
	return tree->nodes[kin_tree_find(tree, pid)].depth;
}

static uint32_t parent_of(const struct kin_tree *tree, uint32_t pid)
{
	uint32_t parent = tree->nodes[kin_tree_find(tree, pid)].parent;

	return parent == KIN_TREE_NONE ?
		       0 :
		       kin_tree_task(tree, parent)->base.pid;
}

static void end(struct kin_snapshot *snap, struct kin_tree *tree)
{
	kin_tree_free(tree);
	kin_snapshot_free(snap);
}

static void test_empty(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	assert_int_equal(tree.n_order, 0);
	assert_int_equal(tree.first_root, KIN_TREE_NONE);
	assert_int_equal(kin_tree_find(&tree, 1), KIN_TREE_NONE);
	assert_int_equal(kin_tree_sort(&tree, KIN_TREE_BY_RSS), 0);
	kin_tree_prune(&tree, NULL);
	end(&snap, &tree);
}

static void test_family(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 0, "kthreadd");
	family_process(&snap, 10, 1, "a");
	family_process(&snap, 11, 2, "worker");
	family_process(&snap, 12, 10, "b");
	family_process(&snap, 13, 1, "c");
	family_process(&snap, 14, 10, "d");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	ASSERT_ORDER(&tree, 1, 10, 12, 14, 13, 2, 11);
	assert_int_equal(depth_of(&tree, 14), 2);
	assert_int_equal(depth_of(&tree, 2), 0);
	assert_int_equal(tree.max_depth, 2);
	end(&snap, &tree);
}

/* Put together from two dumps: the order of pids is not that of the array. */
static void test_any_order(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 30, 20, "c");
	family_process(&snap, 20, 1, "b");
	family_process(&snap, 25, 1, "d");
	family_process(&snap, 1, 0, "init");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	ASSERT_ORDER(&tree, 1, 20, 30, 25);
	end(&snap, &tree);
}

static void test_vanished_parent(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 50, 49, "orphan");
	family_process(&snap, 51, 50, "its child");
	family_process(&snap, 60, 0, "from outside");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	ASSERT_ORDER(&tree, 1, 50, 51, 60);
	assert_int_equal(parent_of(&tree, 50), 0);
	assert_int_equal(parent_of(&tree, 51), 50);
	assert_int_equal(depth_of(&tree, 60), 0);
	end(&snap, &tree);
}

static void test_own_parent(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 7, 7, "self");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	ASSERT_ORDER(&tree, 7);
	end(&snap, &tree);
}

/* 100 ended and its number went to one that is younger than its "child". */
static void test_reused_pid(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 90, 100, "child of the old 100");
	family_process(&snap, 100, 1, "new 100");
	family_process(&snap, 110, 100, "child of the new 100");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	ASSERT_ORDER(&tree, 1, 100, 110, 90);
	assert_int_equal(parent_of(&tree, 90), 0);
	end(&snap, &tree);
}

static void test_circle_by_reuse(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 5, 6, "a");
	family_process(&snap, 6, 5, "b");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	ASSERT_ORDER(&tree, 1, 5, 6);
	assert_int_equal(parent_of(&tree, 5), 0);
	assert_int_equal(parent_of(&tree, 6), 5);
	end(&snap, &tree);
}

/* Where starts tell nothing, the smallest pid becomes the root. */
static void circle(uint64_t start)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 5, 7, "a");
	family_process(&snap, 6, 5, "b");
	family_process(&snap, 7, 6, "c");
	family_process(&snap, 8, 7, "hangs on it");
	family_process(&snap, 9, 8, "and on that");
	for (size_t i = 0; i < snap.n; i++)
		snap.tasks[i].base.start_boottime_ns = start;
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	assert_whole(&tree, 6);
	ASSERT_ORDER(&tree, 1, 5, 6, 7, 8, 9);
	assert_int_equal(parent_of(&tree, 5), 0);
	end(&snap, &tree);
}

static void test_circle(void **state)
{
	circle(1000);
	circle(KIN_NONE64);
}

/* A clock that was set back: what is older than it started "before" 0. */
static void test_time_namespace(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 1, 0, "init")->base.start_boottime_ns =
		-5000000000ull;
	family_process(&snap, 2, 1, "older than it")->base.start_boottime_ns =
		-6000000000ull;
	family_process(&snap, 3, 1, "younger")->base.start_boottime_ns = 7;
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	assert_int_equal(parent_of(&tree, 3), 1);
	assert_int_equal(parent_of(&tree, 2), 0);
	end(&snap, &tree);
}

/* Two forks within one tick of the clock, adoption by an older subreaper. */
static void test_equal_starts(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 10, 1, "child");
	family_process(&snap, 11, 10, "grandchild")->base.start_boottime_ns =
		family_start(10);
	family_process(&snap, 5, 11, "low pid, reused")
		->base.start_boottime_ns = family_start(99);
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	ASSERT_ORDER(&tree, 10, 11, 5);
	assert_int_equal(parent_of(&tree, 11), 10);
	assert_int_equal(parent_of(&tree, 5), 11);
	end(&snap, &tree);
}

static void test_threads(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 10, 1, "server");
	family_thread(&snap, 10, 10, "server");
	family_thread(&snap, 11, 10, "worker");
	family_process(&snap, 12, 10, "child");
	family_thread(&snap, 13, 10, "worker");
	family_thread(&snap, 77, 76, "its process is gone");
	/* its process's own record was not asked for, or lost */
	family_thread(&snap, 80, 80, "main");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	ASSERT_ORDER(&tree, 1, 10, 11, 13, 12, 80, 77);
	assert_int_equal(depth_of(&tree, 12), 2);
	assert_int_equal(tree.nodes[tree.order[2]].depth, 2);
	assert_int_equal(kin_tree_find(&tree, 11), KIN_TREE_NONE);
	assert_true(kin_tree_is_thread(&tree, tree.order[2]));
	assert_false(kin_tree_is_thread(&tree, tree.order[5]));
	assert_true(kin_tree_is_thread(&tree, tree.order[6]));
	end(&snap, &tree);
}

static void test_same_pid_twice(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 4, 1, "old");
	family_process(&snap, 4, 1, "new");
	family_process(&snap, 5, 4, "child");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	assert_whole(&tree, 4);
	assert_int_equal(parent_of(&tree, 5), 4);
	end(&snap, &tree);
}

#define CHAIN 50000

static void test_chain(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	for (uint32_t pid = 1; pid <= CHAIN; pid++)
		family_use(family_process(&snap, pid, pid - 1, "link"), 4096,
			   1000);
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	assert_whole(&tree, CHAIN);
	assert_int_equal(tree.max_depth, CHAIN - 1);
	assert_int_equal(depth_of(&tree, CHAIN), CHAIN - 1);
	assert_int_equal(tree.sums[0].processes, CHAIN);
	assert_int_equal(tree.sums[0].rss_bytes, CHAIN * 4096ull);
	assert_int_equal(tree.sums[CHAIN - 2].processes, 2);
	end(&snap, &tree);
}

#define CHILDREN 10000

static void test_many_children(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;
	uint32_t node;

	family_process(&snap, 1, 0, "init");
	for (uint32_t i = 0; i < CHILDREN; i++)
		family_process(&snap, 2 + i, 1, "child");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	assert_whole(&tree, CHILDREN + 1);
	node = tree.nodes[0].first_child;
	for (uint32_t i = 0; i < CHILDREN; i++) {
		assert_int_equal(kin_tree_task(&tree, node)->base.pid, 2 + i);
		node = tree.nodes[node].next;
	}
	assert_int_equal(node, KIN_TREE_NONE);
	end(&snap, &tree);
}

/* 1 - 10 - 12
 *   - 11 (zombie: no memory, no time known)  */
static void family_of_sums(struct kin_snapshot *snap)
{
	struct kin_task *task;

	family_use(family_process(snap, 1, 0, "init"), 1000, 11);
	task = family_process(snap, 10, 1, "server");
	family_use(task, 20000, 7);
	task->base.num_threads = 5;
	task->base.state = 'D';
	family_process(snap, 11, 1, "dead")->base.state = 'Z';
	family_use(family_process(snap, 12, 10, "worker"), 300000, 100);
	task = family_thread(snap, 13, 10, "thread");
	family_use(task, 20000, 5);
}

static void test_sums(void **state)
{
	const char *letters = KIN_STATE_LETTERS;
	struct kin_snapshot snap = { 0 };
	struct kin_tree_sum *sum;
	struct kin_tree tree;

	family_of_sums(&snap);
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	sum = &tree.sums[kin_tree_find(&tree, 1)];
	assert_int_equal(sum->processes, 4);
	assert_int_equal(sum->threads, 8);
	assert_int_equal(sum->rss_bytes, 321000);
	assert_int_equal(sum->cpu_ns, 118);
	assert_int_equal(sum->states[strchr(letters, 'S') - letters], 2);
	assert_int_equal(sum->states[strchr(letters, 'D') - letters], 1);
	assert_int_equal(sum->states[strchr(letters, 'Z') - letters], 1);
	assert_int_equal(sum->states[strchr(letters, 'R') - letters], 0);
	sum = &tree.sums[kin_tree_find(&tree, 10)];
	assert_int_equal(sum->processes, 2);
	assert_int_equal(sum->rss_bytes, 320000);
	/* unknown, not 0 */
	sum = &tree.sums[kin_tree_find(&tree, 11)];
	assert_true(sum->rss_bytes == KIN_NONE64);
	assert_true(sum->cpu_ns == KIN_NONE64);
	sum = &tree.sums[4];
	assert_int_equal(sum->processes, 0);
	assert_int_equal(sum->threads, 1);
	assert_int_equal(sum->cpu_ns, 5);
	assert_true(sum->rss_bytes == KIN_NONE64);
	end(&snap, &tree);
}

static void test_sort(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_tree tree;

	family_use(family_process(&snap, 1, 0, "init"), 1, 1);
	family_use(family_process(&snap, 2, 1, "b"), 10, 900);
	family_use(family_process(&snap, 3, 1, "c"), 20, 1);
	family_process(&snap, 4, 1, "a");
	/* its branch decides, not it alone */
	family_use(family_process(&snap, 5, 3, "d"), 5000, 20);
	family_process(&snap, 6, 1, "a");
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	assert_int_equal(kin_tree_sort(&tree, KIN_TREE_BY_RSS), 0);
	ASSERT_ORDER(&tree, 1, 3, 5, 2, 4, 6);
	assert_int_equal(kin_tree_sort(&tree, KIN_TREE_BY_CPU), 0);
	ASSERT_ORDER(&tree, 1, 2, 3, 5, 4, 6);
	assert_int_equal(kin_tree_sort(&tree, KIN_TREE_BY_COMM), 0);
	ASSERT_ORDER(&tree, 1, 4, 6, 2, 3, 5);
	assert_int_equal(kin_tree_sort(&tree, KIN_TREE_BY_PID), 0);
	ASSERT_ORDER(&tree, 1, 2, 3, 5, 4, 6);
	end(&snap, &tree);
}

static void test_prune(void **state)
{
	struct kin_snapshot snap = { 0 };
	bool keep[7] = { false };
	struct kin_tree tree;

	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 1, "out");
	family_process(&snap, 3, 2, "stays without its parent");
	family_process(&snap, 4, 1, "server");
	family_thread(&snap, 5, 4, "thread");
	family_process(&snap, 6, 1, "out");
	family_thread(&snap, 7, 6, "out with its process");
	keep[0] = keep[2] = keep[3] = true;
	assert_int_equal(kin_tree_build(&tree, &snap), 0);
	kin_tree_prune(&tree, keep);
	ASSERT_ORDER(&tree, 1, 4, 5, 3);
	assert_int_equal(parent_of(&tree, 3), 0);
	assert_int_equal(kin_tree_find(&tree, 2), KIN_TREE_NONE);
	assert_int_equal(tree.sums[0].processes, 2);
	assert_int_equal(kin_tree_sort(&tree, KIN_TREE_BY_COMM), 0);
	assert_int_equal(tree.n_order, 4);
	end(&snap, &tree);
}

/* Whatever the numbers: nothing is lost, nothing loops. */
static void test_noise(void **state)
{
	uint64_t seed = 42;

	for (unsigned int round = 0; round < 300; round++) {
		struct kin_snapshot snap = { 0 };
		struct kin_tree tree;
		size_t n = 0;

		for (unsigned int i = 0; i < 60; i++) {
			struct kin_task *task;

			seed = seed * 6364136223846793005ull + 1;
			task = family_process(&snap, 1 + (seed >> 33) % 40,
					      (seed >> 45) % 40, "noise");
			task->base.start_boottime_ns =
				(seed >> 20) % 3 ? (seed >> 24) % 4 :
						   KIN_NONE64;
			if ((seed >> 60) == 3) {
				task->base.flags = KIN_TASK_THREAD;
				task->base.tgid = 50;
			}
			n++;
		}
		assert_int_equal(kin_tree_build(&tree, &snap), 0);
		assert_whole(&tree, n);
		end(&snap, &tree);
	}
}

/* A node stands behind its parent: what says otherwise is a root. */
static void test_bare(void **state)
{
	static const uint32_t parents[] = { KIN_TREE_NONE, 0, 1, 0, 1, 5, 6 };
	static const uint32_t order[] = { 0, 1, 2, 4, 3, 5, 6 };
	static const uint32_t depths[] = { 0, 1, 2, 1, 2, 0, 0 };
	struct kin_tree tree;

	assert_int_equal(kin_tree_build_bare(&tree, parents, 7), 0);
	assert_int_equal(tree.n_order, 7);
	assert_int_equal(tree.max_depth, 2);
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(tree.order[i], order[i]);
		assert_int_equal(tree.nodes[i].depth, depths[i]);
	}
	kin_tree_free(&tree);
	assert_int_equal(kin_tree_build_bare(&tree, NULL, 0), 0);
	assert_int_equal(tree.n_order, 0);
	kin_tree_free(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_family),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_vanished_parent),
		cmocka_unit_test(test_own_parent),
		cmocka_unit_test(test_reused_pid),
		cmocka_unit_test(test_circle_by_reuse),
		cmocka_unit_test(test_circle),
		cmocka_unit_test(test_time_namespace),
		cmocka_unit_test(test_equal_starts),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_same_pid_twice),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_many_children),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_prune),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_bare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
