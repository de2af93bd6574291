// SPDX-License-Identifier: GPL-2.0-or-later
/* From birth to what is kept of a task that is no more; whoever wants is told. */
#include "nodes.h"

void kin_nodes_born(struct kin_nodes *nodes, struct kin_node *node)
{
	nodes->activity++;
	if (nodes->options.born && !nodes->silent)
		nodes->options.born(node, nodes->options.arg);
}

void kin_nodes_changed(struct kin_nodes *nodes, struct kin_node *node,
		       uint32_t changes)
{
	if (!changes)
		return;
	/* Numbers that were read are no news about who is there. */
	nodes->activity += changes != KIN_CHANGE_SAMPLED;
	node->version += changes != KIN_CHANGE_SAMPLED;
	if (nodes->options.changed && !nodes->silent)
		nodes->options.changed(node, changes, nodes->options.arg);
}

/*
 * Its children get another parent, and it stays until somebody has waited for it.
 * No event tells of either, nor of threads whose own end was lost.
 */
static void watch_family(struct kin_nodes *nodes, struct kin_node *node)
{
	struct kin_node *of;

	for (of = node->first_child; of; of = of->next)
		kin_watch(nodes, of, 0);
	for (of = node->first_thread; of; of = of->next)
		if (!of->doubt)
			kin_watch(nodes, of, 0);
	kin_watch(nodes, node, 0);
}

void kin_nodes_end(struct kin_nodes *nodes, struct kin_node *node,
		   const struct kin_event_exit *exit, uint64_t boottime_ns)
{
	struct kin_share before;

	/* A zombie of a snapshot may have ended a moment before. */
	if (node->life != KIN_LIFE_ALIVE && (node->has_end || !exit))
		return;
	kin_unwatch(nodes, node);
	before = kin_share_of(node);
	node->life = KIN_LIFE_ENDED;
	if (!kin_node_is_thread(node))
		kin_kinship_update(nodes, node, &before);
	if (exit) {
		node->has_end = true;
		node->end = *exit;
		node->end_boottime_ns = boottime_ns;
	}
	watch_family(nodes, node);
	kin_nodes_changed(nodes, node, KIN_CHANGE_ENDED);
}

/* ---- what is no more ---- */

static bool is_kept_too_long(const struct kin_nodes *nodes)
{
	const struct kin_node *oldest = nodes->gone.last;

	return oldest && (nodes->stats.kept > nodes->options.keep_max ||
			  nodes->now_ns - oldest->due_ns >=
				  nodes->options.keep_ns);
}

void kin_nodes_expire(struct kin_nodes *nodes)
{
	while (is_kept_too_long(nodes)) {
		struct kin_node *oldest = nodes->gone.last;

		kin_list_remove(&nodes->gone, oldest);
		nodes->stats.kept--;
		kin_node_free(oldest);
	}
}

/* due_ns says since when. */
static void keep(struct kin_nodes *nodes, struct kin_node *node)
{
	node->due_ns = nodes->now_ns;
	kin_list_push(&nodes->gone, node);
	nodes->stats.kept++;
	kin_nodes_expire(nodes);
}

static void leave(struct kin_nodes *nodes, struct kin_node *node)
{
	kin_unwatch(nodes, node);
	kin_nodes_unhash(nodes, node);
	node->life = KIN_LIFE_GONE;
	nodes->activity++;
	if (nodes->options.gone && !nodes->silent)
		nodes->options.gone(node, nodes->options.arg);
}

static void thread_gone(struct kin_nodes *nodes, struct kin_node *node)
{
	struct kin_node *process = node->process;

	kin_kinship_unlink_thread(nodes, node);
	node->process = process;
	leave(nodes, node);
	node->process = NULL;
	keep(nodes, node);
	kin_nodes_changed(nodes, process, KIN_CHANGE_THREADS);
}

/* Roots until it is known whose they are now. */
static void orphan(struct kin_nodes *nodes, struct kin_node *node)
{
	struct kin_node *child;

	while ((child = node->first_child)) {
		kin_kinship_unlink(nodes, child);
		kin_kinship_link(nodes, child, NULL);
		kin_watch(nodes, child, 0);
		kin_nodes_changed(nodes, child, KIN_CHANGE_PARENT);
	}
}

/* Whoever is told still sees whose child it was. */
void kin_nodes_gone(struct kin_nodes *nodes, struct kin_node *node)
{
	struct kin_node *parent = node->parent;

	if (kin_node_is_thread(node)) {
		thread_gone(nodes, node);
		return;
	}
	while (node->first_thread)
		thread_gone(nodes, node->first_thread);
	orphan(nodes, node);
	kin_kinship_unlink(nodes, node);
	node->parent = parent;
	leave(nodes, node);
	node->parent = NULL;
	keep(nodes, node);
}
