// SPDX-License-Identifier: GPL-2.0-or-later
/* kin doctor's report of made-up alerts: order, text, width, safety, JSON. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "doctor.h"

#define SEC 1000000000ull
#define MIB (1ull << 20)

static struct doctor_report report;

/* Of events that are made up. */
static struct tally_about about;
static uint32_t event_ppid;

static int begin(void **state)
{
	memset(&report, 0, sizeof(report));
	report.looked_ns = 20 * SEC;
	report.processes = 143;
	memset(&report.host.row, 0xff, sizeof(report.host.row));
	memset(&about, 0, sizeof(about));
	event_ppid = 20;
	report.host.span_ns = 20 * SEC;
	return 0;
}

static int end(void **state)
{
	findings_free(&report.findings);
	free(report.patients);
	tallies_free(&report.tallies);
	return 0;
}

/* ---- made-up alerts ---- */

static char summary[] = "something is wrong", cause[] = "It forgets.";
static char family[] = "init(1) / sh(20) / ill(30)";
static char comm[] = "ill", look[] = "kin show 30", cure[] = "kill 30";
static char *next[] = { look, cure };

static struct alert made(uint64_t id, const char *rule, enum severity severity)
{
	return (struct alert){
		.id = id,
		.rule = (char *)(uintptr_t)rule,
		.severity = severity,
		.state = ALERT_FIRING,
		.subject = { .kind = KIN_EXPR_ROW, .pid = 30,
			     .start_boottime_ns = 5 },
		.summary = summary,
		.cause = cause,
		.next = next,
		.n_next = 2,
		.family = family,
		.comm = comm,
		.since_ns = 100 + id,
	};
}

static void note(struct alert alert)
{
	assert_int_equal(findings_note(&report.findings, &alert, NULL), 0);
}

static struct alert of_pid(struct alert alert, uint32_t pid)
{
	alert.subject.pid = pid;
	return alert;
}

static struct alert of_host(struct alert alert)
{
	alert.subject = (struct subject){ .kind = KIN_EXPR_HOST };
	alert.family = alert.comm = NULL;
	return alert;
}

static char exe[] = "/usr/bin/crasher";

static struct alert of_exe(struct alert alert)
{
	alert.subject = (struct subject){ .kind = KIN_EXPR_GROUP, .by = KIN_BY_EXE,
					  .key = exe };
	alert.family = alert.comm = NULL;
	return alert;
}

static void group(void)
{
	findings_sort(&report.findings);
	report.patients = calloc(report.findings.n + 1, sizeof(*report.patients));
	for (size_t at = 0; at < report.findings.n;)
		at = findings_group(&report.findings, at,
				    &report.patients[report.n_patients++]);
}

/* ---- what is printed ---- */

static struct page page;

static char *printed(uint32_t width)
{
	char *text = NULL;
	size_t size;

	page = (struct page){ .out = open_memstream(&text, &size),
			      .width = width, .utf8 = true, .color = page.color };
	doctor_print(&report, &page);
	fclose(page.out);
	assert_false(page.no_memory);
	page.color = false;
	return text;
}

static void assert_printed(uint32_t width, const char *expected)
{
	char *text = printed(width);

	assert_string_equal(text, expected);
	free(text);
}

static void assert_says(const char *part)
{
	char *text = printed(0);

	if (!strstr(text, part))
		fail_msg("'%s' is not in %s", part, text);
	free(text);
}

static void assert_says_not(const char *part)
{
	char *text = printed(0);

	if (strstr(text, part))
		fail_msg("'%s' is in %s", part, text);
	free(text);
}

static unsigned int count(const char *text, const char *part)
{
	unsigned int n = 0;

	while ((text = strstr(text, part))) {
		text++;
		n++;
	}
	return n;
}

/* ---- nothing, and something ---- */

static void test_healthy(void **state)
{
	group();
	assert_printed(80, "Healthy: looked for 20 s at 143 processes, nothing found.\n");
}

