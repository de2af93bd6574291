// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <locale.h>

#include "cmd.h"
#include "follow.h"
#include "treeshow.h"

enum {
	KEY_JSON = 'J',
	KEY_FOLD = CMD_KEY_LONG,
	KEY_SUMS,
	KEY_SORT,
	KEY_COLOR,
	KEY_INTERVAL,
	KEY_DURATION,
	KEY_COUNT,
};

/* More often is for no eye. */
#define INTERVAL_LEAST_NS 10000000ull

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
	CMD_WHERE_OPTIONS,
	{ "follow", 'f', NULL, "go on and show what changes; see below" },
	{ "interval", KEY_INTERVAL, "TIME",
	  "on a terminal: draw it again so often at most; 0.5s" },
	{ "count", KEY_COUNT, "N", "end after N changes" },
	{ "duration", KEY_DURATION, "TIME",
	  "end after so long: 5, 1.5s, 200ms, 2m" },
	{ "json", KEY_JSON, NULL, "JSON: a flat list, in tree order" },
	{ "utf8", 'U', NULL, "lines in UTF-8" },
	{ "ascii", 'A', NULL, "lines in ASCII" },
	{ "long", 'l', NULL, "do not cut lines at the terminal's width" },
	{ "color", KEY_COLOR, "WHEN", "always, never, or auto: on terminals" },
	{ NULL, 0, NULL, NULL }
};

static int take_sort(struct treeshow *show, const char *arg)
{
	static const char *const words[] = { "pid", "comm", "rss", "cpu",
					     NULL };
	static const enum kin_tree_key keys[] = {
		KIN_TREE_BY_PID, KIN_TREE_BY_COMM, KIN_TREE_BY_RSS,
		KIN_TREE_BY_CPU
	};
	int i, status = cmd_word(&tree_cmd, "sort", arg, words, &i);

	if (!status)
		show->key = keys[i];
	return status;
}

static int take_interval(struct treeshow *show, const char *arg)
{
	int status = cmd_take_time(&tree_cmd, "interval", arg,
				   &show->interval_ns);

	if (status || show->interval_ns >= INTERVAL_LEAST_NS)
		return status;
	return cmd_usage(&tree_cmd, "--interval: '%s' is less than 10ms", arg);
}

/* Options without a value; NULL: none of them. */
static bool *find_flag(struct treeshow *show, int key)
{
	const struct {
		int key;
		bool *flag;
	} flags[] = {
		{ 'T', &show->read.threads },	{ 'p', &show->pids },
		{ 'u', &show->users },		{ 'a', &show->args },
		{ 's', &show->read.parents },	{ 'c', &show->no_fold },
		{ 'U', &show->utf8 },		{ 'A', &show->ascii },
		{ 'l', &show->uncut },		{ KEY_JSON, &show->json },
		{ KEY_SUMS, &show->sums },	{ KEY_FOLD, &show->fold },
		{ 'f', &show->follow },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].key == key)
			return flags[i].flag;
	return NULL;
}

static int take_option(struct treeshow *show, int key, const char *arg)
{
	bool *flag = find_flag(show, key);

	if (flag) {
		*flag = true;
		return CMD_OK;
	}
	switch (key) {
	case 'H':
		return cmd_scope_option(&tree_cmd, &show->highlight,
					CMD_KEY_PID, arg);
	case KEY_SORT:
		return take_sort(show, arg);
	case KEY_INTERVAL:
		return take_interval(show, arg);
	case KEY_DURATION:
		return cmd_take_time(&tree_cmd, "duration", arg,
				     &show->duration_ns);
	case KEY_COUNT:
		return cmd_take_count(&tree_cmd, "count", "changes", arg,
				      &show->count);
	case KEY_COLOR:
		return cmd_color(&tree_cmd, arg, &show->color);
	case CMD_KEY_WHERE:
	case CMD_KEY_EXPLAIN:
		return where_option(&tree_cmd, &show->read.where, key, arg);
	default:
		return cmd_scope_option(&tree_cmd, &show->read.scope, key, arg);
	}
}

