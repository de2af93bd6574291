// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kin events without a kernel: what options come to, what an event looks like as
 * text and as JSON, what all of them are summed up to.
 */
#include <getopt.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "events.h"

#define MS 1000000ull
#define SEC (1000 * MS)
#define ESC "\033"

/* ---- options ---- */

static struct eventargs args;
static struct kin_event_filter filter;

/* Messages of wrong use are not what is tested: standard error is elsewhere. */
static int parse_words(char *words)
{
	char *argv[32] = { (char *)"events" };
	int argc = 1, status;
	bool go_on;

	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	eventargs_free(&args);
	memset(&args, 0, sizeof(args));
	optind = 0;
	go_on = eventargs_parse(&args, argc, argv, &status);
	assert_int_equal(go_on, status == CMD_OK);
	eventargs_filter(&args, &filter);
	return status;
}

static int parse(const char *line)
{
	char words[4096];
	int status, saved = dup(STDERR_FILENO);

	snprintf(words, sizeof(words), "%s", line);
	fflush(stderr);
	assert_non_null(freopen("/dev/null", "w", stderr));
	status = parse_words(words);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	return status;
}

static void test_all(void **state)
{
	assert_int_equal(parse(""), CMD_OK);
	assert_int_equal(filter.events, 0);
	assert_int_equal(filter.kinds, KIN_KIND_PROCESS);
	assert_int_equal(filter.scope.n_subtrees, 0);
	assert_int_equal(filter.n_comms, 0);
	assert_false(filter.failed);
	assert_true(eventargs_summary(&args));
	assert_int_equal(args.count, 0);
	assert_int_equal(args.duration_ns, 0);
}

static void test_kinds(void **state)
{
	assert_int_equal(parse("--event fork"), CMD_OK);
	assert_int_equal(filter.events, KIN_EVENT_KIND_FORK);
	assert_int_equal(parse("--event exec,exit --event cgroup -T"), CMD_OK);
	assert_int_equal(filter.events, KIN_EVENT_KIND_EXEC |
			 KIN_EVENT_KIND_EXIT | KIN_EVENT_KIND_CGROUP);
	assert_int_equal(filter.kinds, KIN_KINDS);
	assert_int_equal(parse("--event fork,exec,exit,comm,oom,cgroup"),
			 CMD_OK);
	assert_int_equal(filter.events, KIN_EVENT_KINDS);
}

static void test_failed(void **state)
{
	assert_int_equal(parse("--failed"), CMD_OK);
	assert_true(filter.failed);
	assert_int_equal(filter.events, KIN_EVENT_KIND_EXIT);
	assert_int_equal(parse("--failed --event fork,exit"), CMD_OK);
	assert_int_equal(filter.events,
			 KIN_EVENT_KIND_FORK | KIN_EVENT_KIND_EXIT);
	assert_int_equal(parse("--failed --event fork"), CMD_USAGE);
}

static void test_scope(void **state)
{
	assert_int_equal(parse("--subtree 7,8 9 --pid 3 --tgid 4,5 --user 1000"),
			 CMD_OK);
	assert_int_equal(filter.scope.n_subtrees, 3);
	assert_int_equal(filter.scope.subtrees[2], 9);
	/* the module takes no pids, a process has the number of its group */
	assert_int_equal(filter.scope.n_pids, 0);
	assert_int_equal(filter.scope.n_tgids, 3);
	assert_int_equal(filter.scope.tgids[0], 3);
	assert_int_equal(filter.scope.tgids[2], 5);
	assert_int_equal(filter.scope.n_uids, 1);
	assert_int_equal(filter.scope.uids[0], 1000);
	assert_int_equal(parse("--cgroup 4711"), CMD_OK);
	assert_int_equal(filter.scope.cgroups[0], 4711);
}

