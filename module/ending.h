/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a thread, and of a process with its last thread. */
#ifndef KIN_ENDING_H
#define KIN_ENDING_H

struct task_struct;

int kin_ending_init(void);
void kin_ending_uninit(void);
void kin_ending_alive(const struct task_struct *p);
void kin_ending_publish(struct task_struct *p);

#endif
