/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A way to get the numbers of all processes. All functions end the program with
 * a message if something fails: a contender that does less is none.
 */
#ifndef BENCH_CONTENDER_H
#define BENCH_CONTENDER_H

#include "samples.h"

struct contender {
	const char *goal; /* those with the same goal compete */
	const char *name;
	struct sample_units units;
	__u32 fields; /* of a sample; 0: it only counts records */
	/*
	 * Count the CPU time of the process and of those it starts, no other:
	 * a program's files come from the host, and the clock runs on while
	 * the machine waits for them.
	 */
	bool cpu_time;

	/* What a sampler does once. */
	void (*open)(const struct contender *self);
	/* One pass, the work that is measured: fills an empty list. */
	void (*read)(const struct contender *self, struct samples *list);
	void (*close)(const struct contender *self);
	/*
	 * Optional: fills the list where read() does not. With neither, the
	 * family's members count as the records.
	 */
	void (*look)(const struct contender *self, struct samples *list);

	const void *detail; /* of its own */
	bool on_demand; /* only if it is named */
};

extern const struct contender *const contenders[];
extern const size_t n_contenders;

extern const struct contender library_all, library_base, library_threads,
	library_decoded;
extern const struct contender procfs_stat, procfs_stat_cached,
	procfs_stat_status;
extern const struct contender bpf_tasks;
extern const struct contender wire_walk, wire_base, wire_sched, wire_mem,
	wire_all, wire_dropped;
extern const struct contender program_kin_ps, program_ps, program_all_rows,
	program_state, program_where, program_where_here;

#endif /* BENCH_CONTENDER_H */
