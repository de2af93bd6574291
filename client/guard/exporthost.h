/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's summary as metrics. */
#ifndef GUARD_EXPORTHOST_H
#define GUARD_EXPORTHOST_H

#include "exposition.h"
#include "libkin.h"
#include "status.h"

/* The kernel's own idle and iowait times go back at times; a counter must not. */
struct export_host {
	uint64_t most_ns[STATUS_TIMES];
};

void export_host_write(struct export_host *seen, const struct kin_host *host,
		       uint32_t pid_max, struct exposition *ex);

#endif /* GUARD_EXPORTHOST_H */
