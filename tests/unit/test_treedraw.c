// SPDX-License-Identifier: GPL-2.0-or-later
/* The drawing: what stands on which line, cut, marked. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "drawing.h"
#include "family.h"
#include "name.h"

static void some_family(struct kin_snapshot *snap)
{
	family_process(snap, 1, 0, "init");
	family_process(snap, 2, 0, "kthreadd");
	family_process(snap, 10, 1, "sshd");
	family_process(snap, 11, 10, "bash");
	family_process(snap, 12, 1, "cron");
	family_process(snap, 13, 10, "sftp");
}

static void test_lines(void **state)
{
	struct kin_snapshot snap = { 0 };

	some_family(&snap);
	assert_drawn(&snap, plain,
		     "init\n"
		     "|- sshd\n"
		     "|  |- bash\n"
		     "|  `- sftp\n"
		     "`- cron\n"
		     "kthreadd\n");
	some_family(&snap);
	assert_drawn(&snap, utf8,
		     "init\n"
		     "├─ sshd\n"
		     "│  ├─ bash\n"
		     "│  └─ sftp\n"
		     "└─ cron\n"
		     "kthreadd\n");
}

static void test_nothing(void **state)
{
	struct kin_snapshot snap = { 0 };

	assert_drawn(&snap, plain, "");
}

static void test_states(void **state)
{
	struct kin_snapshot snap = { 0 };
	const char letters[] = "ZZSRDTtXI";

	family_process(&snap, 1, 0, "init");
	for (unsigned int i = 0; letters[i]; i++)
		family_process(&snap, 2 + i, 1, "job")->base.state = letters[i];
	assert_drawn(&snap, utf8,
		     "init\n"
		     "├─ 2*[job <defunct>]\n"
		     "├─ 3*[job]\n"
		     "├─ job <disk sleep>\n"
		     "├─ job <stopped>\n"
		     "├─ job <traced>\n"
		     "└─ job <dead>\n");
}

/* A process whose main thread ended first is as little a zombie as the others. */
static void test_main_thread_ended(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct kin_task *task;

	family_process(&snap, 1, 0, "init");
	task = family_process(&snap, 2, 1, "job");
	task->base.state = 'Z';
	task->base.num_threads = 2;
	family_process(&snap, 3, 1, "job")->base.state = 'Z';
	assert_drawn(&snap, utf8,
		     "init\n"
		     "├─ job <main thread ended>\n"
		     "└─ job <defunct>\n");
}

static void test_pids(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;

	options.pids = true;
	options.fold = false;
	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 1, "worker");
	family_process(&snap, 3, 1, "worker");
	family_thread(&snap, 4, 3, "thread");
	family_process(&snap, 5, 1, "dead")->base.state = 'Z';
	assert_drawn(&snap, options,
		     "init(1)\n"
		     "├─ worker(2)\n"
		     "├─ worker(3)───{thread}(4)\n"
		     "└─ dead(5) <defunct>\n");
}

static void test_pids_folded(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;

	options.pids = true;
	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 1, "worker");
	family_process(&snap, 3, 1, "worker");
	family_process(&snap, 4, 1, "boss");
	assert_drawn(&snap, options,
		     "init(1)\n"
		     "├─ 2*[worker]\n"
		     "└─ boss(4)\n");
}

#define NOBODY 4000000001u /* on no host */

static void test_users(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;

	options.names = kin_names_new();
	options.pids = true;
	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 1, "a")->base.uid = NOBODY;
	family_process(&snap, 3, 2, "same")->base.uid = NOBODY;
	family_process(&snap, 4, 3, "back");
	family_process(&snap, 5, 1, "a");
	assert_drawn(&snap, options,
		     "init(1)\n"
		     "├─ a(2,4000000001)\n"
		     "│  └─ same(3)\n"
		     "│     └─ back(4,root)\n"
		     "└─ a(5)\n");
	kin_names_free(options.names);
}

static void set_args(struct kin_task *task, const char *args, size_t len)
{
	task->cmdline = args;
	task->cmdline_len = len;
}

static void test_args(void **state)
{
	static const char sleep[] = "/bin/sleep\0"
				    "100",
			  sleep2[] = "/bin/sleep\0"
				     "20",
			  title[] = "db: idle\0\0\0\0";
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;

	options.args = true;
	options.names = kin_names_new();
	family_process(&snap, 1, 0, "init");
	set_args(family_process(&snap, 2, 1, "x"), sleep, sizeof(sleep));
	set_args(family_process(&snap, 3, 1, "y"), sleep, sizeof(sleep));
	set_args(family_process(&snap, 4, 1, "x"), sleep2, sizeof(sleep2));
	snap.tasks[3].base.uid = NOBODY;
	set_args(family_process(&snap, 5, 1, "x"), title, sizeof(title));
	set_args(family_process(&snap, 6, 1, "x"), "\0\0", 2);
	snap.tasks[5].base.state = 'Z';
	family_process(&snap, 7, 1, "x");
	family_process(&snap, 8, 1, "x")->busy = KIN_GROUP_CMDLINE;
	assert_drawn(&snap, options,
		     "[init]\n"
		     "├─ 2*[/bin/sleep 100]\n"
		     "├─ /bin/sleep(4000000001) 20\n"
		     "├─ db: idle\n"
		     "├─ [x] <defunct>\n"
		     "├─ [x]\n"
		     "└─ [x] (busy)\n");
	kin_names_free(options.names);
}

