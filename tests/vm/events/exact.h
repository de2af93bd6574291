/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events against what the workload wrote down: those, and no others. */
#ifndef EVENTS_EXACT_H
#define EVENTS_EXACT_H

#include "reader.h"

/* Results, one for each thing that can be wrong. @r: a reader of this process's
 * subtree, both kinds, that has read up to a mark behind the workload. */
void exact_check(const struct reader *r, const struct mark *mark);

#endif /* EVENTS_EXACT_H */
