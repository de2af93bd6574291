/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where alerts go: one sink for each receiver of the rules. None of them ever waits:
 * what takes time (a command, a server) is done beside the main loop, from a queue.
 */
#ifndef GUARD_SINK_H
#define GUARD_SINK_H

#include "alert.h"

struct sink;

struct sink_options {
	const char *spool;	/* directory of queues that outlive the program; NULL: in memory */
	bool color;		/* terminal */
	const char *external_url; /* of links; NULL: none. See struct rules */
	uint64_t retry_ns;	/* first pause of a receiver that is away; 0: a second */
};

/* sink_open - 0, or -errno with a sentence on stderr ("kin: ..."). Two sinks of one
 * receiver would share its queue on disk: close the old one first. */
int sink_open(struct sink **sinkp, const struct receiver *receiver,
	      const struct sink_options *options);

/* sink_retire - no other sink will have its queue: sink_close() is to tell of what stays
 * on disk. @spool, as in its options, is kept until then. */
void sink_retire(struct sink *sink, const char *spool);

/* sink_close - what is queued on disk stays there; what is on its way is given
 * @wait_ms to arrive */
void sink_close(struct sink *sink, int wait_ms);

/* sink_tell - one piece of news; never waits. 0, or -errno (counted, too) */
int sink_tell(struct sink *sink, const struct alert *alert, enum alert_news news);

/*
 * sink_tick - at each turn of the main loop, at least once a second
 * @firing: all alerts that fire for this sink (Alertmanager forgets those that are not
 *          told again), in no order
 */
void sink_tick(struct sink *sink, const struct alert *const *firing, size_t n);

struct sink_stats {
	uint64_t told, delivered, failed, dropped;	/* pieces of news */
	uint64_t queued, queued_bytes;			/* now */
	bool away;					/* the last attempt failed */
};

void sink_stats(const struct sink *sink, struct sink_stats *stats);

#endif /* GUARD_SINK_H */
