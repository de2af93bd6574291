// SPDX-License-Identifier: GPL-2.0-or-later
/* The mirror: each rule about events, records and answers, one by one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "derive.h"
#include "mirror.h"

#define MS 1000000ull

static struct kin_nodes nodes;
static struct kin_snapshot dump;
static char said[4096];

/* ---- whoever is told writes it down ---- */

static void say(const char *fmt, ...)
{
	const size_t used = strlen(said);
	va_list args;

	va_start(args, fmt);
	vsnprintf(said + used, sizeof(said) - used, fmt, args);
	va_end(args);
}

static void on_born(const struct kin_node *node, void *arg)
{
	assert_null(arg);
	say("+%u ", node->task.base.pid);
}

static void on_changed(const struct kin_node *node, uint32_t changes, void *arg)
{
	static const char letters[] = "PXCGEOTS";

	say("%u:", node->task.base.pid);
	for (unsigned int i = 0; i < 8; i++)
		if (changes & 1u << i)
			say("%c", letters[i]);
	say(" ");
}

static void on_gone(const struct kin_node *node, void *arg)
{
	assert_int_equal(node->life, KIN_LIFE_GONE);
	assert_ptr_not_equal(node, kin_nodes_get(&nodes, node->task.base.pid,
						 node->task.base.start_boottime_ns,
						 kin_node_is_thread(node)));
	say("-%u ", node->task.base.pid);
}

static void assert_said(const char *text)
{
	assert_string_equal(said, text);
	said[0] = '\0';
}

/* ---- one mirror for each test ---- */

static void start(uint32_t kinds, uint32_t groups, size_t keep_max)
{
	const struct kin_mirror_options options = {
		.kinds = kinds, .groups = groups,
		.keep_max = keep_max, .keep_ns = 1000 * MS,
		.born = on_born, .changed = on_changed, .gone = on_gone,
	};

	assert_int_equal(kin_nodes_init(&nodes, &options), 0);
	nodes.now_ns = 5000000000000ull;
	said[0] = '\0';
}

static int teardown(void **state)
{
	kin_nodes_free(&nodes);
	kin_snapshot_free(&dump);
	return 0;
}

static struct kin_node *get(uint32_t pid)
{
	return kin_nodes_get(&nodes, pid, family_start(pid), false);
}

static struct kin_node *get_thread(uint32_t pid)
{
	return kin_nodes_get(&nodes, pid, family_start(pid), true);
}

static uint32_t parent_of(uint32_t pid)
{
	const struct kin_node *node = get(pid);

	assert_non_null(node);
	return node->parent ? node->parent->task.base.pid : 0;
}

static void fork_at(uint32_t pid, uint64_t start_ns, uint32_t ppid)
{
	struct news news = news_of(KIN_EVENT_KIND_FORK, pid, start_ns, pid);

	news.ev.ppid = ppid;
	news.fork.parent_start_boottime_ns = family_start(ppid);
	assert_int_equal(news_tell(&nodes, &news), 0);
}

static void fork_process(uint32_t pid, uint32_t ppid)
{
	fork_at(pid, family_start(pid), ppid);
}

static void fork_thread(uint32_t tid, uint32_t tgid)
{
	const struct news news = news_of(KIN_EVENT_KIND_FORK, tid,
					 family_start(tid), tgid);

	assert_int_equal(news_tell(&nodes, &news), 0);
}

static void end_at(uint32_t pid, uint64_t start_ns, uint32_t tgid,
		   uint32_t status)
{
	struct news news = news_of(KIN_EVENT_KIND_EXIT, pid, start_ns, tgid);

	news.ev.boottime_ns = 77;
	news.exit.status = status;
	assert_int_equal(news_tell(&nodes, &news), 0);
}

static void end_process(uint32_t pid)
{
	end_at(pid, family_start(pid), pid, 256);
}

static void exec_by(uint32_t pid, uint32_t old_pid, uint64_t exec_id,
		    uint64_t when_ns)
{
	struct news news = news_of(KIN_EVENT_KIND_EXEC, pid, family_start(pid),
				   pid);

	news.ev.boottime_ns = when_ns;
	news.exec.exec_id = exec_id;
	news.exec.old_pid = old_pid;
	strcpy(news.ev.comm, "program");
	assert_int_equal(news_tell(&nodes, &news), 0);
}

/* All of the made-up dump, as one of everything or as an answer. */
static void merge(bool whole)
{
	kin_nodes_merge_begin(&nodes);
	for (size_t i = 0; i < dump.n; i++) {
		const struct kin_record rec = news_task(&dump.tasks[i]);

		assert_int_equal(kin_nodes_merge(&rec, &nodes), 0);
	}
	kin_nodes_merge_end(&nodes, whole);
	dump.n = 0;
}

static void first_dump(void)
{
	nodes.silent = true;
	merge(true);
	nodes.silent = false;
}

/* Asks about what is due, after some time; returns how many that were. */
static size_t answer_after(uint64_t ms)
{
	struct kin_node *asked[64];
	size_t n;

	nodes.now_ns += ms * MS;
	n = kin_watch_take(&nodes, asked, 64);
	kin_nodes_merge_begin(&nodes);
	for (size_t i = 0; i < dump.n; i++) {
		const struct kin_record rec = news_task(&dump.tasks[i]);

		assert_int_equal(kin_nodes_answer(&rec, &nodes), 0);
	}
	kin_nodes_answered(&nodes, asked, n);
	dump.n = 0;
	return n;
}

