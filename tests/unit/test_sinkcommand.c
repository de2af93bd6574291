// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands: what they are given, and those that do not end. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "sinkscene.h"

static struct receiver receiver;
static struct sink_options options;
static char *argv[8];

#define MS 1000000ull

static int begin(void **state)
{
	if (scene_begin(state))
		return -1;
	memset(argv, 0, sizeof(argv));
	receiver = (struct receiver){
		.name = (char *)"page", .kind = RECEIVER_COMMAND, .argv = argv,
		.timeout_ns = 20000 * MS, .queue_bytes = 1 << 20,
	};
	options = (struct sink_options){ .spool = scene_dir, .retry_ns = 5 * MS };
	scene_hear();
	return chdir(scene_dir);
}

static int end(void **state)
{
	if (scene_stderr >= 0)
		free(scene_heard());
	return chdir("/") || scene_end(state);
}

/* A shell that the test's own text is given to, as one argument. */
static struct sink *open_shell(const char *script)
{
	struct sink *sink;

	argv[0] = (char *)"/bin/sh";
	argv[1] = (char *)"-c";
	argv[2] = (char *)script;
	assert_int_equal(sink_open(&sink, &receiver, &options), 0);
	return sink;
}

#define assert_delivered(sink, n) \
	assert_true(WAIT_UNTIL(scene_stats(sink).delivered == (n)))
#define assert_failed(sink, n) \
	assert_true(WAIT_UNTIL(scene_stats(sink).failed == (n)))

static void assert_file(const char *name, const char *expected)
{
	char *text = scene_read(name);

	assert_string_equal(text, expected);
	free(text);
}

/* No shell comes near the arguments, nor what others chose. */
static void test_arguments(void **state)
{
	struct alert alert = scene_alert(5, "a \"b\"\n$(touch evil) `touch evil`; touch evil");
	struct sink *sink;

	argv[3] = (char *)"program";
	argv[4] = (char *)"two words\nand lines";
	argv[5] = (char *)"$(touch evil) * ;&";
	argv[6] = (char *)"";
	sink = open_shell("printf '%s|' \"$0\" \"$#\" \"$@\" \"$KIN_SUMMARY\" >out");
	sink_tell(sink, &alert, ALERT_NEWS_FIRING);
	assert_delivered(sink, 1);
	sink_close(sink, 1000);
	assert_file("out", "program|3|two words\nand lines|$(touch evil) * ;&||"
			   "a \"b\"\n$(touch evil) `touch evil`; touch evil|");
	assert_int_equal(access("evil", F_OK), -1);
}

static void test_environment(void **state)
{
	struct alert alert = scene_alert(5, "sum");
	struct sink *sink;
	char *text;

	setenv("NOTIFY_SOCKET", "/run/x", 1);
	setenv("WATCHDOG_USEC", "5", 1);
	setenv("KIN_OLD", "1", 1);
	setenv("KEPT", "yes", 1);
	sink = open_shell("env >out");
	sink_tell(sink, &alert, ALERT_NEWS_AGAIN);
	assert_delivered(sink, 1);
	sink_close(sink, 1000);
	text = scene_read("out");
	assert_non_null(strstr(text, "KIN_ALERT=5\n"));
	assert_non_null(strstr(text, "KIN_RULE=zombie-flood\n"));
	assert_non_null(strstr(text, "KIN_NEWS=still firing\n"));
	assert_non_null(strstr(text, "KIN_STATE=firing\n"));
	assert_non_null(strstr(text, "KIN_SEVERITY=warning\n"));
	assert_non_null(strstr(text, "KIN_SUBJECT=process\n"));
	assert_non_null(strstr(text, "KIN_BY=parent\n"));
	assert_non_null(strstr(text, "KIN_PID=912\n"));
	assert_non_null(strstr(text, "KIN_START_BOOTTIME_NS=123456789\n"));
	assert_non_null(strstr(text, "KIN_COMM=bash\n"));
	assert_non_null(strstr(text, "KIN_FAMILY=init(1) / bash(912)\n"));
	assert_non_null(strstr(text, "KIN_NEXT=kin tree 912\nkill 912\n"));
	assert_non_null(strstr(text, "KIN_VALUE=1500\n"));
	assert_non_null(strstr(text, "KIN_BAR=100\n"));
	assert_non_null(strstr(text, "KIN_LABEL_TEAM=op\"s\n"));
	assert_non_null(strstr(text, "KIN_RECEIVER=page\n"));
	assert_non_null(strstr(text, "KEPT=yes\n"));
	/* not known, or not theirs */
	assert_null(strstr(text, "KIN_RESOLVED"));
	assert_null(strstr(text, "KIN_CAUSE"));
	assert_null(strstr(text, "KIN_OLD"));
	assert_null(strstr(text, "NOTIFY_SOCKET"));
	assert_null(strstr(text, "WATCHDOG"));
	free(text);
}

