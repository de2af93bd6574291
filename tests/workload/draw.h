/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and names drawn by lot, the same ones for the same seed. */
#ifndef WORKLOAD_DRAW_H
#define WORKLOAD_DRAW_H

#include <stdint.h>

/* Small seeds that are close to each other become large ones that are not. */
void draw_start(uint64_t *seed);

/* Below @n, which is not 0. */
uint32_t draw(uint64_t *seed, uint32_t n);

/* For somebody else to draw from. */
uint64_t draw_seed(uint64_t *seed);

/* What somebody may call a task. */
const char *draw_name(uint64_t *seed);

#endif /* WORKLOAD_DRAW_H */
