/* SPDX-License-Identifier: GPL-2.0 */
/* Which tasks a request is about. */
#ifndef KIN_SCOPE_H
#define KIN_SCOPE_H

#include <linux/netlink.h>
#include <linux/types.h>

struct kin_view;
struct task_struct;

/* The values of one kind of filter; sorted, each once. */
struct kin_values {
	u64 *v;
	u32 n;
};

/* Verdicts on processes. */
#define KIN_SCOPE_MEMO_BITS 6

struct kin_scope {
	struct kin_values pids, tgids, subtrees, uids, cgroups;
	u32 states;		/* a mask; 0: any */
	bool all;		/* no filter but pids */
	const struct task_struct *kept;		/* passes whatever becomes of it */
	u64 kept_start_boottime;
	u64 *values;		/* what the five above point into */
	int budget;		/* of this RCU read section: pids and steps */
	struct {
		const struct task_struct *leader;
		u64 start_boottime;
		bool within;
	} memo[1 << KIN_SCOPE_MEMO_BITS];
};

bool kin_values_has(const struct kin_values *values, u64 x);
int kin_scope_parse(struct kin_scope *scope, const struct kin_view *view,
		    const struct nlmsghdr *nlh, struct netlink_ext_ack *extack);
void kin_scope_free(struct kin_scope *scope);
void kin_scope_forget(struct kin_scope *scope);
void kin_scope_keep(struct kin_scope *scope, const struct task_struct *p);
bool kin_scope_filter(struct kin_scope *scope, const struct kin_view *view,
		      struct task_struct *p);

/* Does a task pass all filters? (But the list of pids: the walk goes along it.)
 * The caller is in an RCU read section. */
static __always_inline bool kin_scope_match(struct kin_scope *scope,
					    const struct kin_view *view,
					    struct task_struct *p)
{
	return likely(scope->all) || kin_scope_filter(scope, view, p);
}

#endif
