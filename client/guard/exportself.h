/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kin itself costs, and the module, as metrics. */
#ifndef GUARD_EXPORTSELF_H
#define GUARD_EXPORTSELF_H

#include "engine.h"
#include "exposition.h"

/* export_self_write - this process; @node: its own, NULL: not known */
void export_self_write(const struct kin_node *node, const struct kin_view *view,
		       struct exposition *ex);

void export_engine_write(const struct engine_stats *stats, struct exposition *ex);

void export_module_write(const struct kin_status *status, const char *version,
			 struct exposition *ex);

/* export_cpu_time_ns - that this process has used */
uint64_t export_cpu_time_ns(void);

#endif /* GUARD_EXPORTSELF_H */
