// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "format.h"
#include "ruleread.h"
#include "sinkkind.h"

#define NS_PER_S	1000000000ull
#define RETRY_NS	NS_PER_S
#define TIMEOUT_NS	(10 * NS_PER_S)
#define QUEUE_BYTES	(4ull << 20)
#define REFRESH_NS	(60 * NS_PER_S)
#define SAY_NS		(60 * NS_PER_S)
/* What was told to give up has so long to do so. */
#define ABORT_MS	2000

static const struct sink_kind *const kinds[] = {
	[RECEIVER_TERMINAL] = &sink_terminal,
	[RECEIVER_JSON] = &sink_json,
	[RECEIVER_JOURNAL] = &sink_journal,
	[RECEIVER_COMMAND] = &sink_command,
	[RECEIVER_WEBHOOK] = &sink_webhook,
	[RECEIVER_ALERTMANAGER] = &sink_alertmanager,
	[RECEIVER_SIGNAL] = &sink_signal,
};

/* ---- open ---- */

static int no_memory(const struct receiver *receiver)
{
	struct sink named = { .receiver = *receiver };

	sink_say(&named, "out of memory");
	return -ENOMEM;
}

static int init(struct sink *sink, const struct receiver *receiver,
		const struct sink_options *options)
{
	sink->kind = kinds[receiver->kind];
	sink->color = options->color;
	sink->retry_ns = options->retry_ns ? options->retry_ns : RETRY_NS;
	if (sink_copy_receiver(&sink->receiver, receiver))
		return no_memory(receiver);
	if (!sink->receiver.timeout_ns)
		sink->receiver.timeout_ns = TIMEOUT_NS;
	if (!sink->receiver.queue_bytes)
		sink->receiver.queue_bytes = QUEUE_BYTES;
	if (options->external_url) {
		sink->external_url = strdup(options->external_url);
		if (!sink->external_url)
			return no_memory(receiver);
	}
	sink->abort_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (sink->abort_fd >= 0)
		return 0;
	sink_say(sink, "cannot be set up: %s", strerror(errno));
	return -errno;
}

/* Alerts matter more than that they outlive the program: without a directory the queue
 * is in memory. */
static int open_queue(struct sink *sink, const char *base)
{
	char *name = NULL;
	int err;

	if (!sink->kind->keeps)
		base = NULL;
	/* receivers of another kind understand other messages */
	if (asprintf(&name, "%s.%s", sink->receiver.name, sink->kind->name) < 0)
		return no_memory(&sink->receiver);
	err = queue_open(&sink->queue, base, name, sink->receiver.queue_bytes,
			 &sink->stats.dropped);
	free(name);
	if (err)
		sink_say(sink, "its queue is kept in memory, not in %s: %s", base,
			 err == -EBUSY ? "another program uses it" : strerror(-err));
	if (sink->queue.n)
		sink_say(sink, "%" PRIu64 " messages are still to be delivered",
			 sink->queue.n);
	return 0;
}

/* Signals are for the main loop. */
static int start(struct sink *sink)
{
	pthread_condattr_t attr;
	sigset_t all, old;
	int err;

	pthread_mutex_init(&sink->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&sink->wake, &attr);
	pthread_condattr_destroy(&attr);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&sink->thread, NULL, sink_work, sink);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		sink_say(sink, "no thread can be had for it: %s", strerror(err));
	return -err;
}

static void free_sink(struct sink *sink)
{
	if (sink->abort_fd >= 0)
		close(sink->abort_fd);
	receiver_free(&sink->receiver);
	free(sink->external_url);
	free(sink);
}

static int open_all(struct sink *sink, const char *spool)
{
	int err = sink->kind->open ? sink->kind->open(sink) : 0;

	if (err)
		return err;
	err = open_queue(sink, spool);
	if (!err)
		err = start(sink);
	if (!err)
		return 0;
	if (sink->kind->close)
		sink->kind->close(sink);
	queue_close(&sink->queue);
	return err;
}

int sink_open(struct sink **sinkp, const struct receiver *receiver,
	      const struct sink_options *options)
{
	struct sink *sink = calloc(1, sizeof(*sink));
	int err;

	*sinkp = NULL;
	if (!sink)
		return no_memory(receiver);
	sink->abort_fd = sink->queue.spool.dir = -1;
	err = init(sink, receiver, options);
	if (!err)
		err = open_all(sink, options->spool);
	if (err)
		free_sink(sink);
	else
		*sinkp = sink;
	return err;
}

/* ---- close ---- */

/* With the lock held: whether the thread has come to its end in time. */
static bool ended_within(struct sink *sink, uint64_t ms)
{
	const uint64_t end_ns = sink_clock() + ms * 1000000;

	while (!sink->ended && sink_clock() < end_ns)
		sink_wait(sink, end_ns);
	return sink->ended;
}

static bool end_thread(struct sink *sink, int wait_ms)
{
	bool ended;

	pthread_mutex_lock(&sink->lock);
	sink->closing = true;
	pthread_cond_broadcast(&sink->wake);
	ended = ended_within(sink, wait_ms);
	if (!ended) {
		eventfd_write(sink->abort_fd, 1);
		ended = ended_within(sink, ABORT_MS);
	}
	pthread_mutex_unlock(&sink->lock);
	if (ended)
		pthread_join(sink->thread, NULL);
	else
		pthread_detach(sink->thread);
	return ended;
}

