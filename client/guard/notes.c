// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "known.h"
#include "notes.h"

void note_take(struct note *note, const struct kin_task *task, uint64_t taken_ns)
{
	const uint32_t threads = task->base.num_threads;

	*note = (struct note){
		.pid = task->base.pid,
		.start_boottime_ns = task->base.start_boottime_ns,
		.taken_ns = taken_ns,
		.rss_bytes = kin_rss_bytes(&task->mem),
		.cpu_ns = kin_known_sum(task->sched.utime_ns, task->sched.stime_ns),
		.run_delay_ns = task->sched.run_delay_ns,
		.nvcsw = task->sched.nvcsw,
		.nivcsw = task->sched.nivcsw,
		.blkio_ns = task->delay.blkio_ns,
		.read_bytes = task->io.read_bytes,
		.write_bytes = task->io.write_bytes,
		.open = task->files.open,
		.threads = threads == KIN_NONE32 ? KIN_NONE64 : threads,
	};
}

static int compare(const void *a, const void *b)
{
	const struct note *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* Threads have no notes, and nodes that only events told of have no numbers. */
static bool is_noted(const struct kin_node *node)
{
	return node->process == node && node->sampled_ns;
}

int notes_take(struct notes *notes, const struct kin_mirror *mirror)
{
	const struct kin_node *node = NULL;
	struct kin_mirror_stats stats;

	kin_mirror_stats(mirror, &stats);
	notes->n = 0;
	notes->list = calloc(stats.processes + 1, sizeof(*notes->list));
	if (!notes->list)
		return -ENOMEM;
	while ((node = kin_mirror_next(mirror, node)))
		if (is_noted(node) && notes->n < stats.processes)
			note_take(&notes->list[notes->n++], &node->task,
				  node->sampled_ns);
	qsort(notes->list, notes->n, sizeof(*notes->list), compare);
	return 0;
}

void notes_free(struct notes *notes)
{
	free(notes->list);
	memset(notes, 0, sizeof(*notes));
}

void notes_first(const struct notes *notes, const struct note *now,
		 struct note *first)
{
	const struct note *old = NULL;

	if (notes->n)
		old = bsearch(now, notes->list, notes->n, sizeof(*notes->list),
			      compare);
	if (old && old->start_boottime_ns == now->start_boottime_ns) {
		*first = *old;
		return;
	}
	*first = (struct note){
		.pid = now->pid,
		.start_boottime_ns = now->start_boottime_ns,
		.taken_ns = now->start_boottime_ns,
	};
}
