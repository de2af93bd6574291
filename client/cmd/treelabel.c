// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "ending.h"
#include "format.h"
#include "name.h"
#include "treedraw.h"

/* States worth seeing in a tree; the others are the usual ones. */
static const struct state {
	char letter;
	const char *text;
	const char *color;
} states[] = {
	{ 'Z', " <defunct>", TREELINE_RED },
	{ 'X', " <dead>", TREELINE_RED },
	{ 'D', " <disk sleep>", TREELINE_YELLOW },
	{ 'T', " <stopped>", TREELINE_MAGENTA },
	{ 't', " <traced>", TREELINE_MAGENTA },
};

/* Z, too, but no zombie: other threads live on, nobody has to reap it. */
static const struct state headless = { 'Z', " <main thread ended>",
				       TREELINE_YELLOW };

static const struct state *find_state(const struct kin_base *base)
{
	if (base->state == 'Z' && !(base->flags & KIN_TASK_THREAD) &&
	    base->num_threads > 1 && base->num_threads != KIN_NONE32)
		return &headless;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (states[i].letter == base->state)
			return &states[i];
	return NULL;
}

/* The command line without the NULs at its end; 0: there is none to show. */
static size_t args_len(const struct treedraw *draw, const struct kin_task *task)
{
	size_t len = draw->args && task->cmdline ? task->cmdline_len : 0;

	while (len && !task->cmdline[len - 1])
		len--;
	return len;
}

/* Whether there may be a command line that could not be had. */
static bool args_busy(const struct treedraw *draw, const struct kin_task *task)
{
	return draw->args && (task->busy & KIN_GROUP_CMDLINE);
}

/* Users show where they change; above the roots stands root. */
static bool user_changes(const struct treedraw *draw, uint32_t node)
{
	const uint32_t parent = draw->tree->nodes[node].parent;
	uint32_t above = 0;

	if (!draw->names || kin_tree_is_thread(draw->tree, node))
		return false;
	if (parent != KIN_TREE_NONE)
		above = kin_tree_task(draw->tree, parent)->base.uid;
	return kin_tree_task(draw->tree, node)->base.uid != above;
}

/* (pid,user). The pids of many that are shown as one would be a lie. */
static void put_ids(const struct treedraw *draw, struct treeline *line,
		    const struct kin_fold_node *at)
{
	const struct kin_base *base = &kin_tree_task(draw->tree, at->node)->base;
	const bool user = user_changes(draw, at->node);
	const bool pid = draw->pids && at->tasks == 1;
	char digits[KIN_FORMAT_MAX];
	const char *name;
	size_t len;

	if (!pid && !user)
		return;
	treeline_ascii(line, "(");
	if (pid) {
		len = kin_format_u64(digits, base->pid);
		treeline_put(line, digits, len, len);
	}
	if (user) {
		if (pid)
			treeline_ascii(line, ",");
		name = kin_names_user(draw->names, base->uid);
		treeline_foreign(line, name, strlen(name));
	}
	treeline_ascii(line, ")");
}

static void put_state(const struct treedraw *draw, struct treeline *line,
		      const struct kin_base *base)
{
	const struct state *state = find_state(base);

	if (!state)
		return;
	if (draw->color)
		treeline_color(line, state->color);
	treeline_ascii(line, state->text);
	if (draw->color)
		treeline_color(line, "");
}

/* A name between two characters; 0: none. */
static void put_comm(struct treeline *line, const struct kin_base *base,
		     const char *before, const char *after)
{
	treeline_ascii(line, before);
	treeline_foreign(line, base->comm, strnlen(base->comm, KIN_COMM_LEN));
	treeline_ascii(line, after);
}

static void put_name(const struct treedraw *draw, struct treeline *line,
		     uint32_t node)
{
	const struct kin_task *task = kin_tree_task(draw->tree, node);
	const size_t len = args_len(draw, task);

	if (kin_tree_is_thread(draw->tree, node))
		put_comm(line, &task->base, "{", "}");
	else if (len)
		treeline_foreign(line, task->cmdline,
				 strnlen(task->cmdline, len));
	else if (draw->args)
		put_comm(line, &task->base, "[",
			 args_busy(draw, task) ? "] (busy)" : "]");
	else
		put_comm(line, &task->base, "", "");
}