/* Who is there when nothing is: init, 10 and its child 20. */
static void start_family(uint32_t kinds, uint32_t groups)
{
	start(kinds, groups, 10);
	family_process(&dump, 1, 0, "init");
	family_process(&dump, 10, 1, "shell");
	family_process(&dump, 20, 10, "job");
	first_dump();
	assert_said("");
}

/* ---- birth and end ---- */

static void test_short_life(void **state)
{
	start_family(0, 0);
	fork_process(30, 20);
	assert_int_equal(parent_of(30), 20);
	assert_int_equal(get(30)->sampled_ns, 0);
	assert_int_equal(get(30)->task.base.num_threads, 1);
	assert_int_equal(get(30)->task.base.state, 0);
	assert_int_equal(get(30)->task.base.tty, KIN_NONE32);
	assert_true(get(30)->task.sched.utime_ns == KIN_NONE64);
	end_process(30);
	assert_int_equal(get(30)->life, KIN_LIFE_ENDED);
	assert_true(get(30)->has_end);
	assert_int_equal(get(30)->end.status, 256);
	assert_int_equal(get(30)->end_boottime_ns, 77);
	assert_int_equal(answer_after(0), 1);
	assert_said("+30 30:E -30 ");
	assert_null(get(30));
	assert_int_equal(nodes.stats.kept, 1);
	assert_int_equal(nodes.gone.first->end.status, 256);
	assert_null(nodes.gone.first->parent);
	assert_int_equal(nodes.unsure, 0);
	assert_int_equal(nodes.stats.doubts, 0);
}

/* A zombie: asked about ever more seldom, as long as it is there. */
static void test_zombie(void **state)
{
	static const uint64_t waits[] = { 10, 20, 40, 80, 160, 320, 640, 1000,
					  1000, 1000 };

	start_family(0, 0);
	end_process(20);
	assert_int_equal(nodes.unsure, 0);
	family_process(&dump, 20, 10, "job")->base.state = 'Z';
	assert_int_equal(answer_after(0), 1);
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		assert_true(kin_watch_due_ns(&nodes) ==
			    nodes.now_ns + waits[i] * MS);
		assert_int_equal(answer_after(waits[i] - 1), 0);
		family_process(&dump, 20, 10, "job")->base.state = 'Z';
		assert_int_equal(answer_after(1), 1);
		assert_int_equal(get(20)->task.base.state, 'Z');
	}
	assert_said("20:E ");
	/* its number has another owner */
	family_process(&dump, 20, 10, "other")->base.start_boottime_ns++;
	assert_int_equal(answer_after(1000), 1);
	assert_said("-20 ");
	assert_true(kin_watch_due_ns(&nodes) == UINT64_MAX);
}

/* All are due at once when someone wants to know. */
static void test_hurry(void **state)
{
	start_family(0, 0);
	end_process(20);
	family_process(&dump, 20, 10, "job")->base.state = 'Z';
	assert_int_equal(answer_after(0), 1);
	assert_int_equal(answer_after(0), 0);
	kin_watch_hurry(&nodes);
	assert_int_equal(answer_after(0), 1);
	assert_said("20:E -20 ");
}

/* What was there before the first snapshot and has ended: no event comes. */
static void test_first_zombie(void **state)
{
	start(0, 0, 0);
	family_process(&dump, 1, 0, "init");
	family_process(&dump, 10, 1, "dead")->base.state = 'Z';
	dump.tasks[1].base.flags = KIN_TASK_EXITING;
	family_process(&dump, 20, 1, "headless")->base.state = 'Z';
	dump.tasks[2].base.num_threads = 2;
	dump.tasks[2].base.flags = KIN_TASK_EXITING;
	first_dump();
	assert_int_equal(get(10)->life, KIN_LIFE_ENDED);
	assert_false(get(10)->has_end);
	assert_int_equal(get(20)->life, KIN_LIFE_ALIVE);
	assert_int_equal(nodes.unsure, 1);
	/* unless it ended after the subscription */
	end_process(10);
	assert_true(get(10)->has_end);
	assert_said("10:E ");
	assert_int_equal(answer_after(0), 2);
	assert_said("-10 ");
	assert_int_equal(get(20)->life, KIN_LIFE_ALIVE);
}

/* Patience: who is missing may have an exit event on its way. */
static void test_late_exit(void **state)
{
	start_family(0, 0);
	kin_watch(&nodes, get(20), 0);
	assert_int_equal(answer_after(0), 1);
	assert_int_equal(get(20)->life, KIN_LIFE_ALIVE);
	assert_int_equal(nodes.unsure, 1);
	end_process(20);
	assert_int_equal(answer_after(0), 1);
	assert_said("20:E -20 ");
	assert_true(nodes.gone.first->has_end);
}

static void answer_headless(uint32_t num_threads)
{
	struct kin_task *task = family_process(&dump, 20, 10, "job");

	task->base.state = 'Z';
	task->base.flags = KIN_TASK_EXITING;
	task->base.num_threads = num_threads;
	assert_int_equal(answer_after(1000), 1);
}

