// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../truth/proc.h"
#include "../truth/tap.h"
#include "same.h"

static unsigned int wrong;

/* Returns @ok; the first thing that is not is told. */
static bool equal(bool ok, uint32_t pid, const char *what, uint64_t is,
		  uint64_t should)
{
	if (!ok && !wrong++)
		tap_note("%u: %s is %" PRIu64 ", should be %" PRIu64, pid, what,
			 is, should);
	return ok;
}

#define EQUAL(pid, what, is, should) \
	equal((is) == (should), pid, what, is, should)

static bool is_main_thread(const struct kin_base *base)
{
	return (base->flags & KIN_TASK_THREAD) && base->pid == base->tgid;
}

static uint32_t kind_of(const struct kin_base *base)
{
	return base->flags & KIN_TASK_THREAD ? KIN_KIND_THREAD :
					       KIN_KIND_PROCESS;
}

/* ---- a snapshot ---- */

static void compare_parent(const struct kin_snapshot *snap,
			   const struct kin_node *node, uint32_t ppid)
{
	const struct kin_task *parent =
		kin_snapshot_find(snap, ppid, KIN_KIND_PROCESS);
	const uint32_t pid = node->task.base.pid;

	if (!ppid) {
		equal(!node->parent, pid, "a root's parent", !!node->parent, 0);
		return;
	}
	if (equal(node->parent && parent, pid, "parent", !!node->parent, ppid))
		EQUAL(pid, "the parent's start",
		      node->parent->task.base.start_boottime_ns,
		      parent->base.start_boottime_ns);
}

static void compare_task(const struct kin_mirror *m,
			 const struct kin_snapshot *snap,
			 const struct kin_task *task)
{
	const struct kin_base *base = &task->base;
	const struct kin_node *node =
		kin_mirror_find(m, base->pid, kind_of(base));

	if (!equal(node, base->pid, "a node", 0, 1))
		return;
	EQUAL(base->pid, "start", node->task.base.start_boottime_ns,
	      base->start_boottime_ns);
	EQUAL(base->pid, "tgid", node->task.base.tgid, base->tgid);
	EQUAL(base->pid, "cgroup", node->task.cgroup_id, task->cgroup_id);
	equal(!memcmp(node->task.base.comm, base->comm, KIN_COMM_LEN),
	      base->pid, "name (first byte)", node->task.base.comm[0],
	      base->comm[0]);
	if (base->flags & KIN_TASK_THREAD) {
		EQUAL(base->pid, "process", node->process->task.base.pid,
		      base->tgid);
		return;
	}
	EQUAL(base->pid, "ppid", node->task.base.ppid, base->ppid);
	EQUAL(base->pid, "num_threads", node->task.base.num_threads,
	      base->num_threads);
	EQUAL(base->pid, "life", node->life,
	      base->state == 'Z' && base->num_threads == 1 ? KIN_LIFE_ENDED :
							     KIN_LIFE_ALIVE);
	compare_parent(snap, node, base->ppid);
}

static void take(struct kin *kin, struct kin_snapshot *snap)
{
	const struct kin_query query = { .groups = KIN_GROUP_CGROUP,
					 .kinds = KIN_KINDS };
	const int err = kin_snapshot_take(kin, &query, snap);

	if (err)
		tap_bail("snapshot: %s", kin_error(kin));
}

unsigned int same_as_snapshot(const struct kin_mirror *m, struct kin *kin)
{
	struct kin_mirror_stats stats;
	struct kin_snapshot snap;
	size_t n = 0;

	wrong = 0;
	take(kin, &snap);
	for (size_t i = 0; i < snap.n; i++) {
		if (is_main_thread(&snap.tasks[i].base))
			continue;
		compare_task(m, &snap, &snap.tasks[i]);
		n++;
	}
	kin_mirror_stats(m, &stats);
	EQUAL(0, "how many there are", stats.processes + stats.threads, n);
	kin_snapshot_free(&snap);
	return wrong;
}

/* ---- all of base ---- */

/* State changes whenever it likes; all else does not, of who is at rest. */
static void compare_base(const struct kin_base *is, const struct kin_base *a,
			 const struct kin_base *b)
{
	for (size_t at = 0; at < sizeof(*is); at += 4) {
		uint32_t value, before, after;

		if (at == offsetof(struct kin_base, state))
			continue;
		memcpy(&value, (const char *)is + at, 4);
		memcpy(&before, (const char *)a + at, 4);
		memcpy(&after, (const char *)b + at, 4);
		if (!equal(value == before || value == after, is->pid,
			   "a word of base", value, before))
			tap_note("it is at offset %zu", at);
	}
}

