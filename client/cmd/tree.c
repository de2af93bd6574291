// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "column.h"
#include "name.h"
#include "treedraw.h"
#include "treejson.h"
#include "treeread.h"

enum {
	KEY_JSON = 'J',
	KEY_FOLD = CMD_KEY_LONG,
	KEY_SUMS,
	KEY_SORT,
	KEY_COLOR,
};

static const struct cmd_option options[] = {
	{ "threads", 'T', NULL, "threads too, as {name}" },
	{ "pids", 'p', NULL, "pids, as name(PID); nothing is folded" },
	{ "users", 'u', NULL, "users where they change, as name(USER)" },
	{ "args", 'a', NULL, "command lines; [name] if there is none" },
	{ "parents", 's', NULL, "the ancestors of what was asked for, too" },
	{ "highlight", 'H', "PID[,PID]", "mark these and their ancestors" },
	{ "sums", KEY_SUMS, NULL, "columns: what each branch amounts to" },
	{ "sort", KEY_SORT, "KEY", "children by pid, comm, rss or cpu" },
	{ "no-fold", 'c', NULL, "equal branches one by one" },
	{ "fold", KEY_FOLD, NULL, "fold in spite of --pids" },
	{ "user", CMD_KEY_USER, "USER[,USER]",
	  "only processes with these real users" },
	{ "cgroup", CMD_KEY_CGROUP, "PATH|ID",
	  "only processes in this cgroup (v2) or below it" },
	{ "no-kernel", CMD_KEY_NO_KERNEL, NULL, "no kernel threads" },
	{ "json", KEY_JSON, NULL, "JSON: a flat list, in tree order" },
	{ "utf8", 'U', NULL, "lines in UTF-8" },
	{ "ascii", 'A', NULL, "lines in ASCII" },
	{ "long", 'l', NULL, "do not cut lines at the terminal's width" },
	{ "color", KEY_COLOR, "WHEN", "always, never, or auto: on terminals" },
	{ NULL, 0, NULL, NULL }
};

/* What was asked for, and what came of it. */
struct family {
	bool pids, users, args, sums, json, uncut;
	bool fold, no_fold, utf8, ascii;
	int color;		/* 1: always, -1: never, 0: auto */
	enum kin_tree_key key;
	struct treeread read;
	struct cmd_scope highlight;
	struct kin_view view;
	bool *marked;
};

static int take_word(const char *what, const char *arg,
		     const char *const *words, int *index)
{
	const char *nearest;

	for (*index = 0; words[*index]; ++*index)
		if (!strcmp(words[*index], arg))
			return CMD_OK;
	nearest = cmd_nearest(arg, words);
	if (nearest)
		return cmd_usage(&tree_cmd,
				 "--%s: unknown word '%s'; did you mean '%s'?",
				 what, arg, nearest);
	return cmd_usage(&tree_cmd, "--%s: unknown word '%s'", what, arg);
}

static int take_sort(struct family *family, const char *arg)
{
	static const char *const words[] = { "pid", "comm", "rss", "cpu",
					     NULL };
	static const enum kin_tree_key keys[] = {
		KIN_TREE_BY_PID, KIN_TREE_BY_COMM, KIN_TREE_BY_RSS,
		KIN_TREE_BY_CPU
	};
	int i, status = take_word("sort", arg, words, &i);

	if (!status)
		family->key = keys[i];
	return status;
}

static int take_color(struct family *family, const char *arg)
{
	static const char *const words[] = { "never", "auto", "always", NULL };
	int i, status = take_word("color", arg, words, &i);

	if (!status)
		family->color = i - 1;
	return status;
}

/* Options without a value; NULL: none of them. */
static bool *find_flag(struct family *family, int key)
{
	const struct {
		int key;
		bool *flag;
	} flags[] = {
		{ 'T', &family->read.threads },	{ 'p', &family->pids },
		{ 'u', &family->users },	{ 'a', &family->args },
		{ 's', &family->read.parents },	{ 'c', &family->no_fold },
		{ 'U', &family->utf8 },		{ 'A', &family->ascii },
		{ 'l', &family->uncut },	{ KEY_JSON, &family->json },
		{ KEY_SUMS, &family->sums },	{ KEY_FOLD, &family->fold },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].key == key)
			return flags[i].flag;
	return NULL;
}

