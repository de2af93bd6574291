// SPDX-License-Identifier: GPL-2.0-or-later
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exprmade.h"


struct asked {
	const char *text;
	int truth;
};

/* sshd(100) - bash(200) - worker(300): 2 GiB and a byte, in D, 100 s old. */
static const struct made_row *family(void)
{
	static struct made_row sshd, bash, worker;

	sshd = made_task(100, "sshd", 'S');
	sshd.task.base.uid = 0;
	bash = made_task(200, "bash", 'S');
	bash.parent = &sshd;
	worker = made_task(300, "worker", 'D');
	worker.parent = &bash;
	worker.task.base.flags = KIN_TASK_SUBREAPER | KIN_TASK_EXITING;
	worker.task.base.start_boottime_ns = 900 * SEC;
	worker.task.base.num_threads = 7;
	worker.task.mem.rss_anon_bytes = 2048 * MIB;
	worker.task.mem.rss_file_bytes = 1;
	worker.task.mem.rss_shmem_bytes = 0;
	worker.task.sched.utime_ns = 30 * SEC;
	worker.task.sched.stime_ns = 20 * SEC;
	worker.task.sched.nice = -5;
	worker.task.files.open = 900;
	worker.task.cgroup_path = "/system.slice/made.service";
	worker.task.cmdline = "/bin/worker\0--fast\0a,b";
	worker.task.cmdline_len = sizeof("/bin/worker\0--fast\0a,b");
	worker.host.now.load1_milli = 10500;
	worker.host.now.mem_total_bytes = 1000;
	worker.host.now.mem_available_bytes = 49;
	return &worker;
}

static void check(const struct asked *asked, size_t n)
{
	const struct made_row *row = family();

	for (size_t i = 0; i < n; i++) {
		const int truth = made_test(&made_rules, asked[i].text, row);

		if (truth != asked[i].truth)
			fail_msg("%s: %d, not %d", asked[i].text, truth, asked[i].truth);
	}
}
#define CHECK(asked) check(asked, sizeof(asked) / sizeof(asked[0]))

static void test_numbers(void **state)
{
	static const struct asked asked[] = {
		{ "rss > 2GiB", KIN_TRUE },
		{ "rss > 2G", KIN_TRUE },
		{ "rss == 2147483649", KIN_TRUE },
		{ "rss == 2147483649B", KIN_TRUE },
		{ "rss != 2147483649", KIN_FALSE },
		{ "rss < 2G", KIN_FALSE },
		{ "rss <= 2147483649", KIN_TRUE },
		{ "rss >= 2147483650", KIN_FALSE },
		{ "2GiB < rss", KIN_TRUE },
		{ "rss > 2.147483648GB", KIN_TRUE },
		{ "rss > 2.147483649GB", KIN_FALSE },
		{ "rss - 1B == 2GiB", KIN_TRUE },
		{ "rss > 0.5 * 4GiB", KIN_TRUE },
		{ "rss / 2 > 1GiB", KIN_TRUE },
		{ "rss / 1GiB > 2", KIN_TRUE },
		{ "rss / 1GiB == 2", KIN_FALSE },
		{ "rss * 50% > 1GiB", KIN_TRUE },
		{ "rss == 0x80000001", KIN_TRUE },
		{ "RSS > 2G AND Threads == 7", KIN_TRUE },
		{ "threads == 7.0", KIN_TRUE },
		{ "threads == 7.5", KIN_FALSE },
		{ "threads > 6.5", KIN_TRUE },
		{ "threads in (1, 7)", KIN_TRUE },
		{ "threads in (1, 8)", KIN_FALSE },
		{ "threads not in (1, 8)", KIN_TRUE },
		{ "not threads in (1, 7)", KIN_FALSE },
		{ "nice == -5", KIN_TRUE },
		{ "nice < -4", KIN_TRUE },
		{ "nice < 0 && nice > -6", KIN_TRUE },
		{ "nice in (-5, 3)", KIN_TRUE },
		{ "-nice == 5", KIN_TRUE },
		{ "threads / 0 > 1", KIN_UNKNOWN },
		{ "1 + 2 * 3 == threads", KIN_TRUE },
		{ "(1 + 2) * 3 == threads", KIN_FALSE },
		{ "10 - 2 - 1 == threads", KIN_TRUE },
		{ "28 / 2 / 2 == threads", KIN_TRUE },
	};

	CHECK(asked);
}