/* However often it was asked about before, for something else. */
static void test_late_exit_of_headless(void **state)
{
	start_family(0, 0);
	kin_watch(&nodes, get(20), 0);
	for (int i = 0; i < 2 * KIN_WATCH_PATIENCE; i++)
		answer_headless(2);
	assert_int_equal(nodes.unsure, 0);
	answer_headless(1);
	assert_said("20:T 20:T ");
	assert_int_equal(answer_after(1000), 1);
	assert_said("");
	assert_int_equal(nodes.unsure, 1);
	end_process(20);
	assert_int_equal(answer_after(0), 1);
	assert_said("20:E -20 ");
	assert_true(nodes.gone.first->has_end);
}

/* Patience that was needed once is there again. */
static void test_patience_begins_anew(void **state)
{
	unsigned int asked = 0;

	start_family(0, 0);
	kin_watch(&nodes, get(20), 0);
	for (int i = 0; i < KIN_WATCH_PATIENCE; i++)
		answer_headless(1);
	answer_headless(2);
	for (int i = 0; i < 20 && get(20); i++)
		asked += answer_after(1000);
	assert_int_equal(asked, KIN_WATCH_PATIENCE + 1);
	assert_said("20:T -20 ");
}

static void test_lost_exit(void **state)
{
	unsigned int asked = 0;

	start_family(0, 0);
	kin_watch(&nodes, get(20), 0);
	for (int i = 0; i < 20 && get(20); i++)
		asked += answer_after(1000);
	assert_int_equal(asked, KIN_WATCH_PATIENCE + 1);
	assert_said("-20 ");
	assert_false(nodes.gone.first->has_end);
}

/* The same, of one that has become a zombie. */
static void test_lost_exit_of_zombie(void **state)
{
	unsigned int asked = 0;

	start_family(0, 0);
	kin_watch(&nodes, get(20), 0);
	for (int i = 0; i < 20 && get(20)->life == KIN_LIFE_ALIVE; i++) {
		family_process(&dump, 20, 10, "job")->base.state = 'Z';
		asked += answer_after(1000);
	}
	assert_int_equal(asked, KIN_WATCH_PATIENCE + 1);
	assert_said("20:E ");
	assert_false(get(20)->has_end);
}

static void test_main_thread_ends(void **state)
{
	struct news news = news_of(KIN_EVENT_KIND_EXIT, 20, family_start(20),
				   20);

	start_family(KIN_KINDS, 0);
	fork_thread(21, 20);
	assert_said("+21 20:T ");
	news.ev.flags = KIN_EVENT_THREAD;
	news_tell(&nodes, &news);
	assert_int_equal(get(20)->life, KIN_LIFE_ALIVE);
	assert_true(get(20)->task.base.flags & KIN_TASK_EXITING);
	assert_said("");
}

/* ---- parents ---- */

static void test_reparented(void **state)
{
	start_family(0, 0);
	fork_process(30, 20);
	fork_process(31, 20);
	end_process(20);
	/* 31 was read before its parent had got that far */
	family_process(&dump, 30, 10, "news");
	family_process(&dump, 31, 20, "news");
	family_process(&dump, 20, 10, "job")->base.state = 'Z';
	assert_int_equal(answer_after(0), 3);
	assert_int_equal(parent_of(30), 10);
	assert_int_equal(parent_of(31), 20);
	assert_int_equal(nodes.unsure, 1);
	family_process(&dump, 31, 1, "news");
	assert_int_equal(answer_after(10), 2);
	assert_int_equal(parent_of(31), 1);
	assert_said("+30 +31 20:E 30:P 31:P -20 ");
	assert_int_equal(nodes.unsure, 0);
	assert_int_equal(get(1)->sum_processes, 4);
}

/* The last known parent goes first: a root until it is known whose it is. */
static void test_orphan(void **state)
{
	start_family(0, 0);
	fork_process(30, 20);
	end_process(20);
	assert_int_equal(answer_after(0), 2);
	assert_said("+30 20:E 30:P -20 ");
	assert_int_equal(parent_of(30), 0);
	assert_int_equal(nodes.unsure, 1);
	family_process(&dump, 30, 1, "news");
	assert_int_equal(answer_after(10), 1);
	assert_said("30:P ");
	assert_int_equal(parent_of(30), 1);
}

/* Born of somebody whom the dump did not meet any more. */
static void test_unknown_parent(void **state)
{
	start_family(0, 0);
	fork_process(30, 25);
	assert_int_equal(parent_of(30), 0);
	assert_int_equal(nodes.unsure, 1);
	family_process(&dump, 30, 10, "news");
	assert_int_equal(answer_after(0), 1);
	assert_int_equal(parent_of(30), 10);
	assert_said("+30 30:P ");
	/* of whoever had the number of 10 before */
	{
		struct news news = news_of(KIN_EVENT_KIND_FORK, 40,
					   family_start(40), 40);

		news.ev.ppid = 10;
		news.fork.parent_start_boottime_ns = family_start(10) - 1;
		news_tell(&nodes, &news);
	}
	assert_int_equal(parent_of(40), 0);
	assert_int_equal(nodes.unsure, 1);
	kin_unwatch(&nodes, get(40));
	/* outside the pid namespace: nobody to ask about */
	fork_process(31, 0);
	assert_int_equal(nodes.unsure, 0);
}

