/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The workload, played by a child of the test. */
#ifndef EVENTS_PLAY_H
#define EVENTS_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#define PLAY_DIR   "/run/kin-workload"
#define PLAY_ROOTS 4

/* Make the place and the programs. */
void play_setup(void);

/* A seed: KIN_SEED if it is set, else another one each time. */
uint64_t play_seed(void);

/* Start a log, in which the caller is life 0. */
void play_open(void);

/* Start a root (PLAY_ROOTS at most), which plays as soon as it is let go;
 * returns its pid. */
uint32_t play_prepare(uint64_t seed, unsigned int rounds);
void play_go(void);

/* All three for one of them. */
void play_start(uint64_t seed, unsigned int rounds);

/* Have all of them ended? Then they were waited for. */
bool play_ended(void);

#endif /* EVENTS_PLAY_H */
