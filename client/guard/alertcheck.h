/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUARD_ALERTCHECK_H
#define GUARD_ALERTCHECK_H

#include <stdbool.h>

/*
 * alertcheck - kin alert check: what is wrong with files of rules
 * @explain: show each rule as it is understood
 * @files: as --rules has them; none: the built-in set
 *
 * Returns a status.
 */
int alertcheck(bool explain, int n, char **files);

#endif /* GUARD_ALERTCHECK_H */
