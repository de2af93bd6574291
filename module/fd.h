/* SPDX-License-Identifier: GPL-2.0 */
/* What is told of one descriptor. */
#ifndef KIN_FD_H
#define KIN_FD_H

#include <linux/types.h>

#include "path.h"

struct file;

/* Where descriptors go, and what is wanted of them. */
struct kin_fd_out {
	u32 parts;		/* enum kin_fd_part */
	u32 types;		/* 1 << enum kin_fd_type */
	void *at;		/* in the message */
	void *end;
	u64 listed;		/* descriptors in this message */
	size_t path_max;	/* how long a path may get now, bytes with its end */
	struct kin_path_near near;	/* zeroed when a table is locked */
};

u32 kin_fd_type(const struct file *file);
int kin_fd_put(struct kin_fd_out *out, struct file *file, u32 type, u32 fd,
	       bool cloexec);

#endif
