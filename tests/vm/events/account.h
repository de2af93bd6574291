/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process had used at its end. */
#ifndef EVENTS_ACCOUNT_H
#define EVENTS_ACCOUNT_H

#include "story.h"

/* Between what the process itself saw last and what who waited for it was told:
 * that is, if it has no children, whose use the latter includes. */
void account_check(struct story *st, uint32_t key, const struct seen *seen);

/* And of all of them together. */
void account_check_sum(struct story *st);

#endif /* EVENTS_ACCOUNT_H */
