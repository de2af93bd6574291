// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules over time: what is told of one process, second by second. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "judged.h"

#define PID 100

/*
 * What happens in each second, a letter each: 0 to 9: so many MiB are resident; ?: that
 * is not known; .: nobody looks; x: the process ends; z: it ends, and nobody waits for
 * it; n: it ends, and another one gets its number, with 9 MiB.
 * And what is told in that second: F firing, A still firing, R resolved, B both.
 */
struct tale {
	const char *name;
	const char *expr, *resolve;
	unsigned int for_s, keep_s, repeat_s;
	const char *happens, *told;
};

static const struct tale tales[] = {
	{ "at once", "rss > 5MiB", NULL, 0, 0, 0,
	  "0169991",
	  "  F   R" },
	{ "only what lasts", "rss > 5MiB", NULL, 3, 0, 0,
	  "0990999990",
	  "       F R" },
	{ "for in the expression", "rss > 5MiB for 3s", NULL, 0, 0, 0,
	  "0990999990",
	  "       F R" },
	{ "the longer of both", "rss > 5MiB for 1s", NULL, 3, 0, 0,
	  "0990999990",
	  "       F R" },
	{ "not known is not true", "rss > 5MiB", NULL, 2, 0, 0,
	  "99?99999?1",
	  "     F  R " },
	{ "nor is its contrary", "!(rss > 5MiB)", NULL, 0, 0, 0,
	  "9?1",
	  "  F" },
	{ "no flapping", "rss > 5MiB", NULL, 0, 2, 0,
	  "9191911111",
	  "F      R  " },
	{ "another end than the beginning", "rss > 5MiB", "rss < 2MiB", 0, 0, 0,
	  "9449430",
	  "F     R" },
	{ "an end that lasts", "rss > 5MiB", "rss < 2MiB", 0, 2, 0,
	  "91141119",
	  "F     RF" },
	{ "both at once: it goes on", "rss > 5MiB", "rss > 3MiB", 0, 0, 0,
	  "9994",
	  "F  R" },
	{ "again and again", "rss > 5MiB", NULL, 0, 0, 3,
	  "99999999",
	  "F  A  A " },
	{ "again and again between its bars", "rss > 5MiB", "rss < 2MiB", 0, 0, 3,
	  "94444441",
	  "F  A  AR" },
	{ "not told again while it ends", "rss > 5MiB", NULL, 0, 9, 2,
	  "9911911",
	  "F   A  " },
	{ "nobody looked for too long", "rss > 5MiB", NULL, 4, 0, 0,
	  "999......99999",
	  "             F" },
	{ "nobody looked, but not for long", "rss > 5MiB", NULL, 4, 0, 0,
	  "999..99",
	  "     F " },
	{ "the end is to be seen, too", "rss > 5MiB", NULL, 0, 2, 0,
	  "91......1111",
	  "F         R " },
	{ "it ends", "rss > 5MiB", NULL, 0, 3, 0,
	  "99x00",
	  "F R  " },
	{ "it ends before it is told", "rss > 5MiB", NULL, 2, 0, 0,
	  "99x00",
	  "     " },
	{ "nobody waits for it", "rss > 5MiB", NULL, 0, 3, 0,
	  "99z??",
	  "F R  " },
	{ "a zombie is somebody", "state == \"Z\"", NULL, 2, 0, 0,
	  "99z???x",
	  "    F R" },
	{ "another one of that number", "rss > 5MiB", NULL, 2, 0, 0,
	  "99n99999",
	  "    F   " },
	{ "it is told of each", "rss > 5MiB", NULL, 0, 0, 0,
	  "99n99",
	  "F B  " },
	/* ---- over time ---- */
	{ "growth", "delta(rss, 4s) > 3MiB", NULL, 0, 0, 0,
	  "11111234566666",
	  "        F R   " },
	{ "not before there is such a past", "delta(rss, 4s) > 3MiB", NULL, 0, 0, 0,
	  "13579",
	  "    F" },
	{ "shrinking is no growth", "delta(rss, 4s) > 3MiB", NULL, 0, 0, 0,
	  "99999000000",
	  "           " },
	{ "shrinking", "delta(rss, 4s) < -3MiB", NULL, 0, 0, 0,
	  "9999900000000",
	  "     F   R   " },
	{ "a rate", "rate(rss) > 2MiB", NULL, 0, 0, 0,
	  "1112599",
	  "    F R" },
	{ "a rate after a long rest", "rate(rss) > 2MiB", NULL, 0, 0, 0,
	  "1111111111999",
	  "          FR " },
	{ "growth after a long rest", "delta(rss, 4s) > 3MiB", NULL, 0, 0, 0,
	  "1111111111199999",
	  "           F   R" },
	{ "a rate that goes down is none", "rate(rss) < 1MiB", NULL, 0, 0, 0,
	  "2250",
	  " FR " },
	{ "a rate over a window", "rate(rss, 4s) > 1MiB", NULL, 0, 0, 0,
	  "1111123579999",
	  "        F  R " },
	{ "the largest", "max(rss, 3s) > 5MiB", NULL, 0, 0, 0,
	  "0009000000",
	  "   F   R  " },
	{ "the smallest", "min(rss, 3s) > 5MiB", NULL, 0, 0, 0,
	  "0999999099999",
	  "    F  R   F " },
	{ "not before all of it is known", "min(rss, 3s) > 5MiB", NULL, 0, 0, 0,
	  "99999",
	  "   F " },
	{ "the past begins anew", "min(rss, 3s) > 5MiB", NULL, 0, 0, 0,
	  "999?99999",
	  "       F " },
	{ "so it does after a break", "min(rss, 3s) > 5MiB", NULL, 0, 0, 0,
	  "99......99999",
	  "           F " },
	{ "of another one", "min(rss, 3s) > 5MiB", NULL, 0, 0, 0,
	  "999n99999",
	  "      F  " },
	{ "on average", "avg(rss, 4s) > 3MiB", NULL, 0, 0, 0,
	  "00000444444",
	  "        F  " },
};