static void test_comms(void **state)
{
	char line[1024] = "--comm ";

	assert_int_equal(parse("--comm bash,123456789012345 --comm x"), CMD_OK);
	assert_int_equal(filter.n_comms, 3);
	assert_string_equal(filter.comms[0], "bash");
	assert_string_equal(filter.comms[1], "123456789012345");
	assert_string_equal(filter.comms[2], "x");
	assert_int_equal(parse("--comm 1234567890123456"), CMD_USAGE);
	assert_int_equal(parse("--comm a,,b"), CMD_USAGE);
	for (int i = 0; i < KIN_MAX_COMMS - 1; i++)
		strcat(line, "n,");
	strcat(line, "n");
	assert_int_equal(parse(line), CMD_OK);
	assert_int_equal(filter.n_comms, KIN_MAX_COMMS);
	strcat(line, ",n");
	assert_int_equal(parse(line), CMD_USAGE);
}

static void test_end(void **state)
{
	assert_int_equal(parse("--count 12 --duration 1.5s"), CMD_OK);
	assert_int_equal(args.count, 12);
	assert_int_equal(args.duration_ns, 1500 * MS);
	assert_int_equal(parse("--json"), CMD_OK);
	assert_false(eventargs_summary(&args));
	assert_int_equal(parse("--json --summary"), CMD_OK);
	assert_true(eventargs_summary(&args));
	assert_int_equal(parse("--no-summary"), CMD_OK);
	assert_false(eventargs_summary(&args));
}

static void test_wrong_use(void **state)
{
	static const char *const lines[] = {
		"--event frok",	   "--event",	     "--event fork,",
		"--count 0",	   "--count x",	     "--duration 0",
		"--duration 5x",   "--duration -1",  "--pid 0",
		"twelve",	   "--state R",	     "--color sometimes",
		"--summary --no-summary",	     "--comm=",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(parse(lines[i]), CMD_USAGE);
}

static void test_durations(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{ "5", 5 * SEC },	  { "1.5s", 1500 * MS },
		{ "200ms", 200 * MS },	  { "2m", 120 * SEC },
		{ "0.25h", 900 * SEC },	  { "7us", 7000 },
		{ "0", 0 },		  { "1.000001", SEC + 1000 },
		{ "0.5us", 500 },	  { "2562046h", 2562046 * (3600 * SEC) },
		{ "1d", 86400 * SEC },	  { "1.5d", 129600 * SEC },
		{ "1h30m", 5400 * SEC },  { "1d0.5h2s", 88202 * SEC },
		{ "0.999999d", 86399913600 * 1000ull },
	};
	static const char *const bad[] = {
		"", "s", ".5", "1.", "1.s", "-1", "+1", "1 s", "1e3", "1D",
		"1.0000001", "0x10", "1sec", "2562048h", "99999999999999999999",
		"123456789012345678901234567890", "1..5", "1,5",
		"1h30", "30 1h", "1h 30m", "1h-1m", "2562046h2562046h", "1hm",
	};
	uint64_t ns;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(cmd_duration(good[i].text, &ns));
		assert_int_equal(ns, good[i].ns);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(cmd_duration(bad[i], &ns));
}

static void test_sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = {
		{ "0", 0 },		   { "12", 12 },
		{ "12B", 12 },		   { "4K", 4096 },
		{ "4KiB", 4096 },	   { "1.5MiB", 3 << 19 },
		{ "16M", 16 << 20 },	   { "2G", 2ull << 30 },
		{ "0.25GiB", 1ull << 28 }, { "3T", 3ull << 40 },
		{ "8388605TiB", 8388605ull << 40 },
	};
	static const char *const bad[] = {
		"", "M", "-1", "1 M", "1m", "1kb", "1KB", "1MM", "1M1K", "1.", "0x10",
		"8388609T", "1s", "9223372036854775807",
	};
	uint64_t bytes;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(cmd_size(good[i].text, &bytes));
		assert_int_equal(bytes, good[i].bytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(cmd_size(bad[i], &bytes));
}

/* ---- times ---- */

/* Noon of a day, as if the machine had been booted at midnight. */
#define BOOT_EPOCH (1795219200ll * (int64_t)SEC)
#define NOON (43200 * SEC)

