/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of the program that runs. */
#ifndef TRUTH_PROGRAM_H
#define TRUTH_PROGRAM_H

#include <sys/types.h>

/* A copy of this very program that has this mode, set-user-id and the like too.
 */
void program_copy(const char *path, mode_t mode);

#endif /* TRUTH_PROGRAM_H */