/* A parent that is younger is the next owner of its number. */
static void test_younger_parent(void **state)
{
	start(0, 0, 0);
	family_process(&dump, 1, 0, "init");
	family_process(&dump, 10, 30, "child");
	family_process(&dump, 30, 1, "young");
	first_dump();
	assert_int_equal(parent_of(10), 0);
	assert_true(get(10)->doubt);
	family_process(&dump, 10, 1, "child");
	assert_int_equal(answer_after(0), 1);
	assert_int_equal(parent_of(10), 1);
}

/* Equal starts allow circles, which no kernel makes. */
static void test_circle(void **state)
{
	start(0, 0, 0);
	for (uint32_t pid = 10; pid <= 12; pid++) {
		family_process(&dump, pid, pid == 10 ? 12 : pid - 1, "c");
		dump.tasks[pid - 10].base.start_boottime_ns = 5;
	}
	family_process(&dump, 20, 20, "own");
	first_dump();
	for (struct kin_node *node = kin_nodes_next(&nodes, NULL); node;
	     node = kin_nodes_next(&nodes, node)) {
		unsigned int steps = 0;

		for (struct kin_node *up = node; up; up = up->parent)
			assert_true(steps++ < 4);
	}
	assert_int_equal(nodes.stats.processes, 4);
}

/* ---- numbers that are given out again ---- */

static void test_reused(void **state)
{
	start_family(0, 0);
	fork_process(30, 20);
	assert_said("+30 ");
	fork_at(20, family_start(20) + 9, 1);
	assert_said("30:P -20 +20 ");
	assert_true(get(30)->doubt);
	assert_null(get(20));
	assert_false(nodes.gone.first->has_end);
	/* what is told of the former owner is not about this one */
	end_at(20, family_start(20), 20, 0);
	assert_said("");
}

/* Of a process's number becomes a thread's; its threads go along. */
static void test_reused_by_thread(void **state)
{
	start_family(KIN_KINDS, 0);
	fork_thread(21, 20);
	fork_thread(22, 20);
	assert_said("+21 20:T +22 20:T ");
	{
		const struct news news = news_of(KIN_EVENT_KIND_FORK, 20,
						 family_start(40), 10);

		news_tell(&nodes, &news);
	}
	assert_said("-22 20:T -21 20:T -20 +20 10:T ");
	assert_int_equal(nodes.stats.threads, 1);
}

/* The snapshot knows the successor; the events about the former owner come. */
static void test_former_owner(void **state)
{
	start_family(0, 0);
	fork_at(20, family_start(20) - 5, 10);
	assert_said("+20 ");
	assert_ptr_equal(kin_nodes_find(&nodes, 20, false, UINT64_MAX / 4),
			 get(20));
	end_at(20, family_start(20) - 5, 20, 0);
	family_process(&dump, 20, 10, "job");
	assert_int_equal(answer_after(0), 1);
	assert_said("20:E -20 ");
	assert_non_null(get(20));
}

/* ---- events that are older than the record ---- */

static void test_old_events(void **state)
{
	struct news news = news_of(KIN_EVENT_KIND_COMM, 20, family_start(20),
				   20);

	start(0, 0, 0);
	family_process(&dump, 1, 0, "init");
	family_process(&dump, 20, 1, "job")->base.uid = 7;
	dump.tasks[1].base.exec_id = 3;
	first_dump();
	fork_process(20, 10);
	assert_int_equal(parent_of(20), 1);
	get(20)->task.base.num_threads = 3;
	exec_by(20, 20, 3, 0);
	assert_int_equal(get(20)->task.base.num_threads, 3);
	assert_said("20:C ");
	exec_by(20, 20, 4, 0);
	assert_int_equal(get(20)->task.base.num_threads, 1);
	assert_said("20:X ");
	news.ev.uid = 8;
	news_tell(&nodes, &news);
	assert_int_equal(get(20)->task.base.uid, 7);
	assert_said("20:C ");
	end_at(99, 1, 99, 0);
	fork_thread(98, 97);
	assert_int_equal(nodes.stats.processes, 2);
	assert_said("");
}

/* The dump came when a thread was just taking over its process's number. */
static void test_exec_of_unknown(void **state)
{
	start_family(0, 0);
	assert_null(get(99));
	exec_by(99, 99, 4, 0);
	assert_non_null(get(99));
	assert_int_equal(get(99)->task.base.exec_id, 4);
	assert_true(get(99)->doubt);
}

/* Only events have told of it: each one is news. */
static void test_uid(void **state)
{
	struct news news = news_of(KIN_EVENT_KIND_COMM, 30, family_start(30),
				   30);

	start_family(0, 0);
	fork_process(30, 20);
	news.ev.uid = 8;
	news_tell(&nodes, &news);
	assert_int_equal(get(30)->task.base.uid, 8);
}

/* A record that is ahead of the exec event: told once, when the event comes. */
static void test_exec_told_once(void **state)
{
	start_family(0, 0);
	fork_process(30, 20);
	family_process(&dump, 30, 20, "program")->base.exec_id = 5;
	kin_watch(&nodes, get(30), 0);
	assert_int_equal(answer_after(0), 1);
	assert_said("+30 ");
	exec_by(30, 30, 5, 0);
	assert_said("30:XC ");
	exec_by(30, 30, 5, 0);
	assert_said("");
}