static void test_healthy_process(void **state)
{
	group();
	report.pid = 30;
	report.processes = 1;
	assert_printed(0, "Healthy: looked for 20 s at process 30 and its descendants, 1 process, nothing found.\n"
			  "\n"
			  "   Patient   ended while it was looked at\n");
}

static void test_lost(void **state)
{
	group();
	report.lost = 3;
	assert_says("nothing found.\n3 events were lost: what happened may be missing.\n");
	report.lost = 1;
	assert_says("1 event was lost");
}

static void test_patient(void **state)
{
	note(made(1, "leak", SEVERITY_WARNING));
	group();
	assert_printed(80,
		       "1 finding, worst first (looked for 20 s at 143 processes).\n"
		       "\n"
		       " 1. WARNING: ill(30)\n"
		       "   Finding   something is wrong [leak]\n"
		       "   Who       init(1) / sh(20) / ill(30)\n"
		       "   Cause     It forgets.\n"
		       "   Next      kin show 30\n"
		       "             kill 30\n");
}

/* ---- order ---- */

static void assert_order(const char *expected)
{
	char order[256] = "";

	group();
	for (size_t i = 0; i < report.findings.n; i++) {
		strcat(order, i ? " " : "");
		strcat(order, report.findings.list[i].alert.rule);
	}
	assert_string_equal(order, expected);
}

static void test_worst_first(void **state)
{
	note(of_pid(made(1, "info", SEVERITY_INFO), 31));
	note(of_pid(made(2, "warning", SEVERITY_WARNING), 32));
	note(of_pid(made(3, "critical", SEVERITY_CRITICAL), 33));
	assert_order("critical warning info");
}

/* Who is to blame before who suffers from it. */
static void test_blame_first(void **state)
{
	note(of_host(made(1, "host", SEVERITY_WARNING)));
	note(of_exe(made(2, "group", SEVERITY_WARNING)));
	note(made(3, "process", SEVERITY_WARNING));
	assert_order("process group host");
}

static void test_longest_first(void **state)
{
	struct alert late = of_pid(made(1, "late", SEVERITY_WARNING), 31);

	late.since_ns = 1000;
	note(late);
	note(made(2, "early", SEVERITY_WARNING));
	assert_order("early late");
}

static void test_over_last(void **state)
{
	struct alert over = of_pid(made(1, "over", SEVERITY_CRITICAL), 31);

	over.state = ALERT_RESOLVED;
	note(over);
	note(made(2, "now", SEVERITY_INFO));
	assert_order("now over");
	assert_says("something is wrong (over by now) [over]");
}

/* One patient with two findings, the better of which waits for nobody else. */
static void test_together(void **state)
{
	note(made(1, "mild", SEVERITY_INFO));
	note(of_pid(made(2, "other", SEVERITY_WARNING), 31));
	note(made(3, "bad", SEVERITY_CRITICAL));
	note(of_pid(made(4, "another", SEVERITY_WARNING), 32));
	assert_order("bad mild other another");
	assert_int_equal(report.n_patients, 3);
	assert_int_equal(report.patients[0].n, 2);
	assert_int_equal(report.patients[0].severity, SEVERITY_CRITICAL);
	assert_says("4 findings");
	assert_says(" 1. CRITICAL: ill(30)\n"
		    "   Finding   something is wrong [bad]\n"
		    "             something is wrong [mild]\n");
}

/* The same number, another process. */
static void test_pid_reused(void **state)
{
	struct alert other = made(2, "second", SEVERITY_WARNING);

	other.subject.start_boottime_ns = 6;
	note(made(1, "first", SEVERITY_WARNING));
	note(other);
	group();
	assert_int_equal(report.n_patients, 2);
}

static void test_more(void **state)
{
	struct alert more = of_host(made(2, "leak", SEVERITY_WARNING));

	more.more = 17;
	note(more);
	note(of_host(made(1, "low", SEVERITY_WARNING)));
	assert_order("low leak");
	assert_int_equal(report.n_patients, 2);
	assert_says(" 2. WARNING: more of the same\n"
		    "   Finding   17 more subjects of rule leak\n");
}

