/* SPDX-License-Identifier: GPL-2.0 */
/* A task's table of descriptors. */
#ifndef KIN_FILES_H
#define KIN_FILES_H

#include <linux/types.h>

struct kin_files;
struct kin_record;
struct task_struct;

struct task_struct *kin_files_task(struct task_struct *p, bool thread);
bool kin_files_read(struct kin_files *f, struct task_struct *holder);
int kin_files_put(struct kin_record *rec, struct task_struct *p, bool thread);

#endif
