/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the BPF program writes of an event: the fields of kin's events under kin's
 * names, each aligned as the CPU likes it. Whoever includes it has __u32, __u64.
 */
#ifndef BENCH_RECORD_H
#define BENCH_RECORD_H

#define BENCH_FORK 1 /* the numbers of enum kin_event_kind */
#define BENCH_EXEC 2
#define BENCH_EXIT 4

#define BENCH_FILENAME 64

struct bench_base {
	__u64 seq;
	__u64 boottime_ns;
	__u64 start_boottime_ns;
	__u64 cgroup_id;
	__u32 kind;
	__u32 flags;
	__u32 cpu;
	__u32 pid;
	__u32 tgid;
	__u32 ppid;
	__u32 uid;
	__u32 reserved;
	char comm[16];
};

struct bench_fork {
	struct bench_base base;
	__u64 parent_start_boottime_ns;
	__u32 creator_pid;
	__u32 creator_tgid;
	__u32 pgid;
	__u32 sid;
	__s32 exit_signal;
	__u32 reserved;
};

struct bench_exec {
	struct bench_base base;
	__u64 exec_id;
	__u32 old_pid;
	__u32 reserved;
	char filename[BENCH_FILENAME];
};

struct bench_exit {
	struct bench_base base;
	__u64 utime_ns;
	__u64 stime_ns;
	__u64 runtime_ns;
	__u64 min_flt;
	__u64 maj_flt;
	__u64 nvcsw;
	__u64 nivcsw;
	__u64 rss_peak_bytes;
	__u64 rchar_bytes;
	__u64 wchar_bytes;
	__u64 read_bytes;
	__u64 write_bytes;
	__u32 status;
	__u32 reserved;
};

#endif /* BENCH_RECORD_H */
