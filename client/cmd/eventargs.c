// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <string.h>

#include "columns.h"
#include "events.h"

enum {
	KEY_EVENT = CMD_KEY_LONG,
	KEY_COMM,
	KEY_FAILED,
	KEY_COUNT,
	KEY_DURATION,
	KEY_BOOTTIME,
	KEY_SUMMARY,
	KEY_NO_SUMMARY,
	KEY_NO_HEADINGS,
	KEY_COLOR,
	KEY_LIST_COLUMNS,
};

static const struct cmd_option options[] = {
	{ "event", KEY_EVENT, "KIND[,KIND]",
	  "only these: fork, exec, exit, comm, oom, cgroup" },
	{ "failed", KEY_FAILED, NULL,
	  "of exits, only those not with status 0; alone: only exits" },
	{ "threads", 'T', NULL, "of threads, too, not only of processes" },
	{ "subtree", CMD_KEY_SUBTREE, "PID[,PID]",
	  "only these and what descends from them, as operands do" },
	{ "pid", CMD_KEY_PID, "PID[,PID]", "only these processes" },
	{ "tgid", CMD_KEY_TGID, "PID[,PID]", "the same" },
	{ "user", CMD_KEY_USER, "USER[,USER]",
	  "only tasks with these real users" },
	{ "cgroup", CMD_KEY_CGROUP, "PATH|ID",
	  "only tasks in this cgroup (v2) or below it" },
	{ "comm", KEY_COMM, "NAME[,NAME]",
	  "only tasks with these names, before or after" },
	CMD_WHERE_OPTIONS,
	{ "list-columns", KEY_LIST_COLUMNS, NULL,
	  "list what --where knows: id, type, unit, meaning" },
	{ "count", KEY_COUNT, "N", "end after N events" },
	{ "duration", KEY_DURATION, "TIME",
	  "end after so long: 5, 1.5s, 200ms, 2m" },
	{ "boottime", KEY_BOOTTIME, NULL,
	  "times in seconds since boot, not by the wall clock" },
	{ "json", 'J', NULL, "JSON: an object a line, units in the names" },
	{ "no-headings", KEY_NO_HEADINGS, NULL, "no first line" },
	{ "summary", KEY_SUMMARY, NULL,
	  "at the end, also with --json: there it is the last line" },
	{ "no-summary", KEY_NO_SUMMARY, NULL, "none, also without --json" },
	{ "color", KEY_COLOR, "WHEN", "always, never, or auto: on terminals" },
	{ NULL, 0, NULL, NULL }
};

static int take_kind(struct eventargs *args, const char *word)
{
	int i, status = cmd_word(&events_cmd, "event", word, kin_event_names, &i);

	if (!status)
		args->events |= 1u << i;
	return status;
}

/* A longer one would match nothing: the kernel cuts names. */
static int take_comm(struct eventargs *args, const char *word)
{
	const size_t len = strlen(word);
	char *name;

	if (!len)
		return cmd_usage(&events_cmd, "--comm: an empty name");
	if (len >= KIN_COMM_LEN)
		return cmd_usage(&events_cmd,
				 "--comm: '%s' has %zu bytes, names have %d at most: the kernel calls it '%.*s'",
				 word, len, KIN_COMM_LEN - 1, KIN_COMM_LEN - 1,
				 word);
	if (args->n_comms == KIN_MAX_COMMS)
		return cmd_usage(&events_cmd, "--comm: more than %d names",
				 KIN_MAX_COMMS);
	name = args->names[args->n_comms];
	args->comms[args->n_comms++] = strcpy(name, word);
	return CMD_OK;
}

static int take_list(struct eventargs *args, const char *arg,
		     int (*take)(struct eventargs *args, const char *word))
{
	int status = CMD_OK;
	char word[256];
	size_t len;

	for (;; arg += len + 1) {
		len = strcspn(arg, ",");
		snprintf(word, sizeof(word), "%.*s", (int)len, arg);
		status = take(args, word);
		if (status || !arg[len])
			return status;
	}
}

static int take_summary(struct eventargs *args, int want)
{
	if (args->summary == -want)
		return cmd_usage(&events_cmd,
				 "--summary and --no-summary exclude each other");
	args->summary = want;
	return CMD_OK;
}

/* Options without a value; NULL: none of them. */
static bool *find_flag(struct eventargs *args, int key)
{
	switch (key) {
	case 'T':
		return &args->threads;
	case 'J':
		return &args->json;
	case KEY_FAILED:
		return &args->failed;
	case KEY_BOOTTIME:
		return &args->boottime;
	case KEY_NO_HEADINGS:
		return &args->no_headings;
	case KEY_LIST_COLUMNS:
		return &args->list_columns;
	default:
		return NULL;
	}
}

