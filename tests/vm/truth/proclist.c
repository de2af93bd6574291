// SPDX-License-Identifier: GPL-2.0-or-later
/* All tasks of /proc, in the order in which kin sends them. */
#include <stdlib.h>

#include "proc.h"
#include "tap.h"

static void add(struct proc_list *list, uint32_t pid, uint32_t tgid,
		bool thread)
{
	struct proc_task *task;

	if (list->n == list->room) {
		list->room = list->room ? 2 * list->room : 256;
		list->tasks =
			realloc(list->tasks, list->room * sizeof(*list->tasks));
		if (!list->tasks)
			tap_bail("out of memory");
	}
	task = &list->tasks[list->n];
	if (proc_read(task, pid, tgid, thread))
		list->n++;
	else
		proc_drop(task);
}

static int compare(uint32_t pid_a, bool thread_a, uint32_t pid_b, bool thread_b)
{
	if (pid_a != pid_b)
		return pid_a < pid_b ? -1 : 1;
	return (int)thread_a - (int)thread_b;
}

static int by_pid(const void *a, const void *b)
{
	const struct proc_task *x = a, *y = b;

	return compare(x->pid, x->thread, y->pid, y->thread);
}

void proc_read_all(struct proc_list *list)
{
	uint32_t *pids, *tids;
	size_t i, j, n = proc_pids(0, &pids), m;

	*list = (struct proc_list){ 0 };
	for (i = 0; i < n; i++) {
		add(list, pids[i], pids[i], false);
		m = proc_pids(pids[i], &tids);
		for (j = 0; j < m; j++)
			add(list, tids[j], pids[i], true);
		free(tids);
	}
	free(pids);
	if (!list->n)
		tap_bail("/proc is empty");
	qsort(list->tasks, list->n, sizeof(*list->tasks), by_pid);
}

void proc_free(struct proc_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		proc_drop(&list->tasks[i]);
	free(list->tasks);
	*list = (struct proc_list){ 0 };
}

const struct proc_task *proc_find(const struct proc_list *list, uint32_t pid,
				  bool thread)
{
	size_t low = 0, high = list->n, middle;
	const struct proc_task *task;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		task = &list->tasks[middle];
		order = compare(pid, thread, task->pid, task->thread);
		if (!order)
			return task;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
