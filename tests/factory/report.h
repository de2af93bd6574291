/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the factory prints, and what it waits for before. */
#ifndef FACTORY_REPORT_H
#define FACTORY_REPORT_H

#include <stdbool.h>
#include <sys/types.h>

#define REPORT_MAX 81920 /* bytes of one member's line */

extern int report_fd; /* members send here */
extern bool report_quiet; /* print no members */

void report_open(void);

/* Receive and print @count members, each when it has come to rest. */
void report_members(unsigned int count);

/* Print a member that does not report itself. */
void report_sleeper(pid_t pid);

/* Wait until /proc shows the task in state @state. */
void report_await(pid_t pid, pid_t tid, char state);

#endif /* FACTORY_REPORT_H */
