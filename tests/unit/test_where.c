// SPDX-License-Identifier: GPL-2.0-or-later
/* --where without a kernel: what it takes, what passes, what it says. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "eventcolumn.h"
#include "fdrow.h"
#include "kernel.h"
#include "where.h"

#define MIB (1ull << 20)

static const struct kin_view view = {
	.now_boottime_ns = 1000000000000ull,
	.mem_total_bytes = KIN_NONE64,
};
static struct where where;

static int begin(void **state)
{
	memset(&where, 0, sizeof(where));
	return kernel_start();
}

static int end(void **state)
{
	where_free(&where);
	return kernel_stop(state);
}

/* ---- what goes to standard error ---- */

static FILE *real_stderr;
static char *said;
static size_t said_len;

static void hear(void)
{
	real_stderr = stderr;
	stderr = open_memstream(&said, &said_len);
	assert_non_null(stderr);
}

static void stop_hearing(void)
{
	fclose(stderr);
	stderr = real_stderr;
}

static void heard(const char *expected)
{
	stop_hearing();
	assert_string_equal(said, expected);
	free(said);
}

/* ---- options ---- */

static int parse(const char *text, const struct kin_column_set *columns)
{
	assert_int_equal(where_option(&ps_cmd, &where, CMD_KEY_WHERE, text),
			 CMD_OK);
	return where_parse(&ps_cmd, &where, columns);
}

static void of_tasks(const char *text)
{
	assert_int_equal(parse(text, &kin_task_columns), CMD_OK);
	where_begin(&where, kin, &view);
}

static void test_nothing(void **state)
{
	const struct kin_task task = { 0 };
	struct kin_scope scope = { 0 };

	assert_int_equal(where_parse(&ps_cmd, &where, &kin_task_columns),
			 CMD_OK);
	where_push(&where, &scope);
	assert_int_equal(scope.states, 0);
	assert_int_equal(where_needs(&where), 0);
	assert_true(where_task(&where, &task));
	assert_true(where_row(&where, &task));
	assert_int_equal(where_end(&where), CMD_OK);
	hear();
	where_tell(&where);
	heard("");
}

static void test_misuse(void **state)
{
	hear();
	assert_int_equal(where_option(&ps_cmd, &where, CMD_KEY_EXPLAIN, NULL),
			 CMD_OK);
	assert_int_equal(where_parse(&ps_cmd, &where, &kin_task_columns),
			 CMD_USAGE);
	assert_int_equal(where_option(&ps_cmd, &where, CMD_KEY_WHERE, "pid"),
			 CMD_OK);
	assert_int_equal(where_option(&ps_cmd, &where, CMD_KEY_WHERE, "pid"),
			 CMD_USAGE);
	heard("kin: --explain is for --where\n"
	      "Try 'kin ps --help' for more.\n"
	      "kin: --where is given twice: join the two with &&\n"
	      "Try 'kin ps --help' for more.\n");
}

/* The message names a near column, the text is shown with what is wrong in it. */
static void test_mistake(void **state)
{
	int status;

	hear();
	status = parse("pid > 1 && rrss > 5", &kin_task_columns);
	stop_hearing();
	assert_int_equal(status, CMD_USAGE);
	assert_non_null(strstr(said, "pid > 1 && rrss > 5\n"));
	assert_non_null(strstr(said, "           ^~~~\n"));
	assert_non_null(strstr(said, "\nkin: --where: "));
	assert_non_null(strstr(said, "did you mean rss?"));
	free(said);
}

/* Of the longest list of words, too, each is told. */
static void test_no_word(void **state)
{
	int status;

	hear();
	status = parse("type == \"sockt\"", &fd_columns);
	stop_hearing();
	assert_int_equal(status, CMD_USAGE);
	assert_non_null(strstr(said, "'sockt' is no word of type: it has other, file, "));
	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++)
		assert_non_null(strstr(said, kin_fd_type_name(type)));
	free(said);
}