static struct eventclock clock_at_noon(bool boottime)
{
	return (struct eventclock){ .boottime = boottime,
				    .boot_epoch_ns = BOOT_EPOCH };
}

#define assert_time(clock, ns, expected)                                       \
	do {                                                                   \
		char to[KIN_COMM_LEN + 40];                                    \
		to[eventclock_put(clock, to, ns)] = '\0';                      \
		assert_string_equal(to, expected);                             \
	} while (0)

static void test_time_of_day(void **state)
{
	struct eventclock clock = clock_at_noon(false);

	assert_time(&clock, NOON, "12:00:00.000000");
	assert_time(&clock, NOON + 1999, "12:00:00.000001");
	assert_time(&clock, NOON + SEC - 1, "12:00:00.999999");
	assert_time(&clock, NOON + SEC, "12:00:01.000000");
	assert_time(&clock, NOON, "12:00:00.000000");
	assert_time(&clock, 86400 * SEC, "00:00:00.000000");
	/* before 1970: the second that it is in */
	clock.boot_epoch_ns = -1 - (int64_t)NOON;
	assert_time(&clock, NOON, "23:59:59.999999");
}

static void test_time_since_boot(void **state)
{
	struct eventclock clock = clock_at_noon(true);

	assert_time(&clock, 0, "      0.000000s");
	assert_time(&clock, 1234 * SEC + 567891999, "   1234.567891s");
	assert_time(&clock, 9999999 * SEC, "9999999.000000s");
	assert_time(&clock, 10000000 * SEC, "10000000.000000s");
	assert_time(&clock, UINT64_MAX, "18446744073.709551s");
}

/* Now is now, and jitter of two clocks is no step. */
static void test_sync(void **state)
{
	struct eventclock clock = { 0 };
	const time_t before = time(NULL);
	struct timespec boot;
	int64_t set, now;

	assert_int_equal(eventclock_sync(&clock), 0);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	now = clock.boot_epoch_ns / (int64_t)SEC + boot.tv_sec;
	assert_in_range(now + 2, before, time(NULL) + 4);
	set = clock.boot_epoch_ns + 500000;
	clock.boot_epoch_ns = set;
	assert_int_equal(eventclock_sync(&clock), 0);
	assert_int_equal(clock.boot_epoch_ns, set);
	set += 3600 * SEC;
	clock.boot_epoch_ns = set;
	assert_int_equal(eventclock_sync(&clock), 0);
	assert_in_range(set - clock.boot_epoch_ns, 3590 * SEC, 3610 * SEC);
}

/* ---- events ---- */

static const struct kin_event a_base = {
	.seq = 42, .boottime_ns = NOON + 123456789, .cpu = 1,
	.start_boottime_ns = NOON + 123456789 - 1200000, .cgroup_id = 4711,
	.pid = 1235, .tgid = 1235, .ppid = 1234, .uid = 1000, .comm = "bash",
};
static const struct kin_event_fork a_fork = {
	.clone_flags = 0x1200000, .parent_start_boottime_ns = 5 * SEC,
	.creator_pid = 1234, .creator_tgid = 1234, .pgid = 1235, .sid = 1000,
	.exit_signal = SIGCHLD,
};
static const struct kin_event_exec an_exec = {
	.exec_id = 3, .old_pid = 1235, .old_comm = "bash",
};
static const struct kin_event_exit an_exit = {
	.utime_ns = 1, .stime_ns = 2, .runtime_ns = 812345, .min_flt = 3,
	.maj_flt = 4, .nvcsw = 5, .nivcsw = 6, .rss_peak_bytes = 3 << 20,
	.rchar_bytes = 7, .wchar_bytes = 8, .read_bytes = 9, .write_bytes = 10,
};

/* An event of each kind, to be changed. */
static struct kin_event base;
static struct kin_event_fork fork_part;
static struct kin_event_exec exec_part;
static struct kin_event_exit exit_part;
static struct kin_event_comm comm_part;
static struct kin_event_oom oom_part;
static struct kin_event_record rec;

