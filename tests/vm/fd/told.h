/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of descriptors as kin tells them, kept. */
#ifndef FD_TOLD_H
#define FD_TOLD_H

#include "member.h"

struct told_table {
	struct kin_fd_table base;
	struct fd_told *fds;
	size_t n, room;
	uint32_t counts[KIN_FD_TYPE_COUNT];
	bool has_counts;
};

struct told {
	struct told_table *tables;
	size_t n, room;
	size_t stray; /* descriptors of no table, or of another than the last */
};

/* Ask for everything of the tables that pass; bails out if that fails. */
void told_take(struct kin *kin, const struct kin_fd_query *query, struct told *told);

/* Of one process; false: it has no table. */
bool told_take_process(struct kin *kin, uint32_t pid, struct told *told);

void told_drop(struct told *told);

/* By the number of its task, of a process or (KIN_FD_TABLE_THREAD) a thread. */
const struct told_table *told_find(const struct told *told, uint32_t pid, bool thread);

const struct fd_told *told_fd(const struct told_table *table, uint32_t fd);

#endif /* FD_TOLD_H */
