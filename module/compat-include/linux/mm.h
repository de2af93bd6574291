/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/mm.h>
#ifndef KIN_COMPAT_MM_H
#define KIN_COMPAT_MM_H

/* Where /proc reads a counter without its parts on each CPU, so do we. */
#ifdef KIN_NO_MM_COUNTER_SUM
#define get_mm_counter_sum(mm, member) get_mm_counter(mm, member)
#endif

#ifdef KIN_NO_FOLL_NOFAULT
#include <kin/mapped.h>
#define FOLL_NOFAULT 0
#define get_user_pages_remote(mm, start, n, flags, pages, locked) \
	kin_get_mapped(mm, start, pages)
#elif defined(KIN_GUP_HAS_VMAS)
#define get_user_pages_remote(mm, start, n, flags, pages, locked) \
	get_user_pages_remote(mm, start, n, flags, pages, NULL, locked)
#endif

#endif
