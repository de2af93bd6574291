/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file, a pipe or standard output that whole messages are written to. */
#ifndef GUARD_OUTFILE_H
#define GUARD_OUTFILE_H

#include <stdbool.h>

#include "sinkkind.h"

struct outfile;

/*
 * outfile_open - made if it is missing; reopened when it was renamed or removed
 * @path: "-": standard output
 *
 * What may pass by itself (a full disk, nobody who reads a pipe) is no error here.
 * Returns 0 or -errno.
 */
int outfile_open(struct outfile **filep, const char *path);
void outfile_close(struct outfile *file);

/* outfile_write - all of it, or nothing that stays; gives up when @abort_fd becomes
 * readable */
enum outcome outfile_write(struct outfile *file, int abort_fd, struct attempt *try);

#endif /* GUARD_OUTFILE_H */
