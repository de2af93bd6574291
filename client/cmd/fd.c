// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <string.h>

#include "fdargs.h"
#include "fdcounts.h"
#include "fdrow.h"

enum {
	KEY_JSON = 'J',
	KEY_LIST_COLUMNS = CMD_KEY_LONG,
	KEY_RAW,
	KEY_NO_HEADINGS,
	KEY_PATH,
	KEY_DELETED,
	KEY_PORT,
	KEY_ADDRESS,
	KEY_SOCKET_STATE,
	KEY_LIMIT_RATIO,
	KEY_WHO,
	KEY_NO_PEERS,
	KEY_BY_TYPE,
	KEY_SAMPLES,
};

static const struct cmd_option options[] = {
	{ "type", 't', "TYPE[,TYPE]",
	  "only these types: file, dir, pipe, socket, epoll ..." },
	{ "path", KEY_PATH, "PATH", "only this path and what is below it" },
	{ "deleted", KEY_DELETED, NULL, "only what was removed, and is open" },
	{ "port", KEY_PORT, "PORT", "only sockets with this port at an end" },
	{ "address", KEY_ADDRESS, "ADDRESS",
	  "only sockets with this IPv4 or IPv6 address at an end" },
	{ "socket-state", KEY_SOCKET_STATE, "STATE[,STATE]",
	  "only sockets in these states: listen, established ..." },
	{ "limit-ratio", KEY_LIMIT_RATIO, "PERCENT",
	  "only processes that use so much of their soft limit" },
	{ "who", KEY_WHO, "PATH|[ADDRESS]:PORT",
	  "who has this file, or is at this end of a socket" },
	{ "count", 'c', NULL, "a row for each process: how many, of how many" },
	{ "by-type", KEY_BY_TYPE, NULL, "with --count: of each type, too" },
	{ "watch", 'w', "SECONDS", "who grows: look again each so many seconds" },
	{ "samples", 'n', "N", "with --watch: end after so many intervals" },
	{ "columns", 'o', "LIST",
	  "these columns; +COL,-COL change the default; 'all'" },
	{ "list-columns", KEY_LIST_COLUMNS, NULL,
	  "list all columns: id, type, unit, meaning" },
	{ "sort", 's', "COL[,COL]", "sort by columns; -COL: largest first" },
	{ "no-peers", KEY_NO_PEERS, NULL,
	  "do not look for the other ends of pipes and unix sockets" },
	{ "threads", 'T', NULL, "tables of threads, too, that have their own" },
	CMD_SCOPE_USER_OPTIONS,
	CMD_WHERE_OPTIONS,
	{ "json", KEY_JSON, NULL, "JSON: all that is known, absent is null" },
	{ "raw", KEY_RAW, NULL, "for scripts: words without blanks, base units" },
	{ "no-headings", KEY_NO_HEADINGS, NULL, "no line of headings" },
	{ "bytes", 'b', NULL, "sizes in bytes" },
	{ NULL, 0, NULL, NULL }
};

static int take_filter(struct fd_filter *filter, int key, const char *arg)
{
	switch (key) {
	case 't':
		return fdargs_types(arg, &filter->types);
	case KEY_PATH:
		return fdargs_path(arg, &filter->path);
	case KEY_PORT:
		return fdargs_port(arg, &filter->at);
	case KEY_ADDRESS:
		return fdargs_address(arg, &filter->at);
	case KEY_SOCKET_STATE:
		return fdargs_states(arg, &filter->states);
	case KEY_LIMIT_RATIO:
		return fdargs_percent(arg, &filter->limit_percent);
	default:
		filter->deleted = true;
		return CMD_OK;
	}
}

