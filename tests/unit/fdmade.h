/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Samples of made-up tables of descriptors. Include cmocka.h first. */
#ifndef TEST_FDMADE_H
#define TEST_FDMADE_H

#include <string.h>

#include "fdsample.h"

#define SEC 1000000000ull

/* A table of a process that started when its pid says. */
static inline struct kin_fd_table made_table(uint32_t pid, const char *comm,
					     uint64_t open, uint64_t limit)
{
	struct kin_fd_table table = {
		.start_boottime_ns = pid * SEC, .open = open,
		.table_size = 256,		.limit_soft = limit,
		.limit_hard = KIN_NONE64,	.pid = pid,
		.tgid = pid,			.users = 1,
	};

	strncpy(table.comm, comm, KIN_COMM_LEN - 1);
	return table;
}

/* As a dump tells it: the table, then its counts, if there are some. */
static inline void made_add(struct fdsample *sample,
			    const struct kin_fd_table *table,
			    const uint32_t *counts)
{
	struct kin_fd_record rec = { .table = table };

	assert_int_equal(fdsample_add(&rec, sample), 0);
	rec.counts = counts;
	rec.n_counts = KIN_FD_TYPE_COUNT;
	if (counts)
		assert_int_equal(fdsample_add(&rec, sample), 0);
}

#endif /* TEST_FDMADE_H */
