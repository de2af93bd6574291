/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/highmem.h>
#ifndef KIN_COMPAT_HIGHMEM_H
#define KIN_COMPAT_HIGHMEM_H

#ifdef KIN_NO_KMAP_LOCAL
#define kmap_local_page(page) kmap_atomic(page)
#define kunmap_local(addr) kunmap_atomic(addr)
#endif

#endif
