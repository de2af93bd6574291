/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages that wait for a receiver, in order, on disk where there is a directory for
 * them, within a bound: the oldest go when there are too many. Not locked: its owner
 * does that. What is marked busy stays until queue_done().
 */
#ifndef GUARD_QUEUE_H
#define GUARD_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spool.h"

struct queue_item {
	struct queue_item *next;
	char *data;		/* NULL: on disk alone */
	size_t len;
	uint64_t seq;		/* on disk; 0: it is not */
	bool passing;		/* of this run alone; the next one of its sort replaces it */
	bool busy;		/* somebody works with it */
};

struct queue {
	struct queue_item *first, *last;
	struct spool spool;	/* dir -1: in memory alone */
	uint64_t n, bytes;	/* all but passing ones are counted */
	uint64_t most_bytes;
	uint64_t synced;	/* all up to this number will outlive the machine */
	int disk_error;		/* of the last message: -errno; 0: is on disk as it should */
};

/*
 * queue_open - an empty queue, or what the last run has left
 * @base: directory of queues; NULL: in memory alone
 * @dropped: receives how many had to go: it may have been given less room than it had
 *
 * Returns 0 or -errno of spool_open(): then it is in memory alone, and as good.
 */
int queue_open(struct queue *queue, const char *base, const char *name,
	       uint64_t most_bytes, uint64_t *dropped);

/* queue_close - returns how many messages are lost: those in memory alone */
uint64_t queue_close(struct queue *queue);

/*
 * queue_put - at the end; where the disk does not take it, in memory
 * @dropped: receives how many had to go for it, perhaps this one
 *
 * Returns 0, or -ENOMEM.
 */
int queue_put(struct queue *queue, const char *data, size_t len, bool passing,
	      uint64_t *dropped);

/* queue_catch_up - what is in memory because the disk was full goes there, if there is
 * room now */
void queue_catch_up(struct queue *queue);

/* queue_load - what an item says, to be freed; may be called without the lock if it is
 * busy. 0 or as spool_get() */
int queue_load(const struct queue *queue, const struct queue_item *item, char **datap,
	       size_t *len);

/* queue_done - take out the first */
void queue_done(struct queue *queue);

/* queue_unsynced - the number of the first message that would not outlive the machine;
 * 0: there is none */
uint64_t queue_unsynced(const struct queue *queue);

#endif /* GUARD_QUEUE_H */
