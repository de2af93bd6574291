/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of nodes by list_next and list_prev: a node is in one of them at most. */
#ifndef KIN_NODELIST_H
#define KIN_NODELIST_H

#include "libkin.h"

struct kin_node_list {
	struct kin_node *first, *last;
};

static inline void kin_list_push(struct kin_node_list *list,
				 struct kin_node *node)
{
	node->list_prev = NULL;
	node->list_next = list->first;
	if (list->first)
		list->first->list_prev = node;
	else
		list->last = node;
	list->first = node;
}

static inline void kin_list_append(struct kin_node_list *list,
				   struct kin_node *node)
{
	node->list_next = NULL;
	node->list_prev = list->last;
	if (list->last)
		list->last->list_next = node;
	else
		list->first = node;
	list->last = node;
}

static inline void kin_list_remove(struct kin_node_list *list,
				   struct kin_node *node)
{
	if (node->list_next)
		node->list_next->list_prev = node->list_prev;
	else
		list->last = node->list_prev;
	if (node->list_prev)
		node->list_prev->list_next = node->list_next;
	else
		list->first = node->list_next;
	node->list_next = NULL;
	node->list_prev = NULL;
}

#endif /* KIN_NODELIST_H */
