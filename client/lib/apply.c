// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events onto nodes. They come in the order in which they happened, but some of
 * those after the subscription happened before a record was read, and come after
 * it. What is right whichever came first:
 *
 *   fork  of a task that is there: it is known better already. Of one that is not:
 *         it came after the dump had passed its number, or has ended since, and its
 *         exit comes, too.
 *   exec  of a process that is not there: the dump came just when another thread took
 *         over its number, and met neither. Of one that is there: is known already if
 *         the record has its exec_id, or a later one, but for the name. Threads that
 *         are older than it are gone whatever the record says.
 *   exit  of a task that is not there: the dump came when it was gone already.
 *   comm, cgroup, the name that comes with exec: where the record was newer, so is an
 *         event that is still to come, which puts it back. To leave out one of them,
 *         and not the one before, would let that have the last word.
 */
#include <errno.h>
#include <string.h>

#include "nodes.h"

/* A main thread is not a node of its own: its process is. */
static bool is_of_thread(const struct kin_event *ev)
{
	return (ev->flags & KIN_EVENT_THREAD) && ev->pid != ev->tgid;
}

static struct kin_node *node_of(const struct kin_nodes *nodes,
				const struct kin_event *ev)
{
	return kin_nodes_get(nodes, ev->pid, ev->start_boottime_ns,
			     is_of_thread(ev));
}

/* Events are newer than anything that only events have told. */
static void note_uid(struct kin_node *node, const struct kin_event *ev)
{
	if (!node->sampled_ns)
		node->task.base.uid = ev->uid;
}

/* ---- fork ---- */

#define N_EARLY (sizeof(((struct kin_nodes *)0)->early) / \
		 sizeof(((struct kin_nodes *)0)->early[0]))

/*
 * A birth says what the new task was when it was looked at; on another CPU it may
 * be renamed or moved before that is told, and then this is told first.
 */
static void note_early(struct kin_nodes *nodes, const struct kin_event *ev)
{
	const unsigned int at = nodes->n_early++ % N_EARLY;

	nodes->early[at].pid = ev->pid;
	nodes->early[at].start_boottime_ns = ev->start_boottime_ns;
}

static bool was_early(const struct kin_nodes *nodes, const struct kin_event *ev)
{
	for (size_t i = 0; i < N_EARLY && i < nodes->n_early; i++)
		if (nodes->early[i].pid == ev->pid &&
		    nodes->early[i].start_boottime_ns == ev->start_boottime_ns)
			return true;
	return false;
}

/* A number is given out again only when its owner is no more. */
static void replace_owner(struct kin_nodes *nodes, const struct kin_event *ev)
{
	struct kin_node *node = NULL, *next;

	for (node = kin_nodes_same(nodes, ev->pid, NULL); node; node = next) {
		next = kin_nodes_same(nodes, ev->pid, node);
		if (!kin_start_after(ev->start_boottime_ns,
				     node->task.base.start_boottime_ns))
			continue;
		kin_nodes_gone(nodes, node);
		/* With a process may have gone the one that was next. */
		next = kin_nodes_same(nodes, ev->pid, NULL);
	}
}

static void fill_base(struct kin_base *base, const struct kin_event *ev,
		      const struct kin_event_fork *fork)
{
	base->tgid = ev->tgid;
	base->ppid = ev->ppid;
	base->uid = ev->uid;
	base->num_threads = 1;
	memcpy(base->comm, ev->comm, sizeof(base->comm));
	if (ev->flags & KIN_EVENT_KTHREAD)
		base->flags |= KIN_TASK_KTHREAD;
	if (fork) {
		base->pgid = fork->pgid;
		base->sid = fork->sid;
		base->exit_signal = fork->exit_signal;
	}
}

static struct kin_node *create(struct kin_nodes *nodes,
			       const struct kin_event_record *rec)
{
	const struct kin_event *ev = rec->base;
	struct kin_node *node = kin_nodes_create(nodes, ev->pid,
						 ev->start_boottime_ns,
						 is_of_thread(ev));

	if (!node)
		return NULL;
	fill_base(&node->task.base, ev, rec->fork);
	node->task.cgroup_id = ev->cgroup_id;
	if (ev->cgroup_id != KIN_NONE64)
		node->task.groups = KIN_GROUP_CGROUP;
	node->told_comm = node->told_cgroup = !was_early(nodes, ev);
	return node;
}

