// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "columns.h"
#include "name.h"
#include "table.h"
#include "where.h"

#define DEFAULT_COLUMNS \
	"pid,ppid,user,state,threads,pcpu,rss,cputime,etime,command"
#define DEFAULT_THREAD_COLUMNS \
	"pid,tgid,user,state,cpu,pcpu,cputime,run_delay,etime,comm"

enum {
	KEY_JSON = 'J',
	KEY_LIST_COLUMNS = CMD_KEY_LONG,
	KEY_RAW,
	KEY_NO_HEADINGS,
};

static const struct cmd_option options[] = {
	{ "columns", 'o', "LIST",
	  "these columns; +COL,-COL change the default; 'all'" },
	{ "list-columns", KEY_LIST_COLUMNS, NULL,
	  "list all columns: id, type, unit, meaning" },
	{ "sort", 's', "COL[,COL]", "sort by columns; -COL: largest first" },
	{ "reverse", 'r', NULL, "turn the order around" },
	{ "threads", 'T', NULL, "a row for each thread, not each process" },
	CMD_SCOPE_OPTIONS,
	CMD_WHERE_OPTIONS,
	{ "json", KEY_JSON, NULL, "JSON: typed, in base units, absent is null" },
	{ "raw", KEY_RAW, NULL, "for scripts: words without blanks, base units" },
	{ "no-headings", KEY_NO_HEADINGS, NULL, "no line of headings" },
	{ "bytes", 'b', NULL, "numbers in base units (bytes, ns) in the table" },
	{ NULL, 0, NULL, NULL }
};

struct ps {
	const char *column_text;
	struct columns columns;
	struct sort sort;
	struct cmd_scope scope;
	struct where where;
	uint32_t kinds;
	bool reverse, json, raw, no_headings, base, list;
	struct kin_view view;
	struct kin_snapshot snap;
	const struct kin_task **rows;
	size_t n_rows;
};

static int take_option(struct ps *ps, int key, const char *arg)
{
	switch (key) {
	case 'o':
		ps->column_text = arg;
		break;
	case 's':
		return sort_parse(&ps_cmd, &ps->sort, arg);
	case 'r':
		ps->reverse = true;
		break;
	case 'T':
		ps->kinds = KIN_KIND_THREAD;
		break;
	case 'b':
		ps->base = true;
		break;
	case KEY_JSON:
		ps->json = true;
		break;
	case KEY_RAW:
		ps->raw = true;
		break;
	case KEY_NO_HEADINGS:
		ps->no_headings = true;
		break;
	case KEY_LIST_COLUMNS:
		ps->list = true;
		break;
	case CMD_KEY_WHERE:
	case CMD_KEY_EXPLAIN:
		return where_option(&ps_cmd, &ps->where, key, arg);
	default:
		return cmd_scope_option(&ps_cmd, &ps->scope, key, arg);
	}
	return CMD_OK;
}

/* With -T a process given by its pid stands for all its threads. */
static int take_operands(struct ps *ps, int argc, char **argv)
{
	if (ps->kinds != KIN_KIND_THREAD || ps->scope.n_tgids)
		return cmd_scope_operands(&ps_cmd, &ps->scope, argc, argv);
	return cmd_scope_processes(&ps_cmd, &ps->scope, argc, argv);
}

static int list_columns(const struct ps *ps)
{
	if (ps->json)
		return columns_list_json(&kin_task_columns);
	return ps->raw ? columns_list_raw(&kin_task_columns) :
			 columns_list(&kin_task_columns);
}

static bool select_rows(struct ps *ps)
{
	ps->rows = calloc(ps->snap.n + 1, sizeof(*ps->rows));
	if (!ps->rows)
		return false;
	for (size_t i = 0; i < ps->snap.n; i++)
		if (cmd_scope_passes(&ps->scope, &ps->snap.tasks[i]) &&
		    where_task(&ps->where, &ps->snap.tasks[i]))
			ps->rows[ps->n_rows++] = &ps->snap.tasks[i];
	if (ps->sort.n &&
	    !sort_rows(&ps->sort, &ps->view, ps->rows, ps->n_rows))
		return false;
	for (size_t i = 0; ps->reverse && i < ps->n_rows / 2; i++) {
		const struct kin_task *swap = ps->rows[i];

		ps->rows[i] = ps->rows[ps->n_rows - 1 - i];
		ps->rows[ps->n_rows - 1 - i] = swap;
	}
	return true;
}