/* The record is of after both: each event that it knows is applied, or none. */
static void test_old_names(void **state)
{
	struct news news = news_of(KIN_EVENT_KIND_COMM, 20, family_start(20),
				   20);

	start(0, 0, 0);
	family_process(&dump, 20, 0, "program")->base.exec_id = 5;
	first_dump();
	news_tell(&nodes, &news);
	assert_string_equal(get(20)->task.base.comm, "news");
	exec_by(20, 20, 5, 0);
	assert_string_equal(get(20)->task.base.comm, "program");
}

static void rename_process(uint32_t pid)
{
	struct news news = news_of(KIN_EVENT_KIND_COMM, pid, family_start(pid), pid);

	news_tell(&nodes, &news);
}

/* Read before the task had the name that was told: not believed, but asked again. */
static void test_name_not_there_yet(void **state)
{
	start(0, 0, 0);
	family_process(&dump, 20, 0, "old");
	first_dump();
	rename_process(20);
	assert_said("20:C ");
	for (unsigned int ms = 10; ms <= 160; ms *= 2) {
		family_process(&dump, 20, 0, "old");
		assert_int_equal(answer_after(ms), 1);
		assert_string_equal(get(20)->task.base.comm, "news");
	}
	family_process(&dump, 20, 0, "news");
	assert_int_equal(answer_after(320), 1);
	assert_int_equal(nodes.stats.doubts, 0);
	family_process(&dump, 20, 0, "old");
	merge(true);
	assert_string_equal(get(20)->task.base.comm, "news");
	assert_int_equal(nodes.stats.doubts, 1);
}

/* Two that renamed it at once were told of in the wrong order: what stays is right. */
static void test_name_told_wrong(void **state)
{
	size_t asked = 0;

	start(0, 0, 0);
	family_process(&dump, 20, 0, "old");
	first_dump();
	rename_process(20);
	while (nodes.stats.doubts) {
		family_process(&dump, 20, 0, "last");
		asked += answer_after(640);
	}
	assert_int_equal(asked, KIN_WATCH_PATIENCE);
	assert_string_equal(get(20)->task.base.comm, "last");
}

/* The event of the newest name was lost: a dump knows it. */
static void test_name_lost(void **state)
{
	const struct kin_event_record loss = { .lost = 1 };

	start(0, 0, 0);
	family_process(&dump, 20, 0, "old");
	first_dump();
	rename_process(20);
	kin_nodes_apply(&loss, &nodes);
	family_process(&dump, 20, 0, "last");
	merge(true);
	assert_string_equal(get(20)->task.base.comm, "last");
}

/* What is told no more is not known any more; an exec changes what it executes. */
static void test_private_groups(void **state)
{
	const uint32_t groups = KIN_GROUP_FILES | KIN_GROUP_IO | KIN_GROUP_EXE | KIN_GROUP_STACK;
	struct kin_task *task;

	start(0, groups, 0);
	task = family_process(&dump, 20, 0, "job");
	task->groups |= KIN_GROUP_FILES | KIN_GROUP_IO;
	task->files.open = 7;
	task->io.rchar_bytes = 8;
	task->exe = "/bin/job";
	task->stack = "wait";
	first_dump();
	assert_int_equal(get(20)->task.files.open, 7);
	assert_int_equal(get(20)->task.io.rchar_bytes, 8);
	assert_string_equal(get(20)->task.exe, "/bin/job");
	assert_string_equal(get(20)->task.stack, "wait");
	assert_true((get(20)->task.groups & groups) == groups);
	exec_by(20, 20, 5, 0);
	assert_null(get(20)->task.exe);
	family_process(&dump, 20, 0, "job")->denied = groups;
	merge(true);
	assert_true(get(20)->task.files.open == KIN_NONE64);
	assert_true(get(20)->task.io.rchar_bytes == KIN_NONE64);
	assert_null(get(20)->task.stack);
	assert_false(get(20)->task.groups & groups);
	assert_true(get(20)->task.denied == groups);
}

static void test_cgroup(void **state)
{
	struct news news = news_of(KIN_EVENT_KIND_CGROUP, 20, family_start(20),
				   20);
	struct kin_task *task;

	start(0, KIN_GROUP_CGROUP, 0);
	family_process(&dump, 1, 0, "init");
	task = family_process(&dump, 20, 1, "job");
	task->cgroup_id = 5;
	task->cgroup_path = "/five";
	first_dump();
	assert_string_equal(get(20)->task.cgroup_path, "/five");
	news.ev.cgroup_id = 6;
	news_tell(&nodes, &news);
	assert_int_equal(get(20)->task.cgroup_id, 6);
	assert_null(get(20)->task.cgroup_path);
	news_tell(&nodes, &news);
	assert_said("20:G ");
	news.ev.kind = KIN_EVENT_KIND_OOM;
	news_tell(&nodes, &news);
	assert_said("20:O ");
}

static void test_cgroup_by_exec(void **state)
{
	struct news news = news_of(KIN_EVENT_KIND_EXEC, 20, family_start(20),
				   20);

	start(0, KIN_GROUP_CGROUP, 0);
	family_process(&dump, 1, 0, "init");
	family_process(&dump, 20, 1, "job")->cgroup_id = 5;
	first_dump();
	news.ev.cgroup_id = 6;
	news_tell(&nodes, &news);
	assert_int_equal(get(20)->task.cgroup_id, 6);
}

