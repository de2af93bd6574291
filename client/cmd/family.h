/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The family around one process, for kin show. */
#ifndef KIN_CMD_FAMILY_H
#define KIN_CMD_FAMILY_H

#include "cmd.h"
#include "tree.h"

struct family {
	const struct kin_tree *tree;
	const struct kin_snapshot *threads;	/* of this process */
	uint32_t node;	/* KIN_TREE_NONE: not in the tree */
};

/* family_print - lines for people, long lists cut */
void family_print(const struct family *family);

/* family_json - an object "family", lists complete */
void family_json(const struct family *family, struct kin_json *json);

#endif /* KIN_CMD_FAMILY_H */
