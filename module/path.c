// SPDX-License-Identifier: GPL-2.0
/* A path, as whoever reads the answer would read it from /proc. */
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mount.h>
#include <linux/path.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "path.h"

static const char suffix[] = KIN_PATH_DELETED;

/* Does d_path() say that it was removed? What makes up its own name says so of
 * memory files, which no directory has a link to. */
static bool is_deleted(const struct dentry *dentry)
{
	if (unlikely(dentry->d_op && dentry->d_op->d_dname))
		return !d_inode(dentry)->i_nlink;
	return d_unlinked(dentry);
}

/* The path stands at the end of its room. A file may be called "x (deleted)". */
static int move_to_front(char *to, size_t room, const char *from, bool *deleted)
{
	int len = to + room - 1 - from;
	const int rest = len - (int)strlen(suffix);

	*deleted = *deleted && rest >= 0 &&
		   !memcmp(from + rest, suffix, strlen(suffix));
	if (*deleted)
		len = rest;
	memmove(to, from, len);
	to[len] = '\0';
	return len;
}

/**
 * kin_path_write - write a path and NUL behind it
 * @path: the path; something keeps what it leads to, be it a lock
 * @to: where to
 * @room: bytes there
 * @deleted: set if the path was removed; the suffix that says so is not written
 *
 * If it is just being removed, what d_path() found is found out by looking before
 * and after; whoever links and removes without a pause gets its name with the
 * suffix as it is.
 *
 * Context: any that spin locks may be taken in: it takes none that is held for
 * long, and those only if a directory was renamed or a file system mounted just now.
 * Return: its length without NUL, -EMSGSIZE if a larger room would help, or
 * -ENAMETOOLONG.
 */
int kin_path_write(const struct path *path, char *to, size_t room,
		   bool *deleted)
{
	const size_t most = min_t(size_t, room, PATH_MAX);
	const char *from;
	int tries = 2;

	if (unlikely(!most))
		return -EMSGSIZE;
	do {
		*deleted = is_deleted(path->dentry);
		from = d_path(path, to, most);
	} while (unlikely(*deleted != is_deleted(path->dentry)) && --tries);
	if (IS_ERR(from))
		return most < PATH_MAX ? -EMSGSIZE : -ENAMETOOLONG;
	*deleted = *deleted && tries;
	return move_to_front(to, most, from, deleted);
}

/* ---- many paths ---- */

/* Is it a file of a directory, by the name that it has there? (The root of who reads
 * has none for them; it is compared, and nothing else.) Its lock is held, which it
 * takes to give it another name. */
static bool has_place(const struct dentry *dentry, const struct vfsmount *mnt)
{
	const struct path *root = &current->fs->root;

	return dentry != mnt->mnt_root && !IS_ROOT(dentry) &&
	       !d_unhashed(dentry) &&
	       !(dentry->d_op && dentry->d_op->d_dname) &&
	       !(dentry == READ_ONCE(root->dentry) &&
		 mnt == READ_ONCE(root->mnt));
}

/* Returns the length of the path, or 0 if it is not there, or has no room. */
static int write_beside(const struct kin_path_near *near,
			const struct path *path, char *to, size_t room)
{
	struct dentry *dentry = path->dentry;
	int len = 0;

	spin_lock(&dentry->d_lock);
	if (dentry->d_parent == near->dir && has_place(dentry, path->mnt) &&
	    near->len + dentry->d_name.len < room) {
		len = near->len + dentry->d_name.len;
		memcpy(to, near->text, near->len);
		memcpy(to + near->len, dentry->d_name.name, dentry->d_name.len);
		to[len] = '\0';
	}
	spin_unlock(&dentry->d_lock);
	return len;
}

static void remember(struct kin_path_near *near, const struct path *path,
		     const struct dentry *dir, const char *text, int len)
{
	const bool stays = READ_ONCE(path->dentry->d_parent) == dir &&
			   has_place(path->dentry, path->mnt);

	near->mnt = stays ? path->mnt : NULL;
	near->dir = dir;
	near->text = text;
	while (len && text[len - 1] != '/')
		len--;
	near->len = len;
}

/**
 * kin_path_write_near - kin_path_write() of one path of many
 * @near: zeroed before the first; what it points to, paths that were written and
 *        the directories of their files, must stay until the last. So one is good
 *        for as long as the lock under which open files are looked at.
 * @path: as kin_path_write(), like the others
 * @to: as kin_path_write()
 * @room: as kin_path_write()
 * @deleted: as kin_path_write()
 *
 * Most files lie beside one that was open, too: to go up from each to the root
 * costs several times as much as all else that is told of it. A directory may be
 * renamed meanwhile, then a path is as it was when the first one was written.
 *
 * Return: as kin_path_write().
 */
int kin_path_write_near(struct kin_path_near *near, const struct path *path,
			char *to, size_t room, bool *deleted)
{
	const struct dentry *dir = READ_ONCE(path->dentry->d_parent);
	int len = 0;

	if (near->mnt == path->mnt)
		len = write_beside(near, path, to, min_t(size_t, room, PATH_MAX));
	if (len) {
		*deleted = false;
		return len;
	}
	len = kin_path_write(path, to, room, deleted);
	if (len > 0)
		near->climbed += len;
	if (len > 0 && !*deleted)
		remember(near, path, dir, to, len);
	return len;
}
