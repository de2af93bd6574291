/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A look at all processes, for a scrape: sums by group, who is near a limit; and what
 * exit events told since the last one.
 */
#ifndef GUARD_EXPORTLOOK_H
#define GUARD_EXPORTLOOK_H

#include "exportcpu.h"
#include "exportfds.h"
#include "exportgroup.h"

enum export_by { EXPORT_BY_COMM, EXPORT_BY_CGROUP, EXPORT_BY_UID, EXPORT_BY_COUNT };

/* How processes ended. */
enum export_end { EXPORT_END_OK, EXPORT_END_FAILED, EXPORT_END_SIGNAL, EXPORT_END_COUNT };

struct export_look {
	struct export_groups groups[EXPORT_BY_COUNT];
	struct export_cpu cpu;
	struct export_fds fds;
	uint64_t ends[EXPORT_END_COUNT];
	bool based;		/* there was a first look */
};

/* export_look_init - @look is zeroed; @top as of the groups; 0 or -ENOMEM */
int export_look_init(struct export_look *look, unsigned int top);
void export_look_free(struct export_look *look);

/*
 * export_look_begin - @n processes at most
 *
 * Of the CPU time of those that the first look finds, it only notes how much it is. Who
 * reads the counters takes one that is less than before for one that began at 0 again,
 * and would count all that they have used since they started once more.
 *
 * Returns 0 or -ENOMEM: there is no look then.
 */
int export_look_begin(struct export_look *look, size_t n);
void export_look_at(struct export_look *look, const struct kin_node *node);
void export_look_end(struct export_look *look, uint64_t now_ns);

/*
 * export_look_event - between two looks
 * @node: the mirror's, of the process it is about; NULL: it has none
 */
void export_look_event(struct export_look *look, const struct kin_event_record *rec,
		       const struct kin_node *node);

void export_look_write(const struct export_look *look, struct exposition *ex);

#endif /* GUARD_EXPORTLOOK_H */
