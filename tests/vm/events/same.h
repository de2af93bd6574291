/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mirror against what it should show. */
#ifndef EVENTS_SAME_H
#define EVENTS_SAME_H

#include "libkin.h"

/*
 * Each returns how many things differ, and notes the first. The mirror is settled,
 * and has threads; nobody but it and others outside of its control does anything.
 */

/* Who is there and what events tell of it: a snapshot taken now. */
unsigned int same_as_snapshot(const struct kin_mirror *m, struct kin *kin);

/* The same, as /proc shows it. */
unsigned int same_as_proc(const struct kin_mirror *m);

/* All of base, sampled anew: as in a snapshot before or after that. */
unsigned int same_when_sampled(struct kin_mirror *m, struct kin *kin);

/* The sums of each branch: those of its children and of its head. */
unsigned int same_sums(const struct kin_mirror *m);

#endif /* EVENTS_SAME_H */
