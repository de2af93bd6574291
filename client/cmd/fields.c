// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "fields.h"
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
	{ "Open descriptors",
	  { "open", "files_pct", "files_limit", "files_hard", "files_table",
	    "files_users" } },
	{ "Input and output",
	  { "rchar", "syscr", "wchar", "syscw", "read_bytes", "write_bytes",
	    "cancelled_write_bytes" } },
	{ "Waiting",
	  { "since_cpu", "delay_blkio", "delay_swapin", "delay_freepages",
	    "delay_thrashing", "delay_compact", "delay_wpcopy",
	    "delay_irq" } },
	{ "Namespaces",
	  { "cgroupns", "ipcns", "mntns", "netns", "pidns", "pidns_children",
	    "timens", "timens_children", "userns", "utsns" } },
};

#define N_SECTIONS (sizeof(sections) / sizeof(sections[0]))

/* What a field's number is, beside the name that stands for it, or how often. */
static const char *const numbers[][2] = {
	{ "user", "uid" },
	{ "euser", "euid" },
	{ "suser", "suid" },
	{ "fsuser", "fsuid" },
	{ "group", "gid" },
	{ "egroup", "egid" },
	{ "sgroup", "sgid" },
	{ "fsgroup", "fsgid" },
	{ "tty", "tty_nr" },
	{ "delay_blkio", "delay_blkio_count" },
	{ "delay_swapin", "delay_swapin_count" },
	{ "delay_freepages", "delay_freepages_count" },
	{ "delay_thrashing", "delay_thrashing_count" },
	{ "delay_compact", "delay_compact_count" },
	{ "delay_wpcopy", "delay_wpcopy_count" },
	{ "delay_irq", "delay_irq_count" },
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
#define EXPLAIN_MAX 48

static void text_of(char *text, const struct kin_column *col,
		    const struct fields *fields, unsigned int style)
{
	struct kin_value value;
	uint32_t width;
	size_t len = 0;

	kin_column_get(col, fields->view, fields->task, &value);
	if (kin_value_room(col->type, &value) < TEXT_MAX)
		len = kin_value_put(text, col->type, &value, style, UINT32_MAX,
				    &width);
	text[len] = '\0';
}

bool fields_is_foreign(const struct fields *fields,
		       const struct kin_column *col)
{
	struct kin_value theirs, ours;

	if (col->needs != KIN_GROUP_NS || !fields->own)
		return false;
	kin_column_get(col, fields->view, fields->task, &theirs);
	kin_column_get(col, fields->view, fields->own, &ours);
	return theirs.known && ours.known && theirs.u != ours.u;
}

/* The number is short: it fits. */
static void put_number(char *to, const struct kin_column *number,
		       const struct fields *fields)
{
	const char *times = number->needs == KIN_GROUP_DELAY ? " times" : "";
	char exact[TEXT_MAX];

	text_of(exact, number, fields, 0);
	snprintf(to, EXPLAIN_MAX, " (%.24s%s)", exact, times);
}

/* The unit, the number behind a name, the word behind a letter. */
static void explain(char *text, const struct kin_column *col,
		    const struct fields *fields, unsigned int style)
{
	const char *number = number_of(col->id);
	const char letter = fields->task->base.state;
	char *end = text + strlen(text);

	if (!strcmp(text, "-"))
		return;
	if ((style & KIN_STYLE_BASE) && col->type == KIN_TYPE_DURATION)
		end += snprintf(end, EXPLAIN_MAX, " %s", col->unit);
	if (number)
		put_number(end, column(number), fields);
	else if (col->type == KIN_TYPE_PERCENT)
		strcpy(end, "%");
	else if (col->type == KIN_TYPE_STATE)
		snprintf(end, EXPLAIN_MAX, " (%s)", kin_state_name(letter));
	else if (fields_is_foreign(fields, col))
		strcpy(end, " (not yours)");
	else if (col->needs == KIN_GROUP_WAIT && letter == 'D')
		strcpy(end, " (in D at most so long)");
	else if ((style & KIN_STYLE_BASE) && *col->unit &&
		 col->type != KIN_TYPE_DURATION)
		snprintf(end, EXPLAIN_MAX, " %s", col->unit);
}

static bool add_row(struct kin_table *table, const struct kin_column *col,
		    const struct fields *fields, unsigned int style)
{
	char text[TEXT_MAX + 2 * EXPLAIN_MAX];

	text_of(text, col, fields, style);
	explain(text, col, fields, style);
	return kin_table_word(table, col->id) && kin_table_word(table, text) &&
	       kin_table_word(table, col->help);
}

/* Of a private group that did not come nothing is said here, but why, elsewhere. */
static bool is_shown(const struct fields *fields, const char *id)
{
	const uint32_t group = column(id)->needs & KIN_GROUPS_PRIVATE;

	return !group || (fields->task->groups & group);
}

static bool fill(struct kin_table *table, const struct fields *fields,
		 unsigned int style)
{
	for (size_t s = 0; s < N_SECTIONS; s++)
		for (const char *const *id = sections[s].ids; *id; id++)
			if (is_shown(fields, *id) &&
			    !add_row(table, column(*id), fields, style))
				return false;
	return true;
}

static bool print_sections(struct kin_table *table,
			   const struct fields *fields)
{
	size_t at = 0, n;
	int err = 0;

	for (size_t s = 0; s < N_SECTIONS && !err; s++, at += n) {
		n = 0;
		for (const char *const *id = sections[s].ids; *id; id++)
			n += is_shown(fields, *id);
		if (!n)
			continue;
		printf("\n%s\n", sections[s].title);
		err = kin_table_print_rows(table, at, n, stdout);
	}
	return !err;
}

int fields_print(const struct fields *fields)
{
	struct kin_table_column heads[3] = { { .heading = "" },
					     { .heading = "" },
					     { .heading = "" } };
	unsigned int style = (cmd_utf8() ? KIN_STYLE_UTF8 : 0) |
			     (fields->base ? KIN_STYLE_BASE : 0);
	struct kin_table table;
	bool done;

	kin_table_init(&table, heads, 3);
	table.headings = false;
	table.margin = 2;
	table.limit = cmd_columns();
	table.wrap = true;
	done = fill(&table, fields, style) && print_sections(&table, fields);
	kin_table_free(&table);
	return done ? CMD_OK : cmd_no_memory();
}
