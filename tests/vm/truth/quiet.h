/* SPDX-License-Identifier: GPL-2.0-or-later */
/* That nobody listens to events. */
#ifndef TRUTH_QUIET_H
#define TRUTH_QUIET_H

#include <stdbool.h>

/* Nobody subscribes: returns whether that is so now, and soon no tracepoint is
 * probed. (Probes stay for a moment.) */
bool quiet_wait(void);

#endif /* TRUTH_QUIET_H */
