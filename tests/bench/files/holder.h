/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process whose descriptors are looked at: the numbers from 0 on, and no other,
 * of some regular files.
 */
#ifndef BENCH_FILES_HOLDER_H
#define BENCH_FILES_HOLDER_H

#include <sys/types.h>

/* @depth: so many directories, one in the other, lie above the files, each of which
 * is in another one then. */
pid_t holder_start(unsigned int descriptors, unsigned int depth);
void holder_end(pid_t pid);

#endif /* BENCH_FILES_HOLDER_H */
