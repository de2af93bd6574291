// SPDX-License-Identifier: GPL-2.0-or-later
/* Which nodes there are: a hash by number that grows with them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nodes.h"

#define FIRST_BUCKETS 256

/* Numbers are given out one after the other: they spread by themselves. */
static size_t bucket_of(const struct kin_nodes *nodes, uint32_t pid)
{
	return pid & (nodes->n_buckets - 1);
}

int kin_nodes_init(struct kin_nodes *nodes,
		   const struct kin_mirror_options *options)
{
	memset(nodes, 0, sizeof(*nodes));
	nodes->options = *options;
	/* A thread without its process would have no place. */
	nodes->options.kinds |= KIN_KIND_PROCESS;
	nodes->buckets = calloc(FIRST_BUCKETS, sizeof(*nodes->buckets));
	if (!nodes->buckets)
		return -ENOMEM;
	nodes->n_buckets = FIRST_BUCKETS;
	return 0;
}

void kin_node_free(struct kin_node *node)
{
	free(node->strings);
	free(node);
}

void kin_nodes_free(struct kin_nodes *nodes)
{
	struct kin_node *node;

	for (size_t i = 0; i < nodes->n_buckets; i++) {
		while ((node = nodes->buckets[i])) {
			nodes->buckets[i] = node->hash_next;
			kin_node_free(node);
		}
	}
	while ((node = nodes->gone.first)) {
		nodes->gone.first = node->list_next;
		kin_node_free(node);
	}
	free(nodes->buckets);
	free(nodes->fresh);
	memset(nodes, 0, sizeof(*nodes));
}

/* Without memory for more buckets, chains become longer: slower, and right. */
static void grow(struct kin_nodes *nodes)
{
	const size_t n = nodes->n_buckets;
	struct kin_node **old = nodes->buckets, *node;
	struct kin_node **buckets = calloc(2 * n, sizeof(*buckets));

	if (!buckets)
		return;
	nodes->buckets = buckets;
	nodes->n_buckets = 2 * n;
	for (size_t i = 0; i < n; i++) {
		while ((node = old[i])) {
			struct kin_node **head =
				&buckets[bucket_of(nodes, node->task.base.pid)];

			old[i] = node->hash_next;
			node->hash_next = *head;
			*head = node;
		}
	}
	free(old);
}

static size_t *count_of(struct kin_nodes *nodes, const struct kin_node *node)
{
	return kin_node_is_thread(node) ? &nodes->stats.threads :
					  &nodes->stats.processes;
}

/* What no event tells has all bits set; a state has no letter for that. */
static void know_nothing(struct kin_task *task)
{
	memset(task, 0, sizeof(*task));
	memset(&task->base, 0xff, sizeof(task->base));
	memset(&task->sched, 0xff, sizeof(task->sched));
	memset(&task->mem, 0xff, sizeof(task->mem));
	memset(&task->files, 0xff, sizeof(task->files));
	memset(&task->io, 0xff, sizeof(task->io));
	memset(&task->ns, 0xff, sizeof(task->ns));
	memset(&task->delay, 0xff, sizeof(task->delay));
	memset(&task->wait, 0xff, sizeof(task->wait));
	memset(task->base.reserved, 0, sizeof(task->base.reserved));
	memset(task->base.comm, 0, sizeof(task->base.comm));
	task->base.state = 0;
	task->base.flags = 0;
	task->cgroup_id = KIN_NONE64;
}

struct kin_node *kin_nodes_create(struct kin_nodes *nodes, uint32_t pid,
				  uint64_t start_boottime_ns, bool thread)
{
	struct kin_node *node = calloc(1, sizeof(*node)), **head;

	if (!node)
		return NULL;
	if (nodes->stats.processes + nodes->stats.threads > nodes->n_buckets)
		grow(nodes);
	know_nothing(&node->task);
	node->task.base.pid = pid;
	node->task.base.start_boottime_ns = start_boottime_ns;
	if (thread)
		node->task.base.flags = KIN_TASK_THREAD;
	else
		node->process = node;
	head = &nodes->buckets[bucket_of(nodes, pid)];
	node->hash_next = *head;
	*head = node;
	++*count_of(nodes, node);
	return node;
}

void kin_nodes_unhash(struct kin_nodes *nodes, struct kin_node *node)
{
	struct kin_node **at =
		&nodes->buckets[bucket_of(nodes, node->task.base.pid)];

	while (*at != node)
		at = &(*at)->hash_next;
	*at = node->hash_next;
	node->hash_next = NULL;
	--*count_of(nodes, node);
}

struct kin_node *kin_nodes_same(const struct kin_nodes *nodes, uint32_t pid,
				const struct kin_node *after)
{
	struct kin_node *node = after ? after->hash_next :
				nodes->buckets[bucket_of(nodes, pid)];

	while (node && node->task.base.pid != pid)
		node = node->hash_next;
	return node;
}

struct kin_node *kin_nodes_get(const struct kin_nodes *nodes, uint32_t pid,
			       uint64_t start_boottime_ns, bool thread)
{
	struct kin_node *node = NULL;

	while ((node = kin_nodes_same(nodes, pid, node)))
		if (node->task.base.start_boottime_ns == start_boottime_ns &&
		    kin_node_is_thread(node) == thread)
			break;
	return node;
}

struct kin_node *kin_nodes_find(const struct kin_nodes *nodes, uint32_t pid,
				bool thread, uint64_t born)
{
	struct kin_node *node = NULL, *found = NULL;

	while ((node = kin_nodes_same(nodes, pid, node))) {
		const uint64_t start = node->task.base.start_boottime_ns;

		if (kin_node_is_thread(node) != thread ||
		    kin_start_after(start, born))
			continue;
		if (!found ||
		    kin_start_after(start, found->task.base.start_boottime_ns))
			found = node;
	}
	return found;
}

struct kin_node *kin_nodes_next(const struct kin_nodes *nodes,
				const struct kin_node *after)
{
	size_t i = 0;

	if (after && after->hash_next)
		return after->hash_next;
	if (after)
		i = bucket_of(nodes, after->task.base.pid) + 1;
	while (i < nodes->n_buckets && !nodes->buckets[i])
		i++;
	return i < nodes->n_buckets ? nodes->buckets[i] : NULL;
}
