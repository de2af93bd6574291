// SPDX-License-Identifier: GPL-2.0-or-later
/* A look at made-up processes: whose CPU time is whose, each nanosecond told once; the
 * text that comes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exporthost.h"
#include "exportlook.h"
#include "family.h"

#define SECOND 1000000000ull

static struct export_look look;
static struct kin_node nodes[64];
static size_t n_nodes;
static uint64_t now_ns;

static void look_at_all(void)
{
	now_ns += SECOND;
	assert_int_equal(export_look_begin(&look, n_nodes), 0);
	for (size_t i = 0; i < n_nodes; i++)
		export_look_at(&look, &nodes[i]);
	export_look_end(&look, now_ns);
}

static int start_anew(void **state)
{
	n_nodes = 0;
	now_ns = 5000 * SECOND;
	return export_look_init(&look, 3);
}

/* The first look finds nobody: who is there later has come since. */
static int start(void **state)
{
	const int err = start_anew(state);

	if (!err)
		look_at_all();
	return err;
}

static int stop(void **state)
{
	export_look_free(&look);
	memset(&look, 0, sizeof(look));
	return 0;
}

/* As the mirror has it after an event; numbers are unknown. */
static struct kin_node *born(uint32_t pid, const char *comm)
{
	struct kin_snapshot one = { 0 };
	struct kin_node *node = &nodes[n_nodes++];

	memset(node, 0, sizeof(*node));
	node->task = *family_process(&one, pid, 1, comm);
	memset(&node->task.files, 0xff, sizeof(node->task.files));
	node->task.cgroup_id = 1;
	node->process = node;
	kin_snapshot_free(&one);
	return node;
}

static struct kin_node *sampled(uint32_t pid, const char *comm, uint64_t cpu_s)
{
	struct kin_node *node = born(pid, comm);

	node->sampled_ns = now_ns;
	node->task.cgroup_path = "/a";
	node->task.sched.runtime_ns = cpu_s * SECOND;
	node->task.mem.rss_anon_bytes = 1000;
	node->task.mem.rss_file_bytes = 20;
	node->task.mem.rss_shmem_bytes = 3;
	return node;
}

static void ends(uint32_t pid, const char *comm, uint64_t cpu_s, uint32_t status,
		 uint32_t flags, struct kin_node *node)
{
	struct kin_event_exit exit = { .runtime_ns = cpu_s * SECOND, .status = status };
	struct kin_event event = {
		.kind = KIN_EVENT_KIND_EXIT, .pid = pid, .tgid = pid, .flags = flags,
		.start_boottime_ns = family_start(pid), .cgroup_id = 1,
	};
	const struct kin_event_record rec = { .base = &event, .exit = &exit };

	strcpy(event.comm, comm);
	if (node && !(flags & KIN_EVENT_THREAD)) {
		node->life = KIN_LIFE_ENDED;
		node->has_end = true;
		node->end = exit;
	}
	export_look_event(&look, &rec, node);
}

static void gone(struct kin_node *node)
{
	const size_t at = node - nodes;

	memmove(node, node + 1, (--n_nodes - at) * sizeof(*node));
	for (size_t i = 0; i < n_nodes; i++)
		nodes[i].process = &nodes[i];
}

static const struct export_group *group(enum export_by by, const char *name)
{
	const struct export_groups *groups = &look.groups[by];

	for (size_t i = 0; i < groups->n_seats; i++)
		if (!strcmp(groups->all[i]->name, name))
			return groups->all[i];
	return strcmp(name, "other") ? NULL : &groups->other;
}

static uint64_t cpu_s(enum export_by by, const char *name)
{
	const struct export_group *found = group(by, name);

	assert_non_null(found);
	return found->cpu_ns / SECOND;
}

/* ---- CPU ---- */

static void test_once(void **state)
{
	struct kin_node *node = sampled(10, "work", 5);

	look_at_all();
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 5);
	node->task.sched.runtime_ns = 8 * SECOND;
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 8);
	/* a sum over threads that run may be less for a moment */
	node->task.sched.runtime_ns = 7 * SECOND;
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 8);
	node->task.sched.runtime_ns = 9 * SECOND;
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 9);
}

/* What was used before the first look is nobody's; what was used since then is counted,
 * be it that the exit tells it. */