void treelabel_put_end(struct treeline *line, uint32_t status, uint32_t flags,
		       uint64_t life_ns)
{
	char text[KIN_ENDING_MAX];
	const size_t len = kin_ending_put(text, status, flags);

	treeline_put(line, text, len, len);
	if (life_ns == KIN_NONE64)
		return;
	treeline_ascii(line, ", lived ");
	treeline_duration(line, life_ns);
}

static const struct treemark *mark_of(const struct treedraw *draw,
				      uint32_t node)
{
	static const struct treemark none;

	return draw->marks ? &draw->marks[node] : &none;
}

/* Of those that are folded, each lived as long as it did. */
static void put_mark(const struct treedraw *draw, struct treeline *line,
		     const struct kin_fold_node *at)
{
	const struct treemark *mark = mark_of(draw, at->node);

	if (mark->sign != '-')
		return;
	treeline_ascii(line, ": ");
	treelabel_put_end(line, mark->status, mark->flags,
			  at->tasks == 1 ? mark->life_ns : KIN_NONE64);
}

/* NULL: none. */
static const char *color_of(const struct treedraw *draw, uint32_t node)
{
	const char sign = mark_of(draw, node)->sign;

	if (!draw->color)
		return NULL;
	if (sign)
		return sign == '+' ? TREELINE_GREEN : TREELINE_RED;
	return draw->marked && draw->marked[node] ? TREELINE_BOLD : NULL;
}

void treelabel_put(const struct treedraw *draw, struct treeline *line,
		   const struct kin_fold_node *at)
{
	const struct kin_task *task = kin_tree_task(draw->tree, at->node);
	const char *color = color_of(draw, at->node);
	const size_t len = args_len(draw, task);
	size_t name;

	if (color)
		treeline_color(line, color);
	put_name(draw, line, at->node);
	put_ids(draw, line, at);
	if (color)
		treeline_color(line, "");
	put_state(draw, line, &task->base);
	put_mark(draw, line, at);
	if (!len || kin_tree_is_thread(draw->tree, at->node))
		return;
	name = strnlen(task->cmdline, len);
	/* the NUL between them shows as the blank between them */
	treeline_foreign(line, task->cmdline + name, len - name);
}

/* ---- what it looks like ---- */

struct look {
	char comm[KIN_COMM_LEN];
	const struct state *state;
	uint32_t uid;
	uint32_t thread;
	uint32_t sign, status, flags;	/* of struct treemark */
	uint32_t busy;			/* bytes are compared: there is no gap */
};

bool treelook_init(struct treelook *look, const struct treedraw *draw)
{
	look->draw = draw;
	look->bytes = malloc(sizeof(struct look) + KIN_CMDLINE_MAX);
	return look->bytes;
}

const void *treelook_get(const struct kin_tree *tree, uint32_t node,
			 size_t *len, void *arg)
{
	struct treelook *to = arg;
	const struct treedraw *draw = to->draw;
	const struct kin_task *task = kin_tree_task(tree, node);
	const bool thread = kin_tree_is_thread(tree, node);
	const size_t args = thread ? 0 : args_len(draw, task);
	const struct treemark *mark = mark_of(draw, node);
	struct look look = { .state = find_state(&task->base),
			     .thread = thread,
			     .busy = !thread && args_busy(draw, task),
			     .sign = mark->sign,
			     .status = mark->status,
			     .flags = mark->flags };

	if ((draw->marked && draw->marked[node]) || args > KIN_CMDLINE_MAX)
		return NULL;
	strncpy(look.comm, task->base.comm, sizeof(look.comm));
	if (draw->names && !thread)
		look.uid = task->base.uid;
	/* a comm that the command line hides is not seen to differ */
	if (args)
		memset(look.comm, 0, sizeof(look.comm));
	memcpy(to->bytes, &look, sizeof(look));
	if (args)
		memcpy(to->bytes + sizeof(look), task->cmdline, args);
	*len = sizeof(look) + args;
	return to->bytes;
}
