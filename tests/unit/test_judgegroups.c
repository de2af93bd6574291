// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about many: groups, the host, events; and how many are told of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "judged.h"

static void set_cpu(uint32_t pid, uint64_t ns)
{
	node_of(pid)->task.sched.utime_ns = ns;
}

static void many(uint32_t first, unsigned int n, uint32_t ppid, const char *comm)
{
	for (unsigned int i = 0; i < n; i++)
		born(first + i, ppid, comm);
}

static void become_zombies(uint32_t first, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		node_of(first + i)->life = KIN_LIFE_ENDED;
		node_of(first + i)->task.base.state = 'Z';
	}
}

/* ---- sets ---- */

static void test_parent_to_blame(void **state)
{
	add_rule("zombies", "count(where state == \"Z\") by (parent) > 3");
	begin();
	many(100, 2, 1, "shell");
	many(200, 4, 100, "forgotten");
	many(300, 4, 101, "sleeper");
	look_later(1);
	assert_told("");
	become_zombies(200, 4);
	become_zombies(300, 3);
	look_later(2);
	assert_told("+zombies(100)");
	gone(200);
	look_later(1);
	assert_told("-zombies(100)");
}

static void test_parent_ends(void **state)
{
	struct rule *rule = add_rule("zombies", "count(where state == \"Z\") by (parent) > 3");

	rule->keep_ns = 60 * S;
	begin();
	born(100, 1, "shell");
	many(200, 4, 100, "forgotten");
	become_zombies(200, 4);
	look_later(1);
	assert_told("+zombies(100)");
	gone(100);
	assert_told("-zombies(100)");
}

static void test_sum_of_branch(void **state)
{
	add_rule("big", "sum(rss) by (subtree) > 10MiB");
	begin();
	born(100, 1, "shell");
	born(101, 100, "child");
	born(102, 101, "grandchild");
	born(103, 1, "other");
	set_rss(100, 1);
	set_rss(101, 5);
	set_rss(102, 6);
	set_rss(103, 9);
	look_later(1);
	/* in no order; init has them all in its branch */
	assert_int_equal(strlen(told), strlen("+big(100) +big(101) +big(1)"));
	assert_non_null(strstr(told, "+big(1)"));
	assert_non_null(strstr(told, "+big(100)"));
	assert_non_null(strstr(told, "+big(101)"));
	told[0] = '\0';
	set_rss(102, 0);
	look_later(1);
	assert_null(strstr(told, "+"));
	assert_non_null(strstr(told, "-big(100)"));
	assert_non_null(strstr(told, "-big(101)"));
	assert_null(strstr(told, "-big(1) "));
}

static void test_by_name_and_user(void **state)
{
	add_rule("names", "count() by (comm) > 2");
	add_rule("users", "sum(rss) by (uid) > 2MiB");
	begin();
	many(100, 3, 1, "worker");
	many(200, 2, 1, "a\nb");
	look_later(1);
	assert_told("+names(worker)");
	born(202, 1, "a\nb");
	look_later(1);
	assert_told("+names(a\\x0ab)");
	node_of(100)->task.base.uid = 0;
	set_rss(100, 3);
	look_later(1);
	assert_told("+users(0)");
	gone(100);
	look_later(1);
	assert_told("-names(worker) -users(0)");
}

static void test_by_cgroup(void **state)
{
	add_rule("cgroup", "count() by (cgroup) > 1");
	begin();
	many(100, 2, 1, "worker");
	for (uint32_t pid = 100; pid < 102; pid++) {
		node_of(pid)->task.cgroup_id = 77;
		node_of(pid)->task.cgroup_path = "/system.slice/web";
		node_of(pid)->task.groups |= KIN_GROUP_CGROUP;
	}
	look_later(1);
	assert_told("+cgroup(/system.slice/web)");
	node_of(101)->task.cgroup_id = 78;
	look_later(1);
	assert_told("-cgroup(/system.slice/web)");
}

static void test_time_in_set(void **state)
{
	add_rule("busy", "count(where rate(cputime) > 50%) by (parent) > 1");
	begin();
	born(100, 1, "make");
	many(200, 2, 100, "cc");
	look_later(2);
	assert_told("");
	for (int i = 1; i <= 3; i++) {
		set_cpu(200, i * S * 6 / 10);
		set_cpu(201, i * S * 4 / 10);
		look_later(1);
	}
	assert_told("");
	set_cpu(200, S * 5 / 2);
	set_cpu(201, S * 2);
	look_later(1);
	assert_told("+busy(100)");
	look_later(1);
	assert_told("-busy(100)");
}

