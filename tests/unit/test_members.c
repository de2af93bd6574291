// SPDX-License-Identifier: GPL-2.0-or-later
/* Who was in a family, by its events: births, ends, numbers used twice, losses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <signal.h>
#include <cmocka.h>

#include "story.h"

#define EXITED(code) ((code) << 8)

static const struct kin_member *at(const struct story *story, size_t i)
{
	assert_in_range(i, 0, story->members.n - 1);
	return &story->members.list[i];
}

static enum kin_fate fate(const struct story *story, size_t i)
{
	return kin_member_fate(&story->members, at(story, i));
}

static void assert_member(const struct story *story, size_t i, uint32_t pid,
			  uint32_t parent, const char *comm)
{
	assert_int_equal(at(story, i)->pid, pid);
	assert_int_equal(at(story, i)->parent, parent);
	assert_string_equal(at(story, i)->comm, comm);
}

static void test_lives(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "kin");
	story_exec(&story, 101, 101, "/bin/sh", "sh");
	story_fork(&story, 102, 101, "sh");
	story_exec(&story, 102, 102, "/usr/bin/env", "env");
	story_exec(&story, 102, 102, "/bin/false", "false");
	story_exit(&story, 102, "false", EXITED(1));
	assert_int_equal(story.members.n, 2);
	assert_int_equal(story.members.n_alive, 1);
	assert_int_equal(fate(&story, 0), KIN_FATE_RUNNING);
	story_exit(&story, 101, "sh", 0);
	assert_int_equal(story.members.n_alive, 0);
	assert_member(&story, 0, 101, KIN_MEMBER_NONE, "sh");
	assert_member(&story, 1, 102, 0, "false");
	assert_int_equal(at(&story, 0)->ppid, STORY_SELF);
	assert_int_equal(at(&story, 1)->ppid, 101);
	assert_int_equal(at(&story, 1)->end.status, EXITED(1));
	assert_int_equal(fate(&story, 1), KIN_FATE_ENDED);
	/* the sixth event */
	assert_int_equal(kin_member_life_ns(at(&story, 1)),
			 6 * STORY_MS - 102 * 1000);
	assert_ptr_equal(kin_members_leader(&story.members), at(&story, 0));
	kin_members_free(&story.members);
	assert_int_equal(story.members.n, 0);
}

static void test_execs(void **state)
{
	const struct kin_member *member;
	struct story story;
	char file[32];
	uint32_t exec, n = 0;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "kin");
	story_exec(&story, 101, 101, NULL, "nameless");
	for (int i = 1; i < 1000; i++) {
		snprintf(file, sizeof(file), "/bin/%d", i);
		story_exec(&story, 101, 101, file, file + 5);
	}
	member = at(&story, 0);
	assert_int_equal(member->n_execs, 1000);
	assert_string_equal(member->comm, "999");
	for (exec = member->first_exec; exec != KIN_MEMBER_NONE;
	     exec = story.members.execs[exec].next) {
		snprintf(file, sizeof(file), "/bin/%u", ++n);
		assert_string_equal(kin_members_file(&story.members, exec),
				    file);
	}
	assert_int_equal(n, KIN_MEMBER_EXECS - 1);
	kin_members_free(&story.members);
}

/* A thread's number and its process's are looked up apart: of a thread that is
 * gone the number may be a process's, and the other way round. */
static void test_same_number(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "server");
	story_thread(&story, 102, 101, "thread");
	story_thread_exit(&story, 102, 101, "thread");
	story_fork_at(&story, 102, 101, "process", 2000 * STORY_MS);
	story_fork(&story, 103, 102, "child");
	assert_member(&story, 3, 103, 2, "child");
	/* a process whose end was lost, and a thread */
	story_fork(&story, 105, 101, "process");
	story_lose(&story, 1);
	story_thread(&story, 105, 103, "thread");
	assert_member(&story, 5, 105, 3, "thread");
	assert_false(at(&story, 4)->flags & KIN_MEMBER_MISSED);
	story_fork(&story, 106, 105, "child");
	assert_member(&story, 6, 106, 4, "child");
	kin_members_free(&story.members);
}