/* Where its process is not there, it has ended, like all of it. */
static int new_thread(struct kin_nodes *nodes,
		      const struct kin_event_record *rec)
{
	const struct kin_event *ev = rec->base;
	struct kin_node *process, *node;

	process = kin_nodes_find(nodes, ev->tgid, false, ev->start_boottime_ns);
	if (!process)
		return 0;
	node = create(nodes, rec);
	if (!node)
		return -ENOMEM;
	kin_kinship_link_thread(nodes, node, process);
	node->task.base.num_threads = process->task.base.num_threads;
	kin_nodes_born(nodes, node);
	kin_nodes_changed(nodes, process, KIN_CHANGE_THREADS);
	return 0;
}

/* A new process has the exec_id of the one that created it; or an older one, if
 * that has called exec between this event and the dump that met it. */
static uint64_t inherited_exec_id(const struct kin_nodes *nodes,
				  const struct kin_event_record *rec)
{
	const struct kin_node *creator = NULL;

	if (rec->fork)
		creator = kin_nodes_find(nodes, rec->fork->creator_tgid, false,
					 rec->base->start_boottime_ns);
	return creator ? creator->told_exec_id : 0;
}

/* Which process ppid is, the event tells. One that is not there, or has ended,
 * has left its children to another already. */
static int new_process(struct kin_nodes *nodes,
		       const struct kin_event_record *rec)
{
	static const struct kin_share nothing;
	const struct kin_event *ev = rec->base;
	struct kin_node *node = create(nodes, rec), *parent = NULL;

	if (!node)
		return -ENOMEM;
	node->told_exec_id = inherited_exec_id(nodes, rec);
	node->inherited = true;
	kin_kinship_update(nodes, node, &nothing);
	if (ev->ppid && rec->fork)
		parent = kin_nodes_get(nodes, ev->ppid,
				       rec->fork->parent_start_boottime_ns,
				       false);
	kin_kinship_link(nodes, node, parent);
	if (!kin_kinship_is_sure(node))
		kin_watch(nodes, node, 0);
	kin_nodes_born(nodes, node);
	return 0;
}

static int apply_fork(struct kin_nodes *nodes,
		      const struct kin_event_record *rec)
{
	if (node_of(nodes, rec->base))
		return 0;
	replace_owner(nodes, rec->base);
	if (is_of_thread(rec->base))
		return new_thread(nodes, rec);
	return new_process(nodes, rec);
}

/* ---- what happens to those that are there ---- */

static uint32_t set_comm(struct kin_node *node, const struct kin_event *ev)
{
	char *comm = node->task.base.comm;

	node->told_comm = true;
	if (!memcmp(comm, ev->comm, KIN_COMM_LEN))
		return 0;
	memcpy(comm, ev->comm, KIN_COMM_LEN);
	return KIN_CHANGE_COMM;
}

/*
 * The kernel waits until the others are no more, then lets the one that called
 * execve() take over the number and the start of the main thread. Its own number
 * goes without an exit. Threads that are younger than the event belong to the new
 * program.
 */
static void end_threads(struct kin_nodes *nodes, struct kin_node *process,
			uint64_t boottime_ns)
{
	struct kin_node *node, *next;

	for (node = process->first_thread; node; node = next) {
		next = node->next;
		if (kin_start_after(boottime_ns,
				    node->task.base.start_boottime_ns))
			kin_nodes_gone(nodes, node);
	}
}

static void run_program(struct kin_nodes *nodes, struct kin_node *node,
			uint64_t exec_id)
{
	const struct kin_share before = kin_share_of(node);

	node->task.base.exec_id = exec_id;
	node->task.base.flags &= ~KIN_TASK_KTHREAD;
	if (!kin_nodes_have_threads(nodes))
		node->task.base.num_threads = 1;
	kin_kinship_update(nodes, node, &before);
	kin_node_forget(node, KIN_GROUP_CMDLINE | KIN_GROUP_EXE);
}

static uint32_t set_cgroup(struct kin_node *node, const struct kin_event *ev)
{
	node->told_cgroup = true;
	if (node->task.cgroup_id == ev->cgroup_id)
		return 0;
	node->task.cgroup_id = ev->cgroup_id;
	kin_node_forget(node, KIN_GROUP_CGROUP);
	return KIN_CHANGE_CGROUP;
}

/* Whoever calls exec and was not the main thread is it now, even where that had
 * ended; and brings a cgroup of its own: a main thread that has ended is not moved
 * with the others. */
