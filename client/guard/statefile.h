/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that alerts are kept in over a restart. */
#ifndef GUARD_STATEFILE_H
#define GUARD_STATEFILE_H

#include "engine.h"

/* statefile_read - none is no mistake, one that cannot be read is told and left alone.
 * Returns a status. */
int statefile_read(const char *path, struct engine *engine);

/* statefile_write - whole or not at all, whenever the program is killed. 0 or -errno. */
int statefile_write(const char *path, struct engine *engine);

#endif /* GUARD_STATEFILE_H */