static int take_value(struct eventargs *args, int key, const char *arg)
{
	switch (key) {
	case KEY_EVENT:
		return take_list(args, arg, take_kind);
	case KEY_COMM:
		return take_list(args, arg, take_comm);
	case KEY_COUNT:
		return cmd_take_count(&events_cmd, "count", "events", arg,
				      &args->count);
	case KEY_DURATION:
		return cmd_take_time(&events_cmd, "duration", arg,
				     &args->duration_ns);
	case KEY_SUMMARY:
		return take_summary(args, 1);
	case KEY_NO_SUMMARY:
		return take_summary(args, -1);
	case KEY_COLOR:
		return cmd_color(&events_cmd, arg, &args->color);
	case CMD_KEY_WHERE:
	case CMD_KEY_EXPLAIN:
		return where_option(&events_cmd, &args->where, key, arg);
	case CMD_KEY_PID:
		key = CMD_KEY_TGID;
		/* fallthrough */
	default:
		return cmd_scope_option(&events_cmd, &args->scope, key, arg);
	}
}

static int take_option(struct eventargs *args, int key, const char *arg)
{
	bool *flag = find_flag(args, key);

	if (!flag)
		return take_value(args, key, arg);
	*flag = true;
	return CMD_OK;
}

/* As in kin tree: the branches below these pids. */
static int take_operands(struct eventargs *args, int argc, char **argv)
{
	int status = CMD_OK;

	for (; optind < argc && !status; optind++)
		status = cmd_scope_option(&events_cmd, &args->scope,
					  CMD_KEY_SUBTREE, argv[optind]);
	return status;
}

static int check(struct eventargs *args)
{
	if (!args->failed)
		return CMD_OK;
	if (!args->events)
		args->events = KIN_EVENT_KIND_EXIT;
	if (args->events & KIN_EVENT_KIND_EXIT)
		return CMD_OK;
	return cmd_usage(&events_cmd,
			 "--failed chooses among exits, and --event leaves them out");
}

/* What has nothing to do with events that happen. */
static bool only_tell(const struct eventargs *args)
{
	if (args->list_columns && args->json)
		columns_list_json(&kin_event_columns);
	else if (args->list_columns)
		columns_list(&kin_event_columns);
	else if (args->where.explain)
		where_explain(&args->where);
	else
		return false;
	return true;
}

bool eventargs_parse(struct eventargs *args, int argc, char **argv,
		     int *status)
{
	int key;

	*status = CMD_OK;
	while (!*status && (key = cmd_getopt(&events_cmd, argc, argv)) != -1) {
		if (key == CMD_KEY_HELP || key == CMD_KEY_BAD) {
			*status = cmd_getopt_status(key);
			return false;
		}
		*status = take_option(args, key, optarg);
	}
	if (!*status)
		*status = take_operands(args, argc, argv);
	if (!*status)
		*status = check(args);
	if (!*status)
		*status = where_parse(&events_cmd, &args->where,
				      &kin_event_columns);
	if (!*status)
		*status = where_subtree(&events_cmd, &args->where, &args->scope);
	return !*status && !only_tell(args);
}

void eventargs_filter(const struct eventargs *args,
		      struct kin_event_filter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->events = args->events;
	filter->kinds = args->threads ? KIN_KINDS : KIN_KIND_PROCESS;
	cmd_scope_query(&args->scope, &filter->scope);
	filter->comms = args->comms;
	filter->n_comms = args->n_comms;
	filter->failed = args->failed;
	where_push_events(&args->where, filter);
}

bool eventargs_summary(const struct eventargs *args)
{
	return args->summary ? args->summary > 0 : !args->json;
}

void eventargs_free(struct eventargs *args)
{
	cmd_scope_free(&args->scope);
	where_free(&args->where);
}

const struct cmd events_cmd = {
	.name = "events",
	.run = cmd_events,
	.args = "[PID...]",
	.summary = "What happens to processes, as it happens: fork, exec, exit",
	.about =
		"Shows each event of all processes, or only of the branches below the given\n"
		"pids, until it is interrupted: who forked whom, which program was executed,\n"
		"how each process ended and what it had used by then. Events must pass each\n"
		"filter that is given. All filters but --where work in the kernel, and of that\n"
		"what can. It takes the capability CAP_SYS_PTRACE.\n"
		"\n"
		"If this program does not read in time, the kernel drops the oldest events\n"
		"and tells how many: a line says so where they are missing. No event is\n"
		"missing where no line says so.\n",
	.options = options,
	.more =
		"PID is the process the event is about; of a fork it is the one that forks,\n"
		"and the new one stands behind the arrow. At the end (by --count, --duration\n"
		"or an interrupt) a summary goes to standard error.\n"
		"\n"
		"Examples:\n"
		"  kin events                          everything, until ^C\n"
		"  kin events $$                       what this shell does from now on\n"
		"  kin events --failed                 each process that does not end well\n"
		"  kin events --event exec --user www-data --duration 1m\n"
		"  kin events --event oom --count 1    wait for the OOM killer\n"
		"  kin events --where 'status >= 128 && cputime > 1s'\n"
		"  kin events --json --event exit | jq 'select(.life_ns < 1e7).comm'\n",
};
