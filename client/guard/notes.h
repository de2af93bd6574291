/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes of all processes, as a look at them begins: what they are compared with when
 * it ends. */
#ifndef GUARD_NOTES_H
#define GUARD_NOTES_H

#include <stddef.h>
#include <stdint.h>

#include "libkin.h"

/* What is not known is KIN_NONE64. */
struct note {
	uint32_t pid;
	uint64_t start_boottime_ns;
	uint64_t taken_ns;		/* CLOCK_BOOTTIME */
	uint64_t rss_bytes;
	uint64_t cpu_ns;
	uint64_t run_delay_ns;		/* it could run, and waited for a CPU */
	uint64_t nvcsw, nivcsw;
	uint64_t blkio_ns;		/* it waited for disks */
	uint64_t read_bytes, write_bytes;
	uint64_t open;			/* descriptors */
	uint64_t threads;
};

struct notes {
	struct note *list;		/* in the order of their pids */
	size_t n;
};

/* The groups that notes are made of. */
#define NOTES_GROUPS (KIN_GROUP_SCHED | KIN_GROUP_MEM | KIN_GROUP_FILES | \
		      KIN_GROUP_IO | KIN_GROUP_DELAY)

/* note_take - of one process */
void note_take(struct note *note, const struct kin_task *task, uint64_t taken_ns);

/* notes_take - of all processes of a mirror that are not gone. 0 or -ENOMEM. */
int notes_take(struct notes *notes, const struct kin_mirror *mirror);
void notes_free(struct notes *notes);

/* notes_first - what a process was at first: when the notes were taken or, if it was
 * born later, at its birth, with nothing */
void notes_first(const struct notes *notes, const struct note *now,
		 struct note *first);

/* note_span_ns - between two notes */
static inline uint64_t note_span_ns(const struct note *first, const struct note *now)
{
	return now->taken_ns - first->taken_ns;
}

#endif /* GUARD_NOTES_H */
