/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom they ask about: processes that are asleep, or one of the kernel's. */
#ifndef ACCESS_TARGET_H
#define ACCESS_TARGET_H

#include <stdbool.h>
#include <sys/types.h>

enum target {
	TARGET_SELF, /* who asks */
	TARGET_ROOT, /* of root; in a box: of its root */
	TARGET_USER, /* of a user */
	TARGET_UNDUMPABLE, /* the same, but it may not be dumped */
	TARGET_UNREADABLE, /* the same, in a program that it may not read */
	TARGET_SETUID, /* the same, in a set-user-id program of root's */
	TARGET_NESTED, /* the same, root of a user namespace of its own */
	TARGET_STUCK, /* of root, in state D */
	TARGET_KTHREAD,
	TARGET_ENTERED, /* root's, come into the box from outside */
	TARGETS
};

struct targets {
	pid_t pids[TARGETS]; /* 0: there is none */
};

extern const char *const target_names[TARGETS];

/* Programs for targets: copies of this one, which calls target_main() first: it
 * does not return if it was started as one. */
void targets_install(void);
void targets_uninstall(void);
void target_main(int argc, char **argv);

/* Start them all, here or in the box whose first process this one is. */
void targets_start(struct targets *targets, bool box);
void targets_end(const struct targets *targets);

/* Root's process, in the pid namespace of @box: its pid here, and there. */
pid_t target_enter(pid_t box, pid_t *inside);

#endif /* ACCESS_TARGET_H */