static struct kin_event_record *make(uint32_t kind)
{
	base = a_base;
	base.kind = kind;
	fork_part = a_fork;
	exec_part = an_exec;
	exit_part = an_exit;
	comm_part = (struct kin_event_comm){ .old_comm = "old name" };
	oom_part = (struct kin_event_oom){ .rss_anon_bytes = 12 << 20,
					   .rss_file_bytes = 4096,
					   .oom_score_adj = -500 };
	rec = (struct kin_event_record){ .base = &base };
	if (kind == KIN_EVENT_KIND_FORK)
		rec.fork = &fork_part;
	if (kind == KIN_EVENT_KIND_EXEC)
		rec.exec = &exec_part;
	if (kind == KIN_EVENT_KIND_EXIT)
		rec.exit = &exit_part;
	if (kind == KIN_EVENT_KIND_COMM)
		rec.comm = &comm_part;
	if (kind == KIN_EVENT_KIND_OOM)
		rec.oom = &oom_part;
	rec.filename = kind == KIN_EVENT_KIND_EXEC ? "/bin/ls" : NULL;
	return &rec;
}

static struct kin_event_record *make_loss(uint64_t lost)
{
	rec = (struct kin_event_record){ .lost = lost };
	return &rec;
}

/* ---- as text ---- */

static void check_text(const struct kin_event_record *given, bool color,
		       bool utf8, const char *expected)
{
	struct eventclock clock = clock_at_noon(false);
	struct eventtext text = { .clock = &clock, .color = color };
	char *out;
	size_t len;

	text.line.utf8 = utf8;
	text.line.out = open_memstream(&out, &len);
	assert_non_null(text.line.out);
	if (given)
		assert_true(eventtext_put(&text, given));
	else
		eventtext_put_headings(&text);
	fclose(text.line.out);
	treeline_free(&text.line);
	assert_string_equal(out, expected);
	free(out);
}

#define assert_event(given, expected) check_text(given, false, false, expected)

#define AT "12:00:00.123456 "

static void test_text_fork(void **state)
{
	assert_event(NULL,
		     "TIME                PID EVENT  COMM            WHAT HAPPENED\n");
	assert_event(make(KIN_EVENT_KIND_FORK),
		     AT "   1234 fork   bash            -> 1235\n");
	base.flags = KIN_EVENT_THREAD;
	base.tgid = 1234;
	assert_event(&rec, AT "   1234 fork   bash            -> 1235 (thread)\n");
	fork_part.creator_pid = 1240;
	assert_event(&rec,
		     AT "   1234 fork   bash            -> 1235 (thread), by thread 1240\n");
}

/* CLONE_PARENT, and a creator that cannot be seen. */
static void test_text_fork_for_another(void **state)
{
	make(KIN_EVENT_KIND_FORK);
	base.ppid = 77;
	assert_event(&rec,
		     AT "   1234 fork   bash            -> 1235, child of 77\n");
	fork_part.creator_pid = fork_part.creator_tgid = base.ppid = 0;
	assert_event(&rec, AT "      - fork   bash            -> 1235\n");
	fork_part.creator_tgid = 5;
	fork_part.creator_pid = 6;
	base.pid = 4194304;
	assert_event(&rec,
		     AT "      5 fork   bash            -> 4194304, by thread 6, child of one outside this pid namespace\n");
}

static void test_text_exec(void **state)
{
	make(KIN_EVENT_KIND_EXEC);
	strcpy(base.comm, "ls");
	assert_event(&rec,
		     AT "   1235 exec   ls              /bin/ls, was bash\n");
	exec_part.old_pid = 1299;
	exec_part.old_comm[0] = '\0';
	assert_event(&rec,
		     AT "   1235 exec   ls              /bin/ls, by thread 1299\n");
	rec.filename = NULL;
	exec_part.old_pid = 1235;
	assert_event(&rec, AT "   1235 exec   ls              -\n");
}

