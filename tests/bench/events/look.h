/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads each field of an event: kin's and the BPF program's have the same names. A
 * comm is read as the two words that it is.
 */
#ifndef BENCH_LOOK_H
#define BENCH_LOOK_H

#include <linux/types.h>
#include <string.h>

static inline __u64 look_comm(const char comm[16])
{
	__u64 words[2];

	memcpy(words, comm, sizeof(words));
	return words[0] + words[1];
}

#define LOOK_BASE(b)                                                       \
	((b)->seq + (b)->boottime_ns + (b)->start_boottime_ns +            \
	 (b)->cgroup_id + (b)->kind + (b)->flags + (b)->cpu + (b)->pid +   \
	 (b)->tgid + (b)->ppid + (b)->uid + look_comm((b)->comm))

#define LOOK_FORK(f)                                                       \
	((f)->parent_start_boottime_ns + (f)->creator_pid +                \
	 (f)->creator_tgid + (f)->pgid + (f)->sid + (f)->exit_signal)

#define LOOK_EXEC(e) ((e)->exec_id + (e)->old_pid)

#define LOOK_EXIT(x)                                                       \
	((x)->utime_ns + (x)->stime_ns + (x)->runtime_ns + (x)->min_flt +  \
	 (x)->maj_flt + (x)->nvcsw + (x)->nivcsw + (x)->rss_peak_bytes +   \
	 (x)->rchar_bytes + (x)->wchar_bytes + (x)->read_bytes +           \
	 (x)->write_bytes + (x)->status)

#endif /* BENCH_LOOK_H */