static void test_words(void **state)
{
	assert_int_equal(parse("type in (\"socket\", \"mqueue\") && flags has \"cloexec\" && "
			       "flags has \"rdonly\" && flags has \"path\"", &fd_columns),
			 CMD_OK);
}

/* What needs a past, or all rows, is not for a list. */
static void test_not_here(void **state)
{
	static const char *const texts[] = {
		"rate(cputime) > 5",
		"count(where pid > 1) > 5",
		"pid > 1 for 10s",
	};
	int status;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		hear();
		status = parse(texts[i], &kin_task_columns);
		stop_hearing();
		free(said);
		assert_int_equal(status, CMD_USAGE);
		memset(&where, 0, sizeof(where));
	}
}

/* ---- tasks ---- */

static struct kin_task made(uint32_t pid, char state)
{
	struct kin_task task = {
		.base = message_base(pid),
		.groups = KIN_GROUP_MEM | KIN_GROUP_FILES,
		.mem = { .rss_anon_bytes = pid * MIB },
		.files = { .open = pid, .limit_soft = 100 },
	};

	task.base.state = state;
	return task;
}

static void test_tasks(void **state)
{
	const struct kin_task small = made(5, 'S'), zombie = made(6, 'Z'),
			      large = made(90, 'S');

	of_tasks("rss > 10MiB && fds > 80% * fd_limit || state == \"Z\"");
	assert_int_equal(where_needs(&where) & KIN_GROUPS,
			 KIN_GROUP_MEM | KIN_GROUP_FILES);
	assert_false(where_task(&where, &small));
	assert_true(where_task(&where, &zombie));
	assert_true(where_task(&where, &large));
}

/* Not known is neither true nor false: nobody is shown for it. */
static void test_unknown(void **state)
{
	struct kin_task task = made(90, 'S');

	of_tasks("not rss > 10MiB");
	assert_false(where_task(&where, &task));
	task.mem.rss_anon_bytes = KIN_NONE64;
	assert_false(where_task(&where, &task));
	hear();
	where_tell(&where);
	heard("");
}

/* Unless something else decides, whoever is left out for a gap is told of. */
static void test_gaps(void **state)
{
	struct kin_task task = made(90, 'S');

	of_tasks("open > 10 || state == \"Z\"");
	task.groups = KIN_GROUP_MEM;
	task.denied = KIN_GROUP_FILES;
	assert_false(where_task(&where, &task));
	assert_false(where_task(&where, &task));
	task.denied = 0;
	task.busy = KIN_GROUP_FILES;
	assert_false(where_task(&where, &task));
	task.base.state = 'Z';
	assert_true(where_task(&where, &task));
	/* what was seen of one task is not held against the next one */
	task.busy = 0;
	task.base.state = 'S';
	assert_false(where_task(&where, &task));
	hear();
	where_tell(&where);
	heard("kin: 2 left out: what --where looks at is denied: it takes CAP_SYS_PTRACE over their user namespaces\n"
	      "kin: 1 left out: what --where looks at cannot be had now without waiting for them\n");
}

/* Its name stands for a command line that is busy, but not in a question for it. */
static void test_gap_command(void **state)
{
	struct kin_task task = made(90, 'S');

	strcpy(task.base.comm, "nginx");
	of_tasks("command =~ \"nginx\"");
	assert_true(where_task(&where, &task));
	task.busy = KIN_GROUP_CMDLINE;
	assert_false(where_task(&where, &task));
	hear();
	where_tell(&where);
	heard("kin: 1 left out: what --where looks at cannot be had now without waiting for them\n");
}

/* Not in the part of it that came. */
static void test_gap_cut(void **state)
{
	struct kin_task task = made(90, 'S');

	of_tasks("args has \"--late\" || command == \"x\"");
	task.groups |= KIN_GROUP_CMDLINE;
	task.cmdline = "program\0--early";
	task.cmdline_len = sizeof("program\0--early");
	assert_false(where_task(&where, &task));
	task.cut = KIN_GROUP_CMDLINE;
	assert_false(where_task(&where, &task));
	hear();
	where_tell(&where);
	heard("kin: 1 left out: what --where looks at came cut to its limit\n");
}

