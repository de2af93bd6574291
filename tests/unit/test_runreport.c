// SPDX-License-Identifier: GPL-2.0-or-later
/* What kin run shows of a family: text and JSON. */
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "run.h"
#include "story.h"

#define EXITED(code) ((code) << 8)

static char command_name[] = "make";
static char *command[] = { command_name, NULL };

/* The report of a story, which ends with it; free() it. */
static char *told(struct story *story, struct runreport report,
		  int (*print)(const struct runreport *report))
{
	char *text = NULL;
	size_t size;

	report.members = &story->members;
	report.argv = command;
	report.out = open_memstream(&text, &size);
	assert_int_equal(print(&report), 0);
	fclose(report.out);
	kin_members_free(&story->members);
	return text;
}

static void assert_told(struct story *story, struct runreport report,
			const char *expected)
{
	char *text = told(story, report, runreport_print);

	assert_string_equal(text, expected);
	free(text);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in %s", part, text);
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

static const struct runreport folded = { .fold = true, .utf8_lines = true };

static void test_family(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "kin");
	story_exec(&story, 101, 101, "/bin/make", "make");
	story_fork(&story, 102, 101, "sh");
	story_fork(&story, 103, 102, "cc1");
	story_exit(&story, 103, "cc1", EXITED(1));
	story_fork(&story, 104, 102, "sleep");
	story_exit(&story, 102, "sh", SIGKILL);
	story_exit(&story, 101, "make", EXITED(2));
	assert_told(&story, folded,
		    "4 processes, 1 exec, 3 failed, 1 still running; wall 7.89ms, CPU 306ms, largest peak RSS 103K (cc1)\n"
		    "COUNT   LIFE   CPU RSS-PEAK TREE\n"
		    "    1 7.89ms 101ms     101K make(101) exit 2\n"
		    "    1 6.89ms 102ms     102K └─ sh(102) exit 137: killed by SIGKILL\n"
		    "    1 4.89ms 103ms     103K    ├─ cc1(103) exit 1\n"
		    "    1      -     -        -    └─ sleep(104) still running\n");
}

/* Alike in what is shown, whatever they used. */
static void test_folded(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "make");
	for (uint32_t pid = 110; pid < 140; pid += 10) {
		story_fork(&story, pid, 101, "sh");
		story_fork(&story, pid + 1, pid, "cc1");
		story_fork(&story, pid + 2, pid, "cc1");
		story_exit(&story, pid + 1, "cc1", 0);
		story_exit(&story, pid + 2, "cc1", 0);
		story_exit(&story, pid, "sh", 0);
	}
	story_fork(&story, 140, 101, "cc1");
	story_exit(&story, 140, "cc1", EXITED(1));
	story_fork(&story, 141, 101, "cc1");
	story_exit(&story, 141, "cc1", EXITED(4));
	story_exit(&story, 101, "make", 0);
	assert_told(&story, folded,
		    "12 processes, 0 execs, 2 failed; wall 23.8ms, CPU 1.47s, largest peak RSS 141K (cc1)\n"
		    "COUNT   LIFE   CPU RSS-PEAK TREE\n"
		    "    1 23.8ms 101ms     101K make(101)\n"
		    "    3 18.8ms 360ms     130K ├─ 3*[sh]\n"
		    "    6 17.8ms 729ms     132K │  └─ 2*[cc1]\n"
		    "    1 20.8ms 140ms     140K ├─ cc1(140) exit 1\n"
		    "    1 22.8ms 141ms     141K └─ cc1(141) exit 4\n");
}

/* Name, kind, end: who differs in one of them stands alone. */
static void test_not_alike(void **state)
{
	struct runreport report = { .threads = true, .fold = true };
	struct kin_event base;
	struct story story;
	char *text;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_fork(&story, 102, 101, "a");
	story_fork(&story, 103, 101, "b");
	story_thread(&story, 104, 101, "a");
	story_fork(&story, 105, 101, "a");
	base = story_base(&story, KIN_EVENT_KIND_EXIT, 105, "a");
	story_tell(&story, &base, NULL, NULL, NULL, NULL);
	text = told(&story, report, runreport_print);
	assert_has(text, " |- a(102) still running\n");
	assert_has(text, " |- b(103) still running\n");
	assert_has(text, " |- {a}(104) still running\n");
	assert_has(text, " `- a(105) unknown\n");
	free(text);
}

