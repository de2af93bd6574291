/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPU time of processes, each nanosecond told once: what a process has used since it
 * was asked about last, and, of one that ended, the rest, which its exit event tells.
 */
#ifndef GUARD_EXPORTCPU_H
#define GUARD_EXPORTCPU_H

#include <stdint.h>
#include <stddef.h>

struct export_charge;

struct export_cpu {
	struct export_charge *charges;	/* of processes that were there last time */
	size_t mask;
	struct export_charge *next;	/* of those that are there now */
	size_t next_mask;
};

/*
 * export_cpu_begin - a look at all processes, @n at most
 *
 * Returns 0 or -ENOMEM: nothing was charged then.
 */
int export_cpu_begin(struct export_cpu *cpu, size_t n);

/* export_cpu_charge - what is new of @total_ns, the CPU time since it started;
 * KIN_NONE64: not known, nothing is new */
uint64_t export_cpu_charge(struct export_cpu *cpu, uint32_t pid, uint64_t start_ns,
			   uint64_t total_ns);

/* export_cpu_end - who was not charged since export_cpu_begin() is forgotten */
void export_cpu_end(struct export_cpu *cpu);

/* export_cpu_last - between two looks: it has ended with @total_ns. The next look must
 * leave it out. */
uint64_t export_cpu_last(struct export_cpu *cpu, uint32_t pid, uint64_t start_ns,
			 uint64_t total_ns);

void export_cpu_free(struct export_cpu *cpu);

#endif /* GUARD_EXPORTCPU_H */
