/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parsers of /proc/PID/stat and /proc/PID/status. */
#ifndef BENCH_STAT_H
#define BENCH_STAT_H

#include <linux/types.h>
#include <stddef.h>

#include "sample.h"

/* All fields but pid, which the caller knows. Times in ticks, rss in pages. */
void stat_parse(struct bench_sample *s, __u32 pid, const char *text,
		size_t len);

/* What status has, too: ppid, state, num_threads, vsize, rss. */
void status_parse(struct bench_sample *s, const char *text, size_t len);

#endif /* BENCH_STAT_H */
