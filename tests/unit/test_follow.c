// SPDX-License-Identifier: GPL-2.0-or-later
/* kin tree --follow: events as lines and as JSON, and whom they are about. */
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scene.h"
#include "treejson.h"

/* ---- lines ---- */

static void test_life(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	tell_fork(scene, 20, 11, "bash");
	tell_exec(scene, 20, "make", "/usr/bin/make");
	tell_comm(scene, 20, "made");
	tell_exit(scene, 20, "made", 3 << 8);
	assert_told(scene,
		    "      1.001000s + init--sshd--bash--bash(20)\n"
		    "      1.002000s ~ init--sshd--bash--make(20): exec /usr/bin/make, was bash\n"
		    "      1.003000s ~ init--sshd--bash--made(20): was make\n"
		    "      1.004000s - init--sshd--bash--made(20): exit 3, lived 984ms\n");
	end(scene);
}

static void test_ids(void **state)
{
	struct scene *scene = new_scene();

	scene->show.pids = true;
	begin(scene);
	scene->follow.line.utf8 = true;
	tell_fork(scene, 20, 11, "bash");
	assert_told(scene,
		    "      1.001000s + init(1)─sshd(10)─bash(11)─bash(20)\n");
	end(scene);
	scene = new_scene();
	scene->show.ascii = true;
	begin(scene);
	scene->follow.line.utf8 = true;
	tell_fork(scene, 20, 11, "bash");
	assert_told(scene, "      1.001000s + init--sshd--bash--bash(20)\n");
	end(scene);
}

/* Its new parent is asked for when the old one has ended, and told once. */
static void test_adoption(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	tell_fork(scene, 20, 11, "forker");
	tell_fork(scene, 21, 20, "forker");
	tell_exit(scene, 20, "forker", 0);
	forget(scene);
	answer(scene, (const uint32_t[][2]){ { 21, 10 } }, 1);
	fflush(scene->follow.line.out);
	assert_non_null(strstr(scene->text,
			       "s ~ init--sshd--forker(21): parent was forker(20), now sshd(10)\n"));
	assert_ptr_equal(strchr(scene->text, '\n') + 1,
			 scene->text + strlen(scene->text));
	end(scene);
}

/* Its parent is no more, and who is the next is not known yet: it is told of as
 * where it was, and of its parent when it has one. */
static void test_orphan(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	tell_fork(scene, 20, 11, "forker");
	tell_fork(scene, 21, 20, "forker");
	follow_only(scene, 11);
	tell_exit(scene, 20, "forker", 0);
	reap(scene, 20);
	follownews_flush(&scene->follow);
	fflush(scene->follow.line.out);
	assert_null(strstr(scene->text, "parent was"));
	forget(scene);
	tell_exec(scene, 21, "job", NULL);
	assert_told(scene, "      1.004000s ~ job(21): exec, was forker\n");
	forget(scene);
	answer(scene, (const uint32_t[][2]){ { 21, 11 } }, 1);
	fflush(scene->follow.line.out);
	assert_non_null(strstr(scene->text,
			       "s ~ init--sshd--bash--job(21): parent was forker(20), now bash(11)\n"));
	end(scene);
}

static void test_oom(void **state)
{
	struct kin_event base;
	struct scene *scene = new_scene();

	begin(scene);
	base = base_of(scene, KIN_EVENT_KIND_OOM, 11, 10, "bash");
	apply(scene, &(struct kin_event_record){ .base = &base });
	tell_exit(scene, 11, "bash", SIGKILL);
	assert_told(scene,
		    "      1.001000s ~ init--sshd--bash(11): chosen by the OOM killer\n"
		    "      1.002000s - init--sshd--bash(11): exit 137: killed by SIGKILL (OOM kill), lived 991ms\n");
	end(scene);
}

