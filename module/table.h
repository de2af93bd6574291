/* SPDX-License-Identifier: GPL-2.0 */
/* A walk along a table of descriptors. */
#ifndef KIN_TABLE_H
#define KIN_TABLE_H

#include <linux/types.h>

#include "kin.h"

struct kin_fd_out;
struct task_struct;

/* Where it stands, and what it has met. */
struct kin_table {
	unsigned int next;		/* the first descriptor not looked at */
	unsigned int steps;		/* what that has cost */
	bool whole;			/* it was gone along to its end */
	u32 counts[KIN_FD_TYPE_COUNT];
};

int kin_table_part(struct kin_table *table, struct task_struct *holder,
		   struct kin_fd_out *out);

#endif
