/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc shows of a task to those only who may ptrace it (and its limits). */
#ifndef TRUTH_PRIVATE_H
#define TRUTH_PRIVATE_H

#include "field.h"

struct proc_task;

#define PRIVATE_LIMITS 16

struct proc_private {
	char *exe, *cwd, *root; /* where the links lead; NULL: nowhere */
	char *stack; /* of a task in state D; "" else */
	struct kin_limit limits[PRIVATE_LIMITS];
	uint32_t n_limits;
};

/* The groups that this process is given when it asks for all. Bails out if it is not
 * given those that are nobody's secret. */
uint32_t private_groups(struct kin *kin);

/* Is the field of a group that is not asked for? */
bool private_unasked(const struct field *field);

/* @dir is the task's directory in /proc. */
uint64_t private_value(const struct field *field, const char *dir);
void private_read(struct proc_private *private, const char *dir, char state);
void private_drop(struct proc_private *private);

/* Who has no table of descriptors, or only the kernel's own, has no numbers of it. */
void private_settle(struct proc_task *task);

/* A process whose main thread has ended has the table of the first that lives. */
void private_inherit(struct proc_task *process, const struct proc_task *thread);

bool private_same_exe(const struct kin_task *task, const struct proc_task *proc);
bool private_same_cwd(const struct kin_task *task, const struct proc_task *proc);
bool private_same_root(const struct kin_task *task, const struct proc_task *proc);
bool private_same_limits(const struct kin_task *task, const struct proc_task *proc);
bool private_same_stack(const struct kin_task *task, const struct proc_task *proc);
bool private_same_denied(const struct kin_task *task, const struct proc_task *proc);

#endif /* TRUTH_PRIVATE_H */