static void test_there_before(void **state)
{
	struct kin_node *node = sampled(10, "work", 500), *other = sampled(11, "other one", 70);

	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 0);
	assert_int_equal(cpu_s(EXPORT_BY_UID, "0"), 0);
	node->task.sched.runtime_ns = 503 * SECOND;
	ends(11, "other one", 72, 0, 0, other);
	sampled(12, "work", 4);
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 7);
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "other one"), 2);
	assert_int_equal(cpu_s(EXPORT_BY_UID, "0"), 9);
}

/* A look at which its numbers are not known forgets nothing. */
static void test_unknown_between(void **state)
{
	struct kin_node *node = sampled(10, "work", 5);

	look_at_all();
	node->task.sched.runtime_ns = KIN_NONE64;
	look_at_all();
	node->task.sched.runtime_ns = 6 * SECOND;
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 6);
}

/* The exit tells the rest; that nobody waits for it does not tell it again. */
static void test_ended(void **state)
{
	struct kin_node *node = sampled(10, "work", 5);

	look_at_all();
	node->task.sched.runtime_ns = 6 * SECOND;
	ends(10, "work", 7, 0, 0, node);
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 7);
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 7);
	assert_int_equal(group(EXPORT_BY_COMM, "work")->use.processes, 1);
	gone(node);
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 7);
	assert_int_equal(group(EXPORT_BY_COMM, "work")->use.processes, 0);
}

static void test_short_lived(void **state)
{
	look_at_all();
	for (uint32_t pid = 100; pid < 200; pid++)
		ends(pid, "short", 1, 0, 0, NULL);
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "short"), 100);
	assert_int_equal(cpu_s(EXPORT_BY_UID, "0"), 100);
	/* nobody knows its path any more */
	assert_int_equal(cpu_s(EXPORT_BY_CGROUP, "other"), 100);
}

/* The number is somebody else's now: all that it used is new. */
static void test_pid_reuse(void **state)
{
	struct kin_node *node = sampled(10, "work", 5);

	look_at_all();
	ends(10, "work", 5, 0, 0, node);
	node->task.base.start_boottime_ns++;
	node->has_end = false;
	node->life = KIN_LIFE_ALIVE;
	node->task.sched.runtime_ns = 3 * SECOND;
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 8);
}

/* What it used under its old name stays there. */
static void test_renamed(void **state)
{
	struct kin_node *node = sampled(10, "shell", 5);

	look_at_all();
	strcpy(node->task.base.comm, "work");
	node->task.sched.runtime_ns = 9 * SECOND;
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "shell"), 5);
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 4);
	assert_int_equal(cpu_s(EXPORT_BY_UID, "0"), 9);
}

/* A main thread may end before the others; their process goes on. */
static void test_main_thread_ends(void **state)
{
	struct kin_node *node = sampled(10, "work", 5);

	look_at_all();
	ends(10, "work", 5, 0, KIN_EVENT_THREAD, node);
	node->task.sched.runtime_ns = 6 * SECOND;
	look_at_all();
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 6);
	assert_int_equal(look.ends[EXPORT_END_OK], 0);
}

/* ---- at random, against a ledger ---- */

static void live_a_second(uint64_t *total_ns, uint32_t *next_pid)
{
	for (size_t i = 0; i < n_nodes; i++) {
		struct kin_node *node = &nodes[i];
		const uint64_t used = rand() % 3 * SECOND;

		if (node->has_end) {
			if (rand() % 2)
				gone(node);
			continue;
		}
		node->task.sched.runtime_ns += used;
		*total_ns += used;
		if (!(rand() % 8))
			strcpy(node->task.base.comm, rand() % 2 ? "this" : "that");
		if (!(rand() % 5)) {
			*total_ns += SECOND;
			ends(node->task.base.pid, node->task.base.comm,
			     node->task.sched.runtime_ns / SECOND + 1, 0, 0, node);
		}
	}
	while (n_nodes < 40 && rand() % 3)
		sampled(++*next_pid, "new", 0);
	if (rand() % 2) {
		ends(++*next_pid, "short", 2, 0, 0, NULL);
		*total_ns += 2 * SECOND;
	}
}

static uint64_t sum_of(enum export_by by)
{
	const struct export_groups *groups = &look.groups[by];
	uint64_t sum = groups->other.cpu_ns;

	for (size_t i = 0; i < groups->n; i++)
		sum += groups->all[i]->cpu_ns;
	return sum;
}

static void test_ledger(void **state)
{
	uint64_t total_ns = 0;
	uint32_t next_pid = 1000;

	/* seats for all: what is forgotten with a seat is not in the sum */
	export_look_free(&look);
	assert_int_equal(export_look_init(&look, 10), 0);
	look_at_all();
	srand(2);
	for (int second = 0; second < 2000; second++) {
		live_a_second(&total_ns, &next_pid);
		if (rand() % 3)
			continue;
		look_at_all();
		for (enum export_by by = 0; by < EXPORT_BY_COUNT; by++)
			assert_int_equal(sum_of(by), total_ns);
	}
	assert_true(next_pid > 5000);
}