static void test_text_exit(void **state)
{
	make(KIN_EVENT_KIND_EXIT);
	assert_event(&rec,
		     AT "   1235 exit   bash            exit 0; lived 1.20ms, CPU 812us, peak RSS 3.0M\n");
	exit_part.status = SIGKILL;
	base.flags = KIN_EVENT_OOM_VICTIM;
	assert_event(&rec,
		     AT "   1235 exit   bash            exit 137: killed by SIGKILL (OOM kill); lived 1.20ms, CPU 812us, peak RSS 3.0M\n");
	exit_part.status = 127 << 8;
	exit_part.rss_peak_bytes = KIN_NONE64;
	exit_part.runtime_ns = KIN_NONE64;
	base.start_boottime_ns = base.boottime_ns + 5;
	assert_event(&rec,
		     AT "   1235 exit   bash            exit 127: command not found, as shells say\n");
	exit_part.rss_peak_bytes = 0;
	base.flags = KIN_EVENT_THREAD;
	base.tgid = 1234;
	exit_part.status = 0;
	assert_event(&rec,
		     AT "   1235 exit   bash            thread of 1234, exit 0, peak RSS 0 bytes\n");
}

static void test_text_others(void **state)
{
	assert_event(make(KIN_EVENT_KIND_COMM),
		     AT "   1235 comm   bash            was old name\n");
	assert_event(make(KIN_EVENT_KIND_OOM),
		     AT "   1235 oom    bash            chosen by the OOM killer; RSS: anonymous 12.0M, files 4K, shared 0 bytes; score adjusted by -500\n");
	assert_event(make(KIN_EVENT_KIND_CGROUP),
		     AT "   1235 cgroup bash            -> cgroup 4711\n");
	assert_event(make(1 << 6), AT "   1235 other  bash            \n");
	assert_event(make_loss(1),
		     "                      - lost   -               1 event is missing here: not read in time\n");
	assert_event(make_loss(17),
		     "                      - lost   -               17 events are missing here: not read in time\n");
}

/* An older module may send an event without its part. */
static void test_text_without_part(void **state)
{
	for (uint32_t kind = 1; kind <= KIN_EVENT_KINDS; kind <<= 1) {
		char expected[128];

		make(kind);
		rec = (struct kin_event_record){ .base = &base };
		snprintf(expected, sizeof(expected),
			 AT "   1235 %-6s bash            %s\n",
			 kin_event_name(kind),
			 kind == KIN_EVENT_KIND_FORK   ? "-> 1235" :
			 kind == KIN_EVENT_KIND_EXEC   ? "-" :
			 kind == KIN_EVENT_KIND_OOM    ?
				"chosen by the OOM killer" :
			 kind == KIN_EVENT_KIND_CGROUP ? "-> cgroup 4711" : "");
		assert_event(&rec, expected);
	}
}

static void test_text_hostile(void **state)
{
	make(KIN_EVENT_KIND_EXEC);
	strcpy(base.comm, ESC "[31mX\nY\377 b");
	rec.filename = "/tmp/a b, was \"root\"\\" ESC "]0;x\a\342\200\256";
	memcpy(exec_part.old_comm, "\302\2331m\n", 6);
	assert_event(&rec,
		     AT "   1235 exec   \\x1b[31mX\\x0aY\\xff b /tmp/a\\x20b,\\x20was\\x20\\x22root\\x22\\x5c\\x1b]0;x\\x07\\xe2\\x80\\xae, was \\xc2\\x9b1m\\x0a\n");
	/* no NUL at the end of a name: as long as it can be */
	memset(base.comm, 'n', sizeof(base.comm));
	memset(comm_part.old_comm, '\n', sizeof(comm_part.old_comm));
	base.kind = KIN_EVENT_KIND_COMM;
	rec = (struct kin_event_record){ .base = &base, .comm = &comm_part };
	assert_event(&rec,
		     AT "   1235 comm   nnnnnnnnnnnnnnnn was \\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\\x0a\n");
}

