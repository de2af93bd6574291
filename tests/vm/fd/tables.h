/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has which table, and shares it with whom. */
#ifndef FD_TABLES_H
#define FD_TABLES_H

#include "told.h"
#include "zoo.h"

/* Results: what the zoo knows of its tables. */
void tables_check_zoo(struct kin *kin, const struct zoo *zoo);

/* Results: each task's table in a dump of all against /proc, and against who shares
 * with whom by kcmp(2). */
void tables_check_system(struct kin *kin, const struct zoo *zoo);

/* Results: what was asked for is what comes. */
void tables_check_parts(struct kin *kin, const struct zoo *zoo);

#endif /* FD_TABLES_H */
