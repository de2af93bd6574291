/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all labs share. A lab makes one known illness: it prints a line that begins
 * with the pid of who is ill, is ill until its standard input ends (or SIGTERM comes),
 * and leaves nothing behind.
 */
#ifndef LAB_H
#define LAB_H

#include <stdbool.h>
#include <sys/types.h>

/* Print "PID ..." and let whoever waits for that line go on. */
void lab_say(pid_t pid, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Wait for so long (-1: for ever); true: cured, standard input has ended. */
bool lab_cured(int ms);

/* fork(2); the child is killed when its parent ends. */
pid_t lab_fork(void);

/* The path of this program, for exec(2) of itself. */
const char *lab_self(void);

/* The number that argument @nr is, or @otherwise if there is none; ends the program if
 * it is none of @least to @most. */
long lab_number(int argc, char **argv, int nr, long least, long most, long otherwise);

/*
 * A cgroup (v2) below this program's own or at the root, with @controller on and
 * @file set to @value. Puts the calling process there, or ends the program: an illness
 * that needs a fence is not let out without one. lab_leave_cgroup() goes back and
 * removes it, when all children have ended.
 */
void lab_enter_cgroup(const char *controller, const char *file, const char *value);
void lab_leave_cgroup(void);

#endif /* LAB_H */