/* Moved on another CPU before its birth was told: its birth tells the old one. */
static void test_moved_before_birth(void **state)
{
	struct news news = news_of(KIN_EVENT_KIND_CGROUP, 30, family_start(30),
				   30);

	start_family(0, 0);
	news.ev.cgroup_id = 6;
	news_tell(&nodes, &news);
	fork_process(30, 20);
	assert_int_equal(answer_after(0), 0);
	family_process(&dump, 30, 20, "job")->cgroup_id = 6;
	assert_int_equal(answer_after(10), 1);
	assert_int_equal(get(30)->task.cgroup_id, 6);
	fork_process(31, 20);
	assert_int_equal(answer_after(10), 0);
}

/* ---- threads ---- */

static void test_threads(void **state)
{
	start_family(KIN_KINDS, 0);
	fork_thread(21, 20);
	fork_thread(22, 20);
	assert_int_equal(get(20)->task.base.num_threads, 3);
	assert_int_equal(get(1)->sum_threads, 5);
	assert_ptr_equal(get_thread(21)->process, get(20));
	assert_int_equal(nodes.stats.threads, 2);
	said[0] = '\0';
	end_at(21, family_start(21), 20, 0);
	assert_int_equal(get(20)->task.base.num_threads, 3);
	assert_int_equal(answer_after(0), 1);
	assert_said("21:E -21 20:T ");
	assert_int_equal(get(20)->task.base.num_threads, 2);
	assert_int_equal(get(1)->sum_threads, 4);
}

/* 22 executes a program: it takes over the main thread's place, without an end of
 * its own; what is younger than the exec is the new program's. */
static void test_exec_by_thread(void **state)
{
	start_family(KIN_KINDS, 0);
	fork_thread(21, 20);
	fork_thread(22, 20);
	fork_thread(23, 20);
	said[0] = '\0';
	exec_by(20, 22, 2, family_start(22) + 1);
	assert_null(get_thread(21));
	assert_null(get_thread(22));
	assert_non_null(get_thread(23));
	assert_int_equal(get(20)->task.base.num_threads, 2);
	assert_said("-22 20:T -21 20:T 20:XC ");
}

/* The main thread has ended, another calls exec: whoever is the main thread now lives. */
static void test_exec_after_main_thread(void **state)
{
	struct news news = news_of(KIN_EVENT_KIND_EXIT, 20, family_start(20),
				   20);

	news.ev.flags = KIN_EVENT_THREAD;
	start_family(KIN_KINDS, 0);
	fork_thread(21, 20);
	news_tell(&nodes, &news);
	assert_true(get(20)->task.base.flags & KIN_TASK_EXITING);
	exec_by(20, 21, 2, family_start(21) + 1);
	assert_int_equal(get(20)->task.base.flags, 0);
	/* a record that is newer than all of this */
	fork_thread(22, 20);
	family_process(&dump, 20, 10, "program")->base.exec_id = 3;
	merge(false);
	news_tell(&nodes, &news);
	exec_by(20, 22, 3, family_start(22) + 1);
	assert_int_equal(get(20)->task.base.flags, 0);
}

/* The record has seen the exec; the one that called it is a thread still. */
static void test_exec_seen_by_record(void **state)
{
	start_family(KIN_KINDS, 0);
	fork_thread(22, 20);
	family_process(&dump, 20, 10, "program")->base.exec_id = 2;
	kin_watch(&nodes, get(20), 0);
	assert_int_equal(answer_after(0), 1);
	assert_int_equal(get(20)->task.base.num_threads, 2);
	exec_by(20, 22, 2, family_start(22) + 1);
	assert_null(get_thread(22));
	assert_int_equal(get(20)->task.base.num_threads, 1);
}

/* The last two threads end at once: the process's end may come first. */
static void test_thread_ends_last(void **state)
{
	start_family(KIN_KINDS, 0);
	fork_thread(21, 20);
	said[0] = '\0';
	end_process(20);
	assert_int_equal(answer_after(0), 2);
	assert_said("20:E ");
	end_at(21, family_start(21), 20, 0);
	answer_after(10);
	assert_said("21:E -21 20:T -20 ");
	assert_true(nodes.gone.first->has_end);
	assert_true(nodes.gone.last->has_end);
}

/* Processes and their threads, asked about at once, are all no more. */
static void test_all_missing(void **state)
{
	start(KIN_KINDS, 0, 0);
	family_process(&dump, 1, 0, "init");
	for (uint32_t pid = 10; pid < 30; pid += 2) {
		family_process(&dump, pid, 1, "p");
		family_thread(&dump, pid + 1, pid, "t");
	}
	first_dump();
	assert_int_equal(nodes.stats.threads, 10);
	for (uint32_t pid = 10; pid < 30; pid += 2)
		end_process(pid);
	for (int i = 0; i < 20; i++)
		answer_after(1000);
	assert_int_equal(nodes.stats.processes, 1);
	assert_int_equal(nodes.stats.threads, 0);
	assert_int_equal(nodes.stats.doubts, 0);
}

