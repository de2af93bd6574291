/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc leaves out of start times in a time namespace. */
#ifndef TRUTH_TIMENS_H
#define TRUTH_TIMENS_H

#include <stdint.h>

/* Ticks to add to the start times in /proc/PID/stat, so that they are of the
 * clock that this process sees; 0 where the kernel has added them. */
int64_t timens_untold(void);

#endif /* TRUTH_TIMENS_H */
