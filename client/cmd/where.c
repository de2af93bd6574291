// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "where.h"

/* ---- options ---- */

int where_option(const struct cmd *cmd, struct where *where, int key,
		 const char *arg)
{
	if (key == CMD_KEY_EXPLAIN) {
		where->explain = true;
		return CMD_OK;
	}
	if (where->text)
		return cmd_usage(cmd,
				 "--where is given twice: join the two with &&");
	where->text = arg;
	return CMD_OK;
}

int where_parse(const struct cmd *cmd, struct where *where,
		const struct kin_column_set *columns)
{
	const bool tasks = columns == &kin_task_columns;
	const struct kin_expr_place place = {
		.columns = columns,
		.host = tasks ? &kin_host_columns : NULL,
		.kinship = true,
	};
	struct kin_expr_error error;
	int err;

	if (!where->text)
		return where->explain ? cmd_usage(cmd, "--explain is for --where") :
					CMD_OK;
	where->columns = columns;
	err = kin_expr_parse(&place, where->text, &where->expr, &error);
	if (err != -EINVAL)
		return err ? cmd_no_memory() : CMD_OK;
	kin_expr_print_error(stderr, where->text, &error);
	return cmd_usage(cmd, "--where: %s", error.message);
}

int where_subtree(const struct cmd *cmd, const struct where *where,
		  const struct cmd_scope *scope)
{
	struct kin_scope pushed = { 0 };

	if (!where->expr || !scope->n_subtrees)
		return CMD_OK;
	kin_expr_push(where->expr, &pushed);
	if (!pushed.n_subtrees)
		return CMD_OK;
	return cmd_usage(cmd, "--where: only the kernel can answer descendant_of() here, and it is asked for a subtree already: name one of the two");
}

void where_explain(const struct where *where)
{
	kin_expr_explain(where->expr, stdout);
}

uint32_t where_needs(const struct where *where)
{
	return where->expr ? kin_expr_needs(where->expr) : 0;
}

/* ---- what the kernel filters ---- */

void where_push(const struct where *where, struct kin_scope *scope)
{
	if (where->expr)
		kin_expr_push(where->expr, scope);
}

void where_push_events(const struct where *where,
		       struct kin_event_filter *filter)
{
	if (where->expr)
		kin_expr_push_events(where->expr, filter);
}

/* ---- what an expression asks about a row ---- */

static struct where *where_of(const struct kin_expr_row *row)
{
	return row->ctx;
}

/* Why it is not known decides whether somebody is told. A name in brackets stands for a
 * command line that is not there. */
static void note_gap(struct where *where, const struct kin_value *value)
{
	const bool gap = !value->known || value->bracket;

	where->busy |= gap && value->busy;
	where->denied |= gap && value->denied;
	where->cut |= value->cut;
}

static void get_value(const struct kin_expr_row *row,
		      const struct kin_column *col, struct kin_value *value)
{
	kin_column_get_row(col, row->row, value);
}

static void get_task_value(const struct kin_expr_row *row,
			   const struct kin_column *col,
			   struct kin_value *value)
{
	struct where *where = where_of(row);

	kin_column_get(col, where->view, row->row, value);
	note_gap(where, value);
}

static void read_host(struct where *where)
{
	if (where->has_host)
		return;
	where->has_host = true;
	memset(&where->host, 0xff, sizeof(where->host));
	where->host.pid_max = kin_pid_max();
	where->err = kin_host_get(where->kin, &where->host.now);
}

/* There is no earlier moment to compare with: shares of CPU time are not known. */
static void get_host_value(const struct kin_expr_row *row,
			   const struct kin_column *col,
			   struct kin_value *value)
{
	struct where *where = where_of(row);

	read_host(where);
	kin_column_get_row(col, &where->host, value);
	if (!value->known)
		where->unknown_host = col;
}

