/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups of processes by one of their properties: the largest by CPU and by memory
 * have a seat, the rest is one group, "other". What a group used while it had no seat
 * stays with "other", and what it used in its seat with it: each of these counters only
 * grows, and together they grow by what all have used.
 */
#ifndef GUARD_EXPORTGROUP_H
#define GUARD_EXPORTGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT_OTHER "other"

/* So many names between two looks, each with some 150 bytes; what is more is "other". */
#define EXPORT_GROUPS_MAX 16384

struct export_use {
	uint64_t processes, threads, rss_bytes, fds;
};

struct export_group {
	char *name;
	struct export_use use;		/* now */
	uint64_t cpu_ns;		/* while it had a seat */
	uint64_t fresh_ns;		/* since the last look, not in cpu_ns yet */
	double load;			/* fresh_ns, the older the less */
	uint64_t seen_ns;		/* when it last had a process, be it a short one */
	bool seated, chosen;
	uint32_t hash;
	struct export_group *next;
};

struct export_groups {
	struct export_group **buckets;
	struct export_group **all;	/* all but @other; the first @n_seats have a seat */
	size_t n, room, n_buckets, n_seats;
	struct export_group other;
	unsigned int top;		/* seats by CPU, and as many by memory */
	uint64_t looked_ns;		/* the last time */
};

/* export_groups_init - @groups is zeroed; 0 or -ENOMEM */
int export_groups_init(struct export_groups *groups, unsigned int top);
void export_groups_free(struct export_groups *groups);

/* export_groups_begin - a look at all processes: nobody uses anything */
void export_groups_begin(struct export_groups *groups);

/* export_groups_get - by name: exposition_text(); never NULL */
struct export_group *export_groups_get(struct export_groups *groups, const char *name);

/* export_groups_end - who has a seat now? @now_ns: CLOCK_BOOTTIME */
void export_groups_end(struct export_groups *groups, uint64_t now_ns);

#endif /* GUARD_EXPORTGROUP_H */
