/* SPDX-License-Identifier: GPL-2.0 */
/* One task's record. */
#ifndef KIN_RECORD_H
#define KIN_RECORD_H

#include <linux/types.h>

struct kin_view;
struct mm_struct;
struct nlattr;
struct sk_buff;
struct task_struct;

/* A record in the making. */
struct kin_record {
	struct nlattr *nest;
	u32 busy;		/* groups, see KIN_A_TASK_BUSY */
	u32 cut;		/* groups, see KIN_A_TASK_CUT */
	struct mm_struct *mm;	/* where to read the command line, or NULL */
};

int kin_record_start(struct kin_record *rec, struct sk_buff *skb,
		     const struct kin_view *view, u32 groups,
		     struct task_struct *p, u32 pid, bool thread);
int kin_record_end(struct kin_record *rec, struct sk_buff *skb);

int kin_cgroup_put(struct kin_record *rec, struct sk_buff *skb,
		   const struct kin_view *view, struct task_struct *p);
int kin_cmdline_put(struct kin_record *rec, struct sk_buff *skb);

#endif