/* Its parent ends first; its creator is who it stands below. */
static void test_double_fork(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_fork(&story, 102, 101, "sh");
	story_fork(&story, 103, 102, "daemon");
	story_exit(&story, 102, "sh", 0);
	story_exit(&story, 101, "sh", 0);
	assert_int_equal(story.members.n_alive, 1);
	assert_member(&story, 2, 103, 1, "daemon");
	assert_int_equal(fate(&story, 2), KIN_FATE_RUNNING);
	/* whose child it has become does not matter */
	story_fork(&story, 104, 103, "worker");
	assert_member(&story, 3, 104, 2, "worker");
	kin_members_free(&story.members);
}

/* CLONE_PARENT: the parent is another one than the creator. */
static void test_creator(void **state)
{
	const struct kin_event_fork fork = { .creator_pid = 102,
					     .creator_tgid = 102 };
	struct kin_event base;
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_fork(&story, 102, 101, "a");
	base = story_base(&story, KIN_EVENT_KIND_FORK, 103, "b");
	base.ppid = 101;
	story_tell(&story, &base, &fork, NULL, NULL, NULL);
	assert_member(&story, 2, 103, 1, "b");
	assert_int_equal(at(&story, 2)->ppid, 102);
	kin_members_free(&story.members);
}

static void test_pid_reused(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_fork(&story, 102, 101, "old");
	story_exit(&story, 102, "old", EXITED(1));
	story_fork_at(&story, 102, 101, "new", 2000 * STORY_MS);
	story_fork(&story, 103, 102, "child");
	story_exit_at(&story, 102, "new", EXITED(2), 2000 * STORY_MS);
	assert_int_equal(story.members.n, 4);
	assert_member(&story, 1, 102, 0, "old");
	assert_member(&story, 2, 102, 0, "new");
	assert_member(&story, 3, 103, 2, "child");
	assert_int_equal(at(&story, 1)->end.status, EXITED(1));
	assert_int_equal(at(&story, 2)->end.status, EXITED(2));
	assert_int_equal(story.members.n_alive, 2);
	/* even the command's, once it was waited for */
	story_exit(&story, 101, "sh", 0);
	story_fork_at(&story, 101, 103, "later", 3000 * STORY_MS);
	assert_ptr_equal(kin_members_leader(&story.members), at(&story, 0));
	kin_members_free(&story.members);
}

static void test_threads(void **state)
{
	struct kin_members_sum sum;
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "server");
	story_thread(&story, 102, 101, "worker");
	story_thread(&story, 103, 101, "worker");
	story_thread_exit(&story, 102, 101, "renamed");
	/* the main thread alone: the process lives */
	story_thread_exit(&story, 101, 101, "server");
	assert_int_equal(story.members.n_alive, 1);
	assert_int_equal(fate(&story, 0), KIN_FATE_RUNNING);
	story_thread_exit(&story, 103, 101, "worker");
	story_exit(&story, 101, "server", 0);
	assert_int_equal(story.members.n_alive, 0);
	assert_member(&story, 1, 102, 0, "renamed");
	assert_int_equal(fate(&story, 1), KIN_FATE_ENDED);
	assert_int_equal(at(&story, 1)->end.runtime_ns, 102 * STORY_MS);
	kin_members_sum(&story.members, &sum);
	assert_int_equal(sum.processes, 1);
	assert_int_equal(sum.threads, 2);
	/* threads are in their process's sum */
	assert_int_equal(sum.cpu_ns, 101 * STORY_MS);
	kin_members_free(&story.members);
}

/* The others end, the caller takes the main thread's number. */
static void test_exec_by_thread(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "server");
	story_thread(&story, 102, 101, "other");
	story_thread(&story, 103, 101, "caller");
	story_thread_exit(&story, 102, 101, "other");
	story_thread_exit(&story, 101, 101, "server");
	story_exec(&story, 101, 103, "/bin/true", "true");
	story_exit(&story, 101, "true", 0);
	assert_int_equal(story.members.n, 3);
	assert_int_equal(fate(&story, 0), KIN_FATE_ENDED);
	assert_int_equal(fate(&story, 1), KIN_FATE_ENDED);
	assert_int_equal(fate(&story, 2), KIN_FATE_EXECED);
	assert_string_equal(at(&story, 0)->comm, "true");
	kin_members_free(&story.members);
}