static void some_threads(struct story *story)
{
	story_begin(story, 101);
	story_fork(story, 101, STORY_SELF, "server");
	story_thread(story, 102, 101, "worker");
	story_thread(story, 103, 101, "worker");
	story_thread(story, 104, 101, "caller");
	story_thread_exit(story, 102, 101, "worker");
	story_thread_exit(story, 103, 101, "worker");
	story_exec(story, 101, 104, "/bin/true", "true");
	story_exit(story, 101, "true", 0);
}

static void test_threads(void **state)
{
	struct runreport report = { .threads = true, .fold = true };
	struct story story;

	some_threads(&story);
	assert_told(&story, report,
		    "1 process, 3 more threads, 1 exec, 0 failed; wall 7.89ms, CPU 101ms, largest peak RSS 101K (true)\n"
		    "COUNT   LIFE   CPU RSS-PEAK TREE\n"
		    "    1 7.89ms 101ms     101K true(101)\n"
		    "    2 5.89ms 205ms        - |- 2*[{worker}]\n"
		    "    1 6.89ms     -        - `- {caller}(104) became the main thread\n");
}

static void test_hostile(void **state)
{
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "a\nb\033[31m");
	story_exit(&story, 101, "a\nb\033[31m", EXITED(1));
	assert_told(&story, folded,
		    "1 process, 0 execs, 1 failed; wall 1.89ms, CPU 101ms, largest peak RSS 101K (a\\x0ab\\x1b[31m)\n"
		    "COUNT   LIFE   CPU RSS-PEAK TREE\n"
		    "    1 1.89ms 101ms     101K a\\x0ab\\x1b[31m(101) exit 1\n");
}

static void test_losses(void **state)
{
	struct runreport report = folded;
	const struct kin_event_exit end = story_end(103, 0);
	struct kin_event base;
	struct story story;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_fork(&story, 102, 101, "a");
	story_lose(&story, 1);
	base = story_base(&story, KIN_EVENT_KIND_EXIT, 103, "b");
	base.ppid = 102;
	story_tell(&story, &base, NULL, NULL, &end, NULL);
	report.cut = "the kernel module was unloaded";
	story.members.cut = true;
	assert_told(&story, report,
		    "3 processes, 0 execs, 0 failed; wall -, CPU 103ms, largest peak RSS 103K (b)\n"
		    "1 event was lost: members and ends may be missing below\n"
		    "the kernel module was unloaded: what happened after that is missing below\n"
		    "COUNT   LIFE   CPU RSS-PEAK TREE\n"
		    "    1      -     -        - sh(101) end not known\n"
		    "    1      -     -        - └─ a(102) end not known\n"
		    "    1 2.89ms 103ms     103K    └─ b(103) (birth lost)\n");
}

static void test_nothing(void **state)
{
	struct runreport report = folded;
	struct story story;

	story_begin(&story, 101);
	report.cut = "the kernel module was unloaded";
	assert_told(&story, report,
		    "0 processes, 0 execs, 0 failed; wall -, CPU 0s\n"
		    "the kernel module was unloaded: what happened after that is missing below\n");
}

static void test_color(void **state)
{
	struct runreport report = folded;
	struct story story;
	char *text;

	report.color = true;
	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_fork(&story, 102, 101, "ok");
	story_exit(&story, 102, "ok", 0);
	story_exit(&story, 101, "sh", EXITED(3));
	text = told(&story, report, runreport_print);
	assert_has(text, " sh(101)\033[31m exit 3\033[0m\n");
	assert_has(text, " ok(102)\n");
	free(text);
}

/* Until its own end, or until that of the last one. */
static void assert_wall(bool all, const char *wall)
{
	struct runreport report = { .all = all, .fold = true };
	struct story story;
	char *text;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_fork(&story, 102, 101, "daemon");
	story_exit(&story, 101, "sh", 0);
	story_exit(&story, 102, "daemon", 0);
	text = told(&story, report, runreport_print);
	assert_has(text, wall);
	free(text);
}

static void test_wall(void **state)
{
	assert_wall(false, "; wall 2.89ms, ");
	assert_wall(true, "; wall 3.89ms, ");
}

/* ---- JSON ---- */

