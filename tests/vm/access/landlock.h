/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sandboxes of Landlock, which take away ptrace from everyone in them. */
#ifndef ACCESS_LANDLOCK_H
#define ACCESS_LANDLOCK_H

/* The version of its interface: 1 and more; 0: this kernel has none. */
int landlock_version(void);

/* Put this process into a sandbox, one that restricts no use of files that a
 * test has, or one that restricts networking alone (version 4). Ends it if that
 * fails. */
void landlock_files(void);
void landlock_network(void);

#endif /* ACCESS_LANDLOCK_H */
