/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts instructions. Under QEMU's -icount shift=0 the guest's clock moves on
 * by one nanosecond with each instruction, the kernel's included.
 */
#ifndef BENCH_COUNTER_H
#define BENCH_COUNTER_H

#include <linux/types.h>
#include <stdbool.h>

/* Ends the program if the clock does not count instructions, unless told that
 * any will do. */
void counter_init(bool any_clock);

/* counter_read() at the end less that at the start, less this, is the work. */
__u64 counter_read(void);
__u64 counter_overhead(void);

/* Nanoseconds that this process and its dead children were on the CPU. */
__u64 counter_cpu_ns(void);

/*
 * Nanoseconds that the CPU had nothing to do: then the clock jumps to the next
 * timer. To be read outside of what is measured.
 */
__u64 counter_idle(void);

#endif /* BENCH_COUNTER_H */
