// SPDX-License-Identifier: GPL-2.0-or-later
/* The family of a command as JSON: flat, as kin tree --json is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ending.h"
#include "json.h"
#include "run.h"
#include "tree.h"

static void put_summary(struct kin_json *json, const struct runreport *report)
{
	struct kin_members_sum sum;

	kin_members_sum(report->members, &sum);
	kin_json_object_line(json, "summary");
	kin_json_u64(json, "processes", sum.processes);
	kin_json_known(json, "threads",
		       report->threads ? sum.threads : KIN_NONE64);
	kin_json_u64(json, "execs", sum.execs);
	kin_json_u64(json, "failed", sum.failed);
	kin_json_u64(json, "running", sum.running);
	kin_json_u64(json, "unknown", sum.unknown);
	kin_json_known(json, "wall_ns", runreport_wall_ns(report));
	kin_json_u64(json, "cpu_ns", sum.cpu_ns);
	kin_json_known(json, "rss_peak_bytes", sum.rss_peak_bytes);
	kin_json_object_end(json);
}

static void put_gaps(struct kin_json *json, const struct runreport *report)
{
	kin_json_bool(json, "complete",
		      !report->members->n_lost && !report->cut);
	kin_json_u64(json, "events", report->members->n_events);
	kin_json_u64(json, "lost", report->members->n_lost);
	if (report->cut)
		kin_json_str(json, "cut", report->cut);
	else
		kin_json_null(json, "cut");
}

static void put_end(struct kin_json *json, const struct kin_member *member)
{
	const struct kin_event_exit *end = &member->end;

	kin_ending_json(json, end->status,
			member->flags & KIN_MEMBER_OOM ? KIN_EVENT_OOM_VICTIM :
							 0);
	kin_usage_json(json, end);
}

static void put_execs(struct kin_json *json, const struct kin_members *members,
		      const struct kin_member *member)
{
	kin_json_u64(json, "num_execs", member->n_execs);
	kin_json_array_line(json, "execs");
	for (uint32_t i = member->first_exec; i != KIN_MEMBER_NONE;
	     i = members->execs[i].next)
		kin_json_str(json, NULL, kin_members_file(members, i));
	kin_json_array_end(json);
}

static const char *fate_name(enum kin_fate fate)
{
	static const char *const names[] = {
		[KIN_FATE_ENDED] = "ended",
		[KIN_FATE_RUNNING] = "running",
		[KIN_FATE_EXECED] = "became_main_thread",
		[KIN_FATE_UNKNOWN] = "unknown",
	};

	return names[fate];
}

struct places {
	const struct kin_tree *tree;
	uint32_t *of;		/* by member: where it stands in the list */
	uint32_t n;
};

static const struct kin_member *member_at(const struct runreport *report,
					  uint32_t node)
{
	return &report->members->list[node];
}

/* A thread whose process was lost stands for it. */
static bool is_listed(const struct kin_member *member)
{
	return !(member->flags & KIN_MEMBER_THREAD) ||
	       member->parent == KIN_MEMBER_NONE;
}

static void put_life(struct kin_json *json, const struct runreport *report,
		     const struct kin_member *member)
{
	kin_json_known(json, "start_boottime_ns", member->start_boottime_ns);
	kin_json_known(json, "life_ns", kin_member_life_ns(member));
	kin_json_str(json, "fate",
		     fate_name(kin_member_fate(report->members, member)));
	kin_json_bool(json, "birth_lost", member->flags & KIN_MEMBER_FOUND);
	put_end(json, member);
}

static void put_name(struct kin_json *json, const struct kin_member *member)
{
	kin_json_u64(json, "pid", member->pid);
	if (member->flags & KIN_MEMBER_THREAD)
		kin_json_u64(json, "tgid", member->tgid);
	else
		kin_json_u64(json, "ppid", member->ppid);
	kin_json_bytes(json, "comm", member->comm,
		       strnlen(member->comm, KIN_COMM_LEN));
	kin_json_known(json, "uid",
		       member->uid == KIN_NONE32 ? KIN_NONE64 : member->uid);
}

static void put_threads(struct kin_json *json, const struct runreport *report,
			const struct kin_tree *tree, uint32_t node)
{
	const struct kin_tree_node *nodes = tree->nodes;

	kin_json_array(json, "threads");
	for (uint32_t i = nodes[node].first_child; i != KIN_TREE_NONE;
	     i = nodes[i].next) {
		if (is_listed(member_at(report, i)))
			continue;
		kin_json_object_line(json, NULL);
		put_name(json, member_at(report, i));
		put_life(json, report, member_at(report, i));
		kin_json_object_end(json);
	}
	kin_json_array_end(json);
}

static void put_member(struct kin_json *json, const struct runreport *report,
		       const struct places *places, uint32_t node)
{
	const struct kin_member *member = member_at(report, node);

	kin_json_object_line(json, NULL);
	put_name(json, member);
	kin_json_u64(json, "depth", places->tree->nodes[node].depth);
	kin_json_known(json, "parent",
		       member->parent == KIN_MEMBER_NONE ?
			       KIN_NONE64 :
			       places->of[member->parent]);
	put_life(json, report, member);
	put_execs(json, report->members, member);
	if (report->threads)
		put_threads(json, report, places->tree, node);
	kin_json_object_end(json);
}

static void put_list(struct kin_json *json, const struct runreport *report,
		     struct places *places)
{
	const struct kin_tree *tree = places->tree;

	kin_json_array(json, "processes");
	for (size_t i = 0; i < tree->n_order; i++) {
		const uint32_t node = tree->order[i];

		if (!is_listed(member_at(report, node)))
			continue;
		places->of[node] = places->n++;
		put_member(json, report, places, node);
	}
	kin_json_array_end(json);
}

static void put_all(struct kin_json *json, const struct runreport *report,
		    struct places *places)
{
	const struct kin_member *command = kin_members_leader(report->members);
	const bool oom = command && (command->flags & KIN_MEMBER_OOM);

	kin_json_object(json, NULL);
	kin_json_array_line(json, "command");
	for (char *const *arg = report->argv; *arg; arg++)
		kin_json_str(json, NULL, *arg);
	kin_json_array_end(json);
	kin_ending_json(json, report->status, oom ? KIN_EVENT_OOM_VICTIM : 0);
	put_gaps(json, report);
	put_summary(json, report);
	put_list(json, report, places);
	kin_json_object_end(json);
	kin_json_end(json);
}

int runreport_json(const struct runreport *report)
{
	struct places places = { .n = 0 };
	struct kin_json json;
	struct kin_tree tree;
	int err = runreport_tree(report, &tree);

	if (err)
		return err;
	places.tree = &tree;
	places.of = calloc(tree.n + 1, sizeof(*places.of));
	if (!places.of)
		err = -ENOMEM;
	kin_json_begin(&json, report->out);
	if (!err)
		put_all(&json, report, &places);
	free(places.of);
	kin_tree_free(&tree);
	return err;
}