static void test_host(void **state)
{
	struct rule *rule = add_rule("load", "host.load1 > 10");

	rule->for_ns = 2 * S;
	begin();
	look_later(3);
	assert_told("");
	judge.host.now.load1_milli = 11000;
	look_later(2);
	assert_told("");
	look_later(1);
	assert_told("+load");
	judge.host.now.load1_milli = 9000;
	look_later(1);
	assert_told("-load");
}

static void test_host_over_time(void **state)
{
	add_rule("load", "delta(host.load1, 2s) > 5 && count(where rss > 1MiB) > 0");
	begin();
	born(100, 1, "worker");
	set_rss(100, 2);
	judge.host.now.load1_milli = 1000;
	look_later(3);
	assert_told("");
	judge.host.now.load1_milli = 7000;
	look_later(1);
	assert_told("+load");
	look_later(2);
	assert_told("-load");
}

/* ---- events ---- */

static void exec(uint32_t pid, const char *file)
{
	struct news news = news_of(KIN_EVENT_KIND_EXEC, pid,
				   node_of(pid)->task.base.start_boottime_ns, pid);
	struct kin_event_record rec = news_record(&news);

	news.ev.boottime_ns = judge.now_ns;
	rec.filename = file;
	judge_event(&judge, &rec);
}

static void ends(uint32_t pid, uint32_t status)
{
	const struct kin_node *node = node_of(pid);
	struct news news = news_of(KIN_EVENT_KIND_EXIT, pid,
				   node->task.base.start_boottime_ns, pid);
	const struct kin_event_record rec = news_record(&news);

	news.ev.boottime_ns = judge.now_ns;
	news.ev.ppid = node->task.base.ppid;
	news.exit.status = status << 8;
	judge_event(&judge, &rec);
	gone(pid);
}

static void forked(uint32_t pid, uint32_t creator)
{
	struct news news = news_of(KIN_EVENT_KIND_FORK, pid, judge.now_ns, pid);
	const struct kin_event_record rec = news_record(&news);

	born(pid, creator, "forked");
	news.ev.ppid = news.fork.creator_tgid = creator;
	judge_event(&judge, &rec);
}

static void short_life(uint32_t pid, const char *file, uint32_t status)
{
	born(pid, 1, "short");
	exec(pid, file);
	ends(pid, status);
}

static void test_crash_loop(void **state)
{
	add_rule("crashes",
		 "events(where event == \"exit\" && status != 0, 1m) by (exe) > 2");
	begin();
	for (uint32_t i = 0; i < 3; i++) {
		short_life(100 + i, "/usr/bin/bad", 1);
		short_life(200 + i, "/usr/bin/good", 0);
		pass(S);
		judge_events_end(&judge);
		if (i < 2)
			assert_told("");
	}
	/* at once, without a sample */
	assert_told("+crashes(/usr/bin/bad)");
	look_later(50);
	assert_told("");
	look_later(11);
	assert_told("-crashes(/usr/bin/bad)");
	assert_int_equal(judge.watched[0].groups.n, 0);
}

static void test_who_runs_what_its_parent_ran(void **state)
{
	add_rule("crashes", "events(where status == 3, 1m) by (exe) > 0");
	begin();
	born(100, 1, "server");
	exec(100, "/usr/sbin/server");
	born(101, 100, "server");
	ends(101, 3);
	judge_events_end(&judge);
	assert_told("+crashes(/usr/sbin/server)");
}

/* As daemons do: who began it ends, and init has the child. */
static void test_who_runs_what_its_creator_ran(void **state)
{
	add_rule("crashes", "events(where status == 3, 1m) by (exe) > 0");
	begin();
	exec(1, "/sbin/init");
	born(100, 1, "server");
	exec(100, "/usr/sbin/server");
	forked(101, 100);
	exec(100, "/bin/true");
	ends(100, 0);
	kin_kinship_unlink(&nodes, node_of(101));
	kin_kinship_link(&nodes, node_of(101), node_of(1));
	forked(102, 101);
	ends(102, 3);
	judge_events_end(&judge);
	assert_told("+crashes(/usr/sbin/server)");
	/* what it executes itself is its own */
	forked(103, 101);
	exec(103, "/usr/bin/helper");
	ends(103, 3);
	judge_events_end(&judge);
	assert_told("+crashes(/usr/bin/helper)");
}

