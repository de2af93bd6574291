// SPDX-License-Identifier: GPL-2.0
/* From a probe to the rings: for whom is an event, and by which numbers. */
#include <linux/bitops.h>
#include <linux/rculist.h>

#include "news.h"
#include "stream.h"

/* Who wants it: of those who want its kind, the ones whose filters it passes. */
static u32 choose(struct kin_stream *stream, const struct kin_news *news)
{
	const u32 kind = __ffs(news->entry.base.kind);
	u32 readers = READ_ONCE(stream->wants[news->thread][kind]);
	struct kin_reader *reader;
	unsigned long ask;
	unsigned int i;

	smp_rmb();	/* pairs with activate() */
	ask = readers & READ_ONCE(stream->filtered);
	for_each_set_bit(i, &ask, KIN_RING_READERS) {
		reader = rcu_dereference(stream->readers[i]);
		if (!reader || !kin_reader_passes(reader, news))
			readers &= ~BIT(i);
	}
	return readers;
}

static void follow(struct kin_stream *stream, const struct kin_news *news)
{
	struct kin_reader *reader;
	unsigned long following;
	unsigned int i;

	/* The child can be found, or it is followed: pairs with activate(). */
	smp_mb();
	following = READ_ONCE(stream->following);
	for_each_set_bit(i, &following, KIN_RING_READERS) {
		reader = rcu_dereference(stream->readers[i]);
		if (reader)
			kin_reader_follow(reader, news);
	}
}

static void put_numbers(const struct kin_stream *stream, struct kin_news *news,
			u32 pid)
{
	const struct pid_namespace *ns = stream->pid_ns;
	const unsigned int level = stream->level;
	const struct signal_struct *sig = news->p->signal;
	struct kin_entry *e = &news->entry;

	e->base.pid = pid;
	e->base.tgid = !news->thread ? pid :
		       kin_view_nr_at(level, ns, kin_news_tgid(news->p));
	e->base.ppid = kin_view_nr_at(level, ns, news->parent);
	if (news->creator) {
		e->part.fork.parent_start_boottime_ns =
			e->base.ppid ? news->parent_start : KIN_NONE64;
		e->part.fork.creator_pid =
			kin_view_nr_at(level, ns, task_pid(news->creator));
		e->part.fork.creator_tgid =
			kin_view_nr_at(level, ns, kin_news_tgid(news->creator));
		e->part.fork.pgid = kin_view_nr_at(level, ns,
				READ_ONCE(sig->pids[PIDTYPE_PGID]));
		e->part.fork.sid = kin_view_nr_at(level, ns,
				READ_ONCE(sig->pids[PIDTYPE_SID]));
	} else if (e->base.kind == KIN_EVENT_KIND_EXEC) {
		/* Of a thread that took over its process's number, the former
		 * number is known in the first pid namespace only. */
		e->part.exec.exec.old_pid =
			news->old_pid == news->p->pid ? pid :
			level ? KIN_NONE32 : news->old_pid;
	}
}

static void publish_to(struct kin_stream *stream, struct kin_news *news)
{
	const u32 pid = kin_view_nr_at(stream->level, stream->pid_ns,
				       task_pid(news->p));

	if (!pid)
		return;
	if (news->creator && !news->thread)
		follow(stream, news);
	news->entry.readers = choose(stream, news);
	if (!news->entry.readers)
		return;
	put_numbers(stream, news, pid);
	kin_ring_push(&stream->ring, &news->entry, news->name, news->name_len);
	kin_stream_kick(stream);
}

/**
 * kin_news_publish - write an event to each ring that it concerns
 * @news: the event; the caller is in an RCU read section
 */
void kin_news_publish(struct kin_news *news)
{
	struct kin_stream *stream;

	list_for_each_entry_rcu(stream, &kin_streams, list)
		publish_to(stream, news);
}
