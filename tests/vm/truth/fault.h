/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Failures by request: the kernel's fault injection lets the n-th allocation, or
 * copy from or to user space, of this thread fail (CONFIG_FAULT_INJECTION,
 * /proc/thread-self/fail-nth), or some of the allocations of tasks that are marked
 * (/proc/PID/make-it-fail), and writes into its log where that was.
 */
#ifndef TRUTH_FAULT_H
#define TRUTH_FAULT_H

#include <stdbool.h>

/* Make ready; returns NULL, or why this kernel cannot. */
const char *fault_open(void);

/* Leave the kernel as it was. */
void fault_close(void);

/*
 * Whether allocations of pages count, too. Where nobody asks for pages, a slab
 * does so now and then: the same number may mean another allocation next time.
 */
void fault_pages(bool count);

/* Whether what comes behind one that fails fails as well. (A function of the kernel
 * that tries another way fails only so.) */
void fault_onward(bool on);

/* The @nth from now on fails, once or onward. */
void fault_arm(unsigned int nth);

/* No longer. Returns whether it has failed: if not, there were fewer. */
bool fault_disarm(void);

/* How many were still to go when it was disarmed without a failure. */
unsigned int fault_left(void);

/*
 * That many of a hundred allocations of the kernel's workers fail from now on; of
 * those that are there now, others are let alone: call it again. (Tasks of other
 * kinds would lose what they read from the guest's root.) 0: no more.
 */
void fault_workers(unsigned int percent);

/* What fails is counted, by the call of the module that led there: a function
 * and how far in it, as objdump knows them as well. */
struct fault_site {
	char where[128];
	unsigned int failures;
};

/* All sites so far; returns how many. */
unsigned int fault_sites(const struct fault_site **sites);

/* How often @where has failed; NULL: all of them together. */
unsigned int fault_failures(const char *where);

#endif /* TRUTH_FAULT_H */
