/* SPDX-License-Identifier: GPL-2.0 */
/* The lock of a task's root and working directory. */
#ifndef KIN_COMPAT_FS_LOCK_H
#define KIN_COMPAT_FS_LOCK_H

#include <linux/fs_struct.h>

#ifdef KIN_FS_HAS_SPINLOCK
#define kin_fs_lock(fs) spin_lock(&(fs)->lock)
#define kin_fs_unlock(fs) spin_unlock(&(fs)->lock)
#else
#define kin_fs_lock(fs) read_seqlock_excl(&(fs)->seq)
#define kin_fs_unlock(fs) read_sequnlock_excl(&(fs)->seq)
#endif

#endif