static void apply_exec(struct kin_nodes *nodes, struct kin_node *node,
		       const struct kin_event_record *rec)
{
	const uint64_t known = node->task.base.exec_id;
	const bool knew_cgroup = node->task.cgroup_id != KIN_NONE64;
	uint32_t changes = set_comm(node, rec->base);
	uint64_t id;

	if (set_cgroup(node, rec->base) && knew_cgroup)
		changes |= KIN_CHANGE_CGROUP;
	node->task.base.flags &= ~KIN_TASK_EXITING;
	end_threads(nodes, node, rec->base->boottime_ns);
	if (!rec->exec)
		return;
	id = rec->exec->exec_id;
	if (known == KIN_NONE64 || known < id)
		run_program(nodes, node, id);
	if (node->told_exec_id < id || node->inherited) {
		node->told_exec_id = id;
		node->inherited = false;
		changes |= KIN_CHANGE_EXEC;
	}
	kin_nodes_changed(nodes, node, changes);
}

static void apply_exit(struct kin_nodes *nodes, struct kin_node *node,
		       const struct kin_event_record *rec)
{
	const struct kin_event *ev = rec->base;

	node->task.base.flags |= KIN_TASK_EXITING;
	/* A main thread may end before others: its process lives on. */
	if ((ev->flags & KIN_EVENT_THREAD) && !is_of_thread(ev))
		return;
	kin_nodes_end(nodes, node, rec->exit, ev->boottime_ns);
}

/* All threads move with their process, or one of them alone (cgroup.threads),
 * perhaps the main one: ask about the others. */
static void apply_cgroup(struct kin_nodes *nodes, struct kin_node *node,
			 const struct kin_event *ev)
{
	struct kin_node *thread;
	uint32_t changes;

	for (thread = node->first_thread; thread; thread = thread->next) {
		thread->told_cgroup = false;
		kin_watch(nodes, thread, 0);
	}
	changes = set_cgroup(node, ev);
	if (changes)
		kin_nodes_changed(nodes, node, changes);
}

static void apply_to(struct kin_nodes *nodes, struct kin_node *node,
		     const struct kin_event_record *rec)
{
	note_uid(node, rec->base);
	switch (rec->base->kind) {
	case KIN_EVENT_KIND_EXEC:
		apply_exec(nodes, node, rec);
		break;
	case KIN_EVENT_KIND_EXIT:
		apply_exit(nodes, node, rec);
		break;
	case KIN_EVENT_KIND_COMM:
		kin_nodes_changed(nodes, node, set_comm(node, rec->base));
		break;
	case KIN_EVENT_KIND_OOM:
		kin_nodes_changed(nodes, node, KIN_CHANGE_OOM);
		break;
	case KIN_EVENT_KIND_CGROUP:
		apply_cgroup(nodes, node, rec->base);
		break;
	}
}

/*
 * Names and cgroups may be changed by several at once, and newer kernels have no
 * lock that makes the last event the last change: look what has come of it.
 */
static void look_again(struct kin_nodes *nodes, const struct kin_event *ev)
{
	struct kin_node *node = node_of(nodes, ev);

	if (ev->kind & (KIN_EVENT_KIND_COMM | KIN_EVENT_KIND_CGROUP)) {
		if (node && node->life == KIN_LIFE_ALIVE)
			kin_watch(nodes, node, 1);
		if (!node)
			note_early(nodes, ev);
	} else if (ev->kind == KIN_EVENT_KIND_FORK && node &&
		   (was_early(nodes, ev) ||
		    node->task.cgroup_id != ev->cgroup_id)) {
		/* A dump may have met it before it was in its cgroup. */
		kin_watch(nodes, node, 1);
	}
}

int kin_nodes_apply(const struct kin_event_record *rec, void *arg)
{
	struct kin_nodes *nodes = arg;
	struct kin_node *node;
	int err = 0;

	nodes->activity++;
	if (!rec->base) {
		nodes->stats.lost += rec->lost;
		nodes->lossy = true;
	} else if (rec->base->kind == KIN_EVENT_KIND_FORK) {
		nodes->stats.events++;
		err = apply_fork(nodes, rec);
	} else {
		nodes->stats.events++;
		node = node_of(nodes, rec->base);
		if (!node && rec->base->kind == KIN_EVENT_KIND_EXEC) {
			err = new_process(nodes, rec);
			node = node_of(nodes, rec->base);
			if (node)
				kin_watch(nodes, node, 0);
		}
		if (node)
			apply_to(nodes, node, rec);
	}
	if (rec->base)
		look_again(nodes, rec->base);
	if (nodes->options.event)
		nodes->options.event(rec, nodes->options.arg);
	return err;
}
