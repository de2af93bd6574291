/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A made-up host for the tests of alerts: processes that the test makes, a clock that
 * it moves, and a line of what was told: "+rule(pid)", "=", "-" for firing, still
 * firing, resolved.
 */
#ifndef TEST_JUDGED_H
#define TEST_JUDGED_H

#include <stdlib.h>
#include <string.h>

#include "eventcolumn.h"
#include "mirror.h"
#include "tracked.h"

#define S 1000000000ull
#define MIB 1048576ull
#define MAX_RULES 8

static struct kin_nodes nodes;
static bool exact_versions;		/* a test tells itself what has changed */
static struct judge judge;
static struct rule first_rules[MAX_RULES], *rule_list;
static struct rules rules;
static char told[4096];
static struct alert last_told;		/* texts are good as long as it is there */
static char last_summary[256], last_description[256];
static const char *last_rule;

static const struct kin_expr_place all_places = {
	.columns = &kin_task_columns,
	.host = &kin_host_columns,
	.events = &kin_event_columns,
	.kinship = true, .time = true, .sets = true,
};

static struct kin_expr *parse(const char *text)
{
	struct kin_expr_error error;
	struct kin_expr *expr;

	if (!text)
		return NULL;
	if (kin_expr_parse(&all_places, text, &expr, &error))
		fail_msg("%s: byte %u: %s", text, error.at, error.message);
	return expr;
}

/* Fields that a test sets itself come after. */
static struct rule *add_rule(const char *name, const char *expr)
{
	struct rule *rule = &rule_list[rules.n++];

	*rule = (struct rule){
		.name = (char *)name,
		.text = (char *)expr,
		.expr = parse(expr),
		.severity = SEVERITY_WARNING,
	};
	rules.list = rule_list;
	return rule;
}

static void free_rules_of(struct rule *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		kin_expr_free(list[i].expr);
		kin_expr_free(list[i].resolve);
	}
}

/* ---- processes ---- */

static const struct kin_node *find_node(uint32_t pid, void *arg)
{
	return kin_nodes_find(&nodes, pid, false, INT64_MAX / 2);
}

static struct kin_node *node_of(uint32_t pid)
{
	return (struct kin_node *)find_node(pid, NULL);
}

static struct kin_node *born(uint32_t pid, uint32_t ppid, const char *comm)
{
	struct kin_node *node = kin_nodes_create(&nodes, pid, judge.now_ns, false);
	struct kin_task *task = &node->task;

	task->base.tgid = pid;
	task->base.ppid = ppid;
	task->base.uid = 1000;
	task->base.num_threads = 1;
	task->base.state = 'S';
	strncpy(task->base.comm, comm, KIN_COMM_LEN - 1);
	task->groups = KIN_GROUP_SCHED | KIN_GROUP_MEM;
	memset(&task->sched, 0, sizeof(task->sched));
	memset(&task->mem, 0, sizeof(task->mem));
	kin_kinship_link(&nodes, node, ppid ? node_of(ppid) : NULL);
	return node;
}

static void set_rss(uint32_t pid, uint64_t mib)
{
	node_of(pid)->task.mem.rss_anon_bytes = mib * MIB;
}

/* As a mirror does: its end, then the children's new parent, then it is told gone. */
static void gone(uint32_t pid)
{
	kin_nodes_gone(&nodes, node_of(pid));
}

static void on_gone(const struct kin_node *node, void *arg)
{
	judge_gone(&judge, node);
}

/* ---- time ---- */

/* A second later: all numbers are read, and judged. */
static void look_now(void)
{
	const struct kin_node *list[2048], *node = NULL;
	size_t n = 0;

	while ((node = kin_nodes_next(&nodes, node))) {
		((struct kin_node *)node)->version += !exact_versions;
		list[n++] = node;
	}
	nodes.now_ns = judge.view.now_boottime_ns = judge.now_ns;
	assert_int_equal(judge_sample(&judge, list, n), 0);
}

static void pass(uint64_t ns)
{
	judge.now_ns += ns;
}

static void look_later(unsigned int seconds)
{
	while (seconds--) {
		pass(S);
		look_now();
	}
}

/* ---- what is told ---- */

static void on_news(const struct alert *alert, const struct rule *rule,
		    enum alert_news news, void *arg)
{
	const size_t used = strlen(told);
	char who[64] = "";

	assert_non_null(rule);
	if (alert->subject.pid)
		snprintf(who, sizeof(who), "(%u)", alert->subject.pid);
	else if (alert->subject.key)
		snprintf(who, sizeof(who), "(%s)", alert->subject.key);
	else if (alert->more)
		snprintf(who, sizeof(who), "(%llu more)", (unsigned long long)alert->more);
	snprintf(told + used, sizeof(told) - used, "%s%c%s%s", used ? " " : "",
		 "+=-"[news], alert->rule, who);
	last_told = *alert;
	snprintf(last_summary, sizeof(last_summary), "%s",
		 alert->summary ? alert->summary : "");
	snprintf(last_description, sizeof(last_description), "%s",
		 alert->description ? alert->description : "");
	last_rule = rule->name;
}

#define assert_told(text) do { \
	assert_string_equal(told, text); \
	told[0] = '\0'; \
} while (0)

/* ---- one host for each test ---- */

static int host_start(void **state)
{
	const struct kin_mirror_options options = { .gone = on_gone };

	memset(&judge, 0, sizeof(judge));
	memset(&rules, 0, sizeof(rules));
	rule_list = first_rules;
	memset(&judge.host, 0xff, sizeof(judge.host));
	told[0] = '\0';
	judge.now_ns = 5000 * S;
	judge.gap_ns = 5 * S;
	judge.next_id = 1;
	judge.groups = KIN_GROUP_SCHED | KIN_GROUP_MEM;
	judge.source.find = find_node;
	judge.news = on_news;
	assert_int_equal(kin_nodes_init(&nodes, &options), 0);
	/* of whom no numbers are known: no rule is about it */
	born(1, 0, "init")->task.groups = 0;
	return 0;
}

/* The rules are there. */
static void begin(void)
{
	assert_int_equal(judge_init(&judge, &rules), 0);
}

static int host_stop(void **state)
{
	judge_free(&judge);
	kin_nodes_free(&nodes);
	free_rules_of(rule_list, rules.n);
	return 0;
}

#endif /* TEST_JUDGED_H */