static void test_names_and_kills(void **state)
{
	struct kin_event base;
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	base = story_base(&story, KIN_EVENT_KIND_COMM, 101, "renamed");
	base.uid = 1000;
	story_tell(&story, &base, NULL, NULL, NULL, NULL);
	assert_string_equal(at(&story, 0)->comm, "renamed");
	assert_int_equal(at(&story, 0)->uid, 1000);
	base = story_base(&story, KIN_EVENT_KIND_OOM, 101, "renamed");
	story_tell(&story, &base, NULL, NULL, NULL, NULL);
	assert_true(at(&story, 0)->flags & KIN_MEMBER_OOM);
	story_exit(&story, 101, "renamed", SIGKILL);
	assert_int_equal(at(&story, 0)->end.status, SIGKILL);
	kin_members_free(&story.members);
}

/* Children that kin had before it ran the command are in its subtree, too. */
static void test_strangers(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_exit_at(&story, 50, "old", 0, 900 * STORY_MS);
	story_fork(&story, 51, 50, "of a stranger");
	story_exit(&story, 51, "of a stranger", 0);
	story_fork(&story, 101, STORY_SELF, "sh");
	assert_int_equal(story.members.n, 1);
	/* who starts before the first is one whatever was lost */
	story_lose(&story, 1);
	story_exit_at(&story, 52, "old", 0, 900 * STORY_MS);
	assert_int_equal(story.members.n, 1);
	assert_int_equal(story.members.n_events, 5);
	kin_members_free(&story.members);
}

static void test_twice(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_fork(&story, 101, STORY_SELF, "sh");
	assert_int_equal(story.members.n, 1);
	assert_int_equal(story.members.n_alive, 1);
	kin_members_free(&story.members);
}

/* ---- losses ---- */

static void test_lost_end(void **state)
{
	struct kin_members_sum sum;
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_fork(&story, 102, 101, "a");
	story_fork(&story, 103, 101, "b");
	assert_int_equal(fate(&story, 1), KIN_FATE_RUNNING);
	story_lose(&story, 3);
	story_lose(&story, 4);
	assert_int_equal(story.members.n_lost, 7);
	assert_int_equal(fate(&story, 1), KIN_FATE_UNKNOWN);
	story_fork_at(&story, 102, 103, "c", 2000 * STORY_MS);
	assert_true(at(&story, 1)->flags & KIN_MEMBER_MISSED);
	assert_int_equal(story.members.n_alive, 3);
	story_exit_at(&story, 102, "c", 0, 2000 * STORY_MS);
	assert_member(&story, 3, 102, 2, "c");
	assert_int_equal(fate(&story, 1), KIN_FATE_UNKNOWN);
	assert_int_equal(fate(&story, 3), KIN_FATE_ENDED);
	kin_members_sum(&story.members, &sum);
	assert_int_equal(sum.unknown, 3);
	assert_int_equal(sum.running, 0);
	kin_members_free(&story.members);
}

static void test_lost_birth(void **state)
{
	const struct kin_event_exit end = story_end(104, EXITED(3));
	struct kin_event base;
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_lose(&story, 1);
	base = story_base(&story, KIN_EVENT_KIND_EXIT, 104, "found");
	base.ppid = 101;
	story_tell(&story, &base, NULL, NULL, &end, NULL);
	assert_member(&story, 1, 104, 0, "found");
	assert_true(at(&story, 1)->flags & KIN_MEMBER_FOUND);
	assert_int_equal(at(&story, 1)->end.status, EXITED(3));
	assert_int_equal(story.members.n_alive, 1);
	/* created by one who has ended, or of whom nothing is known */
	story_fork(&story, 105, 104, "child");
	assert_member(&story, 2, 105, KIN_MEMBER_NONE, "child");
	story_exit(&story, 105, "child", 0);
	story_fork(&story, 106, 105, "child");
	assert_member(&story, 3, 106, KIN_MEMBER_NONE, "child");
	assert_true(at(&story, 3)->flags & KIN_MEMBER_FOUND);
	/* a thread's process was lost: it stands alone */
	story_thread(&story, 108, 107, "thread");
	assert_member(&story, 4, 108, KIN_MEMBER_NONE, "thread");
	kin_members_free(&story.members);
}