static void print_json(const struct ps *ps)
{
	struct kin_json json;

	kin_json_begin(&json, stdout);
	kin_json_object(&json, NULL);
	kin_json_array(&json, "tasks");
	for (size_t i = 0; i < ps->n_rows; i++) {
		kin_json_object_line(&json, NULL);
		for (size_t c = 0; c < ps->columns.n; c++)
			cmd_json_column(&json, ps->columns.list[c], &ps->view,
					ps->rows[i]);
		kin_json_object_end(&json);
	}
	kin_json_array_end(&json);
	kin_json_object_end(&json);
	kin_json_end(&json);
}

static bool fill_row(const struct ps *ps, struct kin_table *table,
		     const struct kin_task *task, unsigned int style)
{
	uint32_t limit = table->limit ? table->limit : UINT32_MAX, width;
	struct kin_value value;
	size_t bytes;
	char *at;

	for (size_t c = 0; c < ps->columns.n; c++) {
		const struct kin_column *col = ps->columns.list[c];

		kin_column_get(col, &ps->view, task, &value);
		at = kin_table_cell(table, kin_value_room(col->type, &value));
		if (!at)
			return false;
		bytes = kin_value_put(at, col->type, &value, style, limit,
				      &width);
		kin_table_put(table, bytes, width);
	}
	return true;
}

static int print_table(const struct ps *ps)
{
	struct kin_table_column heads[COLUMNS_MAX];
	unsigned int style = (cmd_utf8() ? KIN_STYLE_UTF8 : 0) |
			     (ps->base ? KIN_STYLE_BASE : 0) |
			     (ps->raw ? KIN_STYLE_RAW : 0);
	struct kin_table table;
	bool enough = true;

	for (size_t c = 0; c < ps->columns.n; c++) {
		heads[c].heading = ps->columns.list[c]->heading;
		heads[c].right = kin_column_right(ps->columns.list[c]);
	}
	kin_table_init(&table, heads, ps->columns.n);
	table.raw = ps->raw;
	table.headings = !ps->no_headings;
	table.limit = ps->raw ? 0 : cmd_columns();
	for (size_t i = 0; i < ps->n_rows && enough; i++)
		enough = fill_row(ps, &table, ps->rows[i], style);
	if (enough)
		enough = !kin_table_print(&table, stdout);
	kin_table_free(&table);
	return enough ? CMD_OK : cmd_no_memory();
}

static int print_rows(const struct ps *ps)
{
	if (!ps->json)
		return print_table(ps);
	print_json(ps);
	return CMD_OK;
}

/* Of what is shown. */
static uint32_t needs_of(const struct ps *ps)
{
	return ps->columns.needs | ps->sort.needs;
}

/* Where null and '-' could be anything. */
static void tell_denied(const struct ps *ps)
{
	size_t n = 0;

	for (size_t i = 0; i < ps->n_rows; i++)
		n += !!(ps->rows[i]->denied & needs_of(ps));
	if (n)
		cmd_error("private columns of %zu are denied: it takes CAP_SYS_PTRACE over their user namespaces",
			  n);
}

static int take_snapshot(struct kin *kin, struct ps *ps)
{
	const uint32_t needs = needs_of(ps) | where_needs(&ps->where);
	struct kin_query query = {
		.groups = needs & KIN_GROUPS,
		.kinds = ps->kinds,
	};
	int err;

	cmd_scope_query(&ps->scope, &query.scope);
	where_push(&ps->where, &query.scope);
	err = kin_snapshot_take(kin, &query, &ps->snap);
	if (err)
		return cmd_failed(kin, err, "cannot read the tasks");
	/* after the tasks: none is younger than this */
	return cmd_view(kin, needs, &ps->view);
}