/* The tree is read anew: who was not there before may have ended already. */
static void test_found_zombie(void **state)
{
	struct kin_base base = { .pid = 50, .tgid = 50, .ppid = 11,
				 .start_boottime_ns = start_of(50),
				 .num_threads = 1, .state = 'Z', .comm = "job" };
	const struct kin_record rec = { .base = &base, .cgroup_id = 1 };
	struct scene *scene = new_scene();

	begin(scene);
	kin_nodes_merge_begin(&scene->nodes);
	assert_int_equal(kin_nodes_merge(&rec, &scene->nodes), 0);
	kin_nodes_merge_end(&scene->nodes, false);
	follownews_flush(&scene->follow);
	fflush(scene->follow.line.out);
	assert_non_null(strstr(scene->text, "s + init--sshd--bash--job(50)\n"));
	assert_non_null(strstr(scene->text,
			       "s - init--sshd--bash--job(50): a zombie: its end was lost\n"));
	end(scene);
}

static void test_threads(void **state)
{
	struct scene *scene = new_scene();

	scene->show.read.threads = true;
	begin(scene);
	tell_thread(scene, 30, 11, "worker");
	assert_told(scene, "      1.001000s + init--sshd--bash--{worker}(30)\n");
	end(scene);
}

static void test_loss(void **state)
{
	struct scene *scene = new_scene();
	struct kin_mirror_options options;

	begin(scene);
	tell_loss(scene, 17);
	follownews_options(&scene->follow, &options);
	options.healed(17, &scene->follow);
	fflush(scene->follow.line.out);
	assert_non_null(strstr(scene->text, "s ! 17 events lost\n"));
	assert_non_null(strstr(scene->text,
			       "s ! 17 events lost, tree read anew\n"));
	assert_int_equal(scene->follow.lost, 17);
	end(scene);
}

/* Whoever is not there any more, and no event told of its end. */
static void test_no_end(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	reap(scene, 11);
	fflush(scene->follow.line.out);
	assert_non_null(strstr(scene->text,
			       "s - init--sshd--bash(11): no more: its end was lost\n"));
	end(scene);
}

static void test_hostile(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	tell_fork(scene, 20, 11, "a\nb");
	tell_exec(scene, 20, "\033[31m", "x, was y");
	assert_told(scene,
		    "      1.001000s + init--sshd--bash--a\\x0ab(20)\n"
		    "      1.002000s ~ init--sshd--bash--\\x1b[31m(20): exec x,\\x20was\\x20y, was a\\x0ab\n");
	end(scene);
}

static void test_deep(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	for (uint32_t pid = 20; pid < 40; pid++)
		tell_fork(scene, pid, pid > 20 ? pid - 1 : 11, "d");
	forget(scene);
	tell_fork(scene, 40, 39, "e");
	assert_told(scene,
		    "      1.021000s + (12 older)--d--d--d--d--d--d--d--d--d--d--d--e(40)\n");
	end(scene);
}

static void test_count(void **state)
{
	struct scene *scene = new_scene();

	scene->show.count = 2;
	begin(scene);
	tell_fork(scene, 20, 11, "a");
	assert_false(scene->follow.over);
	tell_fork(scene, 21, 11, "b");
	assert_true(scene->follow.over);
	tell_fork(scene, 22, 11, "c");
	assert_told(scene, "      1.001000s + init--sshd--bash--a(20)\n"
			   "      1.002000s + init--sshd--bash--b(21)\n");
	end(scene);
}

/* What happened after the end is not told, though it has come. */
static void test_until(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	scene->follow.until_ns = scene->now_ns + MS;
	tell_fork(scene, 20, 11, "a");
	tell_fork(scene, 21, 11, "b");
	assert_told(scene, "      1.001000s + init--sshd--bash--a(20)\n");
	end(scene);
}

/* ---- scopes ---- */

static void test_branch(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	follow_only(scene, 11);
	tell_fork(scene, 20, 10, "other");
	tell_fork(scene, 21, 11, "mine");
	assert_told(scene, "      1.002000s + init--sshd--bash--mine(21)\n");
	end(scene);
}