static void test_input(void **state)
{
	struct sink *sink = open_shell("jq -c '[.rule, .summary, .labels.team]' >out");

	scene_tell(sink, 3);
	assert_delivered(sink, 1);
	sink_close(sink, 1000);
	assert_file("out", "[\"zombie-flood\",\"<3>\",\"op\\\"s\"]\n");
}

/* One after another, in order. */
static void test_order(void **state)
{
	struct sink *sink = open_shell("test -e busy && echo twice >>out; : >busy; "
				       "echo \"$KIN_SUMMARY\" >>out; rm busy");
	char *text;

	for (int i = 1; i <= 30; i++)
		scene_tell(sink, i);
	assert_delivered(sink, 30);
	sink_close(sink, 1000);
	text = scene_read("out");
	assert_true(scene_in_order(text, 1, 30));
	assert_null(strstr(text, "twice"));
	free(text);
}

static void test_fails(void **state)
{
	struct sink *sink = open_shell("echo 'no \033[31mroute'; echo more; exit 3");
	char *heard;

	scene_tell(sink, 1);
	assert_failed(sink, 1);
	assert_int_equal(scene_stats(sink).queued, 0);
	sink_close(sink, 1000);
	heard = scene_heard();
	assert_non_null(strstr(heard, "kin: receiver 'page': did not take a message, which is given up: "
				      "/bin/sh ended with exit status 3: no \\x1b[31mroute\n"));
	assert_null(strstr(heard, "more"));
	free(heard);
}

static void test_killed(void **state)
{
	struct sink *sink = open_shell("kill -SEGV $$");
	char *heard;

	scene_tell(sink, 1);
	assert_failed(sink, 1);
	sink_close(sink, 1000);
	heard = scene_heard();
	assert_non_null(strstr(heard, "/bin/sh was killed by SIGSEGV"));
	free(heard);
}

static void test_not_there(void **state)
{
	struct sink *sink;
	char *heard;

	argv[0] = (char *)"/nonexistent/page";
	assert_int_equal(sink_open(&sink, &receiver, &options), 0);
	scene_tell(sink, 1);
	assert_failed(sink, 1);
	sink_close(sink, 1000);
	heard = scene_heard();
	assert_non_null(strstr(heard, "cannot start /nonexistent/page: No such file or directory"));
	free(heard);
}

static pid_t number_in(const char *name)
{
	char *text = scene_read(name);
	pid_t pid = atoi(text);

	free(text);
	return pid;
}

static bool has_ended(pid_t pid)
{
	char path[64], *text, *state;
	bool ended;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	text = scene_read(path);
	state = strrchr(text, ')');
	ended = !state || state[2] == 'Z' || state[2] == 'X';
	free(text);
	return ended;
}

/* Its time is over: it and what it started, however deaf. */
static void test_time_out(void **state)
{
	struct sink *sink;
	char *heard;
	double start = scene_seconds();

	receiver.timeout_ns = 500 * MS;
	sink = open_shell("trap '' TERM INT HUP; echo $$ >self; "
			  "(trap '' TERM; echo about; sh -c 'echo $$ >child; exec sleep 1000') & "
			  "sleep 1000");
	scene_tell(sink, 1);
	assert_failed(sink, 1);
	assert_true(scene_seconds() - start >= 0.5);
	sink_close(sink, 1000);
	assert_true(number_in("self") > 1 && number_in("child") > 1);
	assert_true(WAIT_UNTIL(has_ended(number_in("self"))));
	assert_true(WAIT_UNTIL(has_ended(number_in("child"))));
	heard = scene_heard();
	assert_non_null(strstr(heard, "/bin/sh had not ended after 500ms, and was killed: about"));
	free(heard);
}

