/* SPDX-License-Identifier: GPL-2.0 */
/* Who asks: what they may see, and by which numbers. */
#ifndef KIN_VIEW_H
#define KIN_VIEW_H

#include <linux/cred.h>
#include <linux/netlink.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/uidgid.h>

struct cgroup_namespace;

/* What is private: who may see it, see access.c. */
enum kin_access {
	KIN_ACCESS_NONE,
	KIN_ACCESS_SANDBOXED,	/* kept from ptrace by a security module */
	KIN_ACCESS_SOME,	/* of tasks in user namespaces they have power over */
	KIN_ACCESS_ALL,
};

/*
 * A view is pinned in the context of whoever sends a request. Later parts of a
 * dump run in the context of whoever reads, who may be somebody else: nothing
 * may look at current again.
 */
struct kin_view {
	struct pid_namespace *pid_ns;
	const struct cred *cred;	/* pins its user namespace, too */
	const struct cred *opener;	/* of the socket */
	struct user_namespace *user_ns;	/* NULL: the first one, ids as they are */
	struct cgroup_namespace *cgroup_ns;
	u64 boottime_offset_ns;		/* of the time namespace */
	unsigned int level;		/* of the pid namespace; 0: the first */
	bool sees_all;			/* hidepid does not apply */
	bool sees_none;			/* hidepid lets nothing pass */
	bool sees_stacks;		/* this and access: after kin_access_pin() */
	enum kin_access access;
};

void kin_view_pin(struct kin_view *view, struct sk_buff *request);
int kin_view_check(const struct kin_view *view, struct netlink_ext_ack *extack);
void kin_view_unpin(struct kin_view *view);
bool kin_view_sees_owned(const struct kin_view *view, struct task_struct *p);

/* The number of @pid in a pid namespace, 0 if it has none there. Each pid has
 * one in the first namespace. */
static __always_inline u32 kin_view_nr_at(unsigned int level,
					  const struct pid_namespace *ns,
					  const struct pid *pid)
{
	if (!pid)
		return 0;
	if (likely(!level))
		return pid->numbers[0].nr;
	if (level <= pid->level && pid->numbers[level].ns == ns)
		return pid->numbers[level].nr;
	return 0;
}

/* The number of @pid in the view's pid namespace, 0 if it has none there. */
static __always_inline u32 kin_view_nr(const struct kin_view *view,
				       const struct pid *pid)
{
	return kin_view_nr_at(view->level, view->pid_ns, pid);
}

/* May this task be told of at all? The caller is in an RCU read section. */
static inline bool kin_view_sees(const struct kin_view *view,
				 struct task_struct *p)
{
	return likely(view->sees_all) || kin_view_sees_owned(view, p);
}

#endif