/* Options without an argument; NULL: it is none of them. */
static bool *flag_of(struct fd_options *fd, int key)
{
	switch (key) {
	case 'c':
		return &fd->count;
	case 'b':
		return &fd->base;
	case KEY_BY_TYPE:
		return &fd->by_type;
	case KEY_NO_PEERS:
		return &fd->no_peers;
	case KEY_JSON:
		return &fd->json;
	case KEY_RAW:
		return &fd->raw;
	case KEY_NO_HEADINGS:
		return &fd->no_headings;
	case KEY_LIST_COLUMNS:
		return &fd->list_columns;
	default:
		return NULL;
	}
}

static int take_option(struct fd_options *fd, int key, const char *arg)
{
	bool *flag = flag_of(fd, key);

	if (flag) {
		*flag = true;
		return CMD_OK;
	}
	switch (key) {
	case 'o':
		fd->column_text = arg;
		return CMD_OK;
	case 's':
		return sort_parse(&fd_cmd, &fd->sort, arg);
	case 'T':
		fd->kinds = KIN_KINDS;
		return CMD_OK;
	case 'w':
		return cmd_take_time(&fd_cmd, "watch", arg, &fd->watch_ns);
	case 'n':
		return cmd_take_count(&fd_cmd, "samples", "intervals", arg,
				      &fd->intervals);
	case KEY_WHO:
		fd->who = arg;
		return CMD_OK;
	case CMD_KEY_WHERE:
	case CMD_KEY_EXPLAIN:
		return where_option(&fd_cmd, fd->where, key, arg);
	case CMD_KEY_SCOPE ... CMD_KEY_SCOPE_LAST:
		return cmd_scope_option(&fd_cmd, &fd->scope, key, arg);
	default:
		return take_filter(&fd->filter, key, arg);
	}
}

/* Filters of descriptors say nothing where only their number is shown. */
static bool filters_descriptors(const struct fd_filter *filter)
{
	return filter->path || filter->deleted || filter->at.family ||
	       filter->at.has_port || filter->states;
}

static int check_views(const struct fd_options *fd)
{
	const char *view = fd->count ? "--count" : "--watch";

	if (fd->count && fd->watch_ns)
		return cmd_usage(&fd_cmd,
				 "--count and --watch exclude each other");
	if (fd->intervals && !fd->watch_ns)
		return cmd_usage(&fd_cmd, "--samples is for --watch SECONDS");
	if (fd->watch_ns && fd->where->text)
		return cmd_usage(&fd_cmd,
				 "--watch looks at what changes: it does not take --where");
	if (fd->by_type && !fd->count)
		return cmd_usage(&fd_cmd, "--by-type is for --count");
	if (!fd->count && !fd->watch_ns)
		return CMD_OK;
	if (fd->who || filters_descriptors(&fd->filter))
		return cmd_usage(&fd_cmd,
				 "%s counts whole tables: it does not take --who, --path, --deleted, --port, --address, --socket-state",
				 view);
	if (fd->column_text || fd->sort.n)
		return cmd_usage(&fd_cmd,
				 "%s has its own columns and order: it does not take --columns, --sort",
				 view);
	return CMD_OK;
}

static int check(const struct fd_options *fd)
{
	if (fd->json && fd->raw)
		return cmd_usage(&fd_cmd, "--json and --raw exclude each other");
	if (fd->json && fd->column_text)
		return cmd_usage(&fd_cmd,
				 "--json tells all that is known: it does not take --columns");
	return check_views(fd);
}

static const struct kin_column_set *columns_of(const struct fd_options *fd)
{
	return fd->count ? &fdcount_columns : &fd_columns;
}

static int list_columns(const struct fd_options *fd)
{
	if (fd->json)
		return columns_list_json(columns_of(fd));
	return fd->raw ? columns_list_raw(columns_of(fd)) :
			 columns_list(columns_of(fd));
}

static int explain(const struct fd_options *fd)
{
	where_explain(fd->where);
	return CMD_OK;
}

static int dispatch(const struct fd_options *fd)
{
	if (fd->list_columns)
		return list_columns(fd);
	if (fd->where->explain)
		return explain(fd);
	if (fd->count)
		return fd_count(fd);
	return fd->watch_ns ? fd_watch(fd) : fd_list(fd);
}