static void test_units(void **state)
{
	static const struct asked asked[] = {
		{ "etime == 100s", KIN_TRUE },
		{ "etime == 1m40s", KIN_TRUE },
		{ "etime == 100000000000", KIN_TRUE },
		{ "etime == 100000ms", KIN_TRUE },
		{ "etime == 100000000us", KIN_TRUE },
		{ "etime == 100000000\xc2\xb5s", KIN_TRUE },
		{ "etime == 100000000000ns", KIN_TRUE },
		{ "etime < 1h30m", KIN_TRUE },
		{ "etime < 0.5d", KIN_TRUE },
		{ "etime > 1.5m", KIN_TRUE },
		{ "cputime == 50s", KIN_TRUE },
		{ "cputime / etime == 0.5", KIN_TRUE },
		{ "cputime / etime == 50%", KIN_TRUE },
		{ "cputime > 0.49 * etime", KIN_TRUE },
		{ "pcpu == 50%", KIN_TRUE },
		{ "pcpu > 49.9%", KIN_TRUE },
		{ "pcpu > 50.1%", KIN_FALSE },
		{ "pcpu < 100%", KIN_TRUE },
		{ "pcpu > 2 * 20%", KIN_TRUE },
		{ "pcpu > 0", KIN_TRUE },
		{ "etime - cputime == 50s", KIN_TRUE },
		{ "start > 0", KIN_TRUE },
		{ "start - 900s == 1700000000000000000", KIN_TRUE },
		{ "1K == 1024B", KIN_TRUE },
		{ "1KiB == 1024", KIN_TRUE },
		{ "1KB == 1000", KIN_TRUE },
		{ "1M == 1024K && 1G == 1024M && 1T == 1024G", KIN_TRUE },
		{ "1MB == 1000KB && 1GB == 1000MB && 1TB == 1000GB", KIN_TRUE },
		{ "1d == 24h && 1h == 60m && 1m == 60s", KIN_TRUE },
		{ "1.5K == 1536", KIN_TRUE },
		{ "80% == 0.8", KIN_TRUE },
	};

	CHECK(asked);
}

static void test_text(void **state)
{
	static const struct asked asked[] = {
		{ "comm == \"worker\"", KIN_TRUE },
		{ "comm == 'worker'", KIN_TRUE },
		{ "\"worker\" == comm", KIN_TRUE },
		{ "comm == \"work\"", KIN_FALSE },
		{ "comm == \"workers\"", KIN_FALSE },
		{ "comm != \"work\"", KIN_TRUE },
		{ "comm == \"Worker\"", KIN_FALSE },
		{ "comm in (\"a\", \"worker\")", KIN_TRUE },
		{ "comm not in (\"a\", \"b\")", KIN_TRUE },
		{ "comm == \"\\x77orker\"", KIN_TRUE },
		{ "comm =~ \"^w.*r$\"", KIN_TRUE },
		{ "comm =~ \"^W\"", KIN_FALSE },
		{ "comm =~ \"(?i)^W\"", KIN_TRUE },
		{ "comm !~ \"^x\"", KIN_TRUE },
		{ "comm =~ \"^\\w+$\"", KIN_TRUE },
		{ "cgroup =~ \"^/system\\.slice/\"", KIN_TRUE },
		{ "cgroup =~ \"^/system\\.slice$\"", KIN_FALSE },
		{ "command == \"/bin/worker --fast a,b\"", KIN_TRUE },
		{ "command =~ \"worker --fast\"", KIN_TRUE },
		{ "args has \"--fast\"", KIN_TRUE },
		{ "args has \"--fas\"", KIN_FALSE },
		{ "args has \"a,b\"", KIN_TRUE },
		{ "args =~ \"^--\"", KIN_TRUE },
		{ "args =~ \"worker --\"", KIN_FALSE },
		{ "flags has \"exiting\"", KIN_TRUE },
		{ "flags has \"kthread\"", KIN_FALSE },
		{ "flags =~ \"^sub\"", KIN_TRUE },
		{ "not flags has \"kthread\"", KIN_TRUE },
		{ "comm == parent.comm", KIN_FALSE },
		{ "comm != parent.comm", KIN_TRUE },
		{ "state == \"D\"", KIN_TRUE },
		{ "state != \"D\"", KIN_FALSE },
		{ "state in (\"D\", 'Z')", KIN_TRUE },
		{ "state not in (\"S\", \"Z\")", KIN_TRUE },
		{ "\"D\" == state", KIN_TRUE },
		{ "state == parent.state", KIN_FALSE },
	};

	CHECK(asked);
}