/* ---- which group ---- */

static void test_kernel_threads(void **state)
{
	sampled(10, "kworker/0:1", 1)->task.base.flags |= KIN_TASK_KTHREAD;
	sampled(11, "kworker/u8:2", 1)->task.base.flags |= KIN_TASK_KTHREAD;
	sampled(12, "kworker/fake", 1);
	look_at_all();
	assert_int_equal(group(EXPORT_BY_COMM, "kworker")->use.processes, 2);
	assert_int_equal(group(EXPORT_BY_COMM, "kworker/fake")->use.processes, 1);
}

/* What is younger than the last sample is where its parent is, if the number says so. */
static void test_cgroup_of_parent(void **state)
{
	struct kin_node *parent = sampled(10, "parent", 1), *child = born(11, "child");
	struct kin_node *moved = born(12, "moved");

	child->parent = moved->parent = parent;
	moved->task.cgroup_id = 2;
	look_at_all();
	assert_int_equal(group(EXPORT_BY_CGROUP, "/a")->use.processes, 2);
	assert_int_equal(group(EXPORT_BY_CGROUP, "other")->use.processes, 1);
}

static void test_threads_are_not_counted(void **state)
{
	struct kin_node *process = sampled(10, "work", 1), *thread = sampled(11, "work", 1);

	process->task.base.num_threads = 2;
	thread->process = process;
	look_at_all();
	assert_int_equal(group(EXPORT_BY_COMM, "work")->use.processes, 1);
	assert_int_equal(group(EXPORT_BY_COMM, "work")->use.threads, 2);
	assert_int_equal(cpu_s(EXPORT_BY_COMM, "work"), 1);
}

/* ---- descriptors ---- */

static void has_open(uint32_t pid, uint64_t open, uint64_t limit)
{
	struct kin_node *node = sampled(pid, "opener", 0);

	node->task.files.open = open;
	node->task.files.limit_soft = limit;
}

static void test_fds(void **state)
{
	has_open(20, 10, 1024);
	has_open(21, 900, 1000);
	has_open(22, 10, 1024);
	has_open(23, 5000, KIN_NONE64);
	has_open(24, 0, 0);
	has_open(25, 128, 64);
	/* they want no more */
	has_open(26, 3, 3);
	has_open(27, 3, 0);
	has_open(28, 64, 63);
	look_at_all();
	assert_int_equal(look.fds.n, 3);
	assert_int_equal(look.fds.list[0].pid, 25);
	assert_int_equal(look.fds.list[1].pid, 21);
	assert_int_equal(look.fds.list[2].pid, 20);
	assert_int_equal(group(EXPORT_BY_COMM, "opener")->use.fds, 6118);
}

/* ---- text ---- */

static char *text_of(void (*write)(struct exposition *ex))
{
	struct exposition ex;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	exposition_begin(&ex, out);
	write(&ex);
	assert_int_equal(exposition_end(&ex), 0);
	fclose(out);
	return text;
}

static void write_look(struct exposition *ex)
{
	export_look_write(&look, ex);
}

/* Each of these lines stands in the text, whole. */
static void assert_lines(char *text, const char *const *lines)
{
	for (; *lines; lines++) {
		char line[256];

		snprintf(line, sizeof(line), "\n%s\n", *lines);
		if (!strstr(text, line))
			fail_msg("'%s' is missing in:\n%s", *lines, text);
	}
}