static void test_hostile_names(void **state)
{
	struct kin_snapshot snap = { 0 };

	family_process(&snap, 1, 0, "a\nb\033[31m");
	family_process(&snap, 2, 1, "\xff\xfe");
	family_process(&snap, 3, 1, "ü");
	assert_drawn(&snap, plain,
		     "a\\x0ab\\x1b[31m\n"
		     "|- \\xff\\xfe\n"
		     "`- \\xc3\\xbc\n");
}

static void test_cut(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;

	/* two columns a character */
	options.width = 10;
	family_process(&snap, 1, 0, "漢字漢字漢");
	family_process(&snap, 2, 1, "字漢字漢");
	family_process(&snap, 3, 1, "1234567");
	family_process(&snap, 4, 1, "12345678");
	family_process(&snap, 5, 1, "\001\002");
	assert_drawn(&snap, options,
		     "漢字漢字漢\n"
		     "├─ 字漢字…\n"
		     "├─ 1234567\n"
		     "├─ 123456…\n"
		     "└─ \\x01\\x…\n");
	options.utf8 = options.utf8_lines = false;
	family_process(&snap, 1, 0, "1234567890a");
	assert_drawn(&snap, options, "123456789+\n");
}

/* Wider than a colour's bytes: those have no width. */
static void test_color(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;
	const bool marked[] = { true, false, true };

	options.color = true;
	options.marked = marked;
	options.width = 11;
	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 1, "job")->base.state = 'Z';
	family_process(&snap, 3, 1, "job");
	assert_drawn(&snap, options,
		     "\033[1minit\033[0m\n"
		     "├─ job\033[31m <de…\033[0m\n"
		     "└─ \033[1mjob\033[0m\n");
}

static void test_marks(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;
	const bool marked[] = { true, false, true, false };

	options.marked = marked;
	family_process(&snap, 1, 0, "init");
	family_process(&snap, 2, 1, "job");
	family_process(&snap, 3, 1, "job");
	family_process(&snap, 4, 1, "job");
	assert_drawn(&snap, options,
		     "* init\n"
		     "  ├─ 2*[job]\n"
		     "* └─ job\n");
}

static void test_sums(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;

	options.sums = true;
	family_use(family_process(&snap, 1, 0, "init"), 1 << 20, 500000000);
	for (uint32_t pid = 2; pid < 5; pid++) {
		family_use(family_process(&snap, pid, 1, "sh"), 1 << 20,
			   1000000000);
		family_process(&snap, 10 + pid, pid, "x")->base.state = 'Z';
		family_use(family_process(&snap, 20 + pid, pid, "y"), 2 << 20,
			   0);
	}
	snap.tasks[0].base.state = 'R';
	assert_drawn(&snap, options,
		     "PROCS THREADS   RSS   CPU STATES  TREE\n"
		     "   10      10 10.0M 3.50s 1R 3Z   init\n"
		     "    9       9  9.0M 3.00s 3Z      └─ 3*[sh]\n"
		     "    3       3     -     - 3Z         ├─ x <defunct>\n"
		     "    3       3  6.0M    0s -          └─ y\n");
}

static void test_deep(void **state)
{
	struct kin_snapshot snap = { 0 };
	struct treedraw options = utf8;

	options.levels = 3;
	for (uint32_t pid = 1; pid <= 12; pid++)
		family_process(&snap, pid, pid - 1, "c");
	family_process(&snap, 20, 2, "d");
	family_process(&snap, 21, 5, "e");
	family_process(&snap, 22, 1, "f");
	assert_drawn(&snap, options,
		     "c\n"
		     "├─ c\n"
		     "│  ├─ c\n"
		     "│  │  └─ c\n"
		     "⋯  4 └─ c\n"
		     "⋯  5    ├─ c\n"
		     "⋯  6    │  └─ c\n"
		     "⋯  7 └─ c\n"
		     "⋯  8    └─ c\n"
		     "⋯  9       └─ c\n"
		     "⋯ 10 └─ c\n"
		     "⋯ 11    └─ c\n"
		     "⋯  5    └─ e\n"
		     "│  └─ d\n"
		     "└─ f\n");
}

#define CHAIN 50000

/* Each line is bounded: what is written grows with the tasks, no faster. */
static void test_chain(void **state)
{
	struct kin_snapshot snap = { 0 };
	size_t lines = 0;
	char *text;

	for (uint32_t pid = 1; pid <= CHAIN; pid++)
		family_process(&snap, pid, pid - 1, "link");
	text = draw(&snap, plain);
	assert_true(strlen(text) < CHAIN * 140ul);
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	assert_int_equal(lines, CHAIN);
	assert_non_null(strstr(text, "\n... 49999 "));
	free(text);
}

static void test_many_children(void **state)
{
	struct kin_snapshot snap = { 0 };
	size_t lines = 0;
	char *text;

	family_process(&snap, 1, 0, "init");
	for (uint32_t i = 0; i < 10000; i++) {
		char comm[16];

		snprintf(comm, sizeof(comm), "c%u", i % 5000);
		family_process(&snap, 2 + i, 1, comm);
	}
	text = draw(&snap, plain);
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 5001);
	assert_non_null(strstr(text, "\n|- 2*[c0]\n"));
	assert_non_null(strstr(text, "\n`- 2*[c4999]\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_main_thread_ended),
		cmocka_unit_test(test_pids),
		cmocka_unit_test(test_pids_folded),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_args),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_color),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_many_children),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