static int take_option(struct family *family, int key, const char *arg)
{
	bool *flag = find_flag(family, key);

	if (flag) {
		*flag = true;
		return CMD_OK;
	}
	switch (key) {
	case 'H':
		return cmd_scope_option(&tree_cmd, &family->highlight,
					CMD_KEY_PID, arg);
	case KEY_SORT:
		return take_sort(family, arg);
	case KEY_COLOR:
		return take_color(family, arg);
	default:
		return cmd_scope_option(&tree_cmd, &family->read.scope, key, arg);
	}
}

static int take_operands(struct family *family, int argc, char **argv)
{
	int status = CMD_OK;

	for (; optind < argc && !status; optind++)
		status = cmd_scope_option(&tree_cmd, &family->read.scope,
					  CMD_KEY_SUBTREE, argv[optind]);
	return status;
}

static int check_options(const struct family *family)
{
	if (family->utf8 && family->ascii)
		return cmd_usage(&tree_cmd, "-U and -A exclude each other");
	if (family->fold && family->no_fold)
		return cmd_usage(&tree_cmd,
				 "--fold and --no-fold exclude each other");
	return CMD_OK;
}

static uint32_t groups(const struct family *family)
{
	uint32_t groups = 0;

	if (family->json || family->sums || family->key == KIN_TREE_BY_RSS)
		groups |= KIN_GROUP_MEM;
	if (family->json || family->sums || family->key == KIN_TREE_BY_CPU)
		groups |= KIN_GROUP_SCHED;
	if (family->args)
		groups |= KIN_GROUP_CMDLINE;
	return groups;
}

/* ---- the output ---- */

static uint32_t find_node(const struct kin_tree *tree, uint32_t pid)
{
	uint32_t node = kin_tree_find(tree, pid);

	for (size_t i = 0; node == KIN_TREE_NONE && i < tree->n_order; i++)
		if (kin_tree_task(tree, tree->order[i])->base.pid == pid)
			node = tree->order[i];
	return node;
}

static int mark(struct family *family, bool scoped)
{
	int status = CMD_OK;

	if (!family->highlight.n_pids)
		return CMD_OK;
	family->marked = calloc(family->read.snap.n + 1, sizeof(*family->marked));
	if (!family->marked)
		return cmd_no_memory();
	for (size_t i = 0; i < family->highlight.n_pids; i++) {
		const uint32_t pid = family->highlight.pids[i];
		uint32_t node = find_node(&family->read.tree, pid);

		if (node == KIN_TREE_NONE && scoped) {
			cmd_error("pid %u is not in this tree", pid);
			status = CMD_NO_PID;
		} else if (node == KIN_TREE_NONE) {
			status = cmd_no_pid(pid);
		}
		for (; node != KIN_TREE_NONE;
		     node = family->read.tree.nodes[node].parent)
			family->marked[node] = true;
	}
	return status;
}

static bool use_color(const struct family *family)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	if (family->color)
		return family->color > 0;
	return isatty(STDOUT_FILENO) && !(no && *no) && term &&
	       strcmp(term, "dumb");
}

static int print_text(const struct family *family)
{
	struct treedraw draw = {
		.out = stdout,
		.tree = &family->read.tree,
		.marked = family->marked,
		.names = family->users ? family->view.names : NULL,
		.width = family->uncut ? 0 : cmd_columns(),
		.utf8 = cmd_utf8(),
		.utf8_lines = !family->ascii && cmd_utf8(),
		.color = use_color(family),
		.pids = family->pids,
		.args = family->args,
		.fold = family->fold || !(family->no_fold || family->pids),
		.sums = family->sums,
	};

	return treedraw_print(&draw) ? cmd_no_memory() : CMD_OK;
}

