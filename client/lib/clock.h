/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIN_CLOCK_H
#define KIN_CLOCK_H

#include <stdint.h>
#include <time.h>

/* kin_clock_ns - what a clock says, ns: CLOCK_BOOTTIME, CLOCK_REALTIME, ... */
static inline uint64_t kin_clock_ns(clockid_t clock)
{
	struct timespec now = { 0 };

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

#endif /* KIN_CLOCK_H */
