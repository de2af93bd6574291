/* SPDX-License-Identifier: GPL-2.0 */
/* What probes are called with where kernels differ. */
#ifndef KIN_COMPAT_TRACEPOINTS_H
#define KIN_COMPAT_TRACEPOINTS_H

#include <linux/types.h>

struct task_struct;

/* The same on 64 bits, but for a compiler that checks types of calls. */
#ifdef KIN_CLONE_FLAGS_LONG
typedef unsigned long kin_clone_flags_t;
#else
typedef u64 kin_clone_flags_t;
#endif

/* Whether the whole group is dead is a new argument; ending.c finds it out. */
#ifdef KIN_EXIT_WITHOUT_GROUP
#define KIN_EXIT_PROTO void *data, struct task_struct *p
#else
#define KIN_EXIT_PROTO void *data, struct task_struct *p, bool group_dead
#endif

#endif