static void test_text_long_filename(void **state)
{
	char name[9000], expected[20000];
	int len;

	make(KIN_EVENT_KIND_EXEC);
	memset(name, '\n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	rec.filename = name;
	len = sprintf(expected, AT "   1235 exec   bash            ");
	for (int i = 0; i < 4096; i++)
		len += sprintf(expected + len, "\\x0a");
	sprintf(expected + len, ", was bash\n");
	assert_event(&rec, expected);
}

static void test_text_utf8(void **state)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	make(KIN_EVENT_KIND_COMM);
	strcpy(base.comm, "漢字");
	check_text(&rec, false, true,
		   AT "   1235 comm   漢字            was old name\n");
	setlocale(LC_CTYPE, "C");
}

static void test_text_color(void **state)
{
	make(KIN_EVENT_KIND_EXIT);
	check_text(&rec, true, false,
		   AT "   1235 exit   bash            exit 0; lived 1.20ms, CPU 812us, peak RSS 3.0M\n");
	exit_part.status = 256;
	check_text(&rec, true, false,
		   AT "   1235 " ESC "[31mexit" ESC "[0m   bash            exit 1; lived 1.20ms, CPU 812us, peak RSS 3.0M\n");
	check_text(make(KIN_EVENT_KIND_FORK), true, false,
		   AT "   1234 " ESC "[32mfork" ESC "[0m   bash            -> 1235\n");
	check_text(make_loss(2), true, false,
		   "                      - " ESC "[1;31mlost" ESC "[0m   -               2 events are missing here: not read in time\n");
}

/* ---- as JSON ---- */

static void check_json(const struct kin_event_record *given,
		       const char *expected)
{
	const struct eventclock clock = clock_at_noon(false);
	char *out;
	size_t len;
	FILE *file = open_memstream(&out, &len);

	assert_non_null(file);
	eventjson_put(file, &clock, given);
	fclose(file);
	assert_string_equal(out, expected);
	free(out);
}

#define JSON_BASE(name, comm, thread)                                          \
	"{\"event\": \"" name "\", \"seq\": 42, \"time_ns\": 1795262400123456789, " \
	"\"boottime_ns\": 43200123456789, \"cpu\": 1, \"pid\": 1235, "         \
	"\"tgid\": 1235, \"ppid\": 1234, \"start_boottime_ns\": 43200122256789, " \
	"\"uid\": 1000, \"cgroup_id\": 4711, \"comm\": \"" comm "\", "         \
	"\"thread\": " thread ", \"kthread\": false"

static void test_json_fork(void **state)
{
	check_json(make(KIN_EVENT_KIND_FORK),
		   JSON_BASE("fork", "bash", "false")
		   ", \"creator_pid\": 1234, \"creator_tgid\": 1234, \"parent_start_boottime_ns\": 5000000000, \"pgid\": 1235, \"sid\": 1000, \"exit_signal\": 17, \"clone_flags\": 18874368}\n");
	base.flags = KIN_EVENT_THREAD;
	fork_part.exit_signal = -1;
	fork_part.parent_start_boottime_ns = KIN_NONE64;
	check_json(&rec,
		   JSON_BASE("fork", "bash", "true")
		   ", \"creator_pid\": 1234, \"creator_tgid\": 1234, \"parent_start_boottime_ns\": null, \"pgid\": 1235, \"sid\": 1000, \"exit_signal\": -1, \"clone_flags\": 18874368}\n");
}

static void test_json_exec(void **state)
{
	check_json(make(KIN_EVENT_KIND_EXEC),
		   JSON_BASE("exec", "bash", "false")
		   ", \"filename\": \"/bin/ls\", \"old_comm\": \"bash\", \"old_pid\": 1235, \"exec_id\": 3}\n");
	rec.filename = NULL;
	exec_part.old_comm[0] = '\0';
	check_json(&rec,
		   JSON_BASE("exec", "bash", "false")
		   ", \"filename\": null, \"old_comm\": null, \"old_pid\": 1235, \"exec_id\": 3}\n");
}

