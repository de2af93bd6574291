/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The numbers of one process that every contender reads: those that
 * /proc/PID/stat and kin's groups base, sched and mem have in common. The BPF
 * program writes this struct, too. Whoever includes it has __u32 and __u64.
 */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

struct bench_sample {
	__u32 pid;
	__u32 ppid;
	__u32 pgrp;
	__u32 session;
	__u32 tty;
	__u32 state; /* the letter */
	__u32 num_threads;
	__s32 priority;
	__s32 nice;
	__u32 reserved;
	__u64 min_flt;
	__u64 cmin_flt;
	__u64 maj_flt;
	__u64 cmaj_flt;
	__u64 utime; /* times and rss: in the contender's own unit */
	__u64 stime;
	__u64 cutime;
	__u64 cstime;
	__u64 start;
	__u64 vsize; /* bytes */
	__u64 rss;
};

#endif /* BENCH_SAMPLE_H */
