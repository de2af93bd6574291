// SPDX-License-Identifier: GPL-2.0
/* Which tasks a request is about: its filters, parsed and matched. */
#include <linux/cgroup.h>
#include <linux/hash.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/user_namespace.h>
#include <net/genetlink.h>

#include "kin.h"
#include "scope.h"
#include "view.h"

static int compare_u64(const void *a, const void *b)
{
	const u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* Is it one of these? */
bool kin_values_has(const struct kin_values *values, u64 x)
{
	u32 low = 0, high = values->n;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (values->v[mid] == x)
			return true;
		if (values->v[mid] < x)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* Sort, and keep each value once: a walk along a list must not repeat a task. */
static void make_set(struct kin_values *values)
{
	u32 i, n = 0;

	sort(values->v, values->n, sizeof(u64), compare_u64, NULL);
	for (i = 0; i < values->n; i++)
		if (!n || values->v[i] != values->v[n - 1])
			values->v[n++] = values->v[i];
	values->n = n;
}

static u64 attr_value(const struct nlattr *attr, const struct kin_view *view)
{
	switch (nla_type(attr)) {
	case KIN_A_CGROUP:
		return nla_get_u64(attr);
	case KIN_A_UID:
		/* An id that is not mapped is nobody's: it matches no task. */
		return __kuid_val(make_kuid(view->cred->user_ns,
					    nla_get_u32(attr)));
	default:
		return nla_get_u32(attr);
	}
}

static struct kin_values *values_of(struct kin_scope *scope, int type)
{
	switch (type) {
	case KIN_A_PID:
		return &scope->pids;
	case KIN_A_TGID:
		return &scope->tgids;
	case KIN_A_SUBTREE:
		return &scope->subtrees;
	case KIN_A_UID:
		return &scope->uids;
	case KIN_A_CGROUP:
		return &scope->cgroups;
	default:
		return NULL;
	}
}

static int count_values(struct kin_scope *scope, const struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	struct kin_values *values;
	int rem, n = 0;

	BUILD_BUG_ON(KIN_MAX_VALUES != 4096);	/* as the message says */
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		values = values_of(scope, nla_type(attr));
		if (!values)
			continue;
		values->n++;
		if (++n > KIN_MAX_VALUES) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "more than 4096 values in one request");
			return -E2BIG;
		}
	}
	return n;
}

/* One array for all lists, each with its part of it. */
static int alloc_values(struct kin_scope *scope, int n)
{
	u64 *v = kvmalloc_array(n, sizeof(*v), GFP_KERNEL_ACCOUNT);
	int type;

	if (!v)
		return -ENOMEM;
	scope->values = v;
	for (type = KIN_A_PID; type <= KIN_A_CGROUP; type++) {
		struct kin_values *values = values_of(scope, type);

		values->v = v;
		v += values->n;
		values->n = 0;
	}
	return 0;
}

/**
 * kin_scope_parse - read the filters of a request that the policy has passed
 * @scope: zeroed; kin_scope_free() it
 * @view: who asks: numbers are theirs
 * @nlh: the request
 * @extack: receives the reason of a refusal
 *
 * Return: 0, -E2BIG (too many values) or -ENOMEM.
 */
int kin_scope_parse(struct kin_scope *scope, const struct kin_view *view,
		    const struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	struct kin_values *values;
	int rem, n, err, type;

	n = count_values(scope, nlh, extack);
	if (n < 0)
		return n;
	if (n) {
		err = alloc_values(scope, n);
		if (err)
			return err;
	}
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		values = values_of(scope, nla_type(attr));
		if (values)
			values->v[values->n++] = attr_value(attr, view);
		else if (nla_type(attr) == KIN_A_STATES)
			scope->states = nla_get_u32(attr);
	}
	for (type = KIN_A_PID; n && type <= KIN_A_CGROUP; type++)
		make_set(values_of(scope, type));
	scope->all = !scope->states && !scope->tgids.n && !scope->uids.n &&
		     !scope->cgroups.n && !scope->subtrees.n;
	return 0;
}

void kin_scope_free(struct kin_scope *scope)
{
	kvfree(scope->values);
}

/**
 * kin_scope_forget - drop the verdicts remembered
 * @scope: the scope; at the start of each message, since tasks may get another
 *         parent while the reader is away
 */
void kin_scope_forget(struct kin_scope *scope)
{
	if (scope->subtrees.n)
		memset(scope->memo, 0, sizeof(scope->memo));
}