static void test_text(void **state)
{
	static const char *const lines[] = {
		"# TYPE kin_comm_processes gauge",
		"kin_comm_processes{comm=\"a\\\"b\"} 1",
		"kin_comm_threads{comm=\"a\\\"b\"} 1",
		"kin_comm_resident_memory_bytes{comm=\"a\\\"b\"} 1023",
		"kin_comm_open_fds{comm=\"a\\\"b\"} 900",
		"# TYPE kin_comm_cpu_seconds_total counter",
		"kin_comm_cpu_seconds_total{comm=\"a\\\"b\"} 7",
		"kin_comm_cpu_seconds_total{comm=\"other\"} 0",
		"kin_cgroup_cpu_seconds_total{cgroup=\"/a\"} 4",
		"kin_user_cpu_seconds_total{uid=\"0\"} 7",
		"kin_fds_used_ratio_max 0.9",
		"kin_fds_open{pid=\"21\",comm=\"a\\\"b\"} 900",
		"kin_fds_limit{pid=\"21\",comm=\"a\\\"b\"} 1000",
		"kin_exits_total{result=\"success\"} 1",
		"kin_exits_total{result=\"failure\"} 2",
		"kin_exits_total{result=\"signal\"} 1",
		NULL
	};
	char *text;

	has_open(21, 900, 1000);
	strcpy(nodes[0].task.base.comm, "a\"b");
	ends(90, "a\"b", 1, 0, 0, NULL);
	ends(91, "a\"b", 1, 3 << 8, 0, NULL);
	ends(92, "a\"b", 1, 137 << 8, 0, NULL);
	ends(93, "a\"b", 4, 9, 0, &nodes[0]);
	nodes[0].has_end = false;
	look_at_all();
	text = text_of(write_look);
	assert_lines(text, lines);
	free(text);
}

/* Descriptors are for the privileged: without, nothing is told of them. */
static void test_no_fds(void **state)
{
	char *text;

	sampled(10, "work", 1);
	look_at_all();
	text = text_of(write_look);
	assert_null(strstr(text, "fds"));
	assert_non_null(strstr(text, "kin_comm_processes{comm=\"work\"} 1\n"));
	free(text);
}

/* ---- the host ---- */

static struct kin_host host;
static struct export_host seen;

static void write_host(struct exposition *ex)
{
	export_host_write(&seen, &host, 32768, ex);
}

static void test_host(void **state)
{
	static const char *const lines[] = {
		"kin_host_uptime_seconds 12.5",
		"kin_host_load1 0.25",
		"kin_host_cpus 4",
		"kin_host_cpu_seconds_total{mode=\"idle\"} 100",
		"kin_host_guest_cpu_seconds_total{mode=\"guest\"} 1",
		"kin_host_memory_available_bytes 4096",
		"kin_host_threads{state=\"zombie\"} 3",
		"kin_host_pids_limit 32768",
		NULL
	};
	char *text;

	memset(&host, 0xff, sizeof(host));
	memset(&seen, 0, sizeof(seen));
	host.boottime_ns = 12500000000;
	host.load1_milli = 250;
	host.cpus_online = 4;
	host.cpu.idle_ns = 100 * SECOND;
	host.cpu.guest_ns = SECOND;
	host.mem_available_bytes = 4096;
	host.states[6] = 3;
	text = text_of(write_host);
	assert_lines(text, lines);
	assert_null(strstr(text, "18446744073709551615"));
	assert_null(strstr(text, "4294967295"));
	assert_null(strstr(text, "kin_host_forks_total"));
	assert_null(strstr(text, "mode=\"steal\""));
	free(text);
}

/* The kernel's idle time goes back at times; the counter waits until it is there again. */
static void test_idle_goes_back(void **state)
{
	static const uint64_t told[] = { 100, 90, 101 };
	static const char *const expected[] = { "} 100\n", "} 100\n", "} 101\n" };

	memset(&host, 0xff, sizeof(host));
	memset(&seen, 0, sizeof(seen));
	for (int i = 0; i < 3; i++) {
		char *text;

		host.cpu.idle_ns = told[i] * SECOND;
		text = text_of(write_host);
		assert_non_null(strstr(text, expected[i]));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_once, start, stop),
		cmocka_unit_test_setup_teardown(test_there_before, start_anew, stop),
		cmocka_unit_test_setup_teardown(test_unknown_between, start, stop),
		cmocka_unit_test_setup_teardown(test_ended, start, stop),
		cmocka_unit_test_setup_teardown(test_short_lived, start, stop),
		cmocka_unit_test_setup_teardown(test_pid_reuse, start, stop),
		cmocka_unit_test_setup_teardown(test_renamed, start, stop),
		cmocka_unit_test_setup_teardown(test_main_thread_ends, start, stop),
		cmocka_unit_test_setup_teardown(test_ledger, start, stop),
		cmocka_unit_test_setup_teardown(test_kernel_threads, start, stop),
		cmocka_unit_test_setup_teardown(test_cgroup_of_parent, start, stop),
		cmocka_unit_test_setup_teardown(test_threads_are_not_counted, start, stop),
		cmocka_unit_test_setup_teardown(test_fds, start, stop),
		cmocka_unit_test_setup_teardown(test_text, start, stop),
		cmocka_unit_test_setup_teardown(test_no_fds, start, stop),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_idle_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
