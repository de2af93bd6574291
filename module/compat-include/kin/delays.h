/* SPDX-License-Identifier: GPL-2.0 */
/* For what this kernel accounts delays. */
#ifndef KIN_COMPAT_DELAYS_H
#define KIN_COMPAT_DELAYS_H

#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/delayacct.h>

#ifdef KIN_NO_COMPACT_DELAY
#define KIN_DELAYS_COMPACT(x)
#else
#define KIN_DELAYS_COMPACT(x) x(compact)
#endif

#ifdef KIN_NO_WPCOPY_DELAY
#define KIN_DELAYS_WPCOPY(x)
#else
#define KIN_DELAYS_WPCOPY(x) x(wpcopy)
#endif

#ifdef KIN_NO_IRQ_DELAY
#define KIN_DELAYS_IRQ(x)
#else
#define KIN_DELAYS_IRQ(x) x(irq)
#endif

#define KIN_DELAYS(x)						\
	x(blkio) x(swapin) x(freepages) x(thrashing)		\
	KIN_DELAYS_COMPACT(x) KIN_DELAYS_WPCOPY(x) KIN_DELAYS_IRQ(x)

#endif