static bool in_cgroups(const struct kin_scope *scope, struct task_struct *p)
{
	struct cgroup *cgrp;

	for (cgrp = task_dfl_cgroup(p); cgrp; cgrp = cgroup_parent(cgrp))
		if (kin_values_has(&scope->cgroups, cgroup_id(cgrp)))
			return true;
	return false;
}

static bool is_root(const struct kin_scope *scope, const struct kin_view *view,
		    struct task_struct *leader)
{
	return kin_values_has(&scope->subtrees, kin_view_nr(view, task_tgid(leader)));
}

/* A task is known again by its address and its start: the address alone may
 * have been given to another one since. */
static void remember(struct kin_scope *scope, const struct task_struct *leader,
		     bool within)
{
	const u32 at = hash_ptr(leader, KIN_SCOPE_MEMO_BITS);

	scope->memo[at].leader = leader;
	scope->memo[at].start_boottime = leader->start_boottime;
	scope->memo[at].within = within;
}

/* Verdicts that are none: ask the parent; it was released while we climbed. */
enum { ASK_PARENT = -1, GONE = -2 };

/* The verdict on one process: 1: within, 0: not. */
static int judge(const struct kin_scope *scope, const struct kin_view *view,
		 struct task_struct *leader)
{
	const u32 at = hash_ptr(leader, KIN_SCOPE_MEMO_BITS);

	if (scope->memo[at].leader == leader &&
	    scope->memo[at].start_boottime == leader->start_boottime)
		return scope->memo[at].within;
	if (!pid_alive(leader))
		return GONE;
	if (is_root(scope, view, leader))
		return 1;
	return leader == &init_task ? 0 : ASK_PARENT;
}

/* real_parent is good under RCU while the child is hashed. */
static struct task_struct *parent_of(struct task_struct *leader)
{
	return rcu_dereference(leader->real_parent)->group_leader;
}

/* What holds for a task holds for its parent as well, unless the task is a root:
 * remember it along the path, and a step beyond. */
static void remember_path(struct kin_scope *scope, const struct kin_view *view,
			  struct task_struct *leader, int steps, bool within)
{
	struct task_struct *q = leader;

	remember(scope, leader, within);
	for (; steps >= 0 && pid_alive(q) && !is_root(scope, view, q); steps--) {
		q = parent_of(q);
		remember(scope, q, within);
	}
}

/*
 * Climb to a root that was asked for. Nearly each climb ends after a step or
 * two, in a chain in the order of its pids or against it: a chain of n costs n,
 * not n * n. Where it does not, steps are taken from what the RCU read section
 * may cost. An ancestor may be released while we climb; then its children have
 * got another parent, and we start again.
 */
static bool in_subtrees(struct kin_scope *scope, const struct kin_view *view,
			struct task_struct *p)
{
	struct task_struct *leader = p->group_leader, *q;
	int within, steps, tries = 3;

	do {
		steps = 0;
		for (q = leader; (within = judge(scope, view, q)) == ASK_PARENT;
		     steps++)
			q = parent_of(q);
		scope->budget -= steps;
	} while (within == GONE && q != leader && --tries);
	if (within == GONE)
		return false;
	remember_path(scope, view, leader, min(steps, 32), within);
	return within;
}

/**
 * kin_scope_keep - let a task pass from now on, until another one is kept
 * @scope: the filters
 * @p: the task, which has passed: there is more to be told of it, though it may be
 *     in another state meanwhile
 */
void kin_scope_keep(struct kin_scope *scope, const struct task_struct *p)
{
	scope->kept = p;
	scope->kept_start_boottime = p->start_boottime;
}

/**
 * kin_scope_filter - does a task pass all filters but the list of pids
 * @scope: the filters
 * @view: who asks
 * @p: the task; the caller is in an RCU read section
 *
 * Return: true if it does.
 */
bool kin_scope_filter(struct kin_scope *scope, const struct kin_view *view,
		      struct task_struct *p)
{
	if (p == scope->kept && p->start_boottime == scope->kept_start_boottime)
		return true;
	if (scope->states && !(scope->states & (1u << task_state_index(p))))
		return false;
	if (scope->tgids.n &&
	    !kin_values_has(&scope->tgids, kin_view_nr(view, task_tgid(p))))
		return false;
	if (scope->uids.n &&
	    !kin_values_has(&scope->uids, __kuid_val(__task_cred(p)->uid)))
		return false;
	if (scope->cgroups.n && !in_cgroups(scope, p))
		return false;
	return !scope->subtrees.n || in_subtrees(scope, view, p);
}
