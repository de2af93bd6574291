/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers as people read them. Every function writes at @to, without a NUL,
 * at most KIN_FORMAT_MAX bytes, all of them ASCII, and returns their number.
 */
#ifndef KIN_FORMAT_H
#define KIN_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#define KIN_FORMAT_MAX 48

/* kin_format_u64 - decimal digits */
size_t kin_format_u64(char *to, uint64_t n);

/* kin_format_i64 - decimal digits, a minus sign before negative numbers */
size_t kin_format_i64(char *to, int64_t n);

/* kin_format_bytes - powers of 1024, three digits: 0, 812, 4K, 12.3M, 117G */
size_t kin_format_bytes(char *to, uint64_t bytes);

/*
 * kin_format_duration - 0s, 812ns, 35.2us, 120ms, 4.20s, 42.1s, then as clocks
 * do: 1:02 (minutes), 1:02:03 (hours), 3-04:05:06 (days)
 */
size_t kin_format_duration(char *to, uint64_t ns);

/* kin_format_about - to the nearest unit of which there are two at least, as an
 * estimate is: 119 s, 12 min, 3 h, 2 days */
size_t kin_format_about(char *to, uint64_t ns);

/* kin_format_time - wall clock and local time zone: 2026-11-21 07:48:02 */
size_t kin_format_time(char *to, int64_t epoch_ns);

/* kin_format_milli - thousandths with @digits (0 to 3) decimals, cut: 12.3 */
size_t kin_format_milli(char *to, uint64_t milli, unsigned int digits);

/* kin_format_tty - a terminal's device number by its usual name: pts/0, tty1,
 * ttyS0; others as major:minor */
size_t kin_format_tty(char *to, uint32_t dev);

#endif /* KIN_FORMAT_H */