static void test_lost_leader(void **state)
{
	struct kin_event base;
	struct story story;

	story_begin(&story, 101);
	assert_null(kin_members_leader(&story.members));
	story_lose(&story, 2);
	base = story_base(&story, KIN_EVENT_KIND_EXEC, 101, "make");
	base.ppid = STORY_SELF;
	story_tell(&story, &base, NULL, NULL, NULL, "/usr/bin/make");
	assert_ptr_equal(kin_members_leader(&story.members), at(&story, 0));
	kin_members_ended(&story.members, &story.members.list[0], EXITED(2),
			  story.now_ns);
	assert_int_equal(fate(&story, 0), KIN_FATE_ENDED);
	assert_int_equal(at(&story, 0)->end.status, EXITED(2));
	assert_int_equal(at(&story, 0)->end.runtime_ns, KIN_NONE64);
	assert_int_equal(story.members.n_alive, 0);
	/* what was told before remains */
	kin_members_ended(&story.members, &story.members.list[0], 0, 1);
	assert_int_equal(at(&story, 0)->end.status, EXITED(2));
	kin_members_free(&story.members);
}

static void test_cut(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story.members.cut = true;
	assert_int_equal(fate(&story, 0), KIN_FATE_UNKNOWN);
	kin_members_free(&story.members);
}

/* ---- many ---- */

/* Slots of both kinds side by side. */
static void test_same_numbers(void **state)
{
	struct kin_members_sum sum;
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "server");
	for (uint32_t pid = 1000; pid < 11000; pid++) {
		story_fork(&story, pid, 101, "process");
		story_thread(&story, pid, 101, "thread");
	}
	for (uint32_t pid = 1000; pid < 11000; pid++)
		story_exit(&story, pid, "process", EXITED(1));
	kin_members_sum(&story.members, &sum);
	assert_int_equal(sum.processes, 10001);
	assert_int_equal(sum.failed, 10000);
	assert_int_equal(sum.threads, 10000);
	for (size_t i = 2; i < story.members.n; i += 2)
		assert_int_equal(fate(&story, i), KIN_FATE_RUNNING);
	kin_members_free(&story.members);
}

#define MANY 100000

static void test_many(void **state)
{
	struct kin_members_sum sum;
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "make");
	for (uint32_t i = 0; i < MANY; i++) {
		const uint32_t pid = 1000 + i % 30000;
		const uint64_t start = (2000 + i) * STORY_MS;

		story_fork_at(&story, pid, 101, "make", start);
		story_exit_at(&story, pid, "cc1", i % 2 ? 0 : EXITED(1), start);
	}
	story_exit(&story, 101, "make", 0);
	kin_members_sum(&story.members, &sum);
	assert_int_equal(sum.processes, MANY + 1);
	assert_int_equal(sum.failed, MANY / 2);
	assert_int_equal(sum.running, 0);
	assert_int_equal(sum.rss_peak_bytes, (1000 + 29999) * 1024ull);
	/* those that are found by number: all at once */
	assert_in_range(story.members.n_slots, 60000, 130000);
	kin_members_free(&story.members);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lives),
		cmocka_unit_test(test_execs),
		cmocka_unit_test(test_same_number),
		cmocka_unit_test(test_double_fork),
		cmocka_unit_test(test_creator),
		cmocka_unit_test(test_pid_reused),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_exec_by_thread),
		cmocka_unit_test(test_names_and_kills),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_lost_end),
		cmocka_unit_test(test_lost_birth),
		cmocka_unit_test(test_lost_leader),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_same_numbers),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