/* ---- what the kernel filters ---- */

static void test_push(void **state)
{
	const uint32_t uids[] = { 7 };
	struct kin_scope scope = { 0 };

	of_tasks("state == \"Z\" && uid == 5 && rss > 1");
	where_push(&where, &scope);
	assert_int_equal(scope.states, KIN_STATE_ZOMBIE);
	assert_int_equal(scope.n_uids, 1);
	assert_int_equal(scope.uids[0], 5);
	/* both must pass: the option's, and the test's */
	scope = (struct kin_scope){ .uids = uids, .n_uids = 1 };
	where_push(&where, &scope);
	assert_ptr_equal(scope.uids, uids);
	assert_int_equal(scope.n_uids, 1);
	assert_int_equal(scope.states, KIN_STATE_ZOMBIE);
}

/* What options and expression say together has to fit into one request. */
static void test_push_room(void **state)
{
	static const uint32_t pids[KIN_MAX_VALUES];
	struct kin_scope scope = { .pids = pids, .n_pids = KIN_MAX_VALUES };

	of_tasks("uid == 5");
	where_push(&where, &scope);
	assert_int_equal(scope.n_uids, 0);
	scope.n_pids = 100;
	where_push(&where, &scope);
	assert_int_equal(scope.n_uids, 1);
}

/* Of descriptors, "state" is a socket's. */
static void test_push_descriptors(void **state)
{
	struct kin_scope scope = { 0 };
	const struct kin_column *col;
	struct kin_column columns[1];
	const struct kin_column_set set = { columns, 1 };

	col = kin_column_find("comm", 4);
	columns[0] = *col;
	columns[0].id = "state";
	assert_int_equal(parse("state == \"Z\"", &set), CMD_OK);
	where_push(&where, &scope);
	assert_int_equal(scope.states, 0);
}

static void test_push_events(void **state)
{
	struct kin_event_filter filter = { .kinds = KIN_KIND_PROCESS };

	assert_int_equal(parse("event == \"exit\" && status != 0 && cputime > 1s",
			       &kin_event_columns),
			 CMD_OK);
	where_push_events(&where, &filter);
	assert_int_equal(filter.events, KIN_EVENT_KIND_EXIT);
	assert_true(filter.failed);
	assert_int_equal(filter.kinds, KIN_KIND_PROCESS);
}

/* ---- events ---- */

static void test_events(void **state)
{
	struct kin_event base = { .kind = KIN_EVENT_KIND_EXIT,
				  .comm = "worker" };
	struct kin_event_exit exit = { .status = 3 << 8 };
	struct kin_event_record rec = { .base = &base, .exit = &exit };

	assert_int_equal(parse("status in (3, 4) && comm =~ \"^work\"",
			       &kin_event_columns),
			 CMD_OK);
	assert_true(where_row(&where, &rec));
	exit.status = 5 << 8;
	assert_false(where_row(&where, &rec));
	/* a fork has none */
	rec.exit = NULL;
	assert_false(where_row(&where, &rec));
}

/* ---- descriptors ---- */

/* Of a table alone, its process is known, and nothing that is open. */
static void test_table(void **state)
{
	const struct kin_fd_table table = { .pid = 346, .tgid = 346 };
	const struct fd_row row = { .rec.table = &table };

	assert_int_equal(where_truth(&where, &row), KIN_TRUE);
	assert_int_equal(parse("not (pid != 346)", &fd_columns), CMD_OK);
	assert_int_equal(where_truth(&where, &row), KIN_TRUE);
	where_free(&where);
	memset(&where, 0, sizeof(where));
	assert_int_equal(parse("type == \"file\" && pid < 400", &fd_columns), CMD_OK);
	assert_int_equal(where_truth(&where, &row), KIN_UNKNOWN);
	assert_false(where_row(&where, &row));
	where_free(&where);
	memset(&where, 0, sizeof(where));
	assert_int_equal(parse("type == \"file\" && pid < 300", &fd_columns), CMD_OK);
	assert_int_equal(where_truth(&where, &row), KIN_FALSE);
}