static int take_operands(struct treeshow *show, int argc, char **argv)
{
	int status = CMD_OK;

	for (; optind < argc && !status; optind++)
		status = cmd_scope_option(&tree_cmd, &show->read.scope,
					  CMD_KEY_SUBTREE, argv[optind]);
	return status;
}

static int check_options(const struct treeshow *show)
{
	if (show->utf8 && show->ascii)
		return cmd_usage(&tree_cmd, "-U and -A exclude each other");
	if (show->fold && show->no_fold)
		return cmd_usage(&tree_cmd,
				 "--fold and --no-fold exclude each other");
	if (show->follow && show->read.where.text)
		return cmd_usage(&tree_cmd,
				 "--follow shows what happens to whole branches: it does not take --where");
	if (show->follow)
		return CMD_OK;
	if (show->interval_ns || show->duration_ns || show->count)
		return cmd_usage(&tree_cmd,
				 "--interval, --duration and --count need --follow");
	return CMD_OK;
}

/* Once, from the kernel. */
static int read_tree(struct treeshow *show)
{
	struct kin *kin;
	int status = cmd_open(&kin);

	if (status)
		return status;
	show->read.groups = treeshow_groups(show);
	status = treeread_tree(kin, &show->read);
	if (!status)
		status = treeshow_view(show, kin);
	kin_close(kin);
	return status ? status : treeshow_sort(show);
}

static int print(struct treeshow *show)
{
	int status = read_tree(show), unmarked;

	if (status)
		return status;
	unmarked = treeshow_mark(show, true);
	if (unmarked == CMD_FAILED)
		return unmarked;
	status = treeshow_print(show);
	if (status)
		return status;
	return show->read.missing ? show->read.missing : unmarked;
}

static int run(struct treeshow *show, int argc, char **argv)
{
	int key, status;

	while ((key = cmd_getopt(&tree_cmd, argc, argv)) != -1) {
		if (key == CMD_KEY_HELP || key == CMD_KEY_BAD)
			return cmd_getopt_status(key);
		status = take_option(show, key, optarg);
		if (status)
			return status;
	}
	status = check_options(show);
	if (!status)
		status = take_operands(show, argc, argv);
	if (!status)
		status = where_parse(&tree_cmd, &show->read.where,
				     &kin_task_columns);
	if (status)
		return status;
	if (show->read.where.explain) {
		where_explain(&show->read.where);
		return CMD_OK;
	}
	/* who asks for UTF-8 takes it, and its widths, whatever the locale */
	if (show->utf8 && !cmd_utf8())
		setlocale(LC_CTYPE, "C.UTF-8");
	show->scoped = treeread_is_scoped(&show->read) ||
		       show->read.where.text || show->read.scope.kernel < 0;
	return show->follow ? follow_tree(show) : print(show);
}

int cmd_tree(int argc, char **argv)
{
	struct treeshow show = { .key = KIN_TREE_BY_PID };
	int status = run(&show, argc, argv);

	treeshow_free(&show);
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
		"seldom good: <defunct> is a zombie, <disk sleep> cannot be interrupted.\n"
		"With --where, the processes for which it is true are shown, and, so that it is\n"
		"a tree, those above them in it.\n",
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
		"With --follow, a terminal shows the tree as it is: what was born a moment ago\n"
		"stands behind a '+', what has ended behind a '-', with how it ended; q ends.\n"
		"Elsewhere the tree is printed once, then a line for each change: '+' born,\n"
		"'-' ended, '~' another program, name, parent or cgroup, '!' events were lost\n"
		"and the tree was read anew. It takes the capability CAP_SYS_PTRACE.\n"
		"\n"
		"Examples:\n"
		"  kin tree                      the whole family\n"
		"  kin tree -p --no-kernel       with pids, without kernel threads\n"
		"  kin tree -T 1234              a process, its threads, its descendants\n"
		"  kin tree -s -H $$ $$          where this shell comes from\n"
		"  kin tree --sums --sort rss    which branch has the memory\n"
		"  kin tree --where 'state == \"Z\"'   who does not wait for its children\n"
		"  kin tree -au --user www-data  command lines of one user's processes\n"
		"  kin tree --follow -p $$       what this shell does, as it happens\n"
		"  kin tree --json | jq '.processes[] | select(.subtree.states.Z > 9).pid'\n",
};
