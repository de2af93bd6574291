/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which events of all pass a filter, by what the events themselves tell. */
#ifndef EVENTS_MATCH_H
#define EVENTS_MATCH_H

#include "reader.h"

/* How far a filter has followed the events of a reader without one. */
struct match {
	const struct kin_event_filter *filter;
	unsigned char *family; /* of each number: is it in a subtree? */
	/* Whether cgroup @id is one of the filter's or below one; NULL: is one.
	 */
	bool (*below)(uint64_t id, uint64_t top);
};

void match_start(struct match *m, const struct kin_event_filter *filter);
void match_end(struct match *m);

/* Each event of the reader without a filter, in order: does it pass? */
bool match_passes(struct match *m, const struct seen *seen);

/* The same event, whoever was told it: all is equal but the sequence number. */
bool seen_equal(const struct seen *a, const struct seen *b);

/*
 * Compare what a reader with a filter was told with what passes it of what one
 * without was told, from one moment to another. Notes the first difference;
 * returns whether there is none. @n: how many passed.
 */
bool match_compare(struct match *m, const struct reader *all,
		   const struct reader *some, uint64_t from_ns, uint64_t to_ns,
		   size_t *n);

/* One line that says which event it is. */
const char *seen_text(const struct seen *seen);

#endif /* EVENTS_MATCH_H */
