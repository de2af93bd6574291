/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers that may be unknown, KIN_NONE64, put together: what is known counts. */
#ifndef KIN_KNOWN_H
#define KIN_KNOWN_H

#include <stdint.h>

#include "libkin.h"

static inline uint64_t kin_known_sum(uint64_t a, uint64_t b)
{
	if (a == KIN_NONE64 || b == KIN_NONE64)
		return a == KIN_NONE64 ? b : a;
	return a + b;
}

static inline uint64_t kin_known_max(uint64_t a, uint64_t b)
{
	if (a == KIN_NONE64 || b == KIN_NONE64)
		return a == KIN_NONE64 ? b : a;
	return a > b ? a : b;
}

#endif /* KIN_KNOWN_H */