static int choose(struct kin *kin, struct ps *ps)
{
	int status = take_snapshot(kin, ps);

	if (status)
		return status;
	where_begin(&ps->where, kin, &ps->view);
	return select_rows(ps) ? where_end(&ps->where) : cmd_no_memory();
}

static int show(struct ps *ps)
{
	struct kin *kin;
	int status = cmd_open(&kin), missing;

	if (status)
		return status;
	status = choose(kin, ps);
	if (!status)
		status = print_rows(ps);
	if (!status) {
		tell_denied(ps);
		where_tell(&ps->where);
	}
	missing = status ? CMD_OK :
			   cmd_scope_missing(kin, &ps->scope, ps->kinds,
					     &ps->snap);
	kin_close(kin);
	return status ? status : missing;
}

static int run(struct ps *ps, int argc, char **argv)
{
	const char *defaults = DEFAULT_COLUMNS;
	int key, status;

	while ((key = cmd_getopt(&ps_cmd, argc, argv)) != -1) {
		if (key == CMD_KEY_HELP || key == CMD_KEY_BAD)
			return cmd_getopt_status(key);
		status = take_option(ps, key, optarg);
		if (status)
			return status;
	}
	if (ps->json && ps->raw)
		return cmd_usage(&ps_cmd, "--json and --raw exclude each other");
	if (ps->list)
		return list_columns(ps);
	if (ps->kinds == KIN_KIND_THREAD)
		defaults = DEFAULT_THREAD_COLUMNS;
	status = columns_parse(&ps_cmd, &ps->columns, ps->column_text,
			       defaults);
	if (!status)
		status = take_operands(ps, argc, argv);
	if (!status)
		status = where_parse(&ps_cmd, &ps->where, &kin_task_columns);
	if (status)
		return status;
	if (!ps->where.explain)
		return show(ps);
	where_explain(&ps->where);
	return CMD_OK;
}

int cmd_ps(int argc, char **argv)
{
	struct ps ps = { .kinds = KIN_KIND_PROCESS };
	int status = run(&ps, argc, argv);

	where_free(&ps.where);
	kin_names_free(ps.view.names);
	kin_snapshot_free(&ps.snap);
	cmd_scope_free(&ps.scope);
	free(ps.rows);
	return status;
}

const struct cmd ps_cmd = {
	.name = "ps",
	.run = cmd_ps,
	.args = "[PID...]",
	.summary = "Processes (or threads) as a table",
	.about =
		"Shows all processes, or those with the given pids. Filters of different\n"
		"kinds must all pass; of several values of one kind, one must. With\n"
		"--threads, a PID stands for all threads of that process.\n",
	.options = options,
	.more =
		"Sizes are in bytes, or with K, M, G, T: powers of 1024. Durations are in\n"
		"ns, us, ms, s, or minutes:seconds, hours:minutes:seconds, days-hours:...;\n"
		"%CPU is a share of one CPU. '-' stands for what is unknown or does not\n"
		"exist, 'busy' for what cannot be had now without waiting, 'denied' for what\n"
		"you may not have of a task. Bytes that cannot be shown safely appear as \\xNN.\n"
		"Columns about descriptors, I/O, exe, cwd, root, namespaces, delays and stack\n"
		"are private: they take CAP_SYS_PTRACE.\n"
		"\n"
		"Examples:\n"
		"  kin ps                               all processes\n"
		"  kin ps -s -rss -o +swap              largest first, one more column\n"
		"  kin ps --state DZ                    what is stuck or a zombie\n"
		"  kin ps --where 'rss > 1GiB || open > 80% * files_limit'\n"
		"  kin ps -T 1234                       the threads of one process\n"
		"  kin ps -s -files_pct -o +open,files_pct   nearest to its limit first\n"
		"  kin ps --subtree 1 --user www-data   descendants of 1 of one user\n"
		"  kin ps --raw --no-headings -o pid,rss --cgroup /system.slice\n",
};