static int run(struct fd_options *fd, int argc, char **argv)
{
	int key, status;

	while ((key = cmd_getopt(&fd_cmd, argc, argv)) != -1) {
		if (key == CMD_KEY_HELP || key == CMD_KEY_BAD)
			return cmd_getopt_status(key);
		status = take_option(fd, key, optarg);
		if (status)
			return status;
	}
	status = check(fd);
	if (status)
		return status;
	if (fd->kinds & KIN_KIND_THREAD)
		status = cmd_scope_processes(&fd_cmd, &fd->scope, argc, argv);
	else
		status = cmd_scope_operands(&fd_cmd, &fd->scope, argc, argv);
	if (!status)
		status = where_parse(&fd_cmd, fd->where, columns_of(fd));
	if (!status)
		status = where_subtree(&fd_cmd, fd->where, &fd->scope);
	return status ? status : dispatch(fd);
}

int cmd_fd(int argc, char **argv)
{
	struct where where = { 0 };
	struct fd_options fd = { .kinds = KIN_KIND_PROCESS,
				 .where = &where,
				 .sort = { .set = &fd_columns } };
	int status = run(&fd, argc, argv);

	where_free(&where);
	cmd_scope_free(&fd.scope);
	return status;
}

const struct cmd fd_cmd = {
	.name = "fd",
	.run = cmd_fd,
	.args = "[PID...]",
	.summary = "Open descriptors: files, sockets, pipes; who has what",
	.about =
		"Shows what processes have open, all of them or those with the given pids: a\n"
		"row for each descriptor; with --count a row for each process; with --watch\n"
		"who has more and more. It takes CAP_SYS_PTRACE: try as root. Filters of\n"
		"different kinds must all pass; of several values of one kind, one must.\n",
	.options = options,
	.more =
		"FD is the number with r (reading), w (writing), u (both) or - (neither);\n"
		"with --who also exe, cwd, rtd: it is the program, the working or the root\n"
		"directory. NAME is a path; of a socket what it is, its ends, its state; '->'\n"
		"of pipes and unix sockets tells who has the other end. Sizes are in bytes,\n"
		"or with K, M, G, T: powers of 1024. '-' stands for what is unknown or does\n"
		"not exist. Bytes that cannot be shown safely appear as \\xNN.\n"
		"\n"
		"--who ends with status 1 if nobody has the file, or nobody is at that end.\n"
		"What is open is found by whatever name it was opened (links, bind mounts);\n"
		"programs, working and root directories (exe, cwd, rtd) by their path. A socket\n"
		"that is bound to any address counts for each. Files that are only mapped are\n"
		"not found.\n"
		"\n"
		"Tables that several processes share are shown once; the others have a row\n"
		"that says with whom they share it.\n"
		"\n"
		"Types: file, dir, chr, blk, fifo, link, pipe, socket, memfd, epoll, eventfd,\n"
		"timerfd, signalfd, inotify, fanotify, pidfd, io_uring, perf, bpf,\n"
		"userfaultfd, ns, mqueue, other.\n"
		"States: established, syn-sent, syn-recv, fin-wait-1, fin-wait-2, time-wait,\n"
		"closed, close-wait, last-ack, listen, closing.\n"
		"\n"
		"Examples:\n"
		"  kin fd 1234                       what it has open\n"
		"  kin fd --who /var/log/syslog      who has this file open\n"
		"  kin fd --who :8080                who listens or is connected there\n"
		"  kin fd --socket-state listen      all that listen\n"
		"  kin fd --deleted -s -size         removed files that take room\n"
		"  kin fd --type pipe 1234           its pipes, and who has the other ends\n"
		"  kin fd --count --limit-ratio 80   who is near its limit\n"
		"  kin fd --watch 10                 who leaks\n"
		"  kin fd --where 'size > 1GiB && deleted == 1'\n"
		"  kin fd --count --where 'socket > 0.5 * limit'\n",
};
