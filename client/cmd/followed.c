// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "follow.h"

/* Of a node, only user is ours to change; callbacks see it as const. */
static void attach(const struct kin_node *node, struct followed *followed)
{
	((struct kin_node *)node)->user = followed;
}

struct followed *followed_new(const struct kin_node *node, uint64_t now_ns)
{
	struct followed *followed = calloc(1, sizeof(*followed));

	if (!followed)
		return NULL;
	followed->born_ns = now_ns;
	attach(node, followed);
	followed_update(node);
	return followed;
}

void followed_free(const struct kin_node *node)
{
	free(node->user);
	attach(node, NULL);
}

void followed_update(const struct kin_node *node)
{
	struct followed *followed = followed_of(node);
	const struct kin_base *base = &node->task.base;
	const struct kin_node *parent = node->parent;

	memcpy(followed->comm, base->comm, KIN_COMM_LEN);
	followed->uid = base->uid;
	/* until it has another one */
	if (!parent && node->doubt)
		return;
	memset(&followed->parent, 0, sizeof(followed->parent));
	if (!parent)
		return;
	followed->parent.pid = parent->task.base.pid;
	followed->parent.start_boottime_ns =
		parent->task.base.start_boottime_ns;
	memcpy(followed->parent_comm, parent->task.base.comm, KIN_COMM_LEN);
}

uint64_t followed_life_ns(const struct kin_node *node)
{
	if (!node->has_end || node->task.base.start_boottime_ns == KIN_NONE64)
		return KIN_NONE64;
	return node->end_boottime_ns - node->task.base.start_boottime_ns;
}

uint32_t followed_flags(const struct kin_node *node)
{
	return followed_of(node)->oom ? KIN_EVENT_OOM_VICTIM : 0;
}

struct treemark followed_mark(const struct kin_node *node)
{
	return (struct treemark){
		.sign = '-',
		.status = node->has_end ? node->end.status : KIN_NONE32,
		.flags = followed_flags(node),
		.life_ns = followed_life_ns(node),
	};
}
