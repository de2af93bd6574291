// SPDX-License-Identifier: GPL-2.0
/* A task's place in the cgroup hierarchy (v2). */
#include <linux/cgroup.h>
#include <linux/kernfs.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <net/netlink.h>

#include "kin.h"
#include "path.h"
#include "record.h"
#include "view.h"

/* A path; returns bytes with its end, or -ENAMETOOLONG. */
static int build_path(struct cgroup *cgrp, struct cgroup *root, char *to,
		      int room)
{
	const int rest = sizeof(KIN_PATH_DELETED);
	int len;

	if (room <= rest)
		return -ENAMETOOLONG;
	len = kernfs_path_from_node(cgrp->kn, root->kn, to, room - rest);
	/* A path that was cut fills its room. */
	if (len < 0 || len >= room - rest - 1)
		return -ENAMETOOLONG;
	if (READ_ONCE(cgrp->self.flags) & CSS_ONLINE)
		return len + 1;
	memcpy(to + len, KIN_PATH_DELETED, rest);
	return len + rest;
}

/**
 * kin_cgroup_put - write KIN_A_TASK_CGROUP_ID and KIN_A_TASK_CGROUP_PATH
 * @rec: the record; a path longer than PATH_MAX is left out and marked as cut.
 *       It starts at the cgroup namespace of who asks.
 * @p: the task; the caller is in an RCU read section, which keeps its cgroup
 *
 * The path is built by kernfs itself: cgroup_path_ns() would wait for
 * cgroup_mutex, which whoever creates a cgroup may hold for long.
 *
 * Return: 0, or -EMSGSIZE.
 */
int kin_cgroup_put(struct kin_record *rec, struct task_struct *p)
{
	const size_t longest = PATH_MAX + sizeof(KIN_PATH_DELETED) + 1;
	struct cgroup *root = rec->view->cgroup_ns->root_cset->dfl_cgrp;
	struct cgroup *cgrp = task_dfl_cgroup(p);
	const u64 id = cgroup_id(cgrp);
	size_t room;
	int len;

	if (kin_record_room(rec) < sizeof(id))
		return -EMSGSIZE;
	memcpy(kin_record_payload(rec), &id, sizeof(id));
	kin_record_claim(rec, KIN_A_TASK_CGROUP_ID, sizeof(id));
	room = kin_record_room(rec);
	len = build_path(cgrp, root, kin_record_payload(rec),
			 min(room, longest));
	if (len < 0 && room < longest)
		return -EMSGSIZE;
	if (len < 0)
		rec->cut |= KIN_GROUP_CGROUP;
	else
		kin_record_claim(rec, KIN_A_TASK_CGROUP_PATH, len);
	return 0;
}