static void test_threads_unmirrored(void **state)
{
	start(0, 0, 0);
	family_process(&dump, 1, 0, "init");
	family_process(&dump, 20, 1, "job")->base.num_threads = 4;
	first_dump();
	assert_int_equal(get(1)->sum_threads, 5);
	exec_by(20, 20, 1, 0);
	assert_int_equal(get(20)->task.base.num_threads, 1);
	assert_int_equal(get(1)->sum_threads, 2);
}

/* ---- snapshots ---- */

/* In the order of pids, children may come before their parents; nobody is told
 * so. Threads of nobody are left out. */
static void test_merge_order(void **state)
{
	start(KIN_KINDS, 0, 0);
	family_thread(&dump, 3, 7, "t");
	dump.tasks[0].base.start_boottime_ns = family_start(900);
	family_process(&dump, 5, 7, "child");
	dump.tasks[1].base.start_boottime_ns = family_start(800);
	family_process(&dump, 7, 9, "parent");
	dump.tasks[2].base.start_boottime_ns = family_start(700);
	family_thread(&dump, 7, 7, "main");
	family_thread(&dump, 8, 77, "nobody's");
	family_process(&dump, 9, 0, "root");
	dump.tasks[5].base.start_boottime_ns = family_start(600);
	merge(true);
	assert_said("+9 +7 +5 +3 ");
	assert_int_equal(nodes.stats.threads, 1);
	assert_int_equal(nodes.stats.processes, 3);
}

/* A thread that a record meets before its fork is told: of the fork nothing more. */
static void test_thread_by_record(void **state)
{
	start_family(KIN_KINDS, 0);
	family_process(&dump, 20, 10, "job")->base.num_threads = 2;
	family_thread(&dump, 21, 20, "t");
	family_process(&dump, 30, 10, "new");
	family_thread(&dump, 31, 30, "t");
	merge(false);
	assert_said("+21 +30 +31 20:TS ");
	assert_int_equal(get(20)->task.base.num_threads, 2);
	fork_thread(21, 20);
	assert_said("");
}

/* After a loss: who is not in it is no more, who is new is born. */
static void test_heal(void **state)
{
	start_family(0, 0);
	fork_process(30, 20);
	said[0] = '\0';
	family_process(&dump, 1, 0, "init");
	family_process(&dump, 10, 1, "renamed");
	family_process(&dump, 30, 1, "news");
	family_process(&dump, 40, 30, "new");
	merge(true);
	assert_said("+40 1:S 10:CS 30:PS ");
	assert_int_equal(nodes.unsure, 1);
	for (int i = 0; i <= KIN_WATCH_PATIENCE; i++)
		answer_after(1000);
	assert_said("-20 ");
	assert_int_equal(nodes.stats.processes, 4);
	assert_int_equal(nodes.unsure, 0);
}

static void test_loss(void **state)
{
	const struct kin_event_record loss = { .lost = 7 };

	start_family(0, 0);
	assert_int_equal(kin_nodes_apply(&loss, &nodes), 0);
	assert_int_equal(nodes.stats.lost, 7);
	assert_int_equal(nodes.stats.events, 0);
}

/* A dump that did not come to its end says nothing about who is missing. */
static void test_cut_dump(void **state)
{
	start_family(0, 0);
	family_process(&dump, 1, 0, "init");
	family_process(&dump, 5, 1, "new");
	merge(false);
	assert_said("+5 1:S ");
	assert_int_equal(nodes.stats.doubts, 0);
}

static void test_strings(void **state)
{
	struct kin_task *task;

	start(0, KIN_GROUP_CMDLINE, 0);
	task = family_process(&dump, 20, 0, "job");
	task->cmdline = "one";
	task->cmdline_len = 4;
	task->cgroup_path = "/unwanted";
	merge(true);
	assert_string_equal(get(20)->task.cmdline, "one");
	assert_null(get(20)->task.cgroup_path);
	family_process(&dump, 20, 0, "job")->busy = KIN_GROUP_CMDLINE;
	merge(true);
	assert_string_equal(get(20)->task.cmdline, "one");
	assert_int_equal(get(20)->task.groups & KIN_GROUP_CMDLINE,
			 KIN_GROUP_CMDLINE);
	exec_by(20, 20, 1, 0);
	assert_null(get(20)->task.cmdline);
	assert_int_equal(get(20)->task.groups & KIN_GROUP_CMDLINE, 0);
}

/* ---- sums ---- */

static void test_sums(void **state)
{
	start(0, KIN_GROUP_MEM | KIN_GROUP_SCHED, 0);
	family_use(family_process(&dump, 1, 0, "init"), 1, 10);
	family_use(family_process(&dump, 10, 1, "shell"), 2, 20);
	family_use(family_process(&dump, 20, 10, "job"), 4, 40);
	first_dump();
	assert_int_equal(get(1)->sum_rss_bytes, 7);
	assert_int_equal(get(1)->sum_cpu_ns, 70);
	fork_process(30, 20);
	assert_int_equal(get(1)->sum_processes, 4);
	assert_int_equal(get(1)->sum_rss_bytes, 7);
	family_use(family_process(&dump, 20, 10, "job"), 400, 4000);
	merge(false);
	assert_int_equal(get(10)->sum_rss_bytes, 402);
	assert_int_equal(get(1)->sum_cpu_ns, 4030);
	end_process(20);	/* its memory is free, its time was spent */
	assert_int_equal(get(1)->sum_rss_bytes, 3);
	assert_int_equal(get(1)->sum_cpu_ns, 4030);
	answer_after(0);
	assert_int_equal(get(1)->sum_processes, 2);
	assert_int_equal(get(1)->sum_cpu_ns, 30);
}

