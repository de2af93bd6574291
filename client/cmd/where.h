/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --where and --explain: an expression that says which rows are shown. */
#ifndef KIN_CMD_WHERE_H
#define KIN_CMD_WHERE_H

#include "cmd.h"
#include "expr.h"
#include "hostcolumn.h"
#include "tree.h"

enum {
	CMD_KEY_WHERE = 768,
	CMD_KEY_EXPLAIN,
};

/* Rows for a subcommand's option table. */
#define CMD_WHERE_OPTIONS \
	{ "where", CMD_KEY_WHERE, "EXPR", \
	  "only those for which this is true: see kin-filter(7)" }, \
	{ "explain", CMD_KEY_EXPLAIN, NULL, \
	  "say what --where means, what the kernel filters; no more" }

/* All zero at first. Without --where, everything passes. */
struct where {
	const char *text;		/* of --where; NULL: not given */
	bool explain;
	/* the rest is where.c's */
	struct kin_expr *expr;
	const struct kin_column_set *columns;
	/* of tasks */
	struct kin *kin;
	const struct kin_view *view;
	struct kin_host_row host;
	struct kin_snapshot family;	/* all processes, when their kinship matters */
	struct kin_tree tree;
	bool has_host, has_family;
	const struct kin_column *unknown_host;	/* asked for, and not known; NULL */
	int err;			/* -errno of a question to the kernel */
	/* what could not be decided, and why */
	bool busy, denied, cut;		/* of the row that is tested */
	size_t n_busy, n_denied, n_cut;
};

/* where_option - take one of the options above; a status */
int where_option(const struct cmd *cmd, struct where *where, int key,
		 const char *arg);

/*
 * where_parse - after all options: understand the expression
 * @columns: what rows have; of tasks, their kinship and the host are known too
 *
 * Returns a status, after a message that points at what is wrong.
 */
int where_parse(const struct cmd *cmd, struct where *where,
		const struct kin_column_set *columns);

/* where_subtree - after where_parse() for rows that are no tasks: a message if both the
 * options and the expression ask for a subtree. A status. */
int where_subtree(const struct cmd *cmd, const struct where *where,
		  const struct cmd_scope *scope);

/* where_explain - to standard output */
void where_explain(const struct where *where);

/* where_needs - what rows must have been asked for, as struct kin_column.needs */
uint32_t where_needs(const struct where *where);

/* where_push - leave to the kernel what it can filter: what the options have set in
 * @scope stays, and must pass as well; points into @where. where_push_events: the same
 * for a subscription */
void where_push(const struct where *where, struct kin_scope *scope);
void where_push_events(const struct where *where,
		       struct kin_event_filter *filter);

/* where_begin - before the first of tasks: @kin is asked about their family and the
 * host, if that is wanted; both stay the caller's */
void where_begin(struct where *where, struct kin *kin,
		 const struct kin_view *view);

/* where_task, where_row - whether a task, or another row, passes; where_truth: or
 * might, of a row of which not all is known */
bool where_task(struct where *where, const struct kin_task *task);
bool where_row(struct where *where, const void *row);
enum kin_truth where_truth(struct where *where, const void *row);

/* where_end - after the last: a status, whether the kernel answered all questions */
int where_end(const struct where *where);

/* where_tell - a message about those left out because what --where looks at could not
 * be had of them */
void where_tell(const struct where *where);

void where_free(struct where *where);

#endif /* KIN_CMD_WHERE_H */
