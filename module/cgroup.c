// SPDX-License-Identifier: GPL-2.0
/* A task's place in the cgroup hierarchy (v2). */
#include <linux/cgroup.h>
#include <linux/kernfs.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <net/netlink.h>

#include "kin.h"
#include "record.h"
#include "view.h"

#define DELETED " (deleted)"

/* A path; returns bytes with its end, or -ENAMETOOLONG. */
static int build_path(struct cgroup *cgrp, struct cgroup *root, char *to,
		      int room)
{
	const int rest = sizeof(DELETED);
	int len;

	if (room <= rest)
		return -ENAMETOOLONG;
	len = kernfs_path_from_node(cgrp->kn, root->kn, to, room - rest);
	if (len < 0 || len >= room - rest)
		return -ENAMETOOLONG;
	if (READ_ONCE(cgrp->self.flags) & CSS_ONLINE)
		return len + 1;
	memcpy(to + len, DELETED, rest);
	return len + rest;
}

/**
 * kin_cgroup_put - write KIN_A_TASK_CGROUP_ID and KIN_A_TASK_CGROUP_PATH
 * @rec: the record; a path longer than PATH_MAX is left out and marked as cut
 * @skb: the message
 * @view: who asks: the path starts at their cgroup namespace
 * @p: the task; the caller is in an RCU read section, which keeps its cgroup
 *
 * The path is built by kernfs itself: cgroup_path_ns() would wait for
 * cgroup_mutex, which whoever creates a cgroup may hold for long.
 *
 * Return: 0, or -EMSGSIZE.
 */
int kin_cgroup_put(struct kin_record *rec, struct sk_buff *skb,
		   const struct kin_view *view, struct task_struct *p)
{
	const int longest = PATH_MAX + sizeof(DELETED);
	struct cgroup *root = view->cgroup_ns->root_cset->dfl_cgrp;
	struct cgroup *cgrp = task_dfl_cgroup(p);
	struct nlattr *attr;
	int room, len;

	if (nla_put_u64_64bit(skb, KIN_A_TASK_CGROUP_ID, cgroup_id(cgrp),
			      KIN_A_TASK_PAD))
		return -EMSGSIZE;
	attr = (struct nlattr *)skb_tail_pointer(skb);
	room = round_down(skb_tailroom(skb), NLA_ALIGNTO) - NLA_HDRLEN;
	len = build_path(cgrp, root, nla_data(attr), min(room, longest));
	if (len < 0 && room < longest)
		return -EMSGSIZE;
	if (len < 0) {
		rec->cut |= KIN_GROUP_CGROUP;
		return 0;
	}
	/* The bytes are there: claim them, and zero what pads them. */
	memset(nla_data(attr) + len, 0, nla_padlen(len));
	attr->nla_type = KIN_A_TASK_CGROUP_PATH;
	attr->nla_len = nla_attr_size(len);
	skb_put(skb, nla_total_size(len));
	return 0;
}
