// SPDX-License-Identifier: GPL-2.0-or-later
/* Alerts over restarts, other rules, a module that comes back; and what they say. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "judged.h"

static char *saved;
static size_t saved_len;

static void save(void)
{
	FILE *out = open_memstream(&saved, &saved_len);

	assert_int_equal(judge_save(&judge, out), 0);
	assert_int_equal(fclose(out), 0);
}

static int restore_text(char *text)
{
	FILE *in = fmemopen(text, strlen(text), "r");
	int err = judge_restore(&judge, in);

	fclose(in);
	return err;
}

/* The program ends, and is started again. */
static void restart(void)
{
	const struct judge before = judge;

	save();
	judge_free(&judge);
	memset(&judge, 0, sizeof(judge));
	judge.now_ns = before.now_ns;
	judge.gap_ns = before.gap_ns;
	judge.groups = before.groups;
	judge.host = before.host;
	judge.source = before.source;
	judge.news = before.news;
	judge.next_id = 1;
	begin();
}

static void restore(void)
{
	assert_int_equal(restore_text(saved), 0);
	free(saved);
	saved = NULL;
}

static void reload(void)
{
	assert_int_equal(judge_set_rules(&judge, &rules), 0);
}

static void test_not_told_anew(void **state)
{
	struct rule *rule = add_rule("big", "rss > 5MiB");
	uint64_t id;

	rule->repeat_ns = 10 * S;
	rule->summary = (char *)"{comm}: {value}";
	begin();
	born(100, 1, "wor\"k\\er");
	set_rss(100, 9);
	look_later(1);
	assert_told("+big(100)");
	id = last_told.id;
	look_later(2);
	restart();
	restore();
	look_later(2);
	assert_told("");
	assert_int_equal(judge.watched[0].n_firing, 1);
	assert_string_equal(judge.alerts->alert.summary, "wor\"k\\er: 9.0M");
	look_later(6);
	assert_told("=big(100)");
	set_rss(100, 1);
	look_later(1);
	assert_told("-big(100)");
	assert_int_equal(last_told.id, id);
	assert_true(judge.next_id > id);
}

static void test_pending_goes_on(void **state)
{
	struct rule *rule = add_rule("big", "rss > 5MiB");

	rule->for_ns = 6 * S;
	begin();
	born(100, 1, "worker");
	set_rss(100, 9);
	look_later(4);
	restart();
	pass(2 * S);
	restore();
	look_later(1);
	assert_told("+big(100)");
}

static void test_pending_but_long_ago(void **state)
{
	struct rule *rule = add_rule("big", "rss > 5MiB");

	rule->for_ns = 6 * S;
	begin();
	born(100, 1, "worker");
	set_rss(100, 9);
	look_later(4);
	restart();
	pass(20 * S);
	restore();
	look_later(6);
	assert_told("");
	look_later(1);
	assert_told("+big(100)");
}

static void test_ended_meanwhile(void **state)
{
	add_rule("big", "rss > 5MiB");
	add_rule("family", "sum(rss) by (parent) > 5MiB");
	begin();
	born(50, 1, "shell");
	born(100, 50, "worker");
	set_rss(100, 9);
	look_later(1);
	assert_told("+big(100) +family(50)");
	restart();
	gone(100);
	gone(50);
	pass(S);
	born(100, 1, "another");
	set_rss(100, 9);
	restore();
	look_later(1);
	assert_non_null(strstr(told, "-big(100)"));
	assert_non_null(strstr(told, "-family(50)"));
	assert_non_null(strstr(told, "+big(100)"));
	assert_int_equal(judge.watched[0].n_firing, 1);
}

static void test_groups_come_back(void **state)
{
	add_rule("names", "count() by (comm) > 2");
	add_rule("users", "count() by (uid) > 2");
	add_rule("family", "count() by (parent) > 2");
	begin();
	born(50, 1, "shell");
	for (uint32_t pid = 100; pid < 103; pid++)
		born(pid, 50, "work\ner");
	look_later(1);
	assert_told("+names(work\\x0aer) +users(1000) +family(50)");
	restart();
	restore();
	look_later(1);
	assert_told("");
	gone(100);
	gone(101);
	gone(102);
	look_later(1);
	assert_told("-names(work\\x0aer) -users(1000) -family(50)");
}

