/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups of rows or events, by what they have in common; what is known of each. */
#ifndef GUARD_GROUP_H
#define GUARD_GROUP_H

#include "past.h"
#include "ticks.h"

/* Whoever makes up names is not to fill our memory: no more groups of one rule. */
#define GROUPS_MAX 32768

/* What names it, and what each number is, depends on enum kin_expr_by. */
struct group_key {
	uint64_t a, b;
	const char *text;	/* names it if both numbers are 0; else for people */
	uint32_t hash;
};

/* What a meter keeps. */
union cell {
	double total;		/* of a count, of a sum: this sample's */
	struct ticks ticks;	/* of events */
};

struct group {
	struct group *next;		/* in its bucket */
	struct group_key key;		/* text: its own */
	struct tracked *alert;
	uint64_t pass;			/* the sample that totals are of */
	bool touched;			/* an event has counted since it was judged */
	union cell cells[];
};

struct groups {
	struct group **buckets;		/* NULL: none yet */
	size_t n_buckets, n;
	size_t n_cells;			/* of each group */
	uint64_t refused;		/* those above GROUPS_MAX */
};

/* group_key_set - @text is not copied; fills in the hash */
void group_key_set(struct group_key *key, uint64_t a, uint64_t b, const char *text);

/* groups_find - NULL: there is none; groups_get() makes it then (NULL: no memory, or too
 * many) */
struct group *groups_find(const struct groups *groups, const struct group_key *key);
struct group *groups_get(struct groups *groups, const struct group_key *key);

/* groups_next - all, in no order: after NULL, the first */
struct group *groups_next(const struct groups *groups, const struct group *group);

/* groups_drop - take out and free */
void groups_drop(struct groups *groups, struct group *group);
void groups_free(struct groups *groups);

#endif /* GUARD_GROUP_H */
