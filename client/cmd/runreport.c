// SPDX-License-Identifier: GPL-2.0-or-later
/* The family of a command as text: a summary, then the tree. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ending.h"
#include "format.h"
#include "known.h"
#include "run.h"
#include "treedraw.h"

/* ---- what text and JSON share ---- */

int runreport_tree(const struct runreport *report, struct kin_tree *tree)
{
	const struct kin_members *members = report->members;
	uint32_t *parents = calloc(members->n + 1, sizeof(*parents));
	int err;

	if (!parents)
		return -ENOMEM;
	for (size_t i = 0; i < members->n; i++)
		parents[i] = members->list[i].parent;
	err = kin_tree_build_bare(tree, parents, members->n);
	free(parents);
	return err;
}

uint64_t runreport_wall_ns(const struct runreport *report)
{
	const struct kin_members *members = report->members;
	const struct kin_member *command = kin_members_leader(members);
	uint64_t end;

	if (!command || command->end_boottime_ns == KIN_NONE64)
		return KIN_NONE64;
	end = command->end_boottime_ns;
	for (size_t i = 0; report->all && i < members->n; i++) {
		const uint64_t later = members->list[i].end_boottime_ns;

		if (later != KIN_NONE64 && (int64_t)(later - end) > 0)
			end = later;
	}
	return end - command->start_boottime_ns;
}

/* ---- the summary ---- */

static void put_count(FILE *out, size_t n, const char *one, const char *many)
{
	fprintf(out, "%zu %s", n, n == 1 ? one : many);
}

/* A number as people read it; what is not known is '-'. */
static void put_known(FILE *out, size_t (*format)(char *to, uint64_t n),
		      uint64_t n)
{
	char text[KIN_FORMAT_MAX] = "-";

	fwrite(text, 1, n == KIN_NONE64 ? 1 : format(text, n), out);
}

static void put_largest(const struct runreport *report,
			const struct kin_members_sum *sum)
{
	const char *comm;

	if (sum->largest == KIN_MEMBER_NONE)
		return;
	comm = report->members->list[sum->largest].comm;
	fputs(", largest peak RSS ", report->out);
	put_known(report->out, kin_format_bytes, sum->rss_peak_bytes);
	fputs(" (", report->out);
	cmd_safe(report->out, comm, strnlen(comm, KIN_COMM_LEN));
	fputs(")", report->out);
}

static void put_summary(const struct runreport *report)
{
	FILE *out = report->out;
	struct kin_members_sum sum;

	kin_members_sum(report->members, &sum);
	put_count(out, sum.processes, "process", "processes");
	if (report->threads) {
		fputs(", ", out);
		put_count(out, sum.threads, "more thread", "more threads");
	}
	fputs(", ", out);
	put_count(out, sum.execs, "exec", "execs");
	fprintf(out, ", %zu failed", sum.failed);
	if (sum.running)
		fprintf(out, ", %zu still running", sum.running);
	fputs("; wall ", out);
	put_known(out, kin_format_duration, runreport_wall_ns(report));
	fputs(", CPU ", out);
	put_known(out, kin_format_duration, sum.cpu_ns);
	put_largest(report, &sum);
	fputs("\n", out);
}

static void put_gaps(const struct runreport *report)
{
	const uint64_t lost = report->members->n_lost;

	if (lost)
		fprintf(report->out,
			"%llu event%s lost: members and ends may be missing below\n",
			(unsigned long long)lost, lost == 1 ? " was" : "s were");
	if (report->cut)
		fprintf(report->out,
			"%s: what happened after that is missing below\n",
			report->cut);
}

/* ---- the tree ---- */

static const struct kin_member *member_of(const struct runreport *report,
					  uint32_t node)
{
	return &report->members->list[node];
}

/* Of all that stand on one line: the longest life, all CPU, the largest RSS. */
static void add_cells(struct treecells *cells, const struct kin_fold *fold,
		      const struct kin_fold_node *at, const void *arg)
{
	const struct runreport *report = arg;
	uint64_t life = KIN_NONE64, cpu = KIN_NONE64, rss = KIN_NONE64;

	for (uint32_t i = at->node; i != KIN_TREE_NONE; i = fold->more[i]) {
		const struct kin_member *member = member_of(report, i);

		life = kin_known_max(life, kin_member_life_ns(member));
		cpu = kin_known_sum(cpu, member->end.runtime_ns);
		rss = kin_known_max(rss, member->end.rss_peak_bytes);
	}
	treecells_add_known(cells, kin_format_u64, at->tasks, 0);
	treecells_add_known(cells, kin_format_duration, life, KIN_NONE64);
	treecells_add_known(cells, kin_format_duration, cpu, KIN_NONE64);
	treecells_add_known(cells, kin_format_bytes, rss, KIN_NONE64);
}