static void test_json_exit(void **state)
{
	make(KIN_EVENT_KIND_EXIT);
	exit_part.status = 3 << 8;
	exit_part.rss_peak_bytes = KIN_NONE64;
	check_json(&rec,
		   JSON_BASE("exit", "bash", "false")
		   ", \"status\": 768, \"exit_code\": 3, \"signal\": null, \"signal_name\": null, \"core_dumped\": false, \"oom_kill\": false, \"life_ns\": 1200000, \"utime_ns\": 1, \"stime_ns\": 2, \"runtime_ns\": 812345, \"min_flt\": 3, \"maj_flt\": 4, \"nvcsw\": 5, \"nivcsw\": 6, \"rss_peak_bytes\": null, \"rchar_bytes\": 7, \"wchar_bytes\": 8, \"read_bytes\": 9, \"write_bytes\": 10}\n");
}

static void test_json_others(void **state)
{
	check_json(make(KIN_EVENT_KIND_COMM),
		   JSON_BASE("comm", "bash", "false")
		   ", \"old_comm\": \"old name\"}\n");
	check_json(make(KIN_EVENT_KIND_OOM),
		   JSON_BASE("oom", "bash", "false")
		   ", \"rss_anon_bytes\": 12582912, \"rss_file_bytes\": 4096, \"rss_shmem_bytes\": 0, \"oom_score_adj\": -500}\n");
	check_json(make(KIN_EVENT_KIND_CGROUP),
		   JSON_BASE("cgroup", "bash", "false") "}\n");
	check_json(make_loss(17), "{\"event\": \"lost\", \"lost\": 17}\n");
}

static void test_json_hostile(void **state)
{
	make(KIN_EVENT_KIND_COMM);
	memcpy(base.comm, "\"\\\n\377{}\0", 7);
	memset(comm_part.old_comm, '"', KIN_COMM_LEN);
	check_json(&rec,
		   JSON_BASE("comm", "\\\"\\\\\\u000a\\\\xff{}", "false")
		   ", \"old_comm\": \"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\"}\n");
}

/* ---- the summary ---- */

static void check_summary(const struct eventsum *sum, uint64_t ns, bool json,
			  const char *expected)
{
	char *out;
	size_t len;
	FILE *file = open_memstream(&out, &len);

	assert_non_null(file);
	(json ? eventsum_json : eventsum_print)(sum, ns, file);
	fclose(file);
	assert_string_equal(out, expected);
	free(out);
}

static void add_exit(struct eventsum *sum, uint32_t pid, uint64_t life_ns,
		     uint32_t status)
{
	make(KIN_EVENT_KIND_EXIT);
	base.pid = pid;
	base.start_boottime_ns = base.boottime_ns - life_ns;
	exit_part.status = status;
	eventsum_add(sum, &rec);
}

static void test_no_events(void **state)
{
	const struct eventsum sum = { 0 };

	check_summary(&sum, 0, false,
		      "0 events in 0s, 0.0 a second, 0 lost\n"
		      "fork 0, exec 0, exit 0, comm 0, oom 0, cgroup 0\n"
		      "exits of processes with a status other than 0: 0\n");
	check_summary(&sum, 5, true,
		      "{\"event\": \"summary\", \"duration_ns\": 5, \"events\": 0, \"events_per_second\": 0.000, \"lost\": 0, \"fork\": 0, \"exec\": 0, \"exit\": 0, \"comm\": 0, \"oom\": 0, \"cgroup\": 0, \"other\": 0, \"failed\": 0, \"shortest_lives\": []}\n");
}

