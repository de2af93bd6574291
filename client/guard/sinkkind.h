/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a sink is made of. The main loop writes a message for each piece of news into
 * the sink's queue; a thread of the sink's own delivers them, one after another, and
 * again until the receiver took them. So nothing that a receiver does holds up the
 * main loop, and the order is kept.
 */
#ifndef GUARD_SINKKIND_H
#define GUARD_SINKKIND_H

#include <pthread.h>
#include <stdio.h>

#include "queue.h"
#include "sink.h"

enum outcome {
	OUTCOME_DELIVERED,
	OUTCOME_REFUSED,	/* it will never take this one */
	OUTCOME_LATER,		/* not now: try again */
};

struct attempt {
	const char *text;	/* the message, ended by NUL */
	size_t len;		/* there may be NULs among it */
	uint64_t pause_ns;	/* set by deliver: it asks to be left alone for so long; 0: no */
	char why[500];		/* set by deliver if it was not delivered: for the user */
};

/*
 * One sort of receivers. open and encode are called by the main loop, deliver by the
 * sink's thread, close when that has ended. A kind keeps what is its own in sink->own,
 * for its thread alone.
 */
struct sink_kind {
	const char *name;
	bool keeps;		/* its queue is kept on disk */
	/* 0, or -errno with a sentence on stderr; NULL: nothing to open */
	int (*open)(struct sink *sink);
	void (*close)(struct sink *sink);
	/* writes the message; nothing written: this news is none for it */
	void (*encode)(const struct sink *sink, const struct alert *alert,
		       enum alert_news news, FILE *out);
	/* of all that fire, told every minute; NULL: need not be */
	void (*encode_firing)(const struct sink *sink, const struct alert *const *firing,
			      size_t n, FILE *out);
	/* must return soon once sink->abort_fd is readable */
	enum outcome (*deliver)(struct sink *sink, struct attempt *try);
};

extern const struct sink_kind sink_terminal, sink_json, sink_journal, sink_command,
	sink_webhook, sink_alertmanager, sink_signal;

struct sink {
	const struct sink_kind *kind;
	struct receiver receiver;	/* a copy: rules may go before the sink does */
	char *external_url;		/* NULL: none */
	bool color;
	uint64_t retry_ns;		/* first pause */
	void *own;			/* of its kind */
	int abort_fd;			/* eventfd: give up what is on its way */
	uint64_t refreshed_ns;		/* when all that fire were told; of the main loop */
	uint64_t said_dropped_ns;	/* when drops were told; of the main loop */
	uint64_t said_dropped;		/* how many then */
	int said_disk;			/* -errno told; of the main loop */
	const char *retired_from;	/* see sink_retire(); NULL: it was not */

	pthread_t thread;
	pthread_mutex_t lock;		/* of all that follows */
	pthread_cond_t wake;		/* more to do, closing, or ended */
	struct queue queue;
	struct sink_stats stats;
	bool closing, ended;
	uint64_t away_ns;		/* since when; 0: it is not */
	uint64_t pause_ns;		/* the last one */
	uint64_t retry_at_ns;
};

/* sinkwork.c */

/* sink_work - the sink's thread; returns when it closes and nothing is to be done */
void *sink_work(void *sink);

/* sink_wait - with the lock held: until sink->wake or a time of sink_clock(); 0: none */
void sink_wait(struct sink *sink, uint64_t ns);

/* sink_say - a line on stderr that names the receiver; from any thread */
void sink_say(const struct sink *sink, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* sink_clock - CLOCK_MONOTONIC, ns */
uint64_t sink_clock(void);

/* sinkcopy.c */

/* sink_copy_receiver - 0 or -ENOMEM; receiver_free() it, in both cases */
int sink_copy_receiver(struct receiver *to, const struct receiver *from);

#endif /* GUARD_SINKKIND_H */