static void fails(uint32_t pid, const char *file)
{
	struct news news = news_of(KIN_EVENT_KIND_EXIT, pid, judge.now_ns, pid);
	const struct kin_event_record rec = news_record(&news);
	struct row *row = rows_get(&judge, born(pid, 1, "short"));

	row_set_exe(row, file);
	news.ev.boottime_ns = judge.now_ns;
	news.exit.status = 1 << 8;
	judge_event(&judge, &rec);
	gone(pid);
	judge_events_end(&judge);
}

/* Its key is made safe for people; the group goes by what it is. */
static void test_odd_path_comes_back(void **state)
{
	static const char path[] = "/opt/b\xffq\x1b\\";

	add_rule("fails", "events(where status == 1, 20s) by (exe) > 0");
	begin();
	fails(100, path);
	assert_true(strlen(told) > strlen("+fails(/opt/b") && told[0] == '+');
	told[0] = '\0';
	pass(S);
	restart();
	restore();
	pass(S);
	/* once more, since what was saved is kept */
	restart();
	restore();
	for (uint32_t pid = 101; pid < 110; pid++) {
		look_later(5);
		fails(pid, path);
	}
	assert_told("");
	assert_int_equal(judge.watched[0].groups.n, 1);
	reload();
	look_later(1);
	fails(110, path);
	assert_told("");
	assert_int_equal(judge.watched[0].groups.n, 1);
	look_later(25);
	assert_int_equal(told[0], '-');
}

static void test_another_boot(void **state)
{
	struct rule *rule = add_rule("big", "rss > 5MiB");
	char *boot;

	rule->for_ns = 2 * S;
	begin();
	born(100, 1, "worker");
	set_rss(100, 9);
	look_later(3);
	assert_told("+big(100)");
	restart();
	boot = strstr(saved, "\"boot\":\"") + strlen("\"boot\":\"");
	memset(boot, *boot == '1' ? '2' : '1', 1);
	restore();
	look_later(1);
	assert_told("-big(100)");
	assert_non_null(strstr(last_description, "started anew"));
	look_later(2);
	assert_told("+big(100)");
}

static void test_above_the_limit(void **state)
{
	struct rule *rule = add_rule("big", "rss > 5MiB");

	rule->max_alerts = 1;
	rule->for_ns = 2 * S;
	begin();
	for (uint32_t pid = 100; pid < 103; pid++) {
		born(pid, 1, "worker");
		set_rss(pid, 9);
	}
	look_later(3);
	told[0] = '\0';
	restart();
	/* what was true for long enough once does not wait again */
	pass(20 * S);
	restore();
	look_later(1);
	assert_told("");
	assert_int_equal(judge.watched[0].n_firing, 1);
	assert_int_equal(judge.watched[0].n_held, 2);
	assert_int_equal(judge.watched[0].overflow->alert.more, 2);
}

/* ---- what looks back, and has nothing to look at ---- */

static void grow(unsigned int seconds)
{
	while (seconds--) {
		node_of(100)->task.mem.rss_anon_bytes += MIB;
		node_of(100)->task.sched.utime_ns += S;
		look_later(1);
	}
}

static void test_past_comes_back(void **state)
{
	add_rule("growth", "delta(rss, 20s) > 10MiB");
	begin();
	born(100, 1, "leaky");
	set_rss(100, 1);
	node_of(100)->task.sched.utime_ns = 0;
	grow(25);
	assert_told("+growth(100)");
	restart();
	restore();
	grow(25);
	reload();
	grow(25);
	/* nobody looked */
	pass(10 * S);
	grow(25);
	assert_told("");
	look_later(25);
	assert_told("-growth(100)");
}

/* It is told of as it was: nothing is known of it yet. */
static void test_told_again_while_waking(void **state)
{
	struct rule *rule = add_rule("growth", "delta(rss, 20s) > 10MiB");

	rule->repeat_ns = 10 * S;
	rule->summary = (char *)"{comm} by {value}";
	begin();
	born(100, 1, "leaky");
	set_rss(100, 1);
	grow(22);
	assert_told("+growth(100)");
	reload();
	grow(10);
	assert_told("=growth(100)");
	assert_string_equal(judge.alerts->alert.summary, "leaky by 20.0M");
}

