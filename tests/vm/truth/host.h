/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's summary, its CPUs, and the module's status. */
#ifndef TRUTH_HOST_H
#define TRUTH_HOST_H

#include <stdbool.h>

#include "libkin.h"

/* Is this member of struct kin_<of> compared here? */
bool host_knows(const char *of, const char *name);

void host_check(struct kin *kin);
void status_check(struct kin *kin);

#endif /* TRUTH_HOST_H */
