// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "queue.h"

static void append(struct queue *queue, struct queue_item *item)
{
	if (queue->last)
		queue->last->next = item;
	else
		queue->first = item;
	queue->last = item;
	if (item->passing)
		return;
	queue->n++;
	queue->bytes += item->len;
}

/* Take out what @link leads to; on disk it stays. */
static void forget(struct queue *queue, struct queue_item **link)
{
	struct queue_item *item = *link, *before = NULL;

	*link = item->next;
	if (queue->last == item) {
		if (queue->first)
			for (before = queue->first; before->next;)
				before = before->next;
		queue->last = before;
	}
	if (!item->passing) {
		queue->n--;
		queue->bytes -= item->len;
	}
	free(item->data);
	free(item);
}

static void drop(struct queue *queue, struct queue_item **link)
{
	if ((*link)->seq)
		spool_drop(&queue->spool, (*link)->seq);
	forget(queue, link);
}

/* The oldest go until the rest is within the bound. */
static uint64_t shrink(struct queue *queue)
{
	struct queue_item **link = &queue->first;
	uint64_t dropped = 0;

	while (*link && queue->bytes > queue->most_bytes) {
		if ((*link)->busy || (*link)->passing) {
			link = &(*link)->next;
			continue;
		}
		drop(queue, link);
		dropped++;
	}
	return dropped;
}

static int load_list(struct queue *queue)
{
	struct spool_entry *list;
	struct queue_item *item;
	size_t n;
	int err = spool_list(&queue->spool, &list, &n);

	for (size_t i = 0; !err && i < n; i++) {
		item = calloc(1, sizeof(*item));
		if (!item) {
			err = -ENOMEM;
			break;
		}
		item->seq = list[i].seq;
		item->len = list[i].bytes;
		append(queue, item);
	}
	free(list);
	return err;
}

int queue_open(struct queue *queue, const char *base, const char *name,
	       uint64_t most_bytes, uint64_t *dropped)
{
	int err;

	*dropped = 0;
	memset(queue, 0, sizeof(*queue));
	queue->most_bytes = most_bytes;
	queue->spool.dir = -1;
	if (!base)
		return 0;
	err = spool_open(&queue->spool, base, name);
	if (err)
		return err;
	err = load_list(queue);
	if (err) {
		queue_close(queue);
		return err;
	}
	*dropped = shrink(queue);
	return 0;
}

/* The first one, from @item on, that is in memory because the disk was full. */
static struct queue_item *in_memory(struct queue_item *item)
{
	while (item && (item->seq || item->passing))
		item = item->next;
	return item;
}

/*
 * What is in memory because the disk was full goes there before anything newer does:
 * the next run reads in the order of the disk. Not while somebody reads it.
 */
static int catch_up(struct queue *queue)
{
	struct queue_item *item = queue->first;
	int err;

	while ((item = in_memory(item))) {
		if (item->busy)
			return -EBUSY;
		err = spool_put(&queue->spool, item->data, item->len, &item->seq);
		if (err)
			return err;
		free(item->data);
		item->data = NULL;
	}
	return 0;
}

void queue_catch_up(struct queue *queue)
{
	int err;

	/* where nothing waits for it, nothing new would be known of the disk */
	if (!queue->disk_error || !in_memory(queue->first))
		return;
	err = catch_up(queue);
	if (err != -EBUSY)
		queue->disk_error = err;
}

static int keep_on_disk(struct queue *queue, struct queue_item *item, const char *data)
{
	int err = catch_up(queue);

	if (!err)
		err = spool_put(&queue->spool, data, item->len, &item->seq);
	if (err != -EBUSY)
		queue->disk_error = err;
	return err;
}

/* On disk, or else in memory. */
static int keep(struct queue *queue, struct queue_item *item, const char *data)
{
	if (queue->spool.dir >= 0 && !item->passing &&
	    !keep_on_disk(queue, item, data))
		return 0;
	item->seq = 0;
	item->data = malloc(item->len + 1);
	if (!item->data)
		return -ENOMEM;
	memcpy(item->data, data, item->len);
	item->data[item->len] = '\0';
	return 0;
}

static void drop_passing(struct queue *queue)
{
	struct queue_item **link = &queue->first;

	while (*link) {
		if ((*link)->passing && !(*link)->busy)
			forget(queue, link);
		else
			link = &(*link)->next;
	}
}

int queue_put(struct queue *queue, const char *data, size_t len, bool passing,
	      uint64_t *dropped)
{
	struct queue_item *item = calloc(1, sizeof(*item));
	int err;

	*dropped = 0;
	if (!item)
		return -ENOMEM;
	item->len = len;
	item->passing = passing;
	err = keep(queue, item, data);
	if (err) {
		free(item);
		return err;
	}
	if (passing)
		drop_passing(queue);
	append(queue, item);
	*dropped = shrink(queue);
	return 0;
}

int queue_load(const struct queue *queue, const struct queue_item *item, char **datap,
	       size_t *len)
{
	if (item->seq)
		return spool_get(&queue->spool, item->seq, datap, len);
	*len = item->len;
	*datap = malloc(item->len + 1);
	if (!*datap)
		return -ENOMEM;
	memcpy(*datap, item->data, item->len + 1);
	return 0;
}

void queue_done(struct queue *queue)
{
	drop(queue, &queue->first);
}

uint64_t queue_unsynced(const struct queue *queue)
{
	const struct queue_item *item = queue->first;

	while (item && item->seq <= queue->synced)
		item = item->next;
	return item ? item->seq : 0;
}

uint64_t queue_close(struct queue *queue)
{
	uint64_t lost = 0;

	/* the disk may have room again */
	if (queue->spool.dir >= 0)
		catch_up(queue);
	while (queue->first) {
		lost += !queue->first->seq && !queue->first->passing;
		forget(queue, &queue->first);
	}
	spool_close(&queue->spool);
	return lost;
}
