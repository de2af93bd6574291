/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task of kin's against the same task of /proc, seen before and after. An
 * aspect is what is compared at once: each field of the structs, and what is no
 * struct: command line, cgroup, numbers in namespaces.
 */
#ifndef TRUTH_COMPARE_H
#define TRUTH_COMPARE_H

#include "proc.h"

#define MAX_ASPECTS (MAX_FIELDS + 12)

size_t n_aspects(void);
const char *aspect_name(size_t aspect);

/* With its struct's; good until the next call. */
const char *aspect_full_name(size_t aspect);

/* Which aspects differ; returns how many. */
size_t compare_task(const struct kin_task *task, const struct proc_task *before,
		    const struct proc_task *after, bool bad[MAX_ASPECTS]);

/* Explain a difference. */
void compare_explain(size_t aspect, const struct kin_task *task,
		     const struct proc_task *before,
		     const struct proc_task *after);

/* Change one aspect of the task as little as can be. The text that it may have
 * to point to lives until the next call. */
void mutate_task(struct kin_task *task, size_t aspect);

/* Name of the aspect to mutate in every task, or NULL. */
extern const char *mutated;

struct tally {
	uint32_t groups; /* that were asked for */
	size_t processes, threads; /* compared */
	size_t retried, retries; /* tasks; times */
	size_t vanished; /* came or went while we looked */
	size_t missing; /* were there all the time, but not in kin */
	size_t doubled; /* twice, or out of order */
	size_t values;
	size_t compared[MAX_ASPECTS], differ[MAX_ASPECTS];
	size_t present[MAX_ASPECTS]; /* not KIN_NONE, not 0 */
};

/* All tasks, processes and threads. */
void compare_all(struct kin *kin, struct tally *tally);

#endif /* TRUTH_COMPARE_H */
