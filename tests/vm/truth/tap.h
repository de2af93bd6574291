/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results in the Test Anything Protocol; the plan comes last. */
#ifndef TRUTH_TAP_H
#define TRUTH_TAP_H

#include <stdbool.h>

#define TAP_FORMAT(n) __attribute__((format(printf, n, n + 1)))

/* One result; returns @ok. */
bool tap_ok(bool ok, const char *fmt, ...) TAP_FORMAT(2);

void tap_skip(const char *why, const char *fmt, ...) TAP_FORMAT(2);

/* A remark, for whoever reads why. */
void tap_note(const char *fmt, ...) TAP_FORMAT(1);

/* Something without which the rest makes no sense did not work. */
void tap_bail(const char *fmt, ...) TAP_FORMAT(1) __attribute__((noreturn));

/* Prints the plan; returns the program's exit status. */
int tap_done(void);

#endif /* TRUTH_TAP_H */