static void happen(char what)
{
	struct kin_node *node = node_of(PID);
	struct kin_task before = { 0 };

	if (node)
		before = node->task;
	if (what >= '0' && what <= '9' && node)
		set_rss(PID, what - '0');
	if (what == '?' && node)
		memset(&node->task.mem, 0xff, sizeof(node->task.mem));
	if (what == 'z' && node) {
		node->life = KIN_LIFE_ENDED;
		node->task.base.state = 'Z';
		memset(&node->task.mem, 0xff, sizeof(node->task.mem));
	}
	if (what == 'x' || what == 'n') {
		gone(PID);
		node = NULL;
	}
	if (what == 'n') {
		born(PID, 1, "second");
		set_rss(PID, 9);
	} else if (node && memcmp(&before, &node->task, sizeof(before))) {
		node->version++;
	}
	if (what != '.')
		look_now();
}

static char in_short(void)
{
	const char *letters = "FAR";
	char said = ' ';

	for (const char *at = told; *at; at++)
		for (int i = 0; i < 3; i++)
			if (*at == "+=-"[i])
				said = said == ' ' ? letters[i] : 'B';
	told[0] = '\0';
	return said;
}

static bool tell_tale(const struct tale *tale)
{
	const size_t n = strlen(tale->happens);
	char said[64] = "";
	struct rule *rule;

	host_start(NULL);
	rule = add_rule("r", tale->expr);
	rule->resolve = parse(tale->resolve);
	rule->for_ns = tale->for_s * S;
	rule->keep_ns = tale->keep_s * S;
	rule->repeat_ns = tale->repeat_s * S;
	begin();
	born(PID, 1, "first");
	for (size_t i = 0; i < n; i++) {
		pass(S);
		happen(tale->happens[i]);
		said[i] = in_short();
	}
	host_stop(NULL);
	/* (blanks at the end do not count) */
	if (!strncmp(said, tale->told, strlen(tale->told)) &&
	    !said[strlen(tale->told) + strspn(said + strlen(tale->told), " ")])
		return true;
	print_error("%s:\n  %s\n  %s <- told\n  %s <- expected\n", tale->name,
		    tale->happens, said, tale->told);
	return false;
}

static void test_tales(void **state)
{
	size_t wrong = 0;

	for (size_t i = 0; i < sizeof(tales) / sizeof(*tales); i++)
		wrong += !tell_tale(&tales[i]);
	assert_int_equal(wrong, 0);
}

/* The same if what does not change is not looked at. */
static void test_tales_at_rest(void **state)
{
	exact_versions = true;
	test_tales(state);
	exact_versions = false;
}

static void test_at_rest(void **state)
{
	uint64_t evaluations;

	exact_versions = true;
	add_rule("big", "rss > 5MiB && threads < 10 * host.cpus");
	add_rule("grows", "delta(rss, 5s) > 5MiB");
	begin();
	judge.host.now.cpus_online = 4;
	for (uint32_t pid = 100; pid < 200; pid++)
		born(pid, 1, "sleeper");
	/* until the windows are full, and once more when they are */
	look_later(7);
	evaluations = judge.evaluations;
	look_later(3);
	assert_int_equal(judge.evaluations, evaluations);
	/* one wakes up */
	set_rss(150, 9);
	node_of(150)->version++;
	look_later(1);
	assert_told("+big(150) +grows(150)");
	assert_true(judge.evaluations < evaluations + 5);
	/* what is compared with changes */
	evaluations = judge.evaluations;
	judge.host.now.cpus_online = 8;
	look_later(1);
	assert_true(judge.evaluations > evaluations + 100);
	exact_versions = false;
}

static void test_clock_does_not_rest(void **state)
{
	exact_versions = true;
	add_rule("old", "etime > 10s && rss > 5MiB");
	begin();
	born(100, 1, "sleeper");
	set_rss(100, 9);
	look_later(10);
	assert_told("");
	look_later(1);
	assert_told("+old(100)");
	exact_versions = false;
}

static void test_relatives_do_not_rest(void **state)
{
	exact_versions = true;
	add_rule("child", "parent.rss > 5MiB && rss > 1MiB");
	begin();
	born(100, 1, "shell");
	born(101, 100, "sleeper");
	set_rss(101, 2);
	look_later(3);
	assert_told("");
	set_rss(100, 9);
	node_of(100)->version++;
	look_later(1);
	assert_told("+child(101)");
	exact_versions = false;
}

/* A row at rest stays in the sets that it is in. */
static void test_sets_at_rest(void **state)
{
	exact_versions = true;
	add_rule("many", "count(where rss > 5MiB) > 2");
	begin();
	for (uint32_t pid = 100; pid < 103; pid++) {
		born(pid, 1, "sleeper");
		set_rss(pid, 9);
	}
	look_later(5);
	assert_told("+many");
	set_rss(101, 1);
	node_of(101)->version++;
	look_later(1);
	assert_told("-many");
	exact_versions = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tales),
		cmocka_unit_test(test_tales_at_rest),
		cmocka_unit_test_setup_teardown(test_at_rest, host_start, host_stop),
		cmocka_unit_test_setup_teardown(test_clock_does_not_rest, host_start,
						host_stop),
		cmocka_unit_test_setup_teardown(test_relatives_do_not_rest, host_start,
						host_stop),
		cmocka_unit_test_setup_teardown(test_sets_at_rest, host_start, host_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