static void test_kinship(void **state)
{
	static const struct asked asked[] = {
		{ "descendant_of(100)", KIN_TRUE },
		{ "descendant_of(200)", KIN_TRUE },
		{ "descendant_of(300)", KIN_TRUE },
		{ "descendant_of(400)", KIN_FALSE },
		{ "not descendant_of(100)", KIN_FALSE },
		{ "ancestor comm == \"sshd\"", KIN_TRUE },
		{ "ancestor comm == \"worker\"", KIN_FALSE },
		{ "ancestor (comm == \"sshd\" && uid == 1000)", KIN_FALSE },
		{ "ancestor comm == \"sshd\" && uid == 1000", KIN_TRUE },
		{ "ancestor threads > 5", KIN_UNKNOWN },
		{ "ancestor (threads > 5 || uid == 0)", KIN_TRUE },
		{ "ancestor parent.comm == \"sshd\"", KIN_TRUE },
		{ "parent.comm == \"bash\"", KIN_TRUE },
		{ "parent.uid == uid", KIN_TRUE },
		{ "parent == 5", KIN_UNKNOWN },		/* another name of ppid */
	};
	const struct made_row *sshd = family()->parent->parent;

	CHECK(asked);
	assert_int_equal(made_test(&made_rules, "parent.uid == 0", sshd), KIN_UNKNOWN);
	assert_int_equal(made_test(&made_rules, "ancestor uid == 0", sshd), KIN_FALSE);
}

/* One that is its own ancestor: an answer comes, and it is no guess. */
static void test_circle(void **state)
{
	struct made_row a = made_task(1, "a", 'S'), b = made_task(2, "b", 'S');

	a.parent = &b;
	b.parent = &a;
	assert_int_equal(made_test(&made_rules, "descendant_of(3)", &a), KIN_UNKNOWN);
	assert_int_equal(made_test(&made_rules, "ancestor comm == \"c\"", &a), KIN_UNKNOWN);
	assert_int_equal(made_test(&made_rules, "ancestor comm == \"b\"", &a), KIN_TRUE);
}

static void test_host(void **state)
{
	static const struct asked asked[] = {
		{ "host.load1 > 10", KIN_TRUE },
		{ "host.load1 == 10.5", KIN_TRUE },
		{ "host.load1 > 10.5", KIN_FALSE },
		{ "HOST.load1 > 10", KIN_TRUE },
		{ "host.mem_available < 5% * host.mem_total", KIN_TRUE },
		{ "host.mem_available < 4.9% * host.mem_total", KIN_FALSE },
		{ "rss > host.mem_total", KIN_TRUE },
		{ "host.swap_total > 0", KIN_UNKNOWN },
	};

	CHECK(asked);
}

/* T, F and U: true, false, unknown. minflt of the row is not known. */
static void test_unknown(void **state)
{
	static const char *const terms[] = {
		[KIN_FALSE] = "pid == 1", [KIN_TRUE] = "pid == 300",
		[KIN_UNKNOWN] = "minflt > 1",
	};
	static const int and[3][3] = {
		[KIN_FALSE] = { [KIN_FALSE] = KIN_FALSE, [KIN_TRUE] = KIN_FALSE,
				[KIN_UNKNOWN] = KIN_FALSE },
		[KIN_TRUE] = { [KIN_FALSE] = KIN_FALSE, [KIN_TRUE] = KIN_TRUE,
			       [KIN_UNKNOWN] = KIN_UNKNOWN },
		[KIN_UNKNOWN] = { [KIN_FALSE] = KIN_FALSE, [KIN_TRUE] = KIN_UNKNOWN,
				  [KIN_UNKNOWN] = KIN_UNKNOWN },
	};
	static const int or[3][3] = {
		[KIN_FALSE] = { [KIN_FALSE] = KIN_FALSE, [KIN_TRUE] = KIN_TRUE,
				[KIN_UNKNOWN] = KIN_UNKNOWN },
		[KIN_TRUE] = { [KIN_FALSE] = KIN_TRUE, [KIN_TRUE] = KIN_TRUE,
			       [KIN_UNKNOWN] = KIN_TRUE },
		[KIN_UNKNOWN] = { [KIN_FALSE] = KIN_UNKNOWN, [KIN_TRUE] = KIN_TRUE,
				  [KIN_UNKNOWN] = KIN_UNKNOWN },
	};
	static const int not[3] = { KIN_TRUE, KIN_FALSE, KIN_UNKNOWN };
	const struct made_row *row = family();
	char text[100];

	for (int a = 0; a < 3; a++) {
		sprintf(text, "not %s", terms[a]);
		assert_int_equal(made_test(&made_rules, text, row), not[a]);
		for (int b = 0; b < 3; b++) {
			sprintf(text, "%s && %s", terms[a], terms[b]);
			assert_int_equal(made_test(&made_rules, text, row), and[a][b]);
			sprintf(text, "%s || %s", terms[a], terms[b]);
			assert_int_equal(made_test(&made_rules, text, row), or[a][b]);
		}
	}
}