static const struct treecolumns columns = {
	.of = { { "COUNT", false }, { "LIFE", false }, { "CPU", false },
		{ "RSS-PEAK", false } },
	.n = 4,
	.add = add_cells,
};

static void put_name(struct treeline *line, const struct kin_member *member)
{
	const bool thread = member->flags & KIN_MEMBER_THREAD;

	treeline_ascii(line, thread ? "{" : "");
	treeline_foreign(line, member->comm,
			 strnlen(member->comm, KIN_COMM_LEN));
	treeline_ascii(line, thread ? "}" : "");
}

static void put_pid(struct treeline *line, uint32_t pid)
{
	char digits[KIN_FORMAT_MAX];
	const size_t len = kin_format_u64(digits, pid);

	treeline_ascii(line, "(");
	treeline_put(line, digits, len, len);
	treeline_ascii(line, ")");
}

static uint32_t ending_flags(const struct kin_member *member)
{
	return member->flags & KIN_MEMBER_OOM ? KIN_EVENT_OOM_VICTIM : 0;
}

/* How it ended, as it stands behind the name; returns its colour, "": none. */
static const char *ending_of(const struct kin_members *members,
			     const struct kin_member *member, char *to)
{
	to[0] = '\0';
	switch (kin_member_fate(members, member)) {
	case KIN_FATE_RUNNING:
		strcpy(to, " still running");
		return TREELINE_MAGENTA;
	case KIN_FATE_UNKNOWN:
		strcpy(to, " end not known");
		return TREELINE_YELLOW;
	case KIN_FATE_EXECED:
		strcpy(to, " became the main thread");
		return "";
	case KIN_FATE_ENDED:
		break;
	}
	if (!member->end.status)
		return "";
	to[0] = ' ';
	to[1 + kin_ending_put(to + 1, member->end.status,
			      ending_flags(member))] = '\0';
	return TREELINE_RED;
}

static void put_ending(struct treeline *line, const struct runreport *report,
		       const struct kin_member *member)
{
	char text[KIN_ENDING_MAX + 2];
	const char *color = ending_of(report->members, member, text);
	const bool colored = report->color && *color;

	if (colored)
		treeline_color(line, color);
	treeline_ascii(line, text);
	if (colored)
		treeline_color(line, "");
	if (member->flags & KIN_MEMBER_FOUND)
		treeline_ascii(line, " (birth lost)");
}

static void put_label(struct treeline *line, const struct kin_fold *fold,
		      const struct kin_fold_node *at, const void *arg)
{
	const struct runreport *report = arg;
	const struct kin_member *member = member_of(report, at->node);

	put_name(line, member);
	if (at->tasks == 1)
		put_pid(line, member->pid);
	put_ending(line, report, member);
}

/* All that a label shows but the pid. */
struct look {
	uint32_t flags, fate, status;
	char comm[KIN_COMM_LEN];
};

struct drawing {
	struct runreport report;	/* first: the others' arg is a report */
	struct look look;
};

static const void *look_at(const struct kin_tree *tree, uint32_t node,
			   size_t *len, void *arg)
{
	struct drawing *drawing = arg;
	const struct runreport *report = &drawing->report;
	const struct kin_member *member = member_of(report, node);
	struct look *look = &drawing->look;

	look->flags = member->flags;
	look->fate = kin_member_fate(report->members, member);
	look->status = member->end.status;
	/* fills the rest with NULs */
	strncpy(look->comm, member->comm, sizeof(look->comm));
	*len = sizeof(*look);
	return look;
}

static int draw_tree(const struct runreport *report,
		     const struct kin_tree *tree)
{
	struct drawing drawing = { .report = *report };
	const struct treedraw_nodes nodes = {
		.columns = &columns,
		.look = look_at,
		.put_label = put_label,
		.arg = &drawing,
	};
	const struct treedraw draw = {
		.out = report->out,
		.tree = tree,
		.width = report->width,
		.utf8 = cmd_utf8(),
		.utf8_lines = report->utf8_lines,
		.fold = report->fold,
		.nodes = &nodes,
	};

	return treedraw_print(&draw);
}

int runreport_print(const struct runreport *report)
{
	struct kin_tree tree;
	int err = runreport_tree(report, &tree);

	if (err)
		return err;
	put_summary(report);
	put_gaps(report);
	if (report->members->n)
		err = draw_tree(report, &tree);
	kin_tree_free(&tree);
	return err;
}
