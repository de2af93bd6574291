// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tables with open addressing, twice as large as what is in them. Each look makes a
 * new one: who is gone is not carried over, so nothing is ever removed.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "exportcpu.h"
#include "libkin.h"

struct export_charge {
	uint64_t start_ns;
	uint64_t told_ns;
	uint32_t pid;		/* 0: free */
};

static struct export_charge *slot_of(struct export_charge *charges, size_t mask,
				     uint32_t pid, uint64_t start_ns)
{
	size_t at = (pid * 0x9e3779b97f4a7c15ull ^ start_ns) >> 16 & mask;

	while (charges[at].pid &&
	       (charges[at].pid != pid || charges[at].start_ns != start_ns))
		at = (at + 1) & mask;
	return &charges[at];
}

int export_cpu_begin(struct export_cpu *cpu, size_t n)
{
	size_t room = 64;

	while (room < 2 * n)
		room *= 2;
	free(cpu->next);
	cpu->next = calloc(room, sizeof(*cpu->next));
	cpu->next_mask = room - 1;
	return cpu->next ? 0 : -ENOMEM;
}

/* What was told of it before this look. */
static uint64_t told_before(const struct export_cpu *cpu, uint32_t pid, uint64_t start_ns)
{
	if (!cpu->charges)
		return 0;
	return slot_of(cpu->charges, cpu->mask, pid, start_ns)->told_ns;
}

/* The kernel adds up several threads while they run: a sum may be less than before. */
static uint64_t grown(uint64_t total_ns, uint64_t told_ns)
{
	return total_ns != KIN_NONE64 && total_ns > told_ns ? total_ns - told_ns : 0;
}

uint64_t export_cpu_charge(struct export_cpu *cpu, uint32_t pid, uint64_t start_ns,
			   uint64_t total_ns)
{
	struct export_charge *charge = slot_of(cpu->next, cpu->next_mask, pid, start_ns);
	const uint64_t told_ns = charge->pid ? charge->told_ns :
					       told_before(cpu, pid, start_ns);
	const uint64_t fresh_ns = grown(total_ns, told_ns);

	charge->pid = pid;
	charge->start_ns = start_ns;
	charge->told_ns = told_ns + fresh_ns;
	return fresh_ns;
}

void export_cpu_end(struct export_cpu *cpu)
{
	free(cpu->charges);
	cpu->charges = cpu->next;
	cpu->mask = cpu->next_mask;
	cpu->next = NULL;
}

uint64_t export_cpu_last(struct export_cpu *cpu, uint32_t pid, uint64_t start_ns,
			 uint64_t total_ns)
{
	return grown(total_ns, told_before(cpu, pid, start_ns));
}

void export_cpu_free(struct export_cpu *cpu)
{
	free(cpu->charges);
	free(cpu->next);
	*cpu = (struct export_cpu){ 0 };
}