/* Nothing is known of a zombie: it cannot wait for what its numbers say. */
static void test_ends_unwaited_for(void **state)
{
	add_rule("big", "rss > 5M")->resolve = parse("rss < 2M");
	begin();
	born(100, 1, "server");
	set_rss(100, 9);
	look_later(1);
	assert_told("+big(100)");
	memset(&node_of(100)->task.mem, 0xff, sizeof(node_of(100)->task.mem));
	look_later(5);
	assert_told("");
	node_of(100)->life = KIN_LIFE_ENDED;
	look_later(1);
	assert_told("-big(100)");
}

/* What was before the restart is not known: the window fills first. */
static void test_events_before_restart(void **state)
{
	add_rule("burst", "events(where event == \"exit\", 16s) >= 1");
	begin();
	short_life(100, "/bin/true", 0);
	judge_events_end(&judge);
	assert_told("+burst");
	judge.watched[0].began_ns = judge.now_ns + 1;
	memset(&judge.watched[0].expr.meters[0].host, 0,
	       sizeof(judge.watched[0].expr.meters[0].host));
	look_later(15);
	assert_told("");
	look_later(2);
	assert_told("-burst");
}

/* That there was no event is known once one would have been seen. */
static void test_no_event(void **state)
{
	add_rule("silent", "events(where event == \"exec\", 16s) == 0");
	add_rule("few", "events(where event == \"exec\", 16s) < 2 && host.load1 > 3");
	begin();
	judge.host.now.load1_milli = 5000;
	look_later(15);
	assert_told("");
	look_later(1);
	assert_told("+silent +few");
	born(100, 1, "worker");
	exec(100, "/bin/worker");
	judge_events_end(&judge);
	assert_told("-silent");
	exec(100, "/bin/worker");
	judge_events_end(&judge);
	assert_told("-few");
	assert_int_equal(judge_set_rules(&judge, &rules), 0);
	look_later(15);
	assert_told("");
	look_later(1);
	assert_told("+silent +few");
	/* it goes on, as long as nothing comes */
	pass(S);
	assert_int_equal(judge_set_rules(&judge, &rules), 0);
	look_later(20);
	assert_told("");
}

/* The storm left us no CPU for a minute: what waits to be read is judged as it was. */
static void test_events_read_late(void **state)
{
	add_rule("burst", "events(where event == \"exit\", 16s) >= 3");
	begin();
	for (uint32_t i = 0; i < 3; i++)
		short_life(100 + i, "/bin/true", 0);
	judge.late_ns = judge.now_ns;
	pass(60 * S);
	judge_events_end(&judge);
	assert_told("+burst");
	judge.late_ns = 0;
	look_later(1);
	assert_told("-burst");
}

static void test_events_of_host(void **state)
{
	add_rule("ends", "events(where event == \"exit\", 16s) >= 3");
	begin();
	for (uint32_t i = 0; i < 4; i++) {
		short_life(100 + i, "/bin/true", 0);
		pass(5 * S);
		judge_events_end(&judge);
		assert_told(i == 2 ? "+ends" : i == 3 ? "" : "");
	}
	look_later(17);
	assert_told("-ends");
}

static void test_events_by_parent(void **state)
{
	add_rule("children", "events(where event == \"exit\", 10s) by (parent) > 1");
	begin();
	many(100, 2, 1, "shell");
	many(200, 2, 100, "child");
	born(300, 101, "child");
	ends(200, 0);
	ends(300, 0);
	judge_events_end(&judge);
	assert_told("");
	ends(201, 0);
	judge_events_end(&judge);
	assert_told("+children(100)");
}

/* The parent ends before anybody has judged its children's events. */
static void test_parent_ends_with_its_children(void **state)
{
	add_rule("children", "events(where status == 1, 10s) by (parent) > 2")->summary =
		(char *)"{family}";
	begin();
	born(50, 1, "shell");
	many(100, 3, 50, "child");
	for (uint32_t pid = 100; pid < 103; pid++)
		ends(pid, 1);
	ends(50, 0);
	assert_told("+children(50) -children(50)");
	assert_string_equal(last_summary, "init(1) / shell(50)");
	judge_events_end(&judge);
	assert_told("");
	assert_null(judge.alerts);
}

