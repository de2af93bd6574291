/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/time_namespace.h>
#ifndef KIN_COMPAT_TIME_NAMESPACE_H
#define KIN_COMPAT_TIME_NAMESPACE_H

#ifdef KIN_NO_TIMENS_NS
static inline u64 timens_add_boottime_ns(u64 nsec)
{
	struct timespec64 ts = ns_to_timespec64(nsec);

	timens_add_boottime(&ts);
	return timespec64_to_ns(&ts);
}
#endif

#endif
