// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mirror against a made-up kernel that forks, ends, reaps, adopts and executes
 * by lot, gives numbers out again at once, and whose events are read late, or lost:
 * as soon as all has been read and asked, both have the same tasks. Dumps are taken
 * while it goes on: each record is of another moment.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <cmocka.h>

#include "mirror.h"

#define PIDS	40
#define QUEUE	512
#define RUNS	300
#define MS	1000000ull

/* What a task is to the kernel. */
enum { FREE, LIVES, LEAVES, ZOMBIE };

struct model_task {
	int state;		/* LEAVES: after its exit event, before all else */
	uint64_t start_ns;
	uint32_t tgid, ppid;	/* ppid: of processes */
	uint64_t exec_id;
	char comm[KIN_COMM_LEN];
};

static struct model_task tasks[PIDS];	/* by number; 0: none, 1: init */
static struct news queue[QUEUE];	/* events that are not read yet */
static size_t first, n_queued;
static uint64_t n_lost;
static uint64_t clock_ns, seed;
static struct kin_nodes nodes;

static uint32_t draw(uint32_t n)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (seed >> 33) % n;
}

static bool is_thread(uint32_t pid)
{
	return tasks[pid].tgid != pid;
}

/* ---- events: a ring that overwrites the oldest ---- */

static struct news *publish(uint32_t kind, uint32_t pid)
{
	struct news *news;

	if (n_queued == QUEUE) {
		first++;
		n_queued--;
		n_lost++;
	}
	news = &queue[(first + n_queued++) % QUEUE];
	*news = news_of(kind, pid, tasks[pid].start_ns, tasks[pid].tgid);
	news->ev.boottime_ns = ++clock_ns;
	news->ev.ppid = tasks[pid].ppid;
	memcpy(news->ev.comm, tasks[pid].comm, KIN_COMM_LEN);
	return news;
}

/* At most @n of them reach the mirror; returns whether some were lost. */
static bool read_events(size_t n)
{
	const bool lost = n_lost;

	if (lost) {
		const struct kin_event_record loss = { .lost = n_lost };

		kin_nodes_apply(&loss, &nodes);
		n_lost = 0;
	}
	while (n-- && n_queued) {
		assert_int_equal(news_tell(&nodes, &queue[first % QUEUE]), 0);
		first++;
		n_queued--;
	}
	return lost;
}

/* ---- what the kernel does ---- */

static uint32_t any(int state, bool thread)
{
	for (int i = 0; i < 20; i++) {
		const uint32_t pid = 2 + draw(PIDS - 2);

		if (tasks[pid].state == state && is_thread(pid) == thread)
			return pid;
	}
	return 0;
}

static uint32_t free_number(void)
{
	for (int i = 0; i < 20; i++) {
		const uint32_t pid = 2 + draw(PIDS - 2);

		if (tasks[pid].state == FREE)
			return pid;
	}
	return 0;
}

static bool has_threads(uint32_t tgid)
{
	for (uint32_t pid = 1; pid < PIDS; pid++)
		if (tasks[pid].state != FREE && tasks[pid].tgid == tgid &&
		    pid != tgid)
			return true;
	return false;
}

static void do_fork(bool thread)
{
	const uint32_t pid = free_number();
	uint32_t creator = draw(3) ? any(LIVES, false) : 1;
	struct news *news;

	if (!creator)
		creator = 1;
	if (!pid || (thread && creator == 1))
		return;
	tasks[pid] = (struct model_task){
		.state = LIVES, .start_ns = ++clock_ns,
		.tgid = thread ? creator : pid,
		.ppid = thread ? tasks[creator].ppid : creator,
		.exec_id = tasks[creator].exec_id,
	};
	memcpy(tasks[pid].comm, tasks[creator].comm, KIN_COMM_LEN);
	news = publish(KIN_EVENT_KIND_FORK, pid);
	news->fork.parent_start_boottime_ns = tasks[tasks[pid].ppid].start_ns;
}

/* The event, and much later what it is about. */
static void do_exit(void)
{
	const uint32_t pid = any(LIVES, draw(2));

	if (!pid || (!is_thread(pid) && has_threads(pid)))
		return;
	publish(KIN_EVENT_KIND_EXIT, pid);
	tasks[pid].state = LEAVES;
}

static uint32_t reaper_of(uint32_t pid)
{
	uint32_t up = tasks[pid].ppid;

	/* sometimes there is a subreaper on the way up */
	while (up > 1 && (tasks[up].state != LIVES || draw(2)))
		up = tasks[up].ppid;
	return up ? up : 1;
}