static void test_summary(void **state)
{
	struct eventsum sum = { 0 };

	eventsum_add(&sum, make(KIN_EVENT_KIND_FORK));
	eventsum_add(&sum, make(KIN_EVENT_KIND_FORK));
	eventsum_add(&sum, make(KIN_EVENT_KIND_EXEC));
	eventsum_add(&sum, make(1 << 9));
	eventsum_add(&sum, make_loss(7));
	eventsum_add(&sum, make_loss(10));
	add_exit(&sum, 11, 1200000, 0);
	add_exit(&sum, 12, 812, 256);
	check_summary(&sum, 4 * SEC, false,
		      "6 events in 4.00s, 1.5 a second, 17 lost\n"
		      "fork 2, exec 1, exit 2, comm 0, oom 0, cgroup 0, other 1\n"
		      "exits of processes with a status other than 0: 1\n"
		      "shortest lives:\n"
		      "     12 bash            lived 812ns, exit 1\n"
		      "     11 bash            lived 1.20ms, exit 0\n");
	sum.n_lives = 1;
	check_summary(&sum, 4 * SEC, true,
		      "{\"event\": \"summary\", \"duration_ns\": 4000000000, \"events\": 6, \"events_per_second\": 1.500, \"lost\": 17, \"fork\": 2, \"exec\": 1, \"exit\": 2, \"comm\": 0, \"oom\": 0, \"cgroup\": 0, \"other\": 1, \"failed\": 1, \"shortest_lives\": [{\"pid\": 12, \"comm\": \"bash\", \"life_ns\": 812, \"status\": 256, \"exit_code\": 1, \"signal\": null, \"signal_name\": null, \"core_dumped\": false, \"oom_kill\": false}]}\n");
}

/* The shortest ones, whatever their order; of equal ones the first. */
static void test_shortest(void **state)
{
	static const uint32_t lives[] = { 50, 40, 90, 30, 10, 10, 20, 60, 80,
					  70 };
	static const uint32_t pids[] = { 5, 6, 7, 4, 2 };
	struct eventsum sum = { 0 };

	for (uint32_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++)
		add_exit(&sum, i + 1, lives[i], 0);
	assert_int_equal(sum.n_lives, EVENTSUM_LIVES);
	for (size_t i = 0; i < EVENTSUM_LIVES; i++)
		assert_int_equal(sum.lives[i].pid, pids[i]);
	assert_int_equal(sum.lives[4].life_ns, 40);
}

/* A newer module may know more of them. */
static void test_names(void **state)
{
	static const uint32_t unknown[] = { 0, 3, 1 << 6, 1 << 9, 1u << 31,
					    ~0u };

	assert_string_equal(kin_event_name(KIN_EVENT_KIND_FORK), "fork");
	assert_string_equal(kin_event_name(KIN_EVENT_KIND_CGROUP), "cgroup");
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_string_equal(kin_event_name(unknown[i]), "other");
}

/* Threads end with their process: they are not its failures, nor its life. */
static void test_threads_are_no_processes(void **state)
{
	struct eventsum sum = { 0 };

	make(KIN_EVENT_KIND_EXIT);
	base.flags = KIN_EVENT_THREAD;
	exit_part.status = SIGKILL;
	eventsum_add(&sum, &rec);
	assert_int_equal(sum.n_lives, 0);
	assert_int_equal(sum.failed, 0);
	assert_int_equal(sum.kinds[2], 1);
}

static int set_zone(void **state)
{
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

static int free_args(void **state)
{
	eventargs_free(&args);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_comms),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_wrong_use),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_time_of_day),
		cmocka_unit_test(test_time_since_boot),
		cmocka_unit_test(test_sync),
		cmocka_unit_test(test_text_fork),
		cmocka_unit_test(test_text_fork_for_another),
		cmocka_unit_test(test_text_exec),
		cmocka_unit_test(test_text_exit),
		cmocka_unit_test(test_text_others),
		cmocka_unit_test(test_text_without_part),
		cmocka_unit_test(test_text_hostile),
		cmocka_unit_test(test_text_long_filename),
		cmocka_unit_test(test_text_utf8),
		cmocka_unit_test(test_text_color),
		cmocka_unit_test(test_json_fork),
		cmocka_unit_test(test_json_exec),
		cmocka_unit_test(test_json_exit),
		cmocka_unit_test(test_json_others),
		cmocka_unit_test(test_json_hostile),
		cmocka_unit_test(test_no_events),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_shortest),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_threads_are_no_processes),
	};

	return cmocka_run_group_tests(tests, set_zone, free_args);
}
