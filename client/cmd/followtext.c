// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "follow.h"
#include "format.h"
#include "name.h"

/* Of longer paths, so many generations are shown, the last ones. */
#define PATH_MOST 12

static const struct {
	char sign[2];
	const char *color;
} signs[] = {
	[FOLLOW_BORN] = { "+", TREELINE_GREEN },
	[FOLLOW_EXEC] = { "~", TREELINE_YELLOW },
	[FOLLOW_COMM] = { "~", TREELINE_YELLOW },
	[FOLLOW_PARENT] = { "~", TREELINE_YELLOW },
	[FOLLOW_CGROUP] = { "~", TREELINE_YELLOW },
	[FOLLOW_USER] = { "~", TREELINE_YELLOW },
	[FOLLOW_OOM] = { "~", TREELINE_RED },
	[FOLLOW_ENDED] = { "-", TREELINE_RED },
	[FOLLOW_LOST] = { "!", TREELINE_RED },
	[FOLLOW_HEALED] = { "!", TREELINE_RED },
};

static void put_sign(struct treeline *line, enum followkind kind, bool color)
{
	treeline_ascii(line, " ");
	if (color)
		treeline_color(line, signs[kind].color);
	treeline_ascii(line, signs[kind].sign);
	if (color)
		treeline_color(line, "");
	treeline_ascii(line, " ");
}

static void put_comm(struct treeline *line, const char *comm)
{
	treeline_foreign(line, comm, strnlen(comm, KIN_COMM_LEN));
}

/* ---- the path: who it is ---- */

static const struct kin_node *parent_of(const struct kin_node *node)
{
	return node->process == node ? node->parent : node->process;
}

static bool user_changes(const struct kin_node *node)
{
	const uint32_t above = node->parent ? node->parent->task.base.uid : 0;

	return node->process == node && node->task.base.uid != above;
}

/* (pid,user), as in the tree; the last one always has its pid. */
static void put_ids(const struct follow *follow, struct treeline *line,
		    const struct kin_node *node, bool last)
{
	const struct kin_base *base = &node->task.base;
	const bool pid = last || follow->show->pids;
	const bool user = follow->show->users && user_changes(node);
	const char *name;

	if (!pid && !user)
		return;
	treeline_ascii(line, "(");
	if (pid)
		treeline_number(line, base->pid);
	if (pid && user)
		treeline_ascii(line, ",");
	if (user) {
		name = kin_names_user(follow->show->view.names, base->uid);
		treeline_foreign(line, name, strlen(name));
	}
	treeline_ascii(line, ")");
}

static void put_name(struct treeline *line, const struct kin_node *node)
{
	const bool thread = node->process != node;

	if (thread)
		treeline_ascii(line, "{");
	put_comm(line, node->task.base.comm);
	if (thread)
		treeline_ascii(line, "}");
}

static void put_path(const struct follow *follow, struct treeline *line,
		     const struct kin_node *last)
{
	const bool utf8 = line->utf8 && !follow->show->ascii;
	const struct kin_node *path[PATH_MOST], *node;
	size_t older = 0, n = 0;

	for (node = last; node; node = parent_of(node)) {
		if (n < PATH_MOST)
			path[n++] = node;
		else
			older++;
	}
	if (older) {
		treeline_ascii(line, "(");
		treeline_number(line, older);
		treeline_ascii(line, " older)");
	}
	for (size_t i = n; i--;) {
		if (older || i + 1 < n)
			treeline_put(line, utf8 ? "─" : "--", utf8 ? 3 : 2,
				     utf8 ? 1 : 2);
		put_name(line, path[i]);
		put_ids(follow, line, path[i], !i);
	}
}

/* ---- what happened to it ---- */

static void put_person(struct treeline *line, const char *comm, uint32_t pid)
{
	if (!pid) {
		treeline_ascii(line, "none");
		return;
	}
	put_comm(line, comm);
	treeline_ascii(line, "(");
	treeline_number(line, pid);
	treeline_ascii(line, ")");
}

static void put_parent(struct treeline *line, const struct followchange *change)
{
	const struct kin_node *parent = change->node->parent;

	treeline_ascii(line, "parent was ");
	put_person(line, change->was->parent_comm, change->was->parent.pid);
	treeline_ascii(line, ", now ");
	put_person(line, parent ? parent->task.base.comm : "",
		   parent ? parent->task.base.pid : 0);
}

static void put_exec(struct treeline *line, const struct followchange *change)
{
	treeline_ascii(line, "exec");
	if (change->filename) {
		treeline_ascii(line, " ");
		treeline_word(line, change->filename, strlen(change->filename));
	}
	treeline_ascii(line, ", was ");
	put_comm(line, change->was->comm);
}

/* A thread that calls execve() takes over its process's number, and has no end. */
static void put_ended(struct treeline *line, const struct kin_node *node)
{
	if (node->has_end)
		treelabel_put_end(line, node->end.status, followed_flags(node),
				  followed_life_ns(node));
	else if (node->process != node)
		treeline_ascii(line, "no more: execve, or its end was lost");
	else
		treeline_ascii(line, node->life == KIN_LIFE_GONE ?
				       "no more: its end was lost" :
				       "a zombie: its end was lost");
}

static void put_number_after(struct treeline *line, const char *what,
			     uint64_t n)
{
	treeline_ascii(line, what);
	treeline_number(line, n);
}

static void put_what(const struct follow *follow, struct treeline *line,
		     const struct followchange *change)
{
	const struct kin_task *task = &change->node->task;

	switch (change->kind) {
	case FOLLOW_EXEC:
		put_exec(line, change);
		break;
	case FOLLOW_COMM:
		treeline_ascii(line, "was ");
		put_comm(line, change->was->comm);
		break;
	case FOLLOW_PARENT:
		put_parent(line, change);
		break;
	case FOLLOW_CGROUP:
		put_number_after(line, "cgroup ", task->cgroup_id);
		break;
	case FOLLOW_USER:
		put_number_after(line, "uid ", task->base.uid);
		break;
	case FOLLOW_OOM:
		treeline_ascii(line, "chosen by the OOM killer");
		break;
	case FOLLOW_ENDED:
		put_ended(line, change->node);
		break;
	default:
		break;
	}
}

static void put_change(const struct follow *follow, struct treeline *line,
		       const struct followchange *change)
{
	put_path(follow, line, change->node);
	if (change->kind == FOLLOW_BORN)
		return;
	treeline_ascii(line, ": ");
	put_what(follow, line, change);
	if (change->view)
		treeline_ascii(line, change->view > 0 ?
				       "; shown from now on" :
				       "; not shown any more");
}

static void put_loss(struct treeline *line, const struct followchange *change)
{
	treeline_number(line, change->lost);
	treeline_ascii(line, change->lost == 1 ? " event lost" :
						 " events lost");
	if (change->kind == FOLLOW_HEALED)
		treeline_ascii(line, ", tree read anew");
}

bool followtext_put(struct follow *follow, const struct followchange *change)
{
	struct treeline *line = &follow->line;
	char time[KIN_FORMAT_MAX];
	size_t len = eventclock_put(&follow->clock, time, change->boottime_ns);

	treeline_put(line, time, len, len);
	put_sign(line, change->kind, follow->color);
	if (change->node)
		put_change(follow, line, change);
	else
		put_loss(line, change);
	return treeline_end(line);
}
