/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vital signs of a process: its numbers now, and what they were when the look at it
 * began. What is not known is KIN_NONE64.
 */
#ifndef GUARD_SIGNS_H
#define GUARD_SIGNS_H

#include "fdgrowth.h"
#include "libkin.h"
#include "notes.h"
#include "page.h"

/* What is told of it: a finding asks for what it is about. */
enum signs_part {
	SIGNS_CPU	= 1 << 0,
	SIGNS_MEMORY	= 1 << 1,
	SIGNS_FILES	= 1 << 2,
	SIGNS_IO	= 1 << 3,
	SIGNS_THREADS	= 1 << 4,
	SIGNS_CHILDREN	= 1 << 5,
	SIGNS_WAIT	= 1 << 6,
};
#define SIGNS_ALL 0x7f

#define SIGNS_GROWN 4	/* types of descriptors that are told of */

struct signs {
	uint32_t parts;			/* enum signs_part */
	struct kin_base base;
	struct note first, now;
	struct kin_mem mem;
	uint64_t memory_left_bytes;	/* of the host: available, and free swap */
	uint64_t files_limit;		/* KIN_NONE64: none, or not known */
	struct fdgrown grown[SIGNS_GROWN];
	size_t n_grown;
	uint64_t since_cpu_ns;
	char *stack;			/* lines; NULL: none. The signs' own */
	uint32_t children, zombies;
	uint32_t zombies_old;		/* of these, ended before the look began */
};

/* What signs are taken of: all that was seen in a look. */
struct look_seen {
	const struct notes *notes;	/* as it began */
	const struct fdgrowths *growths;
	struct kin *kin;		/* to ask for stacks; NULL: do not */
	uint64_t memory_left_bytes;
};

/* signs_take - of a process of the mirror, @parts of which are to be told. 0 or
 * -ENOMEM; signs_free() them. */
int signs_take(struct signs *signs, const struct look_seen *seen,
	       const struct kin_node *node, uint32_t parts);
void signs_free(struct signs *signs);

/* signs_print - entries, of the parts that are asked for and known */
void signs_print(const struct signs *signs, struct page *page);

/* signs_json - an object: all parts; what is not known is null */
struct kin_json;
void signs_json(const struct signs *signs, struct kin_json *json, const char *key);

#endif /* GUARD_SIGNS_H */
