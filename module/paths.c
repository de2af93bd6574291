// SPDX-License-Identifier: GPL-2.0
/*
 * Where a task is: the file that it runs, its working directory and its root.
 *
 * A path that nobody refers to any more is taken apart by whoever drops the last
 * reference, and that may wait for a file system that does not answer. So none is
 * taken here: the locks that keep a path are held while it is written. The file
 * that a task runs has no such lock; see put_file().
 */
#include <kin/file_rcu.h>
#include <kin/fs_lock.h>
#include <linux/bottom_half.h>
#include <linux/file.h>
#include <linux/mm_types.h>
#include <linux/sched/task.h>

#include "groups.h"
#include "kin.h"
#include "path.h"
#include "record.h"

/* So many bytes of a path cost a step of an RCU read section. */
#define STEP_BYTES 8

static int put_path(struct kin_record *rec, int type, u32 group,
		    const struct path *path)
{
	bool deleted;
	const int len = kin_path_write(path, kin_record_payload(rec),
				       kin_record_room(rec), &deleted);

	kin_record_work(rec, (len < 0 ? PATH_MAX : len) / STEP_BYTES);
	if (len == -EMSGSIZE)
		return len;
	if (len < 0) {
		rec->cut |= group;
		return 0;
	}
	if (deleted)
		rec->deleted |= group;
	kin_record_claim(rec, type, len + 1);
	return 0;
}

/*
 * The last reference to a file may be dropped here, if another program has been put
 * in place of it just now (PR_SET_MM_EXE_FILE). In this context, as in that of an
 * interrupt, the kernel leaves the rest to a worker of its own.
 */
static int put_file(struct kin_record *rec, struct file *file)
{
	const int err = put_path(rec, KIN_A_TASK_EXE, KIN_GROUP_EXE,
				 &file->f_path);

	local_bh_disable();
	fput(file);
	local_bh_enable();
	return err;
}

int kin_exe_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	struct file *file = NULL;

	task_lock(p);
	if (p->mm && !(p->flags & PF_KTHREAD))
		file = kin_get_file_rcu(&p->mm->exe_file);
	task_unlock(p);
	return file ? put_file(rec, file) : 0;
}

/* A task that has ended has neither. */
static int put_fs_path(struct kin_record *rec, struct task_struct *p, int type,
		       u32 group)
{
	struct fs_struct *fs;
	int err = 0;

	task_lock(p);
	fs = p->fs;
	if (fs) {
		kin_fs_lock(fs);
		err = put_path(rec, type, group,
			       group == KIN_GROUP_CWD ? &fs->pwd : &fs->root);
		kin_fs_unlock(fs);
	}
	task_unlock(p);
	return err;
}

int kin_cwd_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	return put_fs_path(rec, p, KIN_A_TASK_CWD, KIN_GROUP_CWD);
}

int kin_root_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	return put_fs_path(rec, p, KIN_A_TASK_ROOT, KIN_GROUP_ROOT);
}