/* ---- the family ---- */

static uint64_t clock_behind_ns;	/* that of the time namespace */

static void put_member(struct nlmsghdr *nlh, uint32_t pid, uint32_t ppid,
		       const char *comm)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_TASK);
	struct kin_base base = message_base(pid);

	base.ppid = ppid;
	base.start_boottime_ns -= clock_behind_ns;
	strcpy(base.comm, comm);
	mnl_attr_put(nlh, KIN_A_TASK_BASE, sizeof(base), &base);
	mnl_attr_nest_end(nlh, nest);
}

/* What the kernel answers when it is asked for the family; 8 <- 20 <- 30. */
static void say_family(void)
{
	struct nlmsghdr *nlh = message_start(buf, FAMILY, 8);

	nlh->nlmsg_flags = NLM_F_MULTI;
	put_member(nlh, 8, 0, "sshd");
	put_member(nlh, 20, 8, "sh");
	put_member(nlh, 30, 20, "vi");
	put_member(nlh, 40, 0, "cron");
	say(nlh);
	say_done(8, 0, NULL);
}

static struct kin_task child_of(uint32_t ppid)
{
	struct kin_task task = made(31, 'S');

	task.base.ppid = ppid;
	return task;
}

/* It is asked once, and only when an expression wants to know. */
static void test_family(void **state)
{
	const struct kin_task near = child_of(20), far = child_of(30),
			      other = child_of(40), orphan = child_of(999);

	of_tasks("pid == 31 && ancestor comm == \"sshd\"");
	say_family();
	assert_true(where_task(&where, &near));
	assert_true(where_task(&where, &far));
	assert_false(where_task(&where, &other));
	assert_false(where_task(&where, &orphan));
	assert_int_equal(where_end(&where), CMD_OK);
}

/* Whoever has the number of a parent that is no more is not the parent. */
static void test_family_reused(void **state)
{
	struct kin_task task = child_of(20);

	task.base.start_boottime_ns = 1000000000ull + 19;
	of_tasks("ancestor comm == \"sshd\"");
	say_family();
	assert_false(where_task(&where, &task));
}

/* The parent is from before 0, its child is not. */
static void test_family_in_time_namespace(void **state)
{
	struct kin_task task = child_of(20);

	task.base.start_boottime_ns = 7;
	clock_behind_ns = 2000000000ull;
	of_tasks("ancestor comm == \"sshd\"");
	say_family();
	clock_behind_ns = 0;
	assert_true(where_task(&where, &task));
}

static void test_family_not_asked(void **state)
{
	const struct kin_task task = child_of(20);

	of_tasks("pid == 5 && ancestor comm == \"sshd\"");
	/* (the kernel would not answer) */
	assert_false(where_task(&where, &task));
	assert_int_equal(where_end(&where), CMD_OK);
}

/* Without an answer, nobody passes, and the command fails. */
static void test_family_refused(void **state)
{
	const struct kin_task task = child_of(20);
	int status;

	of_tasks("ancestor comm == \"sshd\"");
	say_done(8, -EPERM, "private");
	assert_false(where_task(&where, &task));
	hear();
	status = where_end(&where);
	heard("kin: cannot read what --where looks at: permission denied: private\n");
	assert_int_equal(status, CMD_DENIED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_misuse),
		TEST(test_mistake),
		TEST(test_no_word),
		TEST(test_words),
		TEST(test_not_here),
		TEST(test_tasks),
		TEST(test_unknown),
		TEST(test_gaps),
		TEST(test_gap_command),
		TEST(test_gap_cut),
		TEST(test_push),
		TEST(test_push_room),
		TEST(test_push_descriptors),
		TEST(test_push_events),
		TEST(test_events),
		TEST(test_table),
		TEST(test_family),
		TEST(test_family_reused),
		TEST(test_family_in_time_namespace),
		TEST(test_family_not_asked),
		TEST(test_family_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
