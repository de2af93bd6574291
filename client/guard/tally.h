/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of a look, counted by what they were about: who failed how often, and who
 * started it. */
#ifndef GUARD_TALLY_H
#define GUARD_TALLY_H

#include "alert.h"
#include "page.h"

enum tally_kind {
	TALLY_FAILED,		/* ended, with a status that is not 0 */
	TALLY_SHORT,		/* ended within a second of its birth */
	TALLY_FORK,		/* a process of this name was created */
	TALLY_OOM,		/* chosen by the OOM killer */
	TALLY_KINDS
};

struct tally {
	enum tally_kind kind;
	uint32_t status;		/* FAILED: as wait(2) tells it */
	uint32_t ppid;			/* not of FORK: a bomb has many parents */
	char comm[KIN_COMM_LEN + 1];
	char parent[KIN_COMM_LEN + 1];	/* its name; "": not known */
	char *exe;			/* its own; NULL: not known */
	bool ours;			/* one of them was */
	uint64_t n;
	uint64_t rss_bytes;		/* OOM: of the last one */
};

/* Whoever makes up names is not to fill our memory: others are counted together. */
#define TALLIES_MAX 1024

struct tallies {
	struct tally list[TALLIES_MAX];
	size_t n;
	uint64_t others;
	bool others_ours;
};

/* What is known about an event while it comes: later, who is in it may have ended. */
struct tally_about {
	const char *parent;		/* the name of process ppid; NULL: not known */
	const char *exe;		/* engine_exe() */
	bool ours;			/* of the family that is looked at */
};

/* tallies_add - count an event */
void tallies_add(struct tallies *tallies, const struct kin_event_record *rec,
		 const struct tally_about *about);
void tallies_free(struct tallies *tallies);

/* tallies_of - those about a subject, the largest first: @most at most, and none that is
 * chance unless all are. Returns how many. */
size_t tallies_of(const struct tallies *tallies, const struct subject *subject,
		  const struct tally **list, size_t most);

/* tallies_are_ours - whether any event about a subject was, or may have been */
bool tallies_are_ours(const struct tallies *tallies, const struct subject *subject);

/* tally_print - an entry */
void tally_print(const struct tally *tally, struct page *page);

/* tally_json - an object, on one line */
struct kin_json;
void tally_json(const struct tally *tally, struct kin_json *json);

#endif /* GUARD_TALLY_H */