/* The newest text of an alert counts; it stays one finding. */
static void test_again(void **state)
{
	static char newer[] = "worse by now";
	struct alert alert = made(1, "leak", SEVERITY_WARNING);

	note(alert);
	alert.summary = newer;
	note(alert);
	group();
	assert_int_equal(report.findings.n, 1);
	assert_says("worse by now [leak]");
}

/* ---- what is said once ---- */

static void test_once(void **state)
{
	static char other_cause[] = "It is full.", other[] = "kin fd 30";
	static char *other_next[] = { look, other };
	struct alert second = made(2, "limit", SEVERITY_WARNING);
	struct alert third = made(3, "third", SEVERITY_WARNING);

	third.cause = other_cause;
	third.next = other_next;
	note(made(1, "leak", SEVERITY_WARNING));
	note(second);
	note(third);
	group();
	assert_says("   Cause     It forgets.\n"
		    "             It is full.\n"
		    "   Next      kin show 30\n"
		    "             kill 30\n"
		    "             kin fd 30\n");
}

/* ---- width ---- */

static void test_wrapped(void **state)
{
	static char long_cause[] =
		"It takes memory and does not give it back, as far as can be seen.";
	static char command[] =
		"kin ps -o pid,comm,rss,rss_anon,rss_peak,swap,etime 30";
	static char *commands[] = { command };
	struct alert alert = made(1, "leak", SEVERITY_WARNING);

	alert.cause = long_cause;
	alert.next = commands;
	alert.n_next = 1;
	note(alert);
	group();
	assert_printed(44,
		       "1 finding, worst first (looked for 20 s at 143 processes).\n"
		       "\n"
		       " 1. WARNING: ill(30)\n"
		       "   Finding   something is wrong [leak]\n"
		       "   Who       init(1) / sh(20) / ill(30)\n"
		       "   Cause     It takes memory and does not\n"
		       "             give it back, as far as can be\n"
		       "             seen.\n"
		       "   Next      kin ps -o pid,comm,rss,rss_anon,rss_peak,swap,etime 30\n");
}

static void test_family_cut(void **state)
{
	static char line[] =
		"systemd(1) / sshd(88) / sshd(900) / bash(912) / make(1000) / cc1(1234)";
	struct alert alert = made(1, "leak", SEVERITY_WARNING);
	char *text;

	alert.family = line;
	note(alert);
	group();
	assert_says("   Who       systemd(1) / sshd(88) / sshd(900) / bash(912) / make(1000) / cc1(1234)\n");
	text = printed(65);
	assert_non_null(strstr(text, "   Who       systemd(1) / ... / make(1000) / cc1(1234)\n"));
	free(text);
	text = printed(66);
	assert_non_null(strstr(text, "   Who       systemd(1) / ... / bash(912) / make(1000) / cc1(1234)\n"));
	free(text);
	text = printed(20);
	assert_non_null(strstr(text, "   Who       systemd(1) / ... / cc1(1234)\n"));
	free(text);
}

/* ---- safety ---- */

static void test_hostile(void **state)
{
	static char evil[] = "a\033[2Jb", lines[] = "x\ny", path[] = "init(1) / a\033]0;x(30)";
	static char *commands[] = { evil };
	struct alert alert = made(1, "leak", SEVERITY_WARNING);
	char *text;

	alert.comm = alert.summary = alert.description = evil;
	alert.cause = lines;
	alert.family = path;
	alert.next = commands;
	alert.n_next = 1;
	note(alert);
	group();
	text = printed(80);
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "WARNING: a\\x1b[2Jb(30)\n"));
	assert_non_null(strstr(text, "Cause     x\\x0ay\n"));
	assert_non_null(strstr(text, "Next      a\\x1b[2Jb\n"));
	free(text);
}

