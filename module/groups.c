// SPDX-License-Identifier: GPL-2.0
/* The groups of a record that few ask for, most of them private. */
#include <linux/kernel.h>
#include <linux/sched/signal.h>

#include "access.h"
#include "files.h"
#include "groups.h"
#include "kin.h"
#include "record.h"

static const struct {
	u32 group;
	kin_group_fn *put;
} parts[] = {
	{ KIN_GROUP_FILES, kin_files_put },
	{ KIN_GROUP_IO, kin_io_put },
	{ KIN_GROUP_EXE, kin_exe_put },
	{ KIN_GROUP_CWD, kin_cwd_put },
	{ KIN_GROUP_ROOT, kin_root_put },
	{ KIN_GROUP_NS, kin_namespaces_put },
	{ KIN_GROUP_LIMITS, kin_limits_put },
	{ KIN_GROUP_DELAY, kin_delay_put },
	{ KIN_GROUP_WAIT, kin_wait_put },
	{ KIN_GROUP_STACK, kin_stack_put },
};

/**
 * kin_groups_put - write the groups of a record that few ask for
 * @rec: the record; what the caller may not have of this task is left out and
 *       marked as denied
 * @p: the task; the caller is in an RCU read section
 * @thread: as a thread
 *
 * Return: 0, -EMSGSIZE, or -EPERM if nothing is to be left out.
 */
int kin_groups_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	u32 groups = rec->groups;
	int i, err = 0;

	if ((groups & KIN_GROUPS_PRIVATE) && !kin_access_task(rec->view, p)) {
		if (rec->all_or_nothing)
			return -EPERM;
		rec->denied = groups & KIN_GROUPS_PRIVATE;
		groups &= ~KIN_GROUPS_PRIVATE;
	}
	for (i = 0; i < ARRAY_SIZE(parts) && !err; i++)
		if (groups & parts[i].group)
			err = parts[i].put(rec, p, thread);
	return err;
}
