/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A subscriber that keeps all that it was told. */
#ifndef EVENTS_READER_H
#define EVENTS_READER_H

#include "libkin.h"

/* An event that is kept. */
struct seen {
	struct kin_event base;
	union {
		struct kin_event_fork fork;
		struct kin_event_exec exec;
		struct kin_event_exit exit;
		struct kin_event_comm comm;
		struct kin_event_oom oom;
	} part;
	bool has_part; /* where its kind has one */
	char *filename; /* NULL: none */
};

struct reader {
	const char *name; /* of the filter */
	struct kin_event_filter filter;
	struct kin_events *ev;
	struct seen *seen;
	size_t n, room;
	uint64_t received, lost; /* since it was opened */
	uint64_t losses; /* how often it was told of some */
	uint64_t next_seq;
	unsigned int odd_seqs; /* gaps that are not told losses */
	bool count_only; /* keep nothing but the last one */
	int ended; /* what ended the subscription, or 0 */
	/* The last end that may be a mark, and what had come until then. */
	struct kin_event mark;
	uint64_t received_then, lost_then;
};

/* Bails out if it is refused. */
void reader_open(struct reader *r);
void reader_close(struct reader *r);

/* Take what has come; wait for something if there is nothing. */
void reader_take(struct reader *r, int timeout_ms);

/* A moment in the stream of events: the end of a child of ours. */
struct mark {
	uint32_t pid;
	uint64_t after_ns;
};

#define MARK_STATUS 77

/* Marks change to this uid, and then to this name, before they end. */
void mark_dress(uint32_t uid, const char *comm);

struct mark mark_make(void);

/* Is this an event of the mark? */
bool mark_has(const struct mark *mark, const struct seen *seen);

/* Has this reader come to it? */
bool mark_reached(const struct mark *mark, const struct reader *r);

/* Read until the mark has come to a reader whose filter it passes; bails out if
 * it does not. */
void reader_until(struct reader *r, const struct mark *mark);

/* CLOCK_BOOTTIME */
uint64_t now_ns(void);

#endif /* EVENTS_READER_H */
