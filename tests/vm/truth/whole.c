// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every task of the machine: one dump between two readings of /proc; then those
 * that did not fit, one by one, between two readings closer together, until
 * they do or patience ends.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "tap.h"

#define PATIENCE      200 /* times that a task which differs is looked at again */
#define MUCH_PATIENCE 2000 /* all tasks together */
#define MAX_EXPLAINED 20

static void count(struct tally *tally, const struct kin_task *task,
		  const bool *bad)
{
	uint64_t value;
	size_t i;

	if (task->base.flags & KIN_TASK_THREAD)
		tally->threads++;
	else
		tally->processes++;
	for (i = 0; i < n_aspects(); i++) {
		tally->values++;
		tally->compared[i]++;
		tally->differ[i] += bad[i];
		value = i < n_fields ? field_of_task(&fields[i], task) : 1;
		tally->present[i] += value && value != ABSENT;
	}
}

static void explain(const struct tally *tally, const struct kin_task *task,
		    const struct proc_task *before,
		    const struct proc_task *after, const bool *bad)
{
	size_t i;

	for (i = 0; i < n_aspects(); i++) {
		if (bad[i] && tally->differ[i] <= MAX_EXPLAINED)
			compare_explain(i, task, before, after);
	}
}

enum look { LOOK_GONE, LOOK_FITS, LOOK_DIFFERS };

/* One task between two readings of its own. */
static enum look look_at(struct kin *kin, uint32_t pid, uint32_t tgid,
			 bool thread, struct tally *tally, bool last)
{
	struct kin_snapshot snap = { 0 };
	struct proc_task before, after;
	enum look look = LOOK_GONE;
	bool bad[MAX_ASPECTS];
	int ret;

	if (!proc_read(&before, pid, tgid, thread)) {
		proc_drop(&before);
		return LOOK_GONE;
	}
	ret = kin_get(kin, pid, thread ? KIN_KIND_THREAD : KIN_KIND_PROCESS,
		      tally->groups, kin_snapshot_add, &snap);
	if (ret && ret != -ESRCH)
		tap_bail("get of %u: %s", pid, kin_error(kin));
	if (proc_read(&after, pid, tgid, thread) && !ret) {
		look = compare_task(snap.tasks, &before, &after, bad) ?
			       LOOK_DIFFERS :
			       LOOK_FITS;
		if (look == LOOK_FITS || last)
			count(tally, snap.tasks, bad);
		if (look == LOOK_DIFFERS && last)
			explain(tally, snap.tasks, &before, &after, bad);
	}
	proc_drop(&before);
	proc_drop(&after);
	kin_snapshot_free(&snap);
	return look;
}

/* Where much is wrong, patience finds no more of it. */
static int patience(const struct tally *tally)
{
	return tally->retries < MUCH_PATIENCE ? PATIENCE : 2;
}

static void look_again(struct kin *kin, const struct proc_task *proc,
		       struct tally *tally)
{
	const int tries = patience(tally);
	enum look look = LOOK_DIFFERS;
	int i;

	tally->retried++;
	for (i = 1; look == LOOK_DIFFERS && i <= tries; i++) {
		/* A task that runs at all must get to run. */
		sched_yield();
		tally->retries++;
		look = look_at(kin, proc->pid, proc->tgid, proc->thread, tally,
			       i == tries);
	}
	tally->vanished += look == LOOK_GONE;
}

/* A number is used again only for a later task. */
static bool same_task(const struct proc_task *a, const struct proc_task *b)
{
	size_t start = field_find("start_boottime_ns") - fields;

	return a && b && a->values[start] == b->values[start];
}

/* Tasks that were there before and after must be in the dump. */
static void compare_known(struct kin *kin, const struct kin_snapshot *snap,
			  const struct proc_list *before,
			  const struct proc_list *after, struct tally *tally)
{
	const struct proc_task *then, *now;
	const struct kin_task *task;
	bool bad[MAX_ASPECTS];
	size_t i;

	for (i = 0; i < after->n; i++) {
		now = &after->tasks[i];
		then = proc_find(before, now->pid, now->thread);
		task = kin_snapshot_find(snap, now->pid,
					 now->thread ? KIN_KIND_THREAD :
						       KIN_KIND_PROCESS);
		if (!task && same_task(then, now)) {
			tap_note("not in the dump: %u (%s)", now->pid,
				 now->comm);
			tally->missing++;
		} else if (task && same_task(then, now) &&
			   !compare_task(task, then, now, bad)) {
			count(tally, task, bad);
		} else {
			look_again(kin, now, tally);
		}
	}
}

static void check_order(const struct kin_snapshot *snap, struct tally *tally)
{
	const struct kin_base *a, *b;
	size_t i;

	for (i = 1; i < snap->n; i++) {
		a = &snap->tasks[i - 1].base;
		b = &snap->tasks[i].base;
		if (a->pid < b->pid)
			continue;
		tally->doubled += a->pid != b->pid ||
				  (a->flags & KIN_TASK_THREAD) ||
				  !(b->flags & KIN_TASK_THREAD);
	}
}

/* What was in /proc before or in the dump, and is not in /proc after, went. */
static void count_gone(const struct kin_snapshot *snap,
		       const struct proc_list *before,
		       const struct proc_list *after, struct tally *tally)
{
	const struct kin_base *base;
	size_t i;

	for (i = 0; i < before->n; i++)
		tally->vanished += !proc_find(after, before->tasks[i].pid,
					      before->tasks[i].thread);

	for (i = 0; i < snap->n; i++) {
		base = &snap->tasks[i].base;
		if (proc_find(before, base->pid, base->flags & KIN_TASK_THREAD))
			continue;
		tally->vanished += !proc_find(after, base->pid,
					      base->flags & KIN_TASK_THREAD);
	}
}

void compare_all(struct kin *kin, struct tally *tally)
{
	const struct kin_query query = { .groups = private_groups(kin),
					 .kinds = KIN_KINDS };
	struct proc_list before, after;
	struct kin_snapshot snap;

	memset(tally, 0, sizeof(*tally));
	tally->groups = query.groups;
	proc_read_all(&before);
	if (kin_snapshot_take(kin, &query, &snap))
		tap_bail("dump: %s", kin_error(kin));
	proc_read_all(&after);
	check_order(&snap, tally);
	count_gone(&snap, &before, &after, tally);
	compare_known(kin, &snap, &before, &after, tally);
	kin_snapshot_free(&snap);
	proc_free(&before);
	proc_free(&after);
}