/* Not every terminal takes UTF-8. */
static void test_ascii(void **state)
{
	struct page one = { .out = tmpfile(), .utf8 = false };
	char line[80];

	assert_non_null(one.out);
	page_say(&one, "gr\xc3\xbcn");
	rewind(one.out);
	assert_non_null(fgets(line, sizeof(line), one.out));
	fclose(one.out);
	assert_string_equal(line, "             gr\\xc3\\xbcn\n");
	one.out = tmpfile();
	assert_non_null(one.out);
	one.utf8 = true;
	page_say(&one, "gr\xc3\xbcn");
	rewind(one.out);
	assert_non_null(fgets(line, sizeof(line), one.out));
	fclose(one.out);
	assert_string_equal(line, "             gr\xc3\xbcn\n");
}

static void test_color(void **state)
{
	char *text;

	note(made(1, "leak", SEVERITY_CRITICAL));
	group();
	page.color = true;
	text = printed(80);
	assert_non_null(strstr(text, " 1. \033[31mCRITICAL\033[0m: ill(30)\n"));
	free(text);
	assert_says_not("\033");
}

/* ---- vital signs ---- */

static struct signs ill_signs(uint32_t parts)
{
	struct signs signs = {
		.parts = parts,
		.base = { .pid = 30, .state = 'S', .comm = "ill" },
		.first = { .taken_ns = 100 * SEC, .rss_bytes = 100 * MIB,
			   .cpu_ns = 5 * SEC, .run_delay_ns = 0, .nvcsw = 10,
			   .nivcsw = 20, .blkio_ns = 0, .read_bytes = 0,
			   .write_bytes = 0, .open = 12, .threads = 1 },
		.memory_left_bytes = 1000 * MIB,
		.files_limit = 512,
		.since_cpu_ns = 3 * SEC / 2,
	};

	signs.now = signs.first;
	signs.now.taken_ns += 20 * SEC;
	signs.mem.rss_anon_bytes = 90 * MIB;
	signs.mem.rss_file_bytes = 9 * MIB;
	signs.mem.rss_shmem_bytes = MIB;
	return signs;
}

/* What is printed of such a patient's evidence. */
static char *evidence(struct signs *signs)
{
	char *text = NULL;
	size_t size;
	struct page one = { .out = open_memstream(&text, &size), .utf8 = true };

	signs_print(signs, &one);
	fclose(one.out);
	return text;
}

static void assert_evidence(struct signs signs, const char *expected)
{
	char *text = evidence(&signs);

	assert_string_equal(text, expected);
	free(text);
}

#define ENTRY "             "

static void test_cpu(void **state)
{
	struct signs signs = ill_signs(SIGNS_CPU);

	signs.now.cpu_ns += 39 * SEC / 2;
	signs.now.run_delay_ns += SEC;
	signs.now.nvcsw += 62;
	signs.now.nivcsw += 2000;
	assert_evidence(signs, ENTRY "CPU: 97.5 % of one; 5.0 % of the time it waited for one; gave it up 3.1/s, was put off it 100.0/s\n");
}

static void test_memory(void **state)
{
	struct signs signs = ill_signs(SIGNS_MEMORY);

	assert_evidence(signs, ENTRY "memory: RSS 100M (anonymous 90.0M, files 9.0M, shared 1.0M), +0/s; swapped out 0\n");
	signs.now.rss_bytes += 200 * MIB;
	assert_evidence(signs, ENTRY "memory: RSS 300M (anonymous 90.0M, files 9.0M, shared 1.0M), +10.0M/s; swapped out 0\n"
			       ENTRY "at this rate the host's memory (1000M left) is used up in 100 s\n");
	signs.now.rss_bytes = 80 * MIB;
	assert_evidence(signs, ENTRY "memory: RSS 80.0M (anonymous 90.0M, files 9.0M, shared 1.0M), -1.0M/s; swapped out 0\n");
}

