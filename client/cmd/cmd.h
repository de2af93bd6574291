/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the subcommands share: how one is described, options, messages, exit
 * statuses, scopes and the output. A subcommand is a file with a function
 * cmd_NAME() and a description NAME_cmd; none calls another.
 */
#ifndef KIN_CMD_H
#define KIN_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "column.h"
#include "json.h"
#include "libkin.h"

enum cmd_status {
	CMD_OK		= 0,
	CMD_FAILED	= 1,	/* anything else, output errors too */
	CMD_USAGE	= 2,	/* unknown option, column, value out of range */
	CMD_NO_PID	= 3,
	CMD_DENIED	= 4,
	CMD_NOT_LOADED	= 5,
	CMD_WRONG_ABI	= 6,
};

/* ---- options.c: described once, for getopt, --help and completion ---- */

struct cmd_option {
	const char *name;	/* long name; NULL ends the table */
	int key;		/* a letter: the short name too; else > 255 */
	const char *arg;	/* name of its argument; NULL: takes none */
	const char *help;
};

enum {
	CMD_KEY_HELP	= 'h',	/* comes by itself: --help, -h */
	CMD_KEY_BAD	= '?',	/* the message is out */
	CMD_KEY_LONG	= 256,	/* first of the options without a letter */
	CMD_KEY_SCOPE	= 512,	/* first of those in CMD_SCOPE_OPTIONS */
};

struct cmd {
	const char *name;
	int (*run)(int argc, char **argv);	/* argv[0]: its name */
	const char *args;	/* synopsis: "[PID...]" */
	const char *summary;	/* half a line */
	const char *about;	/* before the options; may be NULL */
	const char *more;	/* after them: examples; may be NULL */
	const char *statuses;	/* NULL: the common ones */
	const struct cmd_option *options;
	bool ends_options;	/* its first operand does: the rest is not for us */
};

