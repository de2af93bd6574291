// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks that are no more, shown for a moment: a ring, so that there are never more
 * than so many, whatever ends.
 */
#include <stdlib.h>
#include <string.h>

#include "follow.h"

static void copy_cmdline(struct followpast *past, const struct kin_task *task)
{
	past->task.cmdline = NULL;
	if (!task->cmdline)
		return;
	past->cmdline = malloc(task->cmdline_len + 1);
	if (!past->cmdline)
		return;
	memcpy(past->cmdline, task->cmdline, task->cmdline_len);
	past->task.cmdline = past->cmdline;
}

/* What a task has used is no more part of any sum; nor is it in a state. */
static void copy_task(struct followpast *past, const struct kin_node *node)
{
	past->task = node->task;
	past->task.nspids = NULL;
	past->task.cgroup_path = NULL;
	past->task.base.state = 0;
	past->task.base.num_threads = 0;
	memset(&past->task.sched, 0xff, sizeof(past->task.sched));
	memset(&past->task.mem, 0xff, sizeof(past->task.mem));
	if (node->parent)
		past->task.base.ppid = node->parent->task.base.pid;
	copy_cmdline(past, &node->task);
}

static void clear(struct followpast *past)
{
	free(past->cmdline);
	memset(past, 0, sizeof(*past));
}

void followpast_add(struct follow *follow, const struct kin_node *node)
{
	struct followpast *past = &follow->past[follow->next_past];

	follow->next_past = (follow->next_past + 1) % FOLLOWED_PAST;
	clear(past);
	copy_task(past, node);
	past->ended_ns = followed_of(node)->ended_ns;
	past->mark = followed_mark(node);
}

void followpast_drop(struct follow *follow, uint32_t pid)
{
	for (size_t i = 0; i < FOLLOWED_PAST; i++)
		if (follow->past[i].task.base.pid == pid)
			clear(&follow->past[i]);
}

void followpast_free(struct follow *follow)
{
	for (size_t i = 0; i < FOLLOWED_PAST; i++)
		clear(&follow->past[i]);
}
