// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is to be asked about, and when. There is a list for each waiting time:
 * whoever comes later is due later, so that only the heads are looked at, however
 * many zombies wait to be waited for.
 */
#include "nodes.h"

#define NS_PER_MS 1000000ull

static uint64_t delay_ns(uint32_t level)
{
	static const uint16_t delay_ms[KIN_WATCH_LEVELS] = {
		0, 10, 20, 40, 80, 160, 320, 640, 1000,
	};

	return delay_ms[level] * NS_PER_MS;
}

/* A zombie may stay for ever, and what is asked about in vain, too. */
static bool is_unsure(const struct kin_node *node)
{
	return node->life == KIN_LIFE_ALIVE &&
	       node->tries <= KIN_WATCH_PATIENCE;
}

static void enter(struct kin_nodes *nodes, struct kin_node *node,
		  uint32_t level)
{
	node->level = level;
	node->due_ns = nodes->now_ns + delay_ns(level);
	kin_list_append(&nodes->watched[level], node);
}

void kin_watch(struct kin_nodes *nodes, struct kin_node *node, uint32_t tries)
{
	kin_unwatch(nodes, node);
	node->doubt = true;
	node->tries = tries;
	nodes->stats.doubts++;
	nodes->unsure += is_unsure(node);
	enter(nodes, node,
	      tries < KIN_WATCH_LEVELS ? tries : KIN_WATCH_LEVELS - 1);
}

void kin_unwatch(struct kin_nodes *nodes, struct kin_node *node)
{
	if (!node->doubt)
		return;
	kin_list_remove(&nodes->watched[node->level], node);
	nodes->unsure -= is_unsure(node);
	nodes->stats.doubts--;
	node->doubt = false;
}

uint64_t kin_watch_due_ns(const struct kin_nodes *nodes)
{
	uint64_t due = UINT64_MAX;

	for (uint32_t i = 0; i < KIN_WATCH_LEVELS; i++) {
		const struct kin_node *node = nodes->watched[i].first;

		if (node && node->due_ns < due)
			due = node->due_ns;
	}
	return due;
}

void kin_watch_hurry(struct kin_nodes *nodes)
{
	struct kin_node *node;

	for (uint32_t i = 1; i < KIN_WATCH_LEVELS; i++) {
		while ((node = nodes->watched[i].first)) {
			kin_list_remove(&nodes->watched[i], node);
			enter(nodes, node, 0);
		}
	}
}

size_t kin_watch_take(struct kin_nodes *nodes, struct kin_node **taken,
		      size_t room)
{
	size_t n = 0;

	for (uint32_t i = 0; i < KIN_WATCH_LEVELS; i++) {
		struct kin_node *node;

		while (n < room && (node = nodes->watched[i].first) &&
		       node->due_ns <= nodes->now_ns) {
			kin_unwatch(nodes, node);
			taken[n++] = node;
		}
	}
	return n;
}