static void test_files(void **state)
{
	struct signs signs = ill_signs(SIGNS_FILES);

	assert_evidence(signs, ENTRY "descriptors: 12 open of 512 (2.3 %), +0.0/s\n");
	signs.now.open += 200;
	signs.grown[0] = (struct fdgrown){ KIN_FD_SOCKET, 190 };
	signs.grown[1] = (struct fdgrown){ KIN_FD_FILE, 10 };
	signs.n_grown = 2;
	assert_evidence(signs, ENTRY "descriptors: 212 open of 512 (41.4 %), +10.0/s; at the limit in 30 s\n"
			       ENTRY "what grew: +190 socket, +10 file\n");
	signs.now.open = 512;
	signs.n_grown = 0;
	assert_evidence(signs, ENTRY "descriptors: 512 open of 512 (100.0 %), +25.0/s\n");
}

/* What one asks about is told of once. */
static void test_vital(void **state)
{
	static char path[] = "init(1) / ill(30)";
	struct signs signs = ill_signs(SIGNS_ALL), child = ill_signs(SIGNS_FILES);
	char *text;

	note(made(1, "leak", SEVERITY_CRITICAL));
	note(of_pid(made(2, "leak", SEVERITY_WARNING), 31));
	group();
	report.pid = 30;
	report.vital = &signs;
	report.vital_family = path;
	report.patients[0].signs = &signs;
	report.patients[1].signs = &child;
	text = printed(0);
	assert_non_null(strstr(text, "   Patient   ill(30)\n"
				     "   Who       init(1) / ill(30)\n"
				     "   Signs     state: S (sleeping)"));
	assert_non_null(strstr(text, "   Evidence  descriptors: 12 open"));
	assert_int_equal(count(text, "descriptors: 12 open"), 2);
	free(text);
}

static void test_children(void **state)
{
	struct signs signs = ill_signs(SIGNS_CHILDREN);

	signs.children = 1501;
	assert_evidence(signs, ENTRY "children: 1501\n");
	signs.zombies = 1500;
	signs.zombies_old = 1400;
	assert_evidence(signs, ENTRY "children: 1501, of which 1500 have ended and are not waited for (1400 of these since before this look)\n");
}

static char stack[] = "io_schedule+0x46/0x80\nfuse_wait\nread\n";

static void test_stuck(void **state)
{
	struct signs signs = ill_signs(SIGNS_WAIT);

	signs.base.state = 'D';
	assert_evidence(signs, ENTRY "state: D (disk sleep), got onto a CPU last 1.5 s ago\n");
	signs.stack = stack;
	signs.since_cpu_ns = KIN_NONE64;
	assert_evidence(signs, ENTRY "state: D (disk sleep)\n"
			       ENTRY "in the kernel at: io_schedule+0x46/0x80 < fuse_wait < read\n");
}

/* What is not known is said to be so, or not said at all: it is never 0. */
static void test_unknown(void **state)
{
	struct signs signs = ill_signs(SIGNS_ALL);

	memset(&signs.first, 0xff, sizeof(signs.first));
	signs.first.taken_ns = 0;
	signs.files_limit = KIN_NONE64;
	signs.now.blkio_ns = KIN_NONE64;
	signs.now.threads = 7;
	assert_evidence(signs, ENTRY "state: S (sleeping), got onto a CPU last 1.5 s ago\n"
			       ENTRY "CPU: ? of one; ? of the time it waited for one; gave it up ?, was put off it ?\n"
			       ENTRY "memory: RSS 100M (anonymous 90.0M, files 9.0M, shared 1.0M), ?; swapped out 0\n"
			       ENTRY "descriptors: 12 open of ? (?), ?\n"
			       ENTRY "disks: read ?, written ?; ? of the time it waited for them\n"
			       ENTRY "threads: 7, ?\n"
			       ENTRY "children: 0\n");
	memset(&signs.now, 0xff, sizeof(signs.now));
	signs.parts = SIGNS_CPU | SIGNS_MEMORY | SIGNS_FILES | SIGNS_IO;
	assert_evidence(signs, "");
}

/* ---- events ---- */

