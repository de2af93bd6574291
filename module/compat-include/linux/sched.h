/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/sched.h>
#ifndef KIN_COMPAT_SCHED_H
#define KIN_COMPAT_SCHED_H

/*
 * Newer kernels fill task->comm with zeroes behind the name. In older ones the
 * end of a former name may stand there.
 */
#ifdef KIN_COMM_NOT_PADDED
#define kin_comm_scrub(comm) do {					\
	const size_t len_ = strnlen(comm, TASK_COMM_LEN);		\
	memset((comm) + len_, 0, TASK_COMM_LEN - len_);			\
} while (0)
#else
#define kin_comm_scrub(comm) do { } while (0)
#endif

/* It was volatile, and had no underscores. */
#ifdef KIN_TASK_STATE_BARE
#define __state state
#endif

#endif
