// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "signs.h"

/* A process's table may be another one's, too: then it is told of there. */
static void take_files(struct signs *signs, const struct look_seen *seen,
		       const struct kin_task *task)
{
	struct fdgrown grown[KIN_FD_TYPE_COUNT];

	signs->files_limit = task->files.limit_soft;
	for (size_t i = 0; seen->growths && i < seen->growths->n; i++) {
		const struct fdgrowth *growth = &seen->growths->list[i];

		if (growth->now.base.pid != task->base.pid ||
		    growth->now.base.start_boottime_ns !=
			    task->base.start_boottime_ns)
			continue;
		signs->n_grown =
			fdgrowth_types(seen->growths, growth, true, grown);
		if (signs->n_grown > SIGNS_GROWN)
			signs->n_grown = SIGNS_GROWN;
		memcpy(signs->grown, grown,
		       signs->n_grown * sizeof(*signs->grown));
		return;
	}
}

static bool has_ended(const struct kin_node *node)
{
	return node->life == KIN_LIFE_ENDED || node->task.base.state == 'Z';
}

static void count_children(struct signs *signs, const struct kin_node *node)
{
	const struct kin_node *child;

	for (child = node->first_child; child; child = child->next) {
		signs->children++;
		if (!has_ended(child))
			continue;
		signs->zombies++;
		/* an end that no event told of was before there were events */
		signs->zombies_old += !child->has_end;
	}
}

static int take_wait(const struct kin_record *rec, void *arg)
{
	struct signs *signs = arg;

	if (rec->wait)
		signs->since_cpu_ns = rec->wait->since_cpu_ns;
	signs->base.state = rec->base->state;
	if (!rec->stack || signs->stack)
		return 0;
	signs->stack = strdup(rec->stack);
	return signs->stack ? 0 : -ENOMEM;
}

/* A stack takes more privilege than the rest; and a process may have ended by now.
 * What cannot be had is not told. */
static int ask_wait(struct signs *signs, struct kin *kin)
{
	const uint32_t pid = signs->base.pid;
	int err = kin_get(kin, pid, KIN_KIND_PROCESS,
			  KIN_GROUP_WAIT | KIN_GROUP_STACK, take_wait, signs);

	if (err && err != -ENOMEM)
		err = kin_get(kin, pid, KIN_KIND_PROCESS, KIN_GROUP_WAIT,
			      take_wait, signs);
	return err == -ENOMEM ? err : 0;
}

int signs_take(struct signs *signs, const struct look_seen *seen,
	       const struct kin_node *node, uint32_t parts)
{
	const struct kin_task *task = &node->task;

	*signs = (struct signs){
		.parts = parts,
		.base = task->base,
		.mem = task->mem,
		.memory_left_bytes = seen->memory_left_bytes,
		.since_cpu_ns = task->wait.since_cpu_ns,
	};
	note_take(&signs->now, task, node->sampled_ns);
	notes_first(seen->notes, &signs->now, &signs->first);
	take_files(signs, seen, task);
	count_children(signs, node);
	if (seen->kin && task->base.state == 'D')
		return ask_wait(signs, seen->kin);
	return 0;
}

void signs_free(struct signs *signs)
{
	free(signs->stack);
	signs->stack = NULL;
}
