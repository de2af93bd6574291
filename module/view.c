// SPDX-License-Identifier: GPL-2.0
/* Who asks: what they may see, and by which numbers. */
#include <kin/dumpable.h>
#include <linux/capability.h>
#include <linux/cgroup.h>
#include <linux/moduleparam.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/time_namespace.h>
#include <linux/user_namespace.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "access.h"
#include "status.h"
#include "view.h"

/*
 * Never more than /proc with the hidepid option of the same name would show:
 * the rule behind it, ptrace_may_access(), is not there for modules, so that
 * mode 1 follows its core (ids, capabilities, dumpable) and is for hosts without
 * sandboxes that go further (Landlock, SELinux); mode 2 needs no such trust.
 */
enum { HIDEPID_OFF, HIDEPID_OWNED, HIDEPID_CAPABLE };

static int set_hidepid(const char *val, const struct kernel_param *kp)
{
	unsigned int mode;
	int err = kstrtouint(val, 0, &mode);

	if (err)
		return err;
	if (mode > HIDEPID_CAPABLE)
		return -EINVAL;
	return param_set_uint(val, kp);
}

static const struct kernel_param_ops hidepid_ops = {
	.set = set_hidepid,
	.get = param_get_uint,
};

module_param_cb(hidepid, &hidepid_ops, &kin_status.hidepid, 0644);
MODULE_PARM_DESC(hidepid,
	"who sees whose tasks. 0: everyone sees all in their pid namespace; 1: only their own, without CAP_SYS_PTRACE over its owner; 2: nothing without it");

/* Whoever opened the socket on which the request came; it is open now. */
static const struct cred *get_opener_cred(struct sk_buff *request)
{
	const struct socket *sock = NETLINK_CB(request).sk->sk_socket;

	return sock && sock->file ? get_cred(sock->file->f_cred) :
				    get_current_cred();
}

/* A sandbox would hide more than we know: nothing is for whoever is in one. */
static void pin_hidepid(struct kin_view *view, struct sk_buff *request)
{
	const unsigned int hidepid = READ_ONCE(kin_status.hidepid);

	if (hidepid)
		kin_access_pin(view, request);
	view->sees_all = !hidepid || view->access == KIN_ACCESS_ALL;
	view->sees_none = (hidepid && view->access == KIN_ACCESS_SANDBOXED) ||
			  (hidepid == HIDEPID_CAPABLE &&
			   view->access == KIN_ACCESS_NONE);
}

/**
 * kin_view_pin - remember who asks, for as long as the answer takes
 * @view: filled; kin_view_unpin() it
 * @request: the message, for the credentials of its socket: a privileged
 *           process that was talked into writing to somebody else's socket
 *           must not lend its privilege
 *
 * Context: the process that sends the request.
 */
void kin_view_pin(struct kin_view *view, struct sk_buff *request)
{
	struct pid_namespace *ns = task_active_pid_ns(current);

	view->access = KIN_ACCESS_NONE;
	view->sees_stacks = false;
	view->pid_ns = get_pid_ns(ns);
	view->level = ns->level;
	view->cred = get_current_cred();
	view->opener = get_opener_cred(request);
	view->user_ns = view->cred->user_ns;
	if (view->user_ns == &init_user_ns)
		view->user_ns = NULL;
	view->cgroup_ns = current->nsproxy->cgroup_ns;
	get_cgroup_ns(view->cgroup_ns);
	view->boottime_offset_ns = timens_add_boottime_ns(0);
	pin_hidepid(view, request);
}

/**
 * kin_view_check - may who asks see anything at all
 * @view: who asks
 * @extack: receives the reason of a refusal
 *
 * Return: 0, or -EPERM.
 */
int kin_view_check(const struct kin_view *view, struct netlink_ext_ack *extack)
{
	if (likely(!view->sees_none))
		return 0;
	NL_SET_ERR_MSG(extack, "hidepid: needs CAP_SYS_PTRACE over the owner of the pid namespace, and is not for processes in a sandbox (Landlock, AppArmor)");
	kin_status_count(requests_denied, 1);
	return -EPERM;
}

/**
 * kin_view_unpin - let go of what kin_view_pin() took
 * @view: the view
 *
 * Context: may sleep.
 */
void kin_view_unpin(struct kin_view *view)
{
	put_cgroup_ns(view->cgroup_ns);
	put_cred(view->opener);
	put_cred(view->cred);
	put_pid_ns(view->pid_ns);
}

static bool owns(const struct cred *c, const struct cred *t)
{
	return uid_eq(c->fsuid, t->uid) && uid_eq(c->fsuid, t->euid) &&
	       uid_eq(c->fsuid, t->suid) && gid_eq(c->fsgid, t->gid) &&
	       gid_eq(c->fsgid, t->egid) && gid_eq(c->fsgid, t->sgid) &&
	       c->user_ns == t->user_ns &&
	       cap_issubset(t->cap_permitted, c->cap_effective);
}

/**
 * kin_view_sees_owned - is the task one of the caller's own (hidepid=1)
 * @view: the caller
 * @p: the task; the caller is in an RCU read section
 *
 * Return: true if all user and group ids are the caller's, and of whoever opened
 * the socket, it has no capability that they have not, and it is dumpable (asked
 * last: a task that changes its ids stops being dumpable before).
 */
bool kin_view_sees_owned(const struct kin_view *view, struct task_struct *p)
{
	const struct cred *t = __task_cred(p);

	if (kin_access_is_granted(view, p))
		return true;
	if (owns(view->cred, t) && owns(view->opener, t)) {
		smp_rmb();
		if (kin_task_dumpable(p))
			return true;
	}
	kin_status_count(tasks_hidden, 1);
	return false;
}
