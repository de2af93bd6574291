/* SPDX-License-Identifier: GPL-2.0 */
/* The number of a mount namespace, whose struct is the kernel's own. */
#ifndef KIN_COMPAT_MNT_NS_H
#define KIN_COMPAT_MNT_NS_H

#include <linux/atomic.h>
#include <linux/ns_common.h>
#include <linux/types.h>

#include "kin.h"

/* How it begins. The count went into the common part, which became the first. */
struct kin_mnt_ns {
#ifdef KIN_NS_COUNT_APART
	atomic_t count;
#endif
	struct ns_common ns;
};

struct mnt_namespace;

/* Its members are in any order in a kernel that shuffles them. */
static inline u32 kin_mnt_ns_number(const struct mnt_namespace *ns)
{
#if defined(CONFIG_RANDSTRUCT) || defined(CONFIG_GCC_PLUGIN_RANDSTRUCT)
	return KIN_NONE32;
#else
	return ((const struct kin_mnt_ns *)ns)->ns.inum;
#endif
}

#endif