static int print_json(const struct family *family)
{
	struct treejson tj = {
		.out = stdout,
		.tree = &family->read.tree,
		.view = &family->view,
		.marked = family->marked,
		.threads = family->read.threads,
		.args = family->args,
	};

	treejson_print(&tj);
	return CMD_OK;
}

static int read_tree(struct family *family)
{
	uint32_t needs = family->users || family->json ? KIN_NEED_NAMES : 0;
	struct kin *kin;
	int status = cmd_open(&kin);

	if (status)
		return status;
	family->read.groups = groups(family);
	status = treeread_tree(kin, &family->read);
	if (!status)
		status = cmd_view(kin, needs, &family->view);
	kin_close(kin);
	if (!status && family->key != KIN_TREE_BY_PID &&
	    kin_tree_sort(&family->read.tree, family->key))
		status = cmd_no_memory();
	return status;
}

static int show(struct family *family)
{
	const bool scoped = treeread_is_scoped(&family->read) ||
			    family->read.scope.kernel < 0;
	int status = read_tree(family), unmarked;

	if (status)
		return status;
	unmarked = mark(family, scoped);
	if (unmarked == CMD_FAILED)
		return unmarked;
	status = family->json ? print_json(family) : print_text(family);
	if (status)
		return status;
	return family->read.missing ? family->read.missing : unmarked;
}

static int run(struct family *family, int argc, char **argv)
{
	int key, status;

	while ((key = cmd_getopt(&tree_cmd, argc, argv)) != -1) {
		if (key == CMD_KEY_HELP || key == CMD_KEY_BAD)
			return cmd_getopt_status(key);
		status = take_option(family, key, optarg);
		if (status)
			return status;
	}
	status = check_options(family);
	if (!status)
		status = take_operands(family, argc, argv);
	if (status)
		return status;
	/* who asks for UTF-8 takes it, and its widths, whatever the locale */
	if (family->utf8 && !cmd_utf8())
		setlocale(LC_CTYPE, "C.UTF-8");
	return show(family);
}

int cmd_tree(int argc, char **argv)
{
	struct family family = { .key = KIN_TREE_BY_PID };
	int status = run(&family, argc, argv);

	treeread_free(&family.read);
	kin_names_free(family.view.names);
	cmd_scope_free(&family.highlight);
	free(family.marked);
	return status;
}

const struct cmd tree_cmd = {
	.name = "tree",
	.run = cmd_tree,
	.args = "[PID...]",
	.summary = "Processes as a family tree",
	.about =
		"Shows all processes, each below its parent, or only the branches below the\n"
		"given pids. A process whose parent is not shown (it ended, it is in another\n"
		"pid namespace, a filter kept it back) stands at the left, as a root.\n"
		"\n"
		"Equal branches are folded: 3*[cat] are three processes, and what stands\n"
		"below or behind a folded one, each of them has. States are shown that are\n"
		"seldom good: <defunct> is a zombie, <disk sleep> cannot be interrupted.\n",
	.options = options,
	.more =
		"With --sums, each line starts with the number of processes and threads of\n"
		"its branch, their resident memory (shared pages count in everyone who has\n"
		"them), their CPU time, and how many are in a state other than asleep or\n"
		"idle: 3Z 1D. A folded line counts all it stands for. '-': nothing known.\n"
		"\n"
		"Where the output has no colours, -H marks lines with '*'. Deep branches\n"
		"start again at the left, behind the number of their generation.\n"
		"\n"
		"Examples:\n"
		"  kin tree                      the whole family\n"
		"  kin tree -p --no-kernel       with pids, without kernel threads\n"
		"  kin tree -T 1234              a process, its threads, its descendants\n"
		"  kin tree -s -H $$ $$          where this shell comes from\n"
		"  kin tree --sums --sort rss    which branch has the memory\n"
		"  kin tree -au --user www-data  command lines of one user's processes\n"
		"  kin tree --json | jq '.processes[] | select(.subtree.states.Z > 9).pid'\n",
};
