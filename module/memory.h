/* SPDX-License-Identifier: GPL-2.0 */
/* The memory of a process, read without waiting for anybody. */
#ifndef KIN_MEMORY_H
#define KIN_MEMORY_H

#include <linux/types.h>

struct mm_struct;

/* Where the arguments and the environment lie. */
struct kin_args {
	unsigned long start, end, env_start, env_end;
};

struct kin_args kin_memory_args(struct mm_struct *mm);
int kin_memory_read(struct mm_struct *mm, unsigned long addr, char *to,
		    size_t len);

#endif
