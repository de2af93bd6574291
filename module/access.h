/* SPDX-License-Identifier: GPL-2.0 */
/* Who may see what is private: the rule of ptrace, as far as modules know it. */
#ifndef KIN_ACCESS_H
#define KIN_ACCESS_H

#include <linux/types.h>

#include "view.h"

struct netlink_ext_ack;
struct nlattr;
struct sk_buff;
struct task_struct;
struct user_namespace;

bool kin_access_has(const struct kin_view *view, const struct sk_buff *request,
		    struct user_namespace *ns, int cap);
void kin_access_pin(struct kin_view *view, struct sk_buff *request);
int kin_access_check(const struct kin_view *view, u32 groups,
		     struct netlink_ext_ack *extack);
int kin_access_refuse(struct netlink_ext_ack *extack,
		      const struct nlattr *attr);
bool kin_access_is_granted(const struct kin_view *view, struct task_struct *p);

/* May private things of this task be told? The caller is in an RCU read section. */
static inline bool kin_access_task(const struct kin_view *view,
				   struct task_struct *p)
{
	return likely(view->access == KIN_ACCESS_ALL) ||
	       kin_access_is_granted(view, p);
}

#endif
