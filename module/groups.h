/* SPDX-License-Identifier: GPL-2.0 */
/* The groups of a record that few ask for. */
#ifndef KIN_GROUPS_H
#define KIN_GROUPS_H

#include <linux/types.h>

struct kin_record;
struct task_struct;

/*
 * Each writes one attribute, or none if the task has no such thing. The caller is
 * in an RCU read section. They return 0, or -EMSGSIZE.
 */
typedef int kin_group_fn(struct kin_record *rec, struct task_struct *p,
			 bool thread);

kin_group_fn kin_io_put;
kin_group_fn kin_exe_put;
kin_group_fn kin_cwd_put;
kin_group_fn kin_root_put;
kin_group_fn kin_namespaces_put;
kin_group_fn kin_limits_put;
kin_group_fn kin_delay_put;
kin_group_fn kin_wait_put;
kin_group_fn kin_stack_put;

int kin_groups_put(struct kin_record *rec, struct task_struct *p, bool thread);

#endif
