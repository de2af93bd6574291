// SPDX-License-Identifier: GPL-2.0-or-later
/* kin tree --follow: what a terminal shows. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scene.h"

static void assert_frame(struct scene *scene, unsigned int rows,
			 const char *expected)
{
	char *text;
	size_t len;

	assert_int_equal(followtree_read(&scene->follow), CMD_OK);
	assert_int_equal(followframe_compose(&scene->follow, rows, &text, &len),
			 0);
	assert_string_equal(text, expected);
	free(text);
}

/* A moment goes by. */
static void make_older(struct scene *scene)
{
	const uint64_t moment = 3000 * MS;
	struct kin_node *node = NULL;

	while ((node = kin_nodes_next(&scene->nodes, node)))
		if (followed_of(node)->born_ns)
			followed_of(node)->born_ns -= moment;
	for (size_t i = 0; i < FOLLOWED_PAST; i++)
		if (scene->follow.past[i].task.base.pid)
			scene->follow.past[i].ended_ns -= moment;
}

static void test_frames(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	scene->follow.live = true;
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"3 processes; q: end\n");
	tell_fork(scene, 20, 11, "make");
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"+       `- make\n"
				"4 processes; q: end\n");
	tell_exit(scene, 20, "make", 1 << 8);
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"-       `- make <defunct>: exit 1, lived 982ms\n"
				"4 processes; q: end\n");
	reap(scene, 20);
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"-       `- make: exit 1, lived 982ms\n"
				"3 processes; q: end\n");
	make_older(scene);
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"3 processes; q: end\n");
	end(scene);
}

static void test_cut(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	scene->follow.live = true;
	assert_frame(scene, 4, "  init\n"
			       "  `- sshd\n"
			       "     `- bash\n"
			       "3 processes; q: end\n");
	assert_frame(scene, 3, "  init\n"
			       "  `- sshd\n"
			       "... 1 line not shown; 3 processes; q: end\n");
	assert_frame(scene, 1, "... 3 lines not shown; 3 processes; q: end\n");
	tell_loss(scene, 1);
	assert_frame(scene, 2, "  init\n"
			       "... 2 lines not shown; 3 processes; 1 event lost, tree read anew; q: end\n");
	end(scene);
}

/* Equal ones are folded, those that were born or ended with their like. */
static void test_folded(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	scene->follow.live = true;
	for (uint32_t pid = 20; pid < 29; pid++)
		tell_fork(scene, pid, 11, "job");
	make_older(scene);
	for (uint32_t pid = 29; pid < 31; pid++)
		tell_fork(scene, pid, 11, "job");
	for (uint32_t pid = 20; pid < 25; pid++) {
		tell_exit(scene, pid, "job", pid > 21 ? 1 << 8 : 0);
		reap(scene, pid);
	}
	scene->show.read.scope.kernel = -1;
	assert_frame(scene, 24,
		     "  init\n"
		     "  `- sshd\n"
		     "     `- bash\n"
		     "-       |- 2*[job: exit 0]\n"
		     "-       |- 3*[job: exit 1]\n"
		     "        |- 4*[job]\n"
		     "+       `- 2*[job]\n"
		     "9 processes; q: end\n");
	end(scene);
}

/* What stands on the line of another has no sign: not if it needs one. */
static void test_inline(void **state)
{
	struct scene *scene = new_scene();

	scene->show.read.threads = true;
	begin(scene);
	scene->follow.live = true;
	tell_thread(scene, 30, 11, "worker");
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"+       `- {worker}\n"
				"3 processes, 1 thread but main ones; q: end\n");
	make_older(scene);
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash---{worker}\n"
				"3 processes, 1 thread but main ones; q: end\n");
	end(scene);
}

/* Those that are no more are in no sum. */
static void test_sums(void **state)
{
	struct scene *scene = new_scene();

	scene->show.sums = true;
	begin(scene);
	scene->follow.live = true;
	tell_fork(scene, 20, 11, "make");
	tell_exit(scene, 20, "make", 0);
	reap(scene, 20);
	assert_frame(scene, 24,
		     "  PROCS THREADS RSS CPU STATES  TREE\n"
		     "      3       3   -   - -       init\n"
		     "      2       2   -   - -       `- sshd\n"
		     "      1       1   -   - -          `- bash\n"
		     "-     -       -   -   - -             `- make: exit 0, lived 982ms\n"
		     "3 processes; q: end\n");
	end(scene);
}

/* A branch, with and without who leads to it. */
static void test_frame_of_branch(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	scene->follow.live = true;
	follow_only(scene, 10);
	assert_frame(scene, 24, "  sshd\n"
				"  `- bash\n"
				"2 processes; q: end\n");
	scene->show.read.parents = true;
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"3 processes; q: end\n");
	end(scene);
}

/* A number has another owner: the last one's end is not shown any more. */
static void test_past_number_again(void **state)
{
	const struct kin_event_fork fork = {
		.parent_start_boottime_ns = start_of(11),
	};
	struct scene *scene = new_scene();
	struct kin_event base;

	begin(scene);
	scene->follow.live = true;
	tell_fork(scene, 20, 11, "job");
	tell_exit(scene, 20, "job", 0);
	reap(scene, 20);
	base = base_of(scene, KIN_EVENT_KIND_FORK, 20, 11, "new");
	base.start_boottime_ns = start_of(900);
	apply(scene, &(struct kin_event_record){ .base = &base, .fork = &fork });
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"+       `- new\n"
				"4 processes; q: end\n");
	end(scene);
}

/* Nor is that of one whose parent is not shown any more: it has no place. */
static void test_past_without_parent(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	scene->follow.live = true;
	tell_fork(scene, 20, 11, "make");
	tell_fork(scene, 21, 20, "cc");
	tell_exit(scene, 21, "cc", 0);
	reap(scene, 21);
	tell_exit(scene, 20, "make", 0);
	reap(scene, 20);
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"-       `- make: exit 0, lived 984ms\n"
				"-          `- cc: exit 0, lived 982ms\n"
				"3 processes; q: end\n");
	followpast_drop(&scene->follow, 20);
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"3 processes; q: end\n");
	end(scene);
}

/* What was not in view does not come into it by its end. */
static void test_past_of_others(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	scene->follow.live = true;
	follow_only(scene, 11);
	tell_fork(scene, 20, 10, "other");
	tell_exit(scene, 20, "other", 0);
	reap(scene, 20);
	assert_frame(scene, 24, "  bash\n"
				"1 process; q: end\n");
	end(scene);
}

/* However many end in a moment: so many are kept. */
static void test_past_is_bounded(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	scene->follow.live = true;
	for (uint32_t pid = 20; pid < 20 + FOLLOWED_PAST + 30; pid++) {
		tell_fork(scene, pid, 11, "job");
		tell_exit(scene, pid, "job", 0);
		reap(scene, pid);
	}
	assert_frame(scene, 24, "  init\n"
				"  `- sshd\n"
				"     `- bash\n"
				"-       `- 512*[job: exit 0]\n"
				"3 processes; q: end\n");
	end(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_folded),
		cmocka_unit_test(test_inline),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_frame_of_branch),
		cmocka_unit_test(test_past_number_again),
		cmocka_unit_test(test_past_without_parent),
		cmocka_unit_test(test_past_of_others),
		cmocka_unit_test(test_past_is_bounded),
	};

	setlocale(LC_CTYPE, "C");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
