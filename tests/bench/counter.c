// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts instructions by the clock of an emulated machine. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "counter.h"

#define LOOPS	  5000000
#define TOLERANCE 0.005 /* timer ticks come in between */

static __u64 overhead;

__u64 counter_read(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

__u64 counter_overhead(void)
{
	return overhead;
}

static __u64 timeval_ns(const struct timeval *t)
{
	return t->tv_sec * 1000000000ull + t->tv_usec * 1000ull;
}

__u64 counter_cpu_ns(void)
{
	struct rusage self, children;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	return timeval_ns(&self.ru_utime) + timeval_ns(&self.ru_stime) +
	       timeval_ns(&children.ru_utime) + timeval_ns(&children.ru_stime);
}

__u64 counter_idle(void)
{
	FILE *timers = fopen("/proc/timer_list", "re");
	unsigned long long idle;
	char line[256];

	while (timers && fgets(line, sizeof(line), timers)) {
		if (sscanf(line, " .idle_sleeptime : %llu", &idle) == 1) {
			fclose(timers);
			return idle;
		}
	}
	err(1, "no idle_sleeptime in /proc/timer_list");
}

static void short_loop(void)
{
	unsigned long n = LOOPS;

	asm volatile("1: dec %0\n\tjnz 1b" : "+r"(n) : : "cc");
}

/* On a real CPU these eight more cost far less than eight times as much. */
static void long_loop(void)
{
	unsigned long n = LOOPS;

	asm volatile("1: nop; nop; nop; nop; nop; nop; nop; nop\n\t"
		     "dec %0\n\tjnz 1b"
		     : "+r"(n)
		     :
		     : "cc");
}

static void check_loop(void (*loop)(void), unsigned int instructions)
{
	const double expected = (double)LOOPS * instructions;
	__u64 start;
	double ratio;

	loop();
	start = counter_read();
	loop();
	ratio = (counter_read() - start - overhead) / expected;
	if (ratio < 1 - TOLERANCE || ratio > 1 + TOLERANCE)
		errx(3,
		     "the clock does not count instructions: a loop of "
		     "%.0f took %.3f times as many nanoseconds "
		     "(tests/vm/run --icount?)",
		     expected, ratio);
}

void counter_init(bool any_clock)
{
	__u64 start, least = ~0ull, now;
	int i;

	for (i = 0; i < 100; i++) {
		start = counter_read();
		now = counter_read();
		if (now - start < least)
			least = now - start;
	}
	overhead = least;
	if (any_clock)
		return;
	check_loop(short_loop, 2);
	check_loop(long_loop, 10);
}
