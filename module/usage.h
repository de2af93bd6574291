/* SPDX-License-Identifier: GPL-2.0 */
/* What a task or a thread group has used. */
#ifndef KIN_USAGE_H
#define KIN_USAGE_H

#include <linux/types.h>

struct task_struct;

struct kin_usage {
	u64 utime;	/* ns, as sampled by the tick */
	u64 stime;	/* ns, as sampled by the tick */
	u64 runtime;	/* ns, exact */
	u64 run_delay;	/* ns */
	u64 nvcsw;
	u64 nivcsw;
	u64 min_flt;
	u64 maj_flt;
};

void kin_usage_read(struct kin_usage *use, struct task_struct *p, bool thread);
void kin_usage_scale(struct kin_usage *use, struct task_struct *p, bool thread);

#endif
