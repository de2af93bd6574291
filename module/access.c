// SPDX-License-Identifier: GPL-2.0
/*
 * Who may see what is private: the rule of ptrace, as far as modules know it.
 *
 * /proc asks ptrace_may_access(), which is not there for modules, nor is what it
 * asks of security modules. It lets pass whoever has the same ids, unless a sandbox
 * says no; we cannot ask the sandbox, so ids do not count here: it takes
 * CAP_SYS_PTRACE over the user namespace of the task.
 *
 * Sandboxes take away ptrace even from those with that capability. Of those who
 * have it over everyone, sandbox.c knows. For others, in pid namespaces of their
 * own, there is Landlock, of which another hook may be asked: it lets nobody in a
 * sandbox remount a file system, and whether that is so is told without anything
 * being done. (From 6.7 on that hook speaks for sandboxes that restrict the use of
 * files in any way, not for those that restrict networking or signals alone.)
 */
#include <kin/dumpable.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/security.h>
#include <linux/user_namespace.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "access.h"
#include "kin.h"
#include "sandbox.h"
#include "status.h"

/* The hook looks at credentials, and at no file system; the socket's own is at
 * hand. Other security modules have nothing against a remount without options. */
static bool is_restricted(struct super_block *sb, const struct cred *cred)
{
	const struct cred *old = override_creds(cred);
	const int err = security_sb_remount(sb, NULL);

	revert_creds(old);
	return err == -EPERM;
}

/* A sandbox that has a socket of its own answered by somebody outside of it would
 * read what comes back. */
static bool is_sandboxed(const struct kin_view *view,
			 const struct sk_buff *request)
{
	struct socket *sock = NETLINK_CB(request).sk->sk_socket;
	struct super_block *sb;

	if (!sock)
		return false;
	sb = SOCK_INODE(sock)->i_sb;
	return is_restricted(sb, view->cred) || is_restricted(sb, view->opener);
}

/* cap_capable() for somebody else than current: does @cred have it over @ns? Its
 * own part was asked of netlink_ns_capable(), security modules included. */
static bool is_capable(const struct cred *cred, const struct user_namespace *ns,
		       int cap)
{
	for (;; ns = ns->parent) {
		if (ns == cred->user_ns)
			return cap_raised(cred->cap_effective, cap);
		/* It is not below: the way up from here meets it no more. */
		if (ns->level <= cred->user_ns->level)
			return false;
		if (ns->parent == cred->user_ns &&
		    uid_eq(ns->owner, cred->euid))
			return true;
	}
}

static bool is_capable_of_all(const struct cred *cred)
{
	return is_capable(cred, &init_user_ns, CAP_SYS_PTRACE);
}

/**
 * kin_access_has - have both who asks and who opened the socket a capability
 * @view: who they are
 * @request: the message; if it was sent with an address, netlink does not ask of the
 *           latter
 * @ns: over this user namespace
 * @cap: the capability
 *
 * Context: the process that sends the request.
 */
bool kin_access_has(const struct kin_view *view, const struct sk_buff *request,
		    struct user_namespace *ns, int cap)
{
	return netlink_ns_capable(request, ns, cap) &&
	       is_capable(view->opener, ns, cap);
}

/**
 * kin_access_pin - remember what private things who asks may see
 * @view: pinned; receives it
 * @request: the message
 *
 * Context: the process that sends the request.
 */
void kin_access_pin(struct kin_view *view, struct sk_buff *request)
{
	view->sees_stacks = kin_access_has(view, request, &init_user_ns,
					   CAP_SYS_ADMIN);
	if (is_sandboxed(view, request))
		view->access = KIN_ACCESS_SANDBOXED;
	else if (!kin_access_has(view, request, view->pid_ns->user_ns,
				 CAP_SYS_PTRACE))
		view->access = KIN_ACCESS_NONE;
	else if (is_capable_of_all(view->cred) &&
		 is_capable_of_all(view->opener))
		view->access = kin_sandbox_holds(view->cred) ||
			       kin_sandbox_holds(view->opener) ?
				       KIN_ACCESS_SANDBOXED : KIN_ACCESS_ALL;
	else
		view->access = KIN_ACCESS_SOME;
}

/**
 * kin_access_check - may who asks see private things at all
 * @view: who asks, after kin_access_pin()
 * @groups: what they want of tasks, enum kin_group; 0: something else
 * @extack: receives the reason of a refusal
 *
 * Return: 0, or -EPERM.
 */
int kin_access_check(const struct kin_view *view, u32 groups,
		     struct netlink_ext_ack *extack)
{
	if (view->access == KIN_ACCESS_SANDBOXED)
		NL_SET_ERR_MSG(extack, "private groups, descriptors, environments and events are not for processes that a sandbox (Landlock, AppArmor) keeps from ptrace");
	else if (view->access == KIN_ACCESS_NONE)
		NL_SET_ERR_MSG(extack, "private groups, descriptors, environments and events need CAP_SYS_PTRACE over the owner of the pid namespace");
	else if ((groups & KIN_GROUP_STACK) && !view->sees_stacks)
		NL_SET_ERR_MSG(extack, "kernel stacks need CAP_SYS_ADMIN in the first user namespace");
	else
		return 0;
	kin_status_count(requests_denied, 1);
	return -EPERM;
}

/**
 * kin_access_refuse - one task is not for who asks
 * @extack: receives the reason
 * @attr: which names it
 *
 * Return: -EPERM.
 */
int kin_access_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr)
{
	NL_SET_ERR_MSG_ATTR(extack, attr, "what is private of this task needs CAP_SYS_PTRACE over its user namespace");
	kin_status_count(requests_denied, 1);
	return -EPERM;
}

static bool has_power_over(const void *arg, const struct user_namespace *ns)
{
	const struct kin_view *view = arg;

	return is_capable(view->cred, ns, CAP_SYS_PTRACE) &&
	       is_capable(view->opener, ns, CAP_SYS_PTRACE);
}

/**
 * kin_access_is_granted - does the capability reach this task
 * @view: who asks, and has the capability over the owner of its pid namespace
 * @p: the task, which may have come into the pid namespace from outside; the
 *     caller is in an RCU read section
 *
 * Return: true if it does.
 */
bool kin_access_is_granted(const struct kin_view *view, struct task_struct *p)
{
	if (view->access != KIN_ACCESS_SOME)
		return view->access == KIN_ACCESS_ALL;
	if (!has_power_over(view, __task_cred(p)->user_ns))
		return false;
	smp_rmb();
	return kin_task_dumpable(p) ||
	       kin_task_memory_passes(p, has_power_over, view);
}
