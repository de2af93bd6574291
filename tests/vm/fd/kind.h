/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The type of a descriptor, as what /proc shows of it lets us guess. */
#ifndef FD_KIND_H
#define FD_KIND_H

#include <sys/types.h>

#include "kin.h"

/* @link may be NULL: a path that is too long. */
enum kin_fd_type kind_of(const char *link, mode_t mode, long file_system);

#endif /* FD_KIND_H */