/* Another process with the number is not the one that was asked for. */
static void test_number_again(void **state)
{
	struct scene *scene = new_scene();
	struct kin_event base;
	const struct kin_event_fork fork = {
		.parent_start_boottime_ns = start_of(10),
	};

	begin(scene);
	follow_only(scene, 11);
	tell_exit(scene, 11, "bash", 0);
	forget(scene);
	base = base_of(scene, KIN_EVENT_KIND_FORK, 11, 10, "other");
	base.start_boottime_ns = start_of(900);
	apply(scene, &(struct kin_event_record){ .base = &base, .fork = &fork });
	fflush(scene->follow.line.out);
	assert_null(strstr(scene->text, "other"));
	end(scene);
}

static void test_leaves_branch(void **state)
{
	struct scene *scene = new_scene();

	begin(scene);
	for (uint32_t pid = 20; pid < 22; pid++)
		tell_fork(scene, pid, pid > 20 ? 20 : 11, "a");
	follow_only(scene, 11);
	tell_exit(scene, 20, "a", 0);
	answer(scene, (const uint32_t[][2]){ { 21, 1 } }, 1);
	fflush(scene->follow.line.out);
	assert_non_null(strstr(scene->text,
			       "parent was a(20), now init(1); not shown any more\n"));
	forget(scene);
	tell_fork(scene, 22, 21, "b");
	fflush(scene->follow.line.out);
	assert_null(strstr(scene->text, "b(22)"));
	end(scene);
}

/* ---- JSON ---- */

static void test_json(void **state)
{
	struct scene *scene = new_scene();

	scene->show.json = true;
	begin(scene);
	tell_fork(scene, 20, 11, "a\"");
	tell_exec(scene, 20, "b", NULL);
	assert_told(scene,
		    "{\"change\": \"born\", \"time_ns\": 1001000000, \"boottime_ns\": 1001000000, "
		    "\"pid\": 20, \"tgid\": 20, \"ppid\": 11, \"start_boottime_ns\": 20000000, "
		    "\"uid\": 0, \"cgroup_id\": 1, \"comm\": \"a\\\"\", \"thread\": false, "
		    "\"ancestors\": [11, 10, 1]}\n"
		    "{\"change\": \"exec\", \"time_ns\": 1002000000, \"boottime_ns\": 1002000000, "
		    "\"pid\": 20, \"tgid\": 20, \"ppid\": 11, \"start_boottime_ns\": 20000000, "
		    "\"uid\": 0, \"cgroup_id\": 1, \"comm\": \"b\", \"thread\": false, "
		    "\"ancestors\": [11, 10, 1], \"filename\": null, \"old_comm\": \"a\\\"\"}\n");
	forget(scene);
	tell_exit(scene, 20, "b", SIGKILL);
	tell_loss(scene, 5);
	fflush(scene->follow.line.out);
	assert_non_null(strstr(scene->text, "{\"change\": \"ended\", "));
	assert_non_null(strstr(scene->text, "\"signal_name\": \"SIGKILL\", "));
	assert_non_null(strstr(scene->text, "\"life_ns\": 983000000, "));
	assert_non_null(strstr(scene->text, "\"lost\": 5}\n"));
	end(scene);
}

/* The first tree as JSON: an object a line. */
static void test_present(void **state)
{
	struct kin_view view = { .names = NULL };
	struct scene *scene = new_scene();
	struct treejson tj = { .tree = &scene->show.read.tree, .view = &view };

	begin(scene);
	follow_only(scene, 10);
	assert_int_equal(followtree_read(&scene->follow), CMD_OK);
	tj.out = scene->follow.line.out;
	treejson_lines(&tj);
	fflush(tj.out);
	assert_ptr_equal(strstr(scene->text,
				"{\"change\": \"present\", \"pid\": 10, "),
			 scene->text);
	assert_non_null(strstr(scene->text,
			       "}}\n{\"change\": \"present\", \"pid\": 11, "));
	assert_int_equal(scene->text[strlen(scene->text) - 1], '\n');
	end(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_adoption),
		cmocka_unit_test(test_orphan),
		cmocka_unit_test(test_oom),
		cmocka_unit_test(test_found_zombie),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_no_end),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_until),
		cmocka_unit_test(test_branch),
		cmocka_unit_test(test_number_again),
		cmocka_unit_test(test_leaves_branch),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_present),
	};

	setlocale(LC_CTYPE, "C");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