/* In no condition whatever does an unknown value pass, or its contrary. */
static void test_unknown_values(void **state)
{
	static const char *const texts[] = {
		"minflt == 1", "minflt != 1", "minflt in (1, 2)", "minflt not in (1, 2)",
		"exe == \"x\"", "exe != \"x\"", "exe =~ \"x\"", "exe !~ \"x\"",
		"exe in (\"x\")", "exe not in (\"x\")", "nspid has 5", "not nspid has 5",
		"minflt + 1 > 0", "minflt * 0 == 0", "minflt < pid", "pid > minflt",
		"exe == comm", "comm != exe", "rate(rss) > 5", "count() > 5",
		"host.mem_free > 1", "parent.rss > 5", "parent.exe =~ \"x\"",
	};
	const struct made_row *row = family();

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (made_test(&made_rules, texts[i], row) != KIN_UNKNOWN)
			fail_msg("%s is not unknown", texts[i]);
}

/* What decides is enough: the rest is not asked for. */
static void test_short(void **state)
{
	static const struct {
		const char *text;
		unsigned int asked;
	} texts[] = {
		{ "pid == 1 && rss > 5 && threads > 5", 1 },
		{ "pid == 300 || rss > 5 || threads > 5", 1 },
		{ "pid == 300 && rss > 5G && threads > 5", 2 },
		{ "minflt > 5 && pid == 1 && threads > 5", 2 },
		{ "(pid == 1 || pid == 2) && rss > 5", 2 },
		{ "pid in (1, 2, 3, 300)", 1 },
	};
	struct kin_expr_error error;
	struct kin_expr *expr;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		unsigned int asked = 0;
		const struct kin_expr_row row = made_expr_row(family(), &asked);

		assert_int_equal(kin_expr_parse(&made_rules, texts[i].text, &expr, &error), 0);
		kin_expr_test(expr, &row);
		kin_expr_free(expr);
		assert_int_equal(asked, texts[i].asked);
	}
}

/* Numbers of 64 bits are told apart, where the machine has a type for it. */
static void test_precision(void **state)
{
	struct made_row row = *family();

	if (LDBL_MANT_DIG < 64)
		skip();
	row.task.cgroup_id = 18446744073709551614ull;
	assert_int_equal(made_test(&made_rules, "cgroup_id == 18446744073709551614", &row), KIN_TRUE);
	assert_int_equal(made_test(&made_rules, "cgroup_id == 18446744073709551613", &row), KIN_FALSE);
	assert_int_equal(made_test(&made_rules, "cgroup_id > 18446744073709551613", &row), KIN_TRUE);
	assert_int_equal(made_test(&made_rules, "cgroup_id - 1 == 18446744073709551613", &row), KIN_TRUE);
	assert_int_equal(made_test(&made_rules, "cgroup_id - 2 == 18446744073709551613", &row), KIN_FALSE);
	assert_int_equal(made_test(&made_rules, "cgroup_id in (18446744073709551613, 18446744073709551615)", &row), KIN_FALSE);
	row.task.cgroup_id = 9007199254740993ull;
	assert_int_equal(made_test(&made_rules, "cgroup_id == 9007199254740992", &row), KIN_FALSE);
	assert_int_equal(made_test(&made_rules, "cgroup_id == 9007199254740993", &row), KIN_TRUE);
	assert_int_equal(made_test(&made_rules, "cgroup_id == 0x20000000000001", &row), KIN_TRUE);
}

