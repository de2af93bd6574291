/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KIN_COMPAT_NAMEI_H
#define KIN_COMPAT_NAMEI_H

#include_next <linux/namei.h>

#ifdef KIN_NO_PATH_LOOKUP
/* Exported, but declared in the kernel's own headers only. */
int vfs_path_lookup(struct dentry *dentry, struct vfsmount *mnt,
		    const char *name, unsigned int flags, struct path *path);
#endif

#endif
