/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module's parameters. */
#ifndef TRUTH_PARAMETER_H
#define TRUTH_PARAMETER_H

#include <stddef.h>

/* What it is now, as text; 0 or -errno. */
int parameter_get(const char *name, char *value, size_t size);

/* 0 or -errno: the module refuses what is out of range. */
int parameter_set(const char *name, const char *value);

#endif /* TRUTH_PARAMETER_H */