/* What stands in the text is what a column with that value has, to the last bit. */
static void test_decimals(void **state)
{
	struct made_row row = *family();
	char text[32];

	row.task.files.limit_soft = 1000;
	for (unsigned int i = 0; i <= 1000; i++) {
		row.task.files.open = i;
		sprintf(text, "files_pct == %u.%u%%", i / 10, i % 10);
		if (made_test(&made_rules, text, &row) != KIN_TRUE)
			fail_msg("not true: %s", text);
		row.task.base.start_boottime_ns = made_view.now_boottime_ns - i * (SEC / 10);
		sprintf(text, "etime == %u.%us", i / 10, i % 10);
		if (made_test(&made_rules, text, &row) != KIN_TRUE)
			fail_msg("not true: %s", text);
	}
}

/* Kernel threads have no arguments, but a name; what is busy is not known. */
static void test_command(void **state)
{
	struct made_row row = made_task(2, "kthreadd", 'S');

	assert_int_equal(made_test(&made_rules, "command == \"[kthreadd]\"", &row), KIN_TRUE);
	assert_int_equal(made_test(&made_rules, "command =~ \"^kthreadd\"", &row), KIN_FALSE);
	assert_int_equal(made_test(&made_rules, "args has \"x\"", &row), KIN_UNKNOWN);
	row.task.busy = KIN_GROUP_CMDLINE;
	assert_int_equal(made_test(&made_rules, "command == \"[kthreadd]\"", &row), KIN_UNKNOWN);
	assert_int_equal(made_test(&made_rules, "command !~ \"nginx\"", &row), KIN_UNKNOWN);
}

/* What is not in the part that came may be in the rest. */
static void test_cut(void **state)
{
	static const struct asked asked[] = {
		{ "command =~ \"--fast\"", KIN_TRUE },
		{ "command !~ \"--fast\"", KIN_FALSE },
		{ "command =~ \"--slow\"", KIN_UNKNOWN },
		{ "command !~ \"--slow\"", KIN_UNKNOWN },
		{ "args =~ \"^--fast$\"", KIN_TRUE },
		{ "args =~ \"^--slow$\"", KIN_UNKNOWN },
		{ "args has \"--fast\"", KIN_TRUE },
		{ "args has \"--slow\"", KIN_UNKNOWN },
		{ "not args has \"--slow\"", KIN_UNKNOWN },
		{ "comm =~ \"--slow\"", KIN_FALSE },
		/* longer than any string, it is equal to none */
		{ "command == \"/bin/worker\"", KIN_FALSE },
		{ "command not in (\"/bin/worker\")", KIN_TRUE },
	};
	struct made_row row = *family();

	row.task.cut = KIN_GROUP_CMDLINE;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		if (made_test(&made_rules, asked[i].text, &row) != asked[i].truth)
			fail_msg("%s is not %d", asked[i].text, asked[i].truth);
	/* there was no room for any of it */
	row.task.cmdline = NULL;
	assert_int_equal(made_test(&made_rules, "command =~ \"worker\"", &row), KIN_UNKNOWN);
}

/* One that would take for ever: no answer, soon. */
static void test_regex_limit(void **state)
{
	static char line[8000];
	struct made_row row = *family();

	memset(line, 'a', sizeof(line));
	row.task.cmdline = line;
	row.task.cmdline_len = sizeof(line);
	assert_int_equal(made_test(&made_rules, "command =~ \"^(a+a+)+$\"", &row), KIN_TRUE);
	assert_int_equal(made_test(&made_rules, "command =~ \"^(a+a+)+b\"", &row), KIN_FALSE);
	assert_int_equal(made_test(&made_rules, "command =~ \"^(a|aa|aaa)+[^a]\"", &row), KIN_UNKNOWN);
	assert_int_equal(made_test(&made_rules, "command !~ \"^(a|aa|aaa)+[^a]\"", &row), KIN_UNKNOWN);
	/* some hundred thousand steps are too many, some thousand are not */
	row.task.cmdline_len = 30;
	assert_int_equal(made_test(&made_rules, "command =~ \"^(a|aa)+[^a]\"", &row), KIN_UNKNOWN);
	row.task.cmdline_len = 15;
	assert_int_equal(made_test(&made_rules, "command =~ \"^(a|aa)+[^a]\"", &row), KIN_FALSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_kinship),
		cmocka_unit_test(test_circle),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_unknown_values),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_precision),
		cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_regex_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