/* What is known already need not wait for the rest. */
static void test_over_before_past_is_back(void **state)
{
	add_rule("growth", "delta(rss, 20s) > 10MiB && rss > 5MiB");
	begin();
	born(100, 1, "leaky");
	set_rss(100, 1);
	grow(25);
	assert_told("+growth(100)");
	reload();
	look_later(3);
	assert_told("");
	set_rss(100, 2);
	look_later(1);
	assert_told("-growth(100)");
}

/* What is not known after a whole window, either, is not waited for. */
static void test_past_stays_away(void **state)
{
	add_rule("growth", "delta(rss, 20s) > 10MiB");
	begin();
	born(100, 1, "leaky");
	set_rss(100, 1);
	grow(25);
	assert_told("+growth(100)");
	reload();
	memset(&node_of(100)->task.mem, 0xff, sizeof(node_of(100)->task.mem));
	look_later(25);
	assert_told("");
	look_later(1);
	assert_told("-growth(100)");
}

/* Who has no past yet is not in the set: that says nothing. */
static void test_past_of_set_comes_back(void **state)
{
	add_rule("busy", "count(where rate(cputime, 20s) > 50%) by (parent) > 0");
	begin();
	born(50, 1, "make");
	born(100, 50, "cc");
	node_of(100)->task.sched.utime_ns = 0;
	grow(25);
	assert_told("+busy(50)");
	restart();
	restore();
	grow(25);
	reload();
	grow(25);
	assert_told("");
	look_later(25);
	assert_told("-busy(50)");
}

/* Nothing of it is taken. */
static void test_not_such_a_file(void **state)
{
	static const char *const texts[] = {
		"", "{", "[]\n", "{}\n", "hello\n", "{\"kin_alerts\":1}\n",
		"{\"kin_alerts\":2,\"boot\":\"\",\"boot_epoch_ns\":1,\"next_id\":1}\n",
		"{\"kin_alerts\":1,\"boot\":\"\",\"boot_epoch_ns\":1,\"next_id\":1}\n{}\n",
		"{\"kin_alerts\":1,\"boot\":\"\",\"boot_epoch_ns\":1,\"next_id\":1}\n[1]\n",
	};
	size_t len;

	add_rule("big", "rss > 5MiB");
	begin();
	born(100, 1, "worker");
	set_rss(100, 9);
	look_later(1);
	save();
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char text[256];

		snprintf(text, sizeof(text), "%s ", texts[i]);
		assert_int_equal(restore_text(text), -EBADMSG);
	}
	/* cut anywhere, it is no whole line */
	len = strlen(saved);
	for (size_t cut = 1; cut < len - 1; cut++) {
		char *part = strndup(saved, cut);

		if (part[cut - 1] != '\n' && part[cut - 1] != '}')
			assert_int_equal(restore_text(part), -EBADMSG);
		free(part);
	}
	assert_ptr_equal(judge.alerts->next, NULL);
	free(saved);
	saved = NULL;
}

/* ---- other rules ---- */

static void test_other_rules(void **state)
{
	static struct rule other_rules[MAX_RULES];
	struct rule *rule;
	uint64_t id;

	add_rule("stays", "rss > 5MiB");
	add_rule("goes", "rss > 5MiB");
	begin();
	born(100, 1, "worker");
	set_rss(100, 9);
	look_later(1);
	id = judge.alerts->alert.id;
	told[0] = '\0';
	rule_list = other_rules;
	rules.n = 0;
	add_rule("new", "rss > 8MiB");
	rule = add_rule("stays", "rss > 7MiB && min(rss, 2s) > 0B");
	rule->keep_ns = 2 * S;
	assert_int_equal(judge_set_rules(&judge, &rules), 0);
	assert_told("-goes(100)");
	assert_string_equal(last_rule, "goes");
	free_rules_of(first_rules, 2);
	look_later(1);
	assert_told("+new(100)");
	look_later(3);
	set_rss(100, 6);
	look_later(3);
	assert_told("-new(100) -stays(100)");
	assert_true(last_told.id <= id);
}

/* ---- the module goes away, and comes back ---- */