static void add_event(uint32_t kind, const char *name, uint32_t status)
{
	static struct kin_event base;
	static struct kin_event_exit end_of;
	struct kin_event_record rec = { .base = &base };

	base = (struct kin_event){ .kind = kind, .pid = 40, .ppid = event_ppid,
				   .boottime_ns = 50 * SEC };
	strncpy(base.comm, name, KIN_COMM_LEN - 1);
	end_of = (struct kin_event_exit){ .status = status };
	if (kind == KIN_EVENT_KIND_EXIT)
		rec.exit = &end_of;
	about.parent = "sh";
	tallies_add(&report.tallies, &rec, &about);
}

static size_t tallies_for(struct alert alert, const struct tally **list)
{
	return tallies_of(&report.tallies, &alert.subject, list, PATIENT_TALLIES);
}

static void assert_tally(const struct tally *tally, const char *expected)
{
	char *text = NULL;
	size_t size;
	struct page one = { .out = open_memstream(&text, &size) };

	tally_print(tally, &one);
	fclose(one.out);
	assert_string_equal(text, expected);
	free(text);
}

static void test_tallies(void **state)
{
	const struct alert crashes = of_exe(made(1, "crash", SEVERITY_WARNING));
	const struct tally *list[PATIENT_TALLIES];

	for (int i = 0; i < 12; i++)
		add_event(KIN_EVENT_KIND_EXIT, "crasher", 3 << 8);
	for (int i = 0; i < 4; i++)
		add_event(KIN_EVENT_KIND_EXIT, "crasher", 11);
	add_event(KIN_EVENT_KIND_EXIT, "crasher", 5 << 8);
	for (int i = 0; i < 50; i++)
		add_event(KIN_EVENT_KIND_EXIT, "other", 3 << 8);
	assert_int_equal(tallies_for(crashes, list), 2);
	assert_tally(list[0], ENTRY "crasher, child of sh(20): exit 3: 12 times\n");
	assert_tally(list[1], ENTRY "crasher, child of sh(20): exit 139: killed by SIGSEGV: 4 times\n");
	assert_int_equal(tallies_for(of_pid(crashes, 20), list), 3);
	assert_string_equal(list[0]->comm, "other");
	assert_int_equal(tallies_for(of_pid(crashes, 21), list), 0);
}

/* A program's name is cut in events, its path is not. */
static void test_long_name(void **state)
{
	static char path[] = "/opt/a-very-long-name-indeed";
	const struct tally *list[PATIENT_TALLIES];
	struct alert alert = of_exe(made(1, "crash", SEVERITY_WARNING));

	alert.subject.key = path;
	add_event(KIN_EVENT_KIND_EXIT, "a-very-long-nam", 256);
	add_event(KIN_EVENT_KIND_EXIT, "a-very-long-nam", 256);
	assert_int_equal(tallies_for(alert, list), 1);
}

/* A program may call itself as it likes, and somebody else as it. */
static void test_called_otherwise(void **state)
{
	const struct alert crashes = of_exe(made(1, "crash", SEVERITY_WARNING));
	const struct tally *list[PATIENT_TALLIES];

	about.exe = exe;
	for (int i = 0; i < 5; i++)
		add_event(KIN_EVENT_KIND_EXIT, "my worker", 256);
	about.exe = "/opt/crasher";
	for (int i = 0; i < 9; i++)
		add_event(KIN_EVENT_KIND_EXIT, "crasher", 256);
	assert_int_equal(tallies_for(crashes, list), 1);
	assert_tally(list[0], ENTRY "my worker, child of sh(20): exit 1: 5 times\n");
}

/* Each has another parent, of which none need be there at the end. */
static void test_each_of_another(void **state)
{
	const struct alert crashes = of_exe(made(1, "crash", SEVERITY_WARNING));
	const struct tally *list[PATIENT_TALLIES];

	about.exe = exe;
	for (event_ppid = 20; event_ppid < 25; event_ppid++)
		add_event(KIN_EVENT_KIND_EXIT, "crasher", 256);
	assert_int_equal(tallies_for(crashes, list), 3);
	assert_tally(list[0], ENTRY "crasher, child of sh(20): exit 1: once\n");
	assert_false(tallies_are_ours(&report.tallies, &crashes.subject));
	about.ours = true;
	add_event(KIN_EVENT_KIND_EXIT, "crasher", 256);
	assert_true(tallies_are_ours(&report.tallies, &crashes.subject));
}