static void test_events_by_cgroup(void **state)
{
	add_rule("ends", "events(where event == \"exit\", 10s) by (cgroup) > 0");
	begin();
	born(100, 1, "shell")->task.cgroup_path = "/user.slice";
	born(101, 100, "child");
	/* (events of the tests are of cgroup 1) */
	node_of(100)->task.cgroup_id = node_of(101)->task.cgroup_id = 1;
	ends(101, 0);
	judge_events_end(&judge);
	assert_told("+ends(/user.slice)");
}

/* ---- how many are told of ---- */

static void test_not_too_many(void **state)
{
	struct rule *rule = add_rule("big", "rss > 5MiB");

	rule->max_alerts = 2;
	rule->repeat_ns = 10 * S;
	begin();
	many(100, 5, 1, "worker");
	set_rss(100, 9);
	look_later(1);
	assert_told("+big(100)");
	for (uint32_t pid = 101; pid < 105; pid++)
		set_rss(pid, 9);
	look_later(1);
	assert_int_equal(judge.watched[0].n_firing, 2);
	assert_int_equal(judge.watched[0].n_held, 3);
	assert_non_null(strstr(told, "+big(3 more)"));
	assert_string_equal(last_told.summary,
			    "3 more than the 2 that are told one by one");
	told[0] = '\0';
	/* there is room for another one, and then for the rest */
	gone(100);
	look_later(1);
	assert_int_equal(judge.watched[0].n_held, 2);
	assert_int_equal(strncmp(told, "-big(100) +big(10", 17), 0);
	told[0] = '\0';
	set_rss(101, 0);
	set_rss(102, 0);
	set_rss(103, 0);
	set_rss(104, 0);
	look_later(1);
	assert_non_null(strstr(told, "-big"));
	assert_int_equal(judge.watched[0].n_firing, 0);
	assert_int_equal(judge.watched[0].n_held, 0);
	assert_null(judge.alerts);
}

static void test_each_once(void **state)
{
	add_rule("big", "rss > 5MiB");
	add_rule("small", "rss < 5MiB");
	begin();
	many(100, 1000, 1, "worker");
	for (uint32_t pid = 100; pid < 600; pid++)
		set_rss(pid, 9);
	judge.news = NULL;
	look_later(5);
	assert_int_equal(judge.watched[0].n_firing, 500);
	assert_int_equal(judge.watched[1].n_firing, 500);
	assert_int_equal(judge.next_id, 1001);
}

/* Who is told once, and looks at the alert later, wants no numbers of then. */
static void test_fresh_texts(void **state)
{
	struct rule *rule = add_rule("crashes", "events(where status == 3, 1m) by (exe) > 0");

	rule->summary = (char *)"{key}: {value} times";
	judge.fresh_texts = true;
	begin();
	for (uint32_t i = 0; i < 3; i++) {
		short_life(100 + i, "/usr/bin/bad", 3);
		judge_events_end(&judge);
	}
	assert_told("+crashes(/usr/bin/bad)");
	assert_string_equal(judge.alerts->alert.summary, "/usr/bin/bad: 3 times");
	assert_int_equal(judge.alerts->alert.times_told, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_start, host_stop)
	const struct CMUnitTest tests[] = {
		TEST(test_parent_to_blame),
		TEST(test_parent_ends),
		TEST(test_sum_of_branch),
		TEST(test_by_name_and_user),
		TEST(test_by_cgroup),
		TEST(test_time_in_set),
		TEST(test_host_over_time),
		TEST(test_host),
		TEST(test_crash_loop),
		TEST(test_who_runs_what_its_parent_ran),
		TEST(test_who_runs_what_its_creator_ran),
		TEST(test_events_of_host),
		TEST(test_events_read_late),
		TEST(test_events_before_restart),
		TEST(test_no_event),
		TEST(test_ends_unwaited_for),
		TEST(test_events_by_parent),
		TEST(test_parent_ends_with_its_children),
		TEST(test_events_by_cgroup),
		TEST(test_fresh_texts),
		TEST(test_not_too_many),
		TEST(test_each_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