int cmd_ps(int argc, char **argv);
int cmd_tree(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_events(int argc, char **argv);
int cmd_fd(int argc, char **argv);
int cmd_env(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_complete(int argc, char **argv); /* hidden: for the completions */

/* What main() was given, for the command that kin run starts (runchild.c). */
extern void (*cmd_inherited_sigpipe)(int);

extern const struct cmd ps_cmd, tree_cmd, show_cmd, status_cmd, events_cmd,
	run_cmd, help_cmd, fd_cmd, env_cmd, alert_cmd, doctor_cmd, export_cmd;

/* All subcommands, ended by NULL (commands.c). */
extern const struct cmd *const cmd_list[];

/* cmd_find - by name; NULL: there is none */
const struct cmd *cmd_find(const char *name);

/* cmd_unknown - a message, with the nearest name; returns CMD_USAGE */
int cmd_unknown(const char *name);

/*
 * cmd_getopt - the next option, as getopt_long(): its key, with optarg set, or
 * -1 when only operands are left, from argv[optind]. Prints the help for
 * --help, a message (with the nearest name) for what is wrong; for these two
 * keys, end with cmd_getopt_status(key).
 */
int cmd_getopt(const struct cmd *cmd, int argc, char **argv);
int cmd_getopt_status(int key);

/*
 * cmd_word - which of @words (ended by NULL) the argument of an option is
 * @option: its long name, for the message, which has the nearest word, or all
 *
 * Returns a status.
 */
int cmd_word(const struct cmd *cmd, const char *option, const char *arg,
	     const char *const *words, int *index);

/* cmd_color - the argument of --color: 1: always, -1: never, 0: auto */
int cmd_color(const struct cmd *cmd, const char *arg, int *when);

/* cmd_no_operands - a message if there are some after all; a status */
int cmd_no_operands(const struct cmd *cmd, int argc, char **argv);

/* cmd_print_help - all about one subcommand, to @out */
void cmd_print_help(const struct cmd *cmd, FILE *out);

/* cmd_print_overview - all subcommands, a line each, and the exit statuses */
void cmd_print_overview(FILE *out);

/* ---- error.c: messages on stderr, each a line that starts with "kin: " ---- */

void cmd_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* cmd_usage - the same, then where to read more; returns CMD_USAGE */
int cmd_usage(const struct cmd *cmd, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* cmd_nearest - of @names (ended by NULL), the one nearest to @name, or NULL */
const char *cmd_nearest(const char *name, const char *const *names);

/* cmd_open - connect; a message if that fails. Returns CMD_OK or a status. */
int cmd_open(struct kin **kinp);

/*
 * cmd_failed - a message for what the library returned
 * @err: -errno
 * @what: what was tried: "the tasks cannot be read"
 *
 * Returns the exit status for it.
 */
int cmd_failed(const struct kin *kin, int err, const char *what);

/* cmd_failed_why - the same for another handle: @why is its sentence */
int cmd_failed_why(const char *why, int err, const char *what);

/* cmd_events_open - subscribe; a message if that fails. Returns CMD_OK or a
 * status. */
int cmd_events_open(struct kin_events **evp,
		    const struct kin_event_filter *filter);

/* cmd_mirror_open - the same for a mirror */
int cmd_mirror_open(struct kin_mirror **mp,
		    const struct kin_mirror_options *options);

/* cmd_events_failed - a message for what reading them returned; returns the exit
 * status for it */
int cmd_events_failed(const char *why, int err);

/* cmd_no_memory - a message; returns CMD_FAILED */
int cmd_no_memory(void);

/* cmd_no_pid - "no such pid: N"; returns CMD_NO_PID */
int cmd_no_pid(uint32_t pid);

/* ---- output.c ---- */

/* cmd_output_close - flush stdout; returns @status, or CMD_FAILED with a
 * message if something could not be written and @status is CMD_OK. Called by
 * main() for all. (A closed pipe ends the program by SIGPIPE.) */
int cmd_output_close(int status);

/* cmd_columns - width of the terminal at stdout; 0: it is none. The variable
 * COLUMNS goes first. */
unsigned int cmd_columns(void);
unsigned int cmd_columns_at(int fd);	/* the same of another output */

/* cmd_use_color - what --color comes to: "auto" is yes on a terminal, unless
 * NO_COLOR is set or it is a dumb one */
bool cmd_use_color(int when);
bool cmd_use_color_at(int when, int fd);

/* cmd_utf8 - whether the locale's characters are UTF-8 */
bool cmd_utf8(void);

/* cmd_safe - text that others chose, to @out, made safe; returns its width */
unsigned int cmd_safe(FILE *out, const char *text, size_t len);

/* cmd_json_column - a column's value with its id as key, typed, absent: null */
void cmd_json_column(struct kin_json *json, const struct kin_column *col,
		     const struct kin_view *view, const struct kin_task *task);

/* cmd_json_value - a value with a key, typed, absent: null */
void cmd_json_value(struct kin_json *json, const char *key, enum kin_type type,
		    const struct kin_value *value);

/* cmd_view - fill @view for columns that need @needs (struct kin_column): the
 * clocks, the names, the host. view->names is to be freed. Returns a status. */
int cmd_view(struct kin *kin, uint32_t needs, struct kin_view *view);

/* ---- number.c: arguments ---- */

/* cmd_number - decimal digits up to @max, nothing else; false if not that */
bool cmd_number(const char *text, uint64_t max, uint64_t *n);

/* cmd_duration - a number, up to six decimals, and us, ms, s (or nothing), m, h or
 * d: 200ms, 1.5, 2m; or several of them: 1h30m. At most 290 years. False if not that */
bool cmd_duration(const char *text, uint64_t *ns);

/* cmd_size - bytes: a number, up to six decimals, and B (or nothing), K, M, G or T,
 * powers of 1024, KiB and so on, too: 16MiB, 1.5G. Below 2^63. False if not that */
bool cmd_size(const char *text, uint64_t *bytes);

/* cmd_take_time, cmd_take_count - the argument of an option: a time, a number
 * (@of: of what), more than 0; a status, the message names the option */
int cmd_take_time(const struct cmd *cmd, const char *option, const char *arg,
		  uint64_t *ns);
int cmd_take_count(const struct cmd *cmd, const char *option, const char *of,
		   const char *arg, uint64_t *n);

/* cmd_rate_milli - @n within @ns as so many a second: thousandths */
uint64_t cmd_rate_milli(uint64_t n, uint64_t ns);

/* cmd_pid - a pid that a user gave; a message if it is none. A status. */
int cmd_pid(const struct cmd *cmd, const char *text, uint32_t *pid);

/* ---- scope.c: which tasks, the same options everywhere ---- */

#define CMD_MAX_VALUES KIN_MAX_VALUES

struct cmd_scope {
	uint32_t *pids, *tgids, *subtrees, *uids;
	size_t n_pids, n_tgids, n_subtrees, n_uids, n_cgroups;
	uint64_t *cgroups;
	uint32_t states;
	int kernel;	/* 1: only kernel threads, -1: none, 0: all */
};

enum {
	CMD_KEY_TGID = CMD_KEY_SCOPE,
	CMD_KEY_SUBTREE,
	CMD_KEY_USER,
	CMD_KEY_STATE,
	CMD_KEY_CGROUP,
	CMD_KEY_KERNEL,
	CMD_KEY_NO_KERNEL,
	CMD_KEY_PID,
	CMD_KEY_SCOPE_LAST = CMD_KEY_PID,
};

/* Rows for a subcommand's option table. */
#define CMD_SCOPE_OPTIONS \
	CMD_SCOPE_USER_OPTIONS, \
	{ "kernel", CMD_KEY_KERNEL, NULL, "only kernel threads" }, \
	{ "no-kernel", CMD_KEY_NO_KERNEL, NULL, "no kernel threads" }

/* The same where kernel threads do not occur. */
#define CMD_SCOPE_USER_OPTIONS \
	{ "pid", CMD_KEY_PID, "PID[,PID]", "only these pids" }, \
	{ "tgid", CMD_KEY_TGID, "PID[,PID]", \
	  "only tasks of these processes" }, \
	{ "subtree", CMD_KEY_SUBTREE, "PID[,PID]", \
	  "only these processes and all their descendants" }, \
	{ "user", CMD_KEY_USER, "USER[,USER]", \
	  "only tasks with these real users: names or numbers" }, \
	{ "state", CMD_KEY_STATE, "LETTERS", \
	  "only tasks in these states, of " KIN_STATE_LETTERS }, \
	{ "cgroup", CMD_KEY_CGROUP, "PATH|ID", \
	  "only tasks in this cgroup (v2) or below it" }

/* cmd_scope_option - take one of the options above; a status */
int cmd_scope_option(const struct cmd *cmd, struct cmd_scope *scope, int key,
		     const char *arg);

/* cmd_scope_operands - all operands that are left in argv: pids, or lists of
 * them with commas; a status */
int cmd_scope_operands(const struct cmd *cmd, struct cmd_scope *scope, int argc,
		       char **argv);

/* cmd_scope_processes - the same where a process stands for all its threads */
int cmd_scope_processes(const struct cmd *cmd, struct cmd_scope *scope,
			int argc, char **argv);

/* cmd_scope_query - what the kernel filters; points into @scope */
void cmd_scope_query(const struct cmd_scope *scope, struct kin_scope *query);

/* cmd_scope_passes - what the kernel does not filter: kernel threads */
bool cmd_scope_passes(const struct cmd_scope *scope,
		      const struct kin_task *task);

/*
 * cmd_scope_missing - a message for each pid that was asked for and does not
 * exist; one that exists and another filter kept back is no mistake
 * @kinds: of the snapshot, enum kin_kind
 *
 * Returns CMD_NO_PID if there was one, else CMD_OK, or a failure's status.
 */
int cmd_scope_missing(struct kin *kin, const struct cmd_scope *scope,
		      uint32_t kinds, const struct kin_snapshot *snap);

void cmd_scope_free(struct cmd_scope *scope);

#endif /* KIN_CMD_H */