static void test_ours_of_many(void **state)
{
	struct alert other = of_exe(made(1, "crash", SEVERITY_WARNING));

	about.ours = true;
	for (event_ppid = 20; event_ppid < 20 + TALLIES_MAX; event_ppid++)
		add_event(KIN_EVENT_KIND_EXIT, "other", 256);
	assert_false(tallies_are_ours(&report.tallies, &other.subject));
	/* for which there was no room */
	add_event(KIN_EVENT_KIND_EXIT, "crasher", 256);
	assert_true(tallies_are_ours(&report.tallies, &other.subject));
}

static void test_many_names(void **state)
{
	char name[16];

	for (int i = 0; i < TALLIES_MAX + 7; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		add_event(KIN_EVENT_KIND_FORK, name, 0);
	}
	assert_int_equal(report.tallies.n, TALLIES_MAX);
	assert_int_equal(report.tallies.others, 7);
}

/* ---- rules, and what they are about ---- */

static const struct rule *rule_named(const struct rules *rules, const char *name)
{
	for (size_t i = 0; i < rules->n; i++)
		if (!strcmp(rules->list[i].name, name))
			return &rules->list[i];
	fail_msg("there is no rule %s", name);
	return NULL;
}

static void assert_parts(const struct rules *rules, const char *name, uint32_t parts,
			 bool of_events)
{
	const struct alert alert = made(1, name, SEVERITY_INFO);

	assert_int_equal(findings_note(&report.findings, &alert,
				       rule_named(rules, name)), 0);
	assert_int_equal(report.findings.list[0].parts, parts);
	assert_int_equal(report.findings.list[0].of_events, of_events);
	findings_free(&report.findings);
}

static void test_rules(void **state)
{
	struct rules rules;

	assert_int_equal(rules_load_text(&rules, "doctor.yaml", rules_doctor,
					 strlen(rules_doctor), stderr), 0);
	assert_parts(&rules, "memory-leak", SIGNS_MEMORY, false);
	assert_parts(&rules, "runaway", SIGNS_CPU | SIGNS_MEMORY | SIGNS_IO, false);
	assert_parts(&rules, "fd-leak", SIGNS_FILES, false);
	assert_parts(&rules, "stuck", SIGNS_WAIT, false);
	assert_parts(&rules, "zombie-flood", SIGNS_CHILDREN, false);
	assert_parts(&rules, "crash-loop", SIGNS_CHILDREN, true);
	assert_parts(&rules, "thread-explosion", SIGNS_WAIT | SIGNS_THREADS, false);
	for (size_t i = 0; i < rules.n; i++) {
		assert_non_null(rules.list[i].summary);
		assert_non_null(rules.list[i].cause);
		assert_int_not_equal(rules.list[i].n_next, 0);
	}
	rules_free(&rules);
}

/* ---- the host ---- */

static void test_host(void **state)
{
	struct hostsigns *host = &report.host;

	host->row.now.mem_total_bytes = 1000 * MIB;
	host->row.now.mem_available_bytes = 25 * MIB;
	host->row.now.load1_milli = 12340;
	host->cpu[0] = (struct leader){ 30, "ill", 10 * SEC };
	host->cpu[1] = (struct leader){ 31, "x\033y", 5 * SEC };
	host->cpu[2] = (struct leader){ 32, "third", 2 * SEC };
	host->grown[0] = (struct leader){ 30, "ill", 20 * MIB };
	note(of_host(made(1, "low", SEVERITY_WARNING)));
	group();
	assert_says(" 1. WARNING: the host\n");
	assert_says("load average: 12.3");
	assert_says(ENTRY "most CPU (of one): ill(30) 50.0 %, x\\x1by(31) 25.0 %, third(32) 10.0 %\n");
	assert_says("memory: 25.0M of 1000M available (2.5 %)");
	assert_says("grew most (RSS): ill(30) +1.0M/s\n");
	assert_says_not("read and wrote most");
}