static void test_unasked_sums(void **state)
{
	start_family(0, KIN_GROUP_SCHED);
	fork_process(30, 20);
	assert_true(get(1)->sum_rss_bytes == KIN_NONE64);
	assert_int_equal(get(1)->sum_cpu_ns, 0);
}

/* ---- bounds ---- */

static void test_kept(void **state)
{
	start_family(0, 0);
	nodes.options.keep_max = 2;
	for (uint32_t pid = 30; pid < 33; pid++) {
		fork_process(pid, 20);
		end_process(pid);
		answer_after(100);
	}
	assert_int_equal(nodes.stats.kept, 2);
	assert_int_equal(nodes.gone.first->task.base.pid, 32);
	assert_int_equal(nodes.gone.last->task.base.pid, 31);
	nodes.now_ns += 899 * MS;
	kin_nodes_expire(&nodes);
	assert_int_equal(nodes.stats.kept, 2);
	nodes.now_ns += MS;
	kin_nodes_expire(&nodes);
	assert_int_equal(nodes.stats.kept, 1);
	assert_int_equal(nodes.gone.last->task.base.pid, 32);
}

static void test_churn(void **state)
{
	const struct kin_mirror_options options = { .keep_max = 100,
						    .keep_ns = UINT64_MAX };
	struct kin_node *asked[64];

	assert_int_equal(kin_nodes_init(&nodes, &options), 0);
	family_process(&dump, 1, 0, "init");
	first_dump();
	for (uint32_t i = 0; i < 1000000; i++) {
		const uint32_t pid = 2 + i % 32000;
		const uint64_t born = family_start(1) + 1 + i;

		fork_at(pid, born, 1);
		end_at(pid, born, pid, 0);
		kin_nodes_merge_begin(&nodes);
		kin_nodes_answered(&nodes, asked,
				   kin_watch_take(&nodes, asked, 64));
		assert_true(nodes.stats.processes == 1);
		assert_true(nodes.stats.kept <= 100);
	}
	assert_int_equal(nodes.n_buckets, 256);
	assert_int_equal(nodes.stats.kept, 100);
	assert_int_equal(nodes.stats.events, 2000000);
}

/* Nothing recurses, and the hash grows. */
static void test_deep(void **state)
{
	const uint32_t depth = 5000;

	start(0, 0, 0);
	nodes.silent = true;
	for (uint32_t pid = 1; pid <= depth; pid++)
		fork_process(pid, pid - 1);
	assert_int_equal(get(1)->sum_processes, depth);
	assert_true(nodes.n_buckets >= depth / 2);
	for (uint32_t pid = depth; pid >= 1; pid--)
		kin_nodes_gone(&nodes, get(pid));
	assert_int_equal(nodes.stats.processes, 0);
	assert_null(nodes.first_root);
}

/* What it does not keep, it does not ask for: and says which these are. */
static void test_other_groups(void **state)
{
	const struct kin_mirror_options options = {
		.groups = KIN_GROUP_MEM | KIN_GROUP_LIMITS,
	};
	struct kin_mirror *m;

	assert_int_equal(kin_mirror_open(&m, &options), -EINVAL);
	for (int i = 0; kin_group_names[i]; i++)
		assert_true(!(KIN_MIRROR_GROUPS & 1u << i) ==
			    !!strstr(kin_mirror_error(m), kin_group_names[i]));
	kin_mirror_close(m);
}

#define TEST(name) cmocka_unit_test_teardown(test_##name, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(short_life),	TEST(zombie),
		TEST(hurry),		TEST(first_zombie),
		TEST(late_exit),	TEST(late_exit_of_headless),
		TEST(patience_begins_anew), TEST(lost_exit),
		TEST(lost_exit_of_zombie), TEST(main_thread_ends),
		TEST(reparented),	TEST(orphan),
		TEST(unknown_parent),	TEST(younger_parent),
		TEST(circle),		TEST(reused),
		TEST(reused_by_thread),	TEST(former_owner),
		TEST(old_events),	TEST(exec_of_unknown),
		TEST(uid),
		TEST(exec_told_once),	TEST(old_names),
		TEST(name_not_there_yet), TEST(name_told_wrong),
		TEST(name_lost),	TEST(private_groups),
		TEST(cgroup),
		TEST(cgroup_by_exec),
		TEST(moved_before_birth),
		TEST(threads),		TEST(exec_by_thread),
		TEST(exec_after_main_thread),
		TEST(exec_seen_by_record), TEST(thread_ends_last),
		TEST(all_missing),	TEST(threads_unmirrored),
		TEST(merge_order),	TEST(thread_by_record),
		TEST(heal),
		TEST(loss),
		TEST(cut_dump),		TEST(strings),
		TEST(sums),		TEST(unasked_sums),
		TEST(kept),		TEST(churn),
		TEST(deep),
		TEST(other_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
