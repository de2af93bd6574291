// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who belongs to whom, and what each branch amounts to. A sum is kept up by
 * adding differences along the ancestors; differences are unsigned and wrap, which
 * adds and takes away alike.
 */
#include "nodes.h"

/* What is not known adds nothing, and memory ends with its process. */
struct kin_share kin_share_of(const struct kin_node *node)
{
	const struct kin_task *task = &node->task;
	struct kin_share share = { .processes = 1 };
	const uint64_t rss = kin_rss_bytes(&task->mem);

	if (task->base.num_threads != KIN_NONE32)
		share.threads = task->base.num_threads;
	if (rss != KIN_NONE64 && node->life == KIN_LIFE_ALIVE)
		share.rss_bytes = rss;
	if (task->sched.utime_ns != KIN_NONE64 &&
	    task->sched.stime_ns != KIN_NONE64)
		share.cpu_ns = task->sched.utime_ns + task->sched.stime_ns;
	return share;
}

static struct kin_share branch_of(const struct kin_node *node)
{
	return (struct kin_share){
		.processes = node->sum_processes,
		.threads = node->sum_threads,
		.rss_bytes = node->sum_rss_bytes,
		.cpu_ns = node->sum_cpu_ns,
	};
}

/* A number that nobody asked for is not known of anybody. */
static void add(const struct kin_nodes *nodes, struct kin_node *node,
		const struct kin_share *plus, const struct kin_share *minus)
{
	const uint32_t groups = nodes->options.groups;

	for (; node; node = node->parent) {
		node->sum_processes += plus->processes - minus->processes;
		node->sum_threads += plus->threads - minus->threads;
		node->sum_rss_bytes += plus->rss_bytes - minus->rss_bytes;
		node->sum_cpu_ns += plus->cpu_ns - minus->cpu_ns;
		if (!(groups & KIN_GROUP_MEM))
			node->sum_rss_bytes = KIN_NONE64;
		if (!(groups & KIN_GROUP_SCHED))
			node->sum_cpu_ns = KIN_NONE64;
	}
}

void kin_kinship_update(const struct kin_nodes *nodes, struct kin_node *node,
			const struct kin_share *before)
{
	const struct kin_share share = kin_share_of(node);

	add(nodes, node, &share, before);
}

/* ---- lists ---- */

static void push(struct kin_node **head, struct kin_node *node)
{
	node->prev = NULL;
	node->next = *head;
	if (*head)
		(*head)->prev = node;
	*head = node;
}

static void take_out(struct kin_node **head, struct kin_node *node)
{
	if (node->next)
		node->next->prev = node->prev;
	if (node->prev)
		node->prev->next = node->next;
	else
		*head = node->next;
	node->next = NULL;
	node->prev = NULL;
}

static struct kin_node **siblings(struct kin_nodes *nodes,
				  struct kin_node *node)
{
	return node->parent ? &node->parent->first_child : &nodes->first_root;
}

/* ---- processes ---- */

static bool is_ancestor(const struct kin_node *node,
			const struct kin_node *of)
{
	while (of && of != node)
		of = of->parent;
	return of;
}

bool kin_kinship_link(struct kin_nodes *nodes, struct kin_node *node,
		      struct kin_node *parent)
{
	static const struct kin_share nothing;
	const struct kin_share branch = branch_of(node);
	/* Never so by the kernel's numbers; by no numbers a circle. */
	const bool circle = is_ancestor(node, parent);

	node->parent = circle ? NULL : parent;
	push(siblings(nodes, node), node);
	add(nodes, node->parent, &branch, &nothing);
	return !circle;
}

void kin_kinship_unlink(struct kin_nodes *nodes, struct kin_node *node)
{
	static const struct kin_share nothing;
	const struct kin_share branch = branch_of(node);

	add(nodes, node->parent, &nothing, &branch);
	take_out(siblings(nodes, node), node);
	node->parent = NULL;
}

/*
 * A parent was there before its children: reaping, adopting and CLONE_PARENT all
 * lead to an older process. So a number's owner that is younger is not the one.
 */
bool kin_kinship_settle(struct kin_nodes *nodes, struct kin_node *node)
{
	const struct kin_base *base = &node->task.base;
	struct kin_node *parent = NULL, *old = node->parent;

	if (old && old->task.base.pid == base->ppid &&
	    old->life == KIN_LIFE_ALIVE)
		return false;
	if (base->ppid && base->ppid != KIN_NONE32)
		parent = kin_nodes_find(nodes, base->ppid, false,
					base->start_boottime_ns);
	if (parent == old)
		return false;
	kin_kinship_unlink(nodes, node);
	kin_kinship_link(nodes, node, parent);
	return node->parent != old;
}

bool kin_kinship_is_sure(const struct kin_node *node)
{
	if (node->parent)
		return node->parent->life == KIN_LIFE_ALIVE;
	return !node->task.base.ppid;
}

/* ---- threads ---- */

/* How many threads a process has is known best from its nodes. */
static void count_threads(struct kin_nodes *nodes, struct kin_node *process,
			  int more)
{
	const struct kin_share before = kin_share_of(process);

	process->n_threads += more;
	process->task.base.num_threads = 1 + process->n_threads;
	kin_kinship_update(nodes, process, &before);
}

void kin_kinship_link_thread(struct kin_nodes *nodes, struct kin_node *thread,
			     struct kin_node *process)
{
	thread->process = process;
	push(&process->first_thread, thread);
	count_threads(nodes, process, 1);
}

void kin_kinship_unlink_thread(struct kin_nodes *nodes,
			       struct kin_node *thread)
{
	take_out(&thread->process->first_thread, thread);
	count_threads(nodes, thread->process, -1);
	thread->process = NULL;
}