void sink_retire(struct sink *sink, const char *spool)
{
	sink->retired_from = spool;
}

static void close_queue(struct sink *sink)
{
	const uint64_t n = sink->queue.n, lost = queue_close(&sink->queue);

	if (lost)
		sink_say(sink, "%" PRIu64 " messages were not delivered and are lost",
			 lost);
	if (n > lost && sink->retired_from)
		sink_say(sink, "is not among the receivers any more; %" PRIu64
			 " messages for it stay in %s/%s.%s", n - lost,
			 sink->retired_from, sink->receiver.name, sink->kind->name);
}

void sink_close(struct sink *sink, int wait_ms)
{
	if (!sink)
		return;
	if (!end_thread(sink, wait_ms)) {
		/* It still works with all of this: what it has is left to it. */
		sink_say(sink, "does not end what it does; leaving it behind");
		return;
	}
	if (sink->kind->close)
		sink->kind->close(sink);
	close_queue(sink);
	pthread_cond_destroy(&sink->wake);
	pthread_mutex_destroy(&sink->lock);
	free_sink(sink);
}

/* ---- tell ---- */

/* Told once, and then only if there was more after a while. */
static void say_dropped(struct sink *sink, uint64_t dropped)
{
	char most[KIN_FORMAT_MAX + 1];
	uint64_t now = sink_clock();

	if (dropped == sink->said_dropped ||
	    (sink->said_dropped_ns && now - sink->said_dropped_ns < SAY_NS))
		return;
	most[kin_format_bytes(most, sink->receiver.queue_bytes)] = '\0';
	sink_say(sink, "its queue is full (%s): %" PRIu64
		 " messages, the oldest, were dropped; %" PRIu64 " in all", most,
		 dropped - sink->said_dropped, dropped);
	sink->said_dropped = dropped;
	sink->said_dropped_ns = now;
}

static void say_disk(struct sink *sink, int err)
{
	if (err == sink->said_disk)
		return;
	if (err)
		sink_say(sink, "its queue is kept in memory for now, not on disk: %s",
			 strerror(-err));
	else
		sink_say(sink, "its queue is kept on disk again");
	sink->said_disk = err;
}

static int put(struct sink *sink, const char *text, size_t len, bool passing)
{
	uint64_t dropped, all;
	int err, disk;

	pthread_mutex_lock(&sink->lock);
	err = queue_put(&sink->queue, text, len, passing, &dropped);
	sink->stats.told += !passing;
	sink->stats.dropped += err && !passing ? 1 : dropped;
	all = sink->stats.dropped;
	disk = sink->queue.disk_error;
	pthread_cond_broadcast(&sink->wake);
	pthread_mutex_unlock(&sink->lock);
	say_dropped(sink, all);
	say_disk(sink, disk);
	return err;
}

/* What a kind has to say: a stream, then its text. */
struct text {
	FILE *out;
	char *text;
	size_t len;
};

static int text_open(struct text *text)
{
	*text = (struct text){ .len = 0 };
	text->out = open_memstream(&text->text, &text->len);
	return text->out ? 0 : -ENOMEM;
}

static int text_close(struct text *text)
{
	int err = ferror(text->out) ? -ENOMEM : 0;

	return fclose(text->out) ? -ENOMEM : err;
}

int sink_tell(struct sink *sink, const struct alert *alert, enum alert_news news)
{
	struct text text;
	int err = text_open(&text);

	if (!err) {
		sink->kind->encode(sink, alert, news, text.out);
		err = text_close(&text);
	}
	if (err) {
		pthread_mutex_lock(&sink->lock);
		sink->stats.told++;
		sink->stats.dropped++;
		pthread_mutex_unlock(&sink->lock);
	} else if (text.len) {
		err = put(sink, text.text, text.len, false);
	}
	free(text.text);
	return err;
}

static void refresh(struct sink *sink, const struct alert *const *firing, size_t n)
{
	struct text text;

	if (text_open(&text))
		return;
	sink->kind->encode_firing(sink, firing, n, text.out);
	if (!text_close(&text) && text.len)
		put(sink, text.text, text.len, true);
	free(text.text);
}

/* Whoever is away may be told nothing for days: the disk is not to wait for that. */
static void catch_up(struct sink *sink)
{
	int disk;

	pthread_mutex_lock(&sink->lock);
	queue_catch_up(&sink->queue);
	disk = sink->queue.disk_error;
	pthread_mutex_unlock(&sink->lock);
	say_disk(sink, disk);
}

void sink_tick(struct sink *sink, const struct alert *const *firing, size_t n)
{
	uint64_t now = sink_clock();

	/* nobody but the main loop counts these */
	say_dropped(sink, sink->stats.dropped);
	catch_up(sink);
	if (!sink->kind->encode_firing || !n)
		return;
	if (sink->refreshed_ns && now - sink->refreshed_ns < REFRESH_NS)
		return;
	sink->refreshed_ns = now;
	refresh(sink, firing, n);
}

void sink_stats(const struct sink *sink, struct sink_stats *stats)
{
	struct sink *locked = (struct sink *)sink;

	pthread_mutex_lock(&locked->lock);
	*stats = sink->stats;
	stats->queued = sink->queue.n;
	stats->queued_bytes = sink->queue.bytes;
	pthread_mutex_unlock(&locked->lock);
}