/* More than a pipe holds; and without end. */
static void test_huge_output(void **state)
{
	struct sink *sink = open_shell("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2");

	scene_tell(sink, 1);
	assert_delivered(sink, 1);
	sink_close(sink, 1000);
	receiver.timeout_ns = 300 * MS;
	sink = open_shell("exec yes");
	scene_tell(sink, 1);
	assert_failed(sink, 1);
	sink_close(sink, 1000);
}

/* What it leaves running is left, and not waited for. */
static void test_leaves_one(void **state)
{
	struct sink *sink = open_shell("sleep 1000 & echo $! >child");
	double start = scene_seconds();
	pid_t pid;

	scene_tell(sink, 1);
	assert_delivered(sink, 1);
	assert_true(scene_seconds() - start < 10);
	sink_close(sink, 1000);
	pid = number_in("child");
	assert_true(pid > 1);
	assert_false(has_ended(pid));
	kill(pid, SIGKILL);
}

/* The end comes while it runs: killed, and done again by the next run. */
static void test_closed(void **state)
{
	struct sink *sink = open_shell("echo $$ >self; exec sleep 1000");
	double start;

	scene_tell(sink, 1);
	assert_true(WAIT_UNTIL(number_in("self") > 1));
	start = scene_seconds();
	sink_close(sink, 50);
	assert_true(scene_seconds() - start < 1.5);
	assert_true(WAIT_UNTIL(has_ended(number_in("self"))));
	sink = open_shell("echo \"$KIN_SUMMARY\" >out");
	assert_delivered(sink, 1);
	sink_close(sink, 1000);
	assert_file("out", "<1>\n");
}

/* No descriptor of ours, no blocked or ignored signal is passed on. */
static void test_clean(void **state)
{
	int leaky = dup(STDERR_FILENO);
	struct sink *sink;
	unsigned long long ignored = 0;
	char *text;
	int at = 0;

	signal(SIGHUP, SIG_IGN);
	sink = open_shell("ls /proc/self/fd | tr '\\n' ' ' >out; "
			  "grep -E 'Sig(Blk|Ign)' /proc/self/status | tr -d '\\n\\t' >>out");
	scene_tell(sink, 1);
	assert_delivered(sink, 1);
	sink_close(sink, 1000);
	signal(SIGHUP, SIG_DFL);
	close(leaky);
	text = scene_read("out");
	/* 3: the directory that ls reads */
	sscanf(text, "0 1 2 3 SigBlk:0000000000000000SigIgn:%llx%n", &ignored, &at);
	assert_int_equal(at, strlen(text));
	assert_true(at > 0);
	/* those above are the C library's */
	assert_int_equal(ignored & 0x7fffffff, 0);
	free(text);
}

/* No process can be had: that passes, and is tried again. */
static void test_no_process(void **state)
{
	struct rlimit limit, none;
	struct sink *sink;
	char *heard;

	getrlimit(RLIMIT_NOFILE, &limit);
	sink = open_shell("echo \"$KIN_SUMMARY\" >>out");
	/* no descriptor is left for its input */
	none = limit;
	none.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &none);
	scene_tell(sink, 1);
	assert_true(WAIT_UNTIL(scene_stats(sink).away));
	setrlimit(RLIMIT_NOFILE, &limit);
	scene_tell(sink, 2);
	assert_delivered(sink, 2);
	sink_close(sink, 1000);
	assert_file("out", "<1>\n<2>\n");
	heard = scene_heard();
	assert_non_null(strstr(heard, "Too many open files"));
	free(heard);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arguments), TEST(test_environment), TEST(test_input),
		TEST(test_order),     TEST(test_fails),	      TEST(test_killed),
		TEST(test_not_there), TEST(test_time_out),    TEST(test_huge_output),
		TEST(test_leaves_one), TEST(test_closed),     TEST(test_clean),
		TEST(test_no_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
