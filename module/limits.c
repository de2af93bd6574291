// SPDX-License-Identifier: GPL-2.0
/* The limits of a process. */
#include <linux/sched/signal.h>

#include "groups.h"
#include "kin.h"
#include "record.h"

/* Its threads have them in common. Each is read as it is at some moment, as
 * /proc/PID/limits does: what changes them takes a lock that neither takes. */
int kin_limits_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	const struct rlimit *limits = p->signal->rlim;
	struct kin_limit *to = kin_record_payload(rec);
	const size_t size = sizeof(*to) * RLIM_NLIMITS;
	int i;

	if (kin_record_room(rec) < size)
		return -EMSGSIZE;
	BUILD_BUG_ON((u64)RLIM_INFINITY != KIN_NONE64);
	for (i = 0; i < RLIM_NLIMITS; i++) {
		to[i].soft = READ_ONCE(limits[i].rlim_cur);
		to[i].hard = READ_ONCE(limits[i].rlim_max);
	}
	kin_record_claim(rec, KIN_A_TASK_LIMITS, size);
	return 0;
}
