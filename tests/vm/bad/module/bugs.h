/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BAD_BUGS_H
#define BAD_BUGS_H

void bug_use_after_free(void);
void bug_out_of_bounds(void);
void bug_leak(void);
void bug_deadlock(void);
void bug_sleep(void);
void bug_bare_rcu(void);
void bug_shift(void);
void bug_armed(void);
void bug_race(void);
void bug_race_end(void);

#endif
