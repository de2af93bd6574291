/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel stack of another task. */
#ifndef KIN_COMPAT_STACK_H
#define KIN_COMPAT_STACK_H

#include <linux/stacktrace.h>

/* Older kernels have the function and do not let modules have it. */
#if defined(CONFIG_STACKTRACE) && !defined(KIN_NO_STACK)
#define kin_has_stacks true
#define kin_stack_save(p, to, n) stack_trace_save_tsk(p, to, n, 0)
#else
#define kin_has_stacks false
#define kin_stack_save(p, to, n) 0
#endif

#endif