static void test_another_mirror(void **state)
{
	const struct kin_mirror_options options = { .gone = on_gone };
	uint64_t start;

	add_rule("big", "min(rss, 3s) > 5MiB");
	begin();
	born(100, 1, "worker");
	born(101, 1, "worker");
	set_rss(100, 9);
	set_rss(101, 9);
	look_later(4);
	assert_int_equal(judge.watched[0].n_firing, 2);
	told[0] = '\0';
	start = node_of(100)->task.base.start_boottime_ns;
	rows_orphan(&judge);
	kin_nodes_free(&nodes);
	assert_int_equal(kin_nodes_init(&nodes, &options), 0);
	pass(S);
	born(100, 0, "worker")->task.base.start_boottime_ns = start;
	born(101, 0, "another");
	set_rss(100, 9);
	set_rss(101, 9);
	rows_adopt(&judge);
	assert_told("-big(101)");
	look_later(1);
	/* its past has stayed with it */
	assert_told("");
	set_rss(100, 0);
	look_later(1);
	assert_told("-big(100)");
}

/* ---- texts ---- */

static int fetch(uint32_t pid, uint32_t groups, struct kin_snapshot *snap, void *arg)
{
	static const char line[] = "work\0--hard";
	const struct kin_record rec = {
		.base = &node_of(pid)->task.base,
		.cmdline = line,
		.cmdline_len = sizeof(line),
		.cgroup_id = KIN_NONE64,
	};

	assert_int_equal(pid, 100);
	/* all at once */
	assert_int_equal(groups, KIN_GROUP_CMDLINE | KIN_GROUP_EXE);
	return kin_snapshot_add(&rec, snap);
}

static void test_texts(void **state)
{
	static char *next[] = { (char *)"kill {pid}", (char *)"echo {comm}" };
	static struct label labels[] = { { (char *)"team", (char *)"ops" } };
	struct rule *rule = add_rule("big", "rss > 5MiB && host.load1 < 3");

	rule->summary = (char *)"{comm}({pid}): {value} > {bar}; {command}; {exe}; {{";
	rule->description = (char *)"{family}; {severity}, {rule}, load {host.load1}";
	rule->cause = (char *)"{since}";
	rule->next = next;
	rule->n_next = 2;
	rule->labels = labels;
	rule->n_labels = 1;
	judge.source.fetch = fetch;
	begin();
	judge.host.now.load1_milli = 1500;
	born(50, 1, "she\033ll");
	born(100, 50, "w;rm");
	set_rss(100, 9);
	look_later(1);
	assert_told("+big(100)");
	assert_string_equal(last_told.summary, "w;rm(100): 9.0M > 5.0M; work --hard; ?; {");
	assert_string_equal(last_told.description,
			    "init(1) / she\\x1bll(50) / w;rm(100); warning, big, load 1.50");
	assert_string_equal(last_told.next[0], "kill 100");
	assert_string_equal(last_told.next[1], "echo 'w;rm'");
	assert_string_equal(last_told.labels[0].value, "ops");
	assert_string_equal(last_told.family, "init(1) / she\\x1bll(50) / w;rm(100)");
	assert_string_equal(last_told.comm, "w;rm");
	assert_true(last_told.has_value && last_told.value == 9 * MIB);
	assert_true(last_told.has_bar && last_told.bar == 5 * MIB);
}

static void test_long_family(void **state)
{
	char *path;

	begin();
	for (uint32_t pid = 2; pid <= 20; pid++)
		born(pid, pid - 1, "x");
	path = family_path(node_of(20));
	assert_string_equal(path, "init(1) / (8 more) / x(10) / x(11) / x(12) / x(13) / "
				  "x(14) / x(15) / x(16) / x(17) / x(18) / x(19) / x(20)");
	free(path);
	path = family_path(node_of(12));
	assert_string_equal(path, "init(1) / x(2) / x(3) / x(4) / x(5) / x(6) / x(7) / "
				  "x(8) / x(9) / x(10) / x(11) / x(12)");
	free(path);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_start, host_stop)
	const struct CMUnitTest tests[] = {
		TEST(test_not_told_anew),
		TEST(test_pending_goes_on),
		TEST(test_pending_but_long_ago),
		TEST(test_ended_meanwhile),
		TEST(test_groups_come_back),
		TEST(test_odd_path_comes_back),
		TEST(test_another_boot),
		TEST(test_above_the_limit),
		TEST(test_past_comes_back),
		TEST(test_told_again_while_waking),
		TEST(test_over_before_past_is_back),
		TEST(test_past_stays_away),
		TEST(test_past_of_set_comes_back),
		TEST(test_not_such_a_file),
		TEST(test_other_rules),
		TEST(test_another_mirror),
		TEST(test_texts),
		TEST(test_long_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
