/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the BPF program writes of a descriptor. Whoever includes it has __u32, __u64. */
#ifndef BENCH_FILES_RECORD_H
#define BENCH_FILES_RECORD_H

#define BENCH_FD_PATH 255
#define BENCH_FD_HEAD 16

struct bench_fd {
	__u64 ino;
	__u32 fd;
	__u32 len; /* of the path, with its NUL; no more is written */
	char path[BENCH_FD_PATH + 1];
};

#endif /* BENCH_FILES_RECORD_H */
