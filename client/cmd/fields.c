// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "format.h"
#include "table.h"

/* Which columns stand together; "user" stands for its number too. */
static const struct section {
	const char *title;
	const char *ids[20];
} sections[] = {
	{ "Identity",
	  { "pid", "nspid", "tgid", "ppid", "pgid", "sid", "tracer", "tty",
	    "flags", "start", "etime", "start_boottime", "exec_id",
	    "exit_signal" } },
	{ "Owner",
	  { "user", "euser", "suser", "fsuser", "group", "egroup", "sgroup",
	    "fsgroup" } },
	{ "State and scheduling",
	  { "state", "threads", "policy", "nice", "prio", "rtprio", "cpu",
	    "cpus_allowed", "run_delay", "nvcsw", "nivcsw" } },
	{ "CPU",
	  { "pcpu", "cputime", "utime", "stime", "runtime", "cutime",
	    "cstime" } },
	{ "Memory",
	  { "rss", "pmem", "rss_anon", "rss_file", "rss_shmem", "rss_peak",
	    "vsz", "swap", "pgtables", "minflt", "majflt", "cminflt", "cmajflt",
	    "oom_score_adj" } },
	{ "Gaps in what the kernel could tell now", { "busy", "cut" } },
};

/* What a field's number is, beside the name that stands for it. */
static const char *const numbers[][2] = {
	{ "user", "uid" },     { "euser", "euid" },   { "suser", "suid" },
	{ "fsuser", "fsuid" }, { "group", "gid" },    { "egroup", "egid" },
	{ "sgroup", "sgid" },  { "fsgroup", "fsgid" }, { "tty", "tty_nr" },
};

static const char *number_of(const char *id)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!strcmp(numbers[i][0], id))
			return numbers[i][1];
	return NULL;
}

static const struct kin_column *column(const char *id)
{
	return kin_column_find(id, strlen(id));
}

/* A value as text, ended by NUL. All fields here are short. */
#define TEXT_MAX 512

static void text_of(char *text, const struct kin_column *col,
		    const struct kin_view *view, const struct kin_task *task,
		    unsigned int style)
{
	struct kin_value value;
	uint32_t width;
	size_t len = 0;

	kin_column_get(col, view, task, &value);
	if (kin_value_room(col->type, &value) < TEXT_MAX)
		len = kin_value_put(text, col->type, &value, style, UINT32_MAX,
				    &width);
	text[len] = '\0';
}

/* The unit, the number behind a name, the word behind a letter. */
static void explain(char *text, const struct kin_column *col,
		    const struct kin_view *view, const struct kin_task *task,
		    unsigned int style)
{
	const char *number = number_of(col->id);
	char *end = text + strlen(text);
	char exact[TEXT_MAX];

	if (!strcmp(text, "-"))
		return;
	if (number) {
		text_of(exact, column(number), view, task, 0);
		/* a number: it is short */
		exact[24] = '\0';
		stpcpy(stpcpy(stpcpy(end, " ("), exact), ")");
	} else if (col->type == KIN_TYPE_PERCENT) {
		strcpy(end, "%");
	} else if (col->type == KIN_TYPE_STATE) {
		snprintf(end, 32, " (%s)",
			 kin_state_name(task->base.state));
	} else if ((style & KIN_STYLE_BASE) && *col->unit) {
		snprintf(end, 32, " %s", col->unit);
	}
}

static bool add_row(struct kin_table *table, const struct kin_column *col,
		    const struct kin_view *view, const struct kin_task *task,
		    unsigned int style)
{
	char text[TEXT_MAX + 32];

	text_of(text, col, view, task, style);
	explain(text, col, view, task, style);
	return kin_table_word(table, col->id) && kin_table_word(table, text) &&
	       kin_table_word(table, col->help);
}

static bool fill(struct kin_table *table, const struct kin_view *view,
		 const struct kin_task *task, unsigned int style)
{
	for (size_t s = 0; s < sizeof(sections) / sizeof(sections[0]); s++)
		for (const char *const *id = sections[s].ids; *id; id++)
			if (!add_row(table, column(*id), view, task, style))
				return false;
	return true;
}

static bool print_sections(struct kin_table *table)
{
	size_t at = 0, n;
	int err = 0;

	for (size_t s = 0; s < sizeof(sections) / sizeof(sections[0]) && !err;
	     s++) {
		for (n = 0; sections[s].ids[n]; n++)
			;
		printf("\n%s\n", sections[s].title);
		err = kin_table_print_rows(table, at, n, stdout);
		at += n;
	}
	return !err;
}

/* One argument, quoted if it could be taken for several or for none. */
static void put_argument(const char *arg, size_t len)
{
	bool quote = !len || memchr(arg, ' ', len) || memchr(arg, '\'', len);

	fputs(quote ? " '" : " ", stdout);
	cmd_safe(stdout, arg, len);
	fputs(quote ? "'" : "", stdout);
}

static void print_command(const struct kin_task *task)
{
	const char *at = task->cmdline, *end, *stop;

	puts("\nCommand line");
	if (!at) {
		puts(task->busy & KIN_GROUP_CMDLINE ?
			     "  busy: its memory is in use, try again" :
			     "  none");
		return;
	}
	fputs(" ", stdout);
	for (end = at + task->cmdline_len; at < end; at = stop + 1) {
		stop = memchr(at, '\0', end - at);
		if (!stop)
			stop = end;
		put_argument(at, stop - at);
	}
	puts(task->cut & KIN_GROUP_CMDLINE ? "\n  (cut: it is longer)" : "");
}

static void print_cgroup(const struct kin_task *task)
{
	puts("\nControl group");
	fputs("  ", stdout);
	if (task->cgroup_path)
		cmd_safe(stdout, task->cgroup_path, strlen(task->cgroup_path));
	else
		fputs(task->busy & KIN_GROUP_CGROUP ? "busy" : "-", stdout);
	if (task->cgroup_id != KIN_NONE64)
		printf(" (id %llu)", (unsigned long long)task->cgroup_id);
	fputs("\n", stdout);
}

int fields_print(const struct kin_view *view, const struct kin_task *task,
		 bool base)
{
	struct kin_table_column heads[3] = { { .heading = "" },
					     { .heading = "" },
					     { .heading = "" } };
	unsigned int style = (cmd_utf8() ? KIN_STYLE_UTF8 : 0) |
			     (base ? KIN_STYLE_BASE : 0);
	struct kin_table table;
	bool done;

	kin_table_init(&table, heads, 3);
	table.headings = false;
	table.margin = 2;
	table.limit = cmd_columns();
	table.wrap = true;
	done = fill(&table, view, task, style) && print_sections(&table);
	kin_table_free(&table);
	if (!done)
		return cmd_no_memory();
	print_cgroup(task);
	print_command(task);
	return CMD_OK;
}