static void test_host_not_of_others(void **state)
{
	note(made(1, "leak", SEVERITY_WARNING));
	group();
	assert_says_not("load average");
}

/* ---- JSON ---- */

static json_t *as_json(void)
{
	char *text = NULL;
	json_error_t error;
	json_t *root;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	doctor_json(&report, out);
	fclose(out);
	root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		fail_msg("line %d: %s: %s", error.line, error.text, text);
	free(text);
	return root;
}

static json_int_t number(const json_t *root, const char *key)
{
	const json_t *value = json_object_get(root, key);

	if (!json_is_integer(value))
		fail_msg("%s is no number", key);
	return json_integer_value(value);
}

static void assert_text(const json_t *root, const char *key, const char *expected)
{
	const char *text = json_string_value(json_object_get(root, key));

	assert_non_null(text);
	assert_string_equal(text, expected);
}

static void test_json_healthy(void **state)
{
	json_t *root;

	group();
	root = as_json();
	assert_int_equal(number(root, "looked_ns"), 20 * SEC);
	assert_int_equal(number(root, "processes"), 143);
	assert_true(json_is_array(json_object_get(root, "findings")));
	assert_int_equal(json_array_size(json_object_get(root, "findings")), 0);
	assert_true(json_is_null(json_object_get(root, "process")));
	assert_true(json_is_null(json_object_get(json_object_get(root, "host"), "load1")));
	json_decref(root);
}

static void test_json_finding(void **state)
{
	static char evil[] = "a\033\xff";
	struct signs signs = ill_signs(SIGNS_FILES);
	const json_t *finding, *evidence_of;
	struct alert alert = made(1, "leak", SEVERITY_WARNING);
	json_t *root;

	alert.comm = evil;
	note(alert);
	note(of_host(made(2, "low", SEVERITY_CRITICAL)));
	group();
	signs.stack = stack;
	signs.now.open += 200;
	report.patients[1].signs = &signs;
	root = as_json();
	finding = json_array_get(json_object_get(root, "findings"), 1);
	assert_text(finding, "rule", "leak");
	assert_text(finding, "severity", "warning");
	assert_text(finding, "state", "firing");
	assert_text(finding, "cause", "It forgets.");
	assert_int_equal(number(json_object_get(finding, "subject"), "pid"), 30);
	assert_int_equal(json_array_size(json_object_get(finding, "next")), 2);
	evidence_of = json_object_get(finding, "evidence");
	assert_int_equal(number(evidence_of, "open"), 212);
	assert_int_equal(number(evidence_of, "open_more"), 200);
	assert_int_equal(number(evidence_of, "files_limit_in_ns"), 30 * SEC);
	assert_int_equal(json_array_size(json_object_get(evidence_of, "stack")), 3);
	assert_true(json_is_null(json_object_get(evidence_of, "memory_out_in_ns")));
	finding = json_array_get(json_object_get(root, "findings"), 0);
	assert_text(finding, "rule", "low");
	assert_true(json_is_null(json_object_get(finding, "evidence")));
	json_decref(root);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(healthy),
		TEST(healthy_process),
		TEST(lost),
		TEST(patient),
		TEST(worst_first),
		TEST(blame_first),
		TEST(longest_first),
		TEST(over_last),
		TEST(together),
		TEST(pid_reused),
		TEST(more),
		TEST(again),
		TEST(once),
		TEST(wrapped),
		TEST(family_cut),
		TEST(hostile),
		TEST(ascii),
		TEST(color),
		TEST(cpu),
		TEST(memory),
		TEST(files),
		TEST(vital),
		TEST(children),
		TEST(stuck),
		TEST(unknown),
		TEST(tallies),
		TEST(long_name),
		TEST(called_otherwise),
		TEST(each_of_another),
		TEST(ours_of_many),
		TEST(many_names),
		TEST(rules),
		TEST(host),
		TEST(host_not_of_others),
		TEST(json_healthy),
		TEST(json_finding),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