/* Not before somebody asks: most expressions do not. */
static void read_family(struct where *where)
{
	const struct kin_query query = {
		.groups = where_needs(where) & KIN_GROUPS,
		.kinds = KIN_KIND_PROCESS,
	};

	if (where->has_family)
		return;
	where->has_family = true;
	where->err = kin_snapshot_take(where->kin, &query, &where->family);
	if (!where->err)
		where->err = kin_tree_build(&where->tree, &where->family);
}

static bool in_family(const struct where *where, const struct kin_task *task)
{
	return task >= where->family.tasks &&
	       task < where->family.tasks + where->family.n;
}

/* In a time namespace a start may lie before 0. */
static bool is_younger(const struct kin_task *a, const struct kin_task *b)
{
	return (int64_t)(a->base.start_boottime_ns - b->base.start_boottime_ns) > 0;
}

/*
 * A row is of the first dump, its ancestors are of the family, where a tree stands
 * for that there is an end to them, whatever their numbers say.
 */
static const void *get_parent(const struct kin_expr_row *row)
{
	const struct kin_task *task = row->row, *parent;
	struct where *where = where_of(row);
	uint32_t node;

	read_family(where);
	if (where->err)
		return NULL;
	if (!in_family(where, task)) {
		node = kin_tree_find(&where->tree, task->base.ppid);
		if (node == KIN_TREE_NONE)
			return NULL;
		parent = kin_tree_task(&where->tree, node);
		return is_younger(parent, task) ? NULL : parent;
	}
	node = where->tree.nodes[task - where->family.tasks].parent;
	return node == KIN_TREE_NONE ? NULL : kin_tree_task(&where->tree, node);
}

/* ---- whether it passes ---- */

void where_begin(struct where *where, struct kin *kin,
		 const struct kin_view *view)
{
	where->kin = kin;
	where->view = view;
}

/* A row is counted once, whatever has come together. */
static bool test(struct where *where, const struct kin_expr_row *row)
{
	enum kin_truth truth;

	where->busy = false;
	where->denied = false;
	where->cut = false;
	truth = kin_expr_test(where->expr, row);
	if (truth == KIN_UNKNOWN && where->denied)
		where->n_denied++;
	else if (truth == KIN_UNKNOWN && where->busy)
		where->n_busy++;
	else if (truth == KIN_UNKNOWN && where->cut)
		where->n_cut++;
	return truth == KIN_TRUE;
}

bool where_task(struct where *where, const struct kin_task *task)
{
	const struct kin_expr_row row = {
		.row = task,
		.ctx = where,
		.value = get_task_value,
		.host = get_host_value,
		.parent = get_parent,
	};

	return !where->expr || test(where, &row);
}

enum kin_truth where_truth(struct where *where, const void *of)
{
	const struct kin_expr_row row = {
		.row = of,
		.ctx = where,
		.value = get_value,
	};

	return where->expr ? kin_expr_test(where->expr, &row) : KIN_TRUE;
}

bool where_row(struct where *where, const void *of)
{
	return where_truth(where, of) == KIN_TRUE;
}

int where_end(const struct where *where)
{
	if (!where->err)
		return CMD_OK;
	return cmd_failed(where->kin, where->err,
			  "cannot read what --where looks at");
}

/* ---- what is to be said about it ---- */

static void tell_left_out(size_t n, const char *why)
{
	if (n)
		cmd_error("%zu left out: what --where looks at %s", n, why);
}

void where_tell(const struct where *where)
{
	tell_left_out(where->n_denied,
		      "is denied: it takes CAP_SYS_PTRACE over their user namespaces");
	tell_left_out(where->n_busy,
		      "cannot be had now without waiting for them");
	tell_left_out(where->n_cut, "came cut to its limit");
	if (where->unknown_host)
		cmd_error("--where: host.%s is not known here: nothing is true or false because of it",
			  where->unknown_host->id);
}

void where_free(struct where *where)
{
	kin_expr_free(where->expr);
	kin_tree_free(&where->tree);
	kin_snapshot_free(&where->family);
}