/* A process leaves its children to another, and waits for who waits for it. */
static void do_leave(void)
{
	const uint32_t pid = any(LEAVES, draw(2));

	if (!pid)
		return;
	if (is_thread(pid)) {
		tasks[pid].state = FREE;
		return;
	}
	for (uint32_t child = 2; child < PIDS; child++)
		if (tasks[child].state != FREE && tasks[child].ppid == pid &&
		    child != pid)
			tasks[child].ppid = reaper_of(pid);
	tasks[pid].state = ZOMBIE;
}

static void do_reap(void)
{
	const uint32_t pid = any(ZOMBIE, false);

	if (pid)
		tasks[pid].state = FREE;
}

/* Perhaps by a thread: then its number goes, without an event. */
static void do_exec(void)
{
	const uint32_t pid = any(LIVES, false);
	struct news *news;
	uint32_t old = pid;

	if (!pid)
		return;
	for (uint32_t tid = 2; tid < PIDS; tid++) {
		if (tasks[tid].tgid != pid || tid == pid ||
		    tasks[tid].state == FREE)
			continue;
		if (tasks[tid].state == LIVES && old == pid)
			old = tid;
		else if (tasks[tid].state == LIVES)
			publish(KIN_EVENT_KIND_EXIT, tid);
		tasks[tid].state = FREE;
	}
	tasks[pid].exec_id++;
	snprintf(tasks[pid].comm, KIN_COMM_LEN, "x%u", draw(1000));
	news = publish(KIN_EVENT_KIND_EXEC, pid);
	news->exec.exec_id = tasks[pid].exec_id;
	news->exec.old_pid = old;
}

static void do_rename(void)
{
	const uint32_t pid = any(LIVES, draw(2));

	if (!pid)
		return;
	snprintf(tasks[pid].comm, KIN_COMM_LEN, "c%u", draw(1000));
	publish(KIN_EVENT_KIND_COMM, pid);
}

static void step(void)
{
	switch (draw(9)) {
	case 0:
	case 1:
		do_fork(false);
		break;
	case 2:
		do_fork(true);
		break;
	case 3:
	case 4:
		do_exit();
		break;
	case 5:
		do_leave();
		break;
	case 6:
		do_reap();
		break;
	case 7:
		do_exec();
		break;
	case 8:
		do_rename();
		break;
	}
}

static void steps(uint32_t n)
{
	while (n--)
		step();
}

/* ---- dumps of it ---- */

static uint32_t n_threads(uint32_t tgid)
{
	uint32_t n = 1;

	for (uint32_t pid = 1; pid < PIDS; pid++)
		n += tasks[pid].state != FREE && tasks[pid].tgid == tgid &&
		     pid != tgid;
	return n;
}

static void record(uint32_t pid, struct kin_task *task)
{
	const struct model_task *t = &tasks[pid];
	struct kin_base *base = &task->base;

	memset(task, 0, sizeof(*task));
	base->pid = pid;
	base->tgid = t->tgid;
	base->ppid = t->ppid;
	base->start_boottime_ns = t->start_ns;
	base->exec_id = t->exec_id;
	base->num_threads = n_threads(t->tgid);
	base->state = t->state == ZOMBIE ? 'Z' : 'S';
	if (t->state != LIVES)
		base->flags |= KIN_TASK_EXITING;
	if (is_thread(pid))
		base->flags |= KIN_TASK_THREAD;
	memcpy(base->comm, t->comm, KIN_COMM_LEN);
	task->cgroup_id = 1;
}

static void dump(kin_record_fn *fn, uint32_t busy)
{
	struct kin_task task;

	for (uint32_t pid = 1; pid < PIDS; pid++) {
		steps(draw(busy + 1));
		if (tasks[pid].state == FREE)
			continue;
		record(pid, &task);
		{
			const struct kin_record rec = news_task(&task);

			assert_int_equal(fn(&rec, &nodes), 0);
		}
	}
}

static void snapshot(uint32_t busy)
{
	kin_nodes_merge_begin(&nodes);
	dump(kin_nodes_merge, busy);
	kin_nodes_merge_end(&nodes, true);
}

/* Asks about all that is due; the kernel goes on meanwhile. */
static size_t ask(uint32_t busy)
{
	struct kin_node *asked[QUEUE];
	const size_t n = kin_watch_take(&nodes, asked, QUEUE);

	if (!n)
		return 0;
	kin_nodes_merge_begin(&nodes);
	for (uint32_t pid = 1; pid < PIDS; pid++) {
		struct kin_task task;
		bool wanted = false;

		steps(draw(busy + 1));
		for (size_t i = 0; i < n; i++)
			wanted |= asked[i]->task.base.pid == pid;
		if (!wanted || tasks[pid].state == FREE)
			continue;
		record(pid, &task);
		{
			const struct kin_record rec = news_task(&task);

			kin_nodes_answer(&rec, &nodes);
		}
	}
	kin_nodes_answered(&nodes, asked, n);
	return n;
}

