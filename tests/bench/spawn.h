/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole program, from fork to exit. */
#ifndef BENCH_SPAWN_H
#define BENCH_SPAWN_H

#include <sys/types.h>

/* Start it, its standard output into @output. */
pid_t spawn_start(char *const *argv, int output);

/* Wait for it; any status but 0 ends the measurement. */
void spawn_finish(const char *name, pid_t pid);

#endif /* BENCH_SPAWN_H */
