/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A family tree from the kernel: what was asked for, in spite of what is gone. */
#ifndef KIN_TREEREAD_H
#define KIN_TREEREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd.h"
#include "tree.h"
#include "where.h"

struct treeread {
	struct cmd_scope scope;	/* emptied if parents are read */
	struct where where;	/* which of these; their ancestors in the scope, too */
	uint32_t groups;	/* enum kin_group */
	bool threads;
	bool parents;		/* the ancestors of what is in the scope, too */
	/* what came of it */
	struct kin_snapshot snap;
	struct kin_tree tree;
	int missing;		/* CMD_OK, or the status for a pid that is not there */
};

/* treeread_tree - read it; messages for what is missing or fails. A status. */
int treeread_tree(struct kin *kin, struct treeread *read);

/* treeread_check_process - a message for a pid that is no process; a status */
int treeread_check_process(struct kin *kin, uint32_t pid);

/* treeread_is_scoped - whether not all processes were asked for */
bool treeread_is_scoped(const struct treeread *read);

void treeread_free(struct treeread *read);

#endif /* KIN_TREEREAD_H */
