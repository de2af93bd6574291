/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/sched.h>
#ifndef KIN_COMPAT_SCHED_H
#define KIN_COMPAT_SCHED_H

#include <linux/string.h>

/*
 * Newer kernels fill task->comm with zeroes behind the name. In older ones the
 * end of a former name may stand there.
 */
static __always_inline void kin_comm_scrub(char *comm)
{
#ifdef KIN_COMM_NOT_PADDED
	const size_t len = strnlen(comm, TASK_COMM_LEN);

	memset(comm + len, 0, TASK_COMM_LEN - len);
#endif
}

#endif