static void test_json(void **state)
{
	struct runreport report = { .status = EXITED(2) };
	struct story story;
	char *text;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "kin");
	story_exec(&story, 101, 101, "/bin/\xff\"", "m\na");
	story_fork(&story, 102, 101, "sh");
	story_fork(&story, 103, 101, "sh");
	story_fork(&story, 104, 102, "cc1");
	story_exit(&story, 104, "cc1", SIGSEGV | 0x80);
	story_exit(&story, 102, "sh", 0);
	story_exit(&story, 101, "m\na", EXITED(2));
	text = told(&story, report, runreport_json);
	assert_has(text, "\t\"command\": [\"make\"],\n"
			 "\t\"status\": 512,\n"
			 "\t\"exit_code\": 2,\n"
			 "\t\"signal\": null,\n");
	assert_has(text, "\t\"complete\": true,\n"
			 "\t\"events\": 8,\n"
			 "\t\"lost\": 0,\n"
			 "\t\"cut\": null,\n");
	assert_has(text, "\"summary\": {\"processes\": 4, \"threads\": null, \"execs\": 1, \"failed\": 2, \"running\": 1, \"unknown\": 0, \"wall_ns\": 7899000, \"cpu_ns\": 307000000, \"rss_peak_bytes\": 106496}");
	assert_has(text, "{\"pid\": 101, \"ppid\": 100, \"comm\": \"m\\u000aa\", \"uid\": 0, \"depth\": 0, \"parent\": null, \"start_boottime_ns\": 1000101000, \"life_ns\": 7899000, \"fate\": \"ended\", \"birth_lost\": false, \"status\": 512, ");
	assert_has(text, "\"num_execs\": 1, \"execs\": [\"/bin/\\\\xff\\\"\"]}");
	/* 104 stands behind 102, before 103 */
	assert_has(text, "{\"pid\": 104, \"ppid\": 102, \"comm\": \"cc1\", \"uid\": 0, \"depth\": 2, \"parent\": 1, ");
	assert_has(text, "\"signal_name\": \"SIGSEGV\", \"core_dumped\": true, ");
	assert_has(text, "{\"pid\": 103, \"ppid\": 101, \"comm\": \"sh\", \"uid\": 0, \"depth\": 1, \"parent\": 0, \"start_boottime_ns\": 1000103000, \"life_ns\": null, \"fate\": \"running\", \"birth_lost\": false, \"status\": null, ");
	free(text);
}

static void test_json_threads(void **state)
{
	struct runreport report = { .threads = true };
	struct story story;
	char *text;

	some_threads(&story);
	story_fork(&story, 105, 101, "child");
	story_fork(&story, 106, 105, "grandchild");
	text = told(&story, report, runreport_json);
	assert_has(text, "\"processes\": 3, \"threads\": 3, ");
	/* processes have places, threads have none and are in no other list */
	assert_has(text, "{\"pid\": 105, \"ppid\": 101, \"comm\": \"child\", \"uid\": 0, \"depth\": 1, \"parent\": 0, ");
	assert_has(text, "\"comm\": \"grandchild\", \"uid\": 0, \"depth\": 2, \"parent\": 1, ");
	assert_int_equal(count(text, "\"pid\": 102,"), 1);
	assert_int_equal(count(text, "\"pid\": 105,"), 1);
	assert_int_equal(count(text, "\"threads\": []"), 2);
	assert_has(text, "\"threads\": [{\"pid\": 102, \"tgid\": 101, \"comm\": \"worker\", ");
	assert_has(text, "{\"pid\": 104, \"tgid\": 101, \"comm\": \"caller\", \"uid\": 0, \"start_boottime_ns\": 1000104000, \"life_ns\": 6896000, \"fate\": \"became_main_thread\", ");
	free(text);
}

static void test_json_losses(void **state)
{
	struct runreport report = { .cut = "why" };
	struct story story;
	char *text;

	story_begin(&story, 101);
	story_fork(&story, 101, STORY_SELF, "sh");
	story_lose(&story, 5);
	text = told(&story, report, runreport_json);
	assert_has(text, "\t\"complete\": false,\n"
			 "\t\"events\": 1,\n"
			 "\t\"lost\": 5,\n"
			 "\t\"cut\": \"why\",\n");
	assert_has(text, "\"fate\": \"unknown\"");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_family),
		cmocka_unit_test(test_folded),
		cmocka_unit_test(test_not_alike),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_color),
		cmocka_unit_test(test_wall),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_threads),
		cmocka_unit_test(test_json_losses),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
