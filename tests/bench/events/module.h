/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kin's module, there or not. */
#ifndef BENCH_MODULE_H
#define BENCH_MODULE_H

#include <stdbool.h>

#include "kin.h"

/* Loads it, or unloads it, where it is not so already. */
void module_want(bool loaded);

/* KiB of memory for events, for the next reader. */
void module_set_ring(unsigned int kib);

void module_status(struct kin_status *status);

#endif /* BENCH_MODULE_H */