unsigned int same_when_sampled(struct kin_mirror *m, struct kin *kin)
{
	struct kin_snapshot before, after;

	wrong = 0;
	take(kin, &before);
	if (kin_mirror_sample(m))
		tap_bail("sample: %s", kin_mirror_error(m));
	take(kin, &after);
	for (size_t i = 0; i < after.n; i++) {
		const struct kin_base *base = &after.tasks[i].base;
		const struct kin_task *old =
			kin_snapshot_find(&before, base->pid, kind_of(base));
		const struct kin_node *node =
			kin_mirror_find(m, base->pid, kind_of(base));

		if (is_main_thread(base) || !old)
			continue;
		if (equal(node, base->pid, "a node", 0, 1))
			compare_base(&node->task.base, &old->base, base);
	}
	kin_snapshot_free(&before);
	kin_snapshot_free(&after);
	return wrong;
}

/* ---- /proc ---- */

/* The number in a column of PID's stat, from 3 on. */
static uint64_t stat_column(uint32_t pid, unsigned int column)
{
	char path[64], text[1024] = "", *at;

	snprintf(path, sizeof(path), "/proc/%u/stat", pid);
	if (proc_file(path, text, sizeof(text)) < 0)
		return ABSENT;
	at = strrchr(text, ')');
	for (; at && column > 2; column--)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at + 1, NULL, 10) : ABSENT;
}

static void compare_comm(const struct kin_node *node)
{
	const struct kin_base *base = &node->task.base;
	char path[64], text[64] = "";
	long len;

	/* What workers of the kernel work on, /proc appends. */
	if (base->flags & KIN_TASK_KTHREAD)
		return;
	snprintf(path, sizeof(path), "/proc/%u/task/%u/comm", base->tgid,
		 base->pid);
	len = proc_file(path, text, sizeof(text));
	if (equal(len > 0, base->pid, "comm in /proc", 0, 1))
		equal(strlen(base->comm) == (size_t)len - 1 &&
			      !memcmp(text, base->comm, len - 1),
		      base->pid, "name (first byte)", base->comm[0], text[0]);
}

static void compare_process(const struct kin_mirror *m, uint32_t pid)
{
	const struct kin_node *node =
		kin_mirror_find(m, pid, KIN_KIND_PROCESS);
	uint32_t *tids;
	size_t n;

	if (!equal(node, pid, "a node", 0, 1))
		return;
	EQUAL(pid, "ppid", node->parent ? node->parent->task.base.pid : 0,
	      stat_column(pid, 4));
	EQUAL(pid, "num_threads", node->task.base.num_threads,
	      stat_column(pid, 20));
	compare_comm(node);
	n = proc_pids(pid, &tids);
	for (size_t i = 0; i < n; i++) {
		const struct kin_node *thread =
			kin_mirror_find(m, tids[i], KIN_KIND_THREAD);

		if (tids[i] != pid &&
		    equal(thread && thread->process == node, tids[i],
			  "a thread", 0, pid))
			compare_comm(thread);
	}
	free(tids);
}

unsigned int same_as_proc(const struct kin_mirror *m)
{
	struct kin_mirror_stats stats;
	uint32_t *pids;
	const size_t n = proc_pids(0, &pids);

	wrong = 0;
	for (size_t i = 0; i < n; i++)
		compare_process(m, pids[i]);
	kin_mirror_stats(m, &stats);
	EQUAL(0, "how many processes there are", stats.processes, n);
	free(pids);
	return wrong;
}

/* ---- sums ---- */

static uint64_t known(uint64_t number)
{
	return number == KIN_NONE64 ? 0 : number;
}

static void compare_sums(const struct kin_node *node)
{
	const struct kin_task *task = &node->task;
	uint64_t processes = 1, threads = task->base.num_threads;
	uint64_t cpu = known(task->sched.utime_ns) +
		       known(task->sched.stime_ns);
	uint64_t rss = node->life == KIN_LIFE_ALIVE ?
			       known(kin_rss_bytes(&task->mem)) : 0;

	for (const struct kin_node *child = node->first_child; child;
	     child = child->next) {
		processes += child->sum_processes;
		threads += child->sum_threads;
		rss += child->sum_rss_bytes;
		cpu += child->sum_cpu_ns;
	}
	EQUAL(task->base.pid, "sum_processes", node->sum_processes, processes);
	EQUAL(task->base.pid, "sum_threads", node->sum_threads, threads);
	EQUAL(task->base.pid, "sum_rss_bytes", node->sum_rss_bytes, rss);
	EQUAL(task->base.pid, "sum_cpu_ns", node->sum_cpu_ns, cpu);
}

unsigned int same_sums(const struct kin_mirror *m)
{
	wrong = 0;
	for (const struct kin_node *node = kin_mirror_next(m, NULL); node;
	     node = kin_mirror_next(m, node))
		if (!(node->task.base.flags & KIN_TASK_THREAD))
			compare_sums(node);
	return wrong;
}
