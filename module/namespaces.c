// SPDX-License-Identifier: GPL-2.0
/* The namespaces of a task. */
#include <kin/mnt_ns.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/ipc_namespace.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>
#include <linux/time_namespace.h>
#include <linux/user_namespace.h>
#include <linux/utsname.h>
#include <net/net_namespace.h>

#include "groups.h"
#include "kin.h"
#include "record.h"

/* The number of a namespace, of a kind that this kernel has. */
#define number(config, of)						\
	(IS_ENABLED(config) ? (of)->ns.inum : KIN_NONE32)

/* A pid namespace that was made for children, and has none yet, is not shown. */
static u32 number_for_children(const struct pid_namespace *ns)
{
	return READ_ONCE(ns->child_reaper) ? number(CONFIG_PID_NS, ns) :
					     KIN_NONE32;
}

/* The task's lock keeps them. */
static void put_proxy(struct kin_ns *to, const struct nsproxy *from)
{
	to->cgroup = number(CONFIG_CGROUPS, from->cgroup_ns);
	to->ipc = number(CONFIG_IPC_NS, from->ipc_ns);
	to->mnt = kin_mnt_ns_number(from->mnt_ns);
	to->net = number(CONFIG_NET_NS, from->net_ns);
	to->pid_for_children = number_for_children(from->pid_ns_for_children);
#ifdef CONFIG_TIME_NS
	to->time = from->time_ns->ns.inum;
	to->time_for_children = from->time_ns_for_children->ns.inum;
#endif
	to->uts = number(CONFIG_UTS_NS, from->uts_ns);
}

/* A task that has ended keeps its pid and its user namespace until it is reaped. */
int kin_namespaces_put(struct kin_record *rec, struct task_struct *p,
		       bool thread)
{
	const struct pid_namespace *pid_ns = task_active_pid_ns(p);
	struct kin_ns *to = kin_record_payload(rec);

	if (kin_record_room(rec) < sizeof(*to))
		return -EMSGSIZE;
	memset(to, 0xff, sizeof(*to));
	if (pid_ns)
		to->pid = number(CONFIG_PID_NS, pid_ns);
	to->user = number(CONFIG_USER_NS, __task_cred(p)->user_ns);
	task_lock(p);
	if (p->nsproxy)
		put_proxy(to, p->nsproxy);
	task_unlock(p);
	kin_record_claim(rec, KIN_A_TASK_NS, sizeof(*to));
	return 0;
}
