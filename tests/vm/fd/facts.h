/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the zoo knows of its descriptors, held against what kin says. */
#ifndef FD_FACTS_H
#define FD_FACTS_H

#include "told.h"
#include "zoo.h"

/* Results: one for each animal, one for each member. */
void facts_check_zoo(const struct zoo *zoo, const struct told *told);

/* Results: is a change of each member noticed in each descriptor that it is known of? */
void facts_check_changes(const struct zoo *zoo, const struct told *told);

#endif /* FD_FACTS_H */
