/* SPDX-License-Identifier: GPL-2.0 */
/* A path, as whoever reads the answer would read it from /proc. */
#ifndef KIN_PATH_H
#define KIN_PATH_H

#include <linux/types.h>

struct dentry;
struct path;
struct vfsmount;

/* What the kernel puts behind the name of what was removed. */
#define KIN_PATH_DELETED " (deleted)"

/* The directory of the file that was written last, where the next one may be, too. */
struct kin_path_near {
	const struct vfsmount *mnt;	/* NULL: none */
	const struct dentry *dir;
	const char *text;		/* its path, with a slash behind it */
	size_t len;
	size_t climbed;			/* bytes of paths that were found from the root */
};

int kin_path_write(const struct path *path, char *to, size_t room,
		   bool *deleted);
int kin_path_write_near(struct kin_path_near *near, const struct path *path,
			char *to, size_t room, bool *deleted);

#endif
