/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process has used. */
#ifndef WORKLOAD_USAGE_H
#define WORKLOAD_USAGE_H

#include <sys/resource.h>

#include "log.h"

/* Look at the own process; false if that does not go. */
bool usage_look(struct log_usage *usage);

void usage_from(struct log_usage *usage, const struct rusage *ru);

#endif /* WORKLOAD_USAGE_H */