/* ---- the two against each other ---- */

static void assert_sums(const struct kin_node *node)
{
	uint32_t processes = 1, threads = node->task.base.num_threads;

	for (const struct kin_node *child = node->first_child; child;
	     child = child->next) {
		assert_ptr_equal(child->parent, node);
		processes += child->sum_processes;
		threads += child->sum_threads;
	}
	assert_int_equal(node->sum_processes, processes);
	assert_int_equal(node->sum_threads, threads);
}

static void assert_task(uint32_t pid)
{
	const struct model_task *t = &tasks[pid];
	const struct kin_node *node = kin_nodes_get(&nodes, pid, t->start_ns,
						    is_thread(pid));

	assert_non_null(node);
	assert_string_equal(node->task.base.comm, t->comm);
	if (is_thread(pid)) {
		assert_int_equal(node->process->task.base.pid, t->tgid);
		return;
	}
	assert_int_equal(node->life, t->state == ZOMBIE ? KIN_LIFE_ENDED :
							  KIN_LIFE_ALIVE);
	assert_int_equal(node->parent ? node->parent->task.base.pid : 0,
			 t->ppid);
	assert_int_equal(node->task.base.num_threads, n_threads(pid));
	assert_sums(node);
}

static void assert_same(void)
{
	size_t n = 0;

	for (uint32_t pid = 1; pid < PIDS; pid++) {
		if (tasks[pid].state == FREE)
			continue;
		assert_task(pid);
		n++;
	}
	assert_int_equal(nodes.stats.processes + nodes.stats.threads, n);
	assert_int_equal(nodes.unsure, 0);
}

/* The kernel finishes what it has begun, and does nothing more. */
static void come_to_rest(void)
{
	for (int i = 0; i < 2000; i++)
		do_leave();
	if (read_events(SIZE_MAX))
		snapshot(0);
	for (int i = 0; i < 40; i++) {
		kin_watch_hurry(&nodes);
		ask(0);
		nodes.now_ns += 1000 * MS;
	}
}

static void start(bool silent)
{
	const struct kin_mirror_options options = {
		.kinds = KIN_KINDS, .keep_max = 5, .keep_ns = UINT64_MAX,
	};

	memset(tasks, 0, sizeof(tasks));
	tasks[1] = (struct model_task){ .state = LIVES, .start_ns = 1,
					.tgid = 1, .comm = "init" };
	n_queued = 0;
	n_lost = 0;
	clock_ns = 1;
	steps(200);
	n_queued = 0;	/* nobody listened so far */
	n_lost = 0;
	assert_int_equal(kin_nodes_init(&nodes, &options), 0);
	nodes.now_ns = 1;
	nodes.silent = silent;
	snapshot(2);
	nodes.silent = false;
}

/* @most: so many steps pass, at most, between two reads. */
static void run(uint64_t from, uint32_t most)
{
	seed = from;
	start(true);
	for (int turn = 0; turn < 60; turn++) {
		steps(draw(most));
		if (read_events(draw(2) ? SIZE_MAX : draw(QUEUE)))
			snapshot(2);
		if (!draw(8))
			snapshot(2);
		nodes.now_ns += draw(30) * MS;
		if (draw(3))
			ask(2);
	}
	come_to_rest();
	assert_same();
	kin_nodes_free(&nodes);
}

static uint64_t first_seed(void)
{
	const char *given = getenv("KIN_SEED");
	uint32_t random;

	if (given)
		return strtoull(given, NULL, 0);
	assert_int_equal(getrandom(&random, sizeof(random), 0),
			 sizeof(random));
	return random;
}

static uint64_t last_seed;

static void runs(uint32_t most)
{
	const uint64_t from = first_seed();

	for (last_seed = from; last_seed < from + RUNS; last_seed++)
		run(last_seed, most);
}

/* Where it failed, that is the one to repeat. */
static int say_seed(void **state)
{
	printf("# the last of %d runs: KIN_SEED=%" PRIu64 "\n", RUNS, last_seed);
	return 0;
}

static void test_all_told(void **state)
{
	runs(60);
}

static void test_some_lost(void **state)
{
	runs(2500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_all_told, say_seed),
		cmocka_unit_test_teardown(test_some_lost, say_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
