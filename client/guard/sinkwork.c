// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "cmd.h"
#include "format.h"
#include "sinkkind.h"

#define MOST_PAUSES	60	/* times the first one */

uint64_t sink_clock(void)
{
	return kin_clock_ns(CLOCK_MONOTONIC);
}

void sink_say(const struct sink *sink, const char *format, ...)
{
	char text[800];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	cmd_error("receiver '%s': %s", sink->receiver.name, text);
}

void sink_wait(struct sink *sink, uint64_t ns)
{
	struct timespec until = { ns / 1000000000, ns % 1000000000 };

	if (ns)
		pthread_cond_timedwait(&sink->wake, &sink->lock, &until);
	else
		pthread_cond_wait(&sink->wake, &sink->lock);
}

/* The next message to try, as soon as it may be tried; NULL: there is no more to do. */
static struct queue_item *next_item(struct sink *sink)
{
	struct queue_item *item;

	for (;;) {
		item = sink->queue.first;
		/* whoever is away now will not be back in the time that is left */
		if (sink->closing && (!item || sink->away_ns))
			return NULL;
		if (!item)
			sink_wait(sink, 0);
		else if (sink_clock() < sink->retry_at_ns)
			sink_wait(sink, sink->retry_at_ns);
		else
			return item;
	}
}

/* Twice the last pause, a quarter more or less, so that many who lost the same
 * receiver do not all come back to it at once; never less than it asked for. */
static void set_pause(struct sink *sink, uint64_t asked_ns)
{
	uint64_t most = MOST_PAUSES * sink->retry_ns, pause;

	sink->pause_ns = sink->pause_ns ? 2 * sink->pause_ns : sink->retry_ns;
	if (sink->pause_ns > most)
		sink->pause_ns = most;
	pause = sink->pause_ns / 4 * 3 + sink->pause_ns / 2 * (sink_clock() / 1000 % 1024) / 1024;
	if (pause < asked_ns)
		pause = asked_ns;
	sink->retry_at_ns = sink_clock() + pause;
}

/*
 * What has to wait shall outlive the machine, too. (What is delivered at once is spared
 * the price of it.) With the lock held, but not while the disk is waited for.
 */
static void make_durable(struct sink *sink)
{
	uint64_t seq;
	int err;

	while ((seq = queue_unsynced(&sink->queue)) && !sink->closing) {
		pthread_mutex_unlock(&sink->lock);
		err = spool_sync(&sink->queue.spool, seq);
		pthread_mutex_lock(&sink->lock);
		if (err && err != -ENOENT)
			break;
		sink->queue.synced = seq;
	}
}

static void gone_away(struct sink *sink, const struct attempt *try)
{
	bool news = !sink->away_ns && !sink->closing;

	set_pause(sink, try->pause_ns);
	if (!sink->away_ns)
		sink->away_ns = sink_clock();
	sink->stats.away = true;
	if (news) {
		pthread_mutex_unlock(&sink->lock);
		sink_say(sink, "cannot be told now, is tried again, messages are kept: %s",
			 try->why);
		pthread_mutex_lock(&sink->lock);
	}
	make_durable(sink);
}

/* It answered: it is there. */
static void come_back(struct sink *sink)
{
	char text[KIN_FORMAT_MAX + 1];
	uint64_t since = sink->away_ns;

	sink->away_ns = sink->pause_ns = sink->retry_at_ns = 0;
	sink->stats.away = false;
	if (!since)
		return;
	text[kin_format_duration(text, sink_clock() - since)] = '\0';
	pthread_mutex_unlock(&sink->lock);
	sink_say(sink, "can be told again, after %s", text);
	pthread_mutex_lock(&sink->lock);
}

static void refused(struct sink *sink, const struct attempt *try)
{
	pthread_mutex_unlock(&sink->lock);
	sink_say(sink, "did not take a message, which is given up: %s", try->why);
	pthread_mutex_lock(&sink->lock);
}

/* With the lock held: what has become of the first message. */
static void settle(struct sink *sink, struct queue_item *item, enum outcome outcome,
		   const struct attempt *try)
{
	item->busy = false;
	if (outcome == OUTCOME_LATER) {
		gone_away(sink, try);
		return;
	}
	if (!item->passing)
		*(outcome == OUTCOME_DELIVERED ? &sink->stats.delivered :
						 &sink->stats.failed) += 1;
	queue_done(&sink->queue);
	/* a torn message tells nothing about who was to get it */
	if (try->text)
		come_back(sink);
	if (outcome == OUTCOME_REFUSED)
		refused(sink, try);
}

static enum outcome unreadable(int err, struct attempt *try)
{
	snprintf(try->why, sizeof(try->why), "%s",
		 err == -EBADMSG ? "its file in the queue is torn" : strerror(-err));
	/* no memory, no descriptors: that passes */
	return err == -EBADMSG || err == -ENOENT || err == -EIO ? OUTCOME_REFUSED :
								    OUTCOME_LATER;
}

/* Without the lock. The item is busy: it stays. */
static enum outcome try_once(struct sink *sink, const struct queue_item *item,
			    struct attempt *try)
{
	enum outcome outcome;
	char *text;
	int err = queue_load(&sink->queue, item, &text, &try->len);

	if (err)
		return unreadable(err, try);
	try->text = text;
	outcome = sink->kind->deliver(sink, try);
	free(text);
	return outcome;
}

void *sink_work(void *arg)
{
	struct sink *sink = arg;
	struct queue_item *item;
	enum outcome outcome;

	pthread_mutex_lock(&sink->lock);
	while ((item = next_item(sink))) {
		struct attempt try = { .why = "" };

		item->busy = true;
		pthread_mutex_unlock(&sink->lock);
		outcome = try_once(sink, item, &try);
		pthread_mutex_lock(&sink->lock);
		settle(sink, item, outcome, &try);
	}
	sink->ended = true;
	pthread_cond_broadcast(&sink->wake);
	pthread_mutex_unlock(&sink->lock);
	return NULL;
}
