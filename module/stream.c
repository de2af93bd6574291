// SPDX-License-Identifier: GPL-2.0
/*
 * Events on their way from the probes to the readers of a pid namespace.
 *
 * A probe finds the streams and their readers under RCU, writes an entry and
 * returns; it never waits, and wakes at most a work item. Subscribing, leaving
 * and delivering exclude each other by a mutex that nobody holds for long: no
 * grace period and no reader is waited for under it (but once, when the last
 * reader has gone and the probes are taken away). What a probe may still look at
 * is freed by rcu_work.
 */
#include <linux/bitops.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "news.h"
#include "probe.h"
#include "status.h"
#include "stream.h"

DEFINE_MUTEX(kin_stream_mutex);

static LIST_HEAD(streams);
static struct workqueue_struct *queue;

/* Streams of other pid namespaces than the first. Whoever makes one of those is
 * privileged in it, and each costs every fork on the host a comparison. */
#define MAX_NESTED 16
static unsigned int nested;

/* ---- parameters ---- */

#define RING_KIB_MIN 16		/* room for a file name of PATH_MAX */
#define RING_KIB_MAX 65536
#define BATCH_MS_MAX 1000

static int set_ring_kib(const char *val, const struct kernel_param *kp)
{
	unsigned int kib;
	int err = kstrtouint(val, 0, &kib);

	if (err)
		return err;
	if (kib < RING_KIB_MIN || kib > RING_KIB_MAX || !is_power_of_2(kib))
		return -EINVAL;
	return param_set_uint(val, kp);
}

static int set_batch_ms(const char *val, const struct kernel_param *kp)
{
	unsigned int ms;
	int err = kstrtouint(val, 0, &ms);

	if (err)
		return err;
	if (ms > BATCH_MS_MAX)
		return -EINVAL;
	return param_set_uint(val, kp);
}

static const struct kernel_param_ops ring_kib_ops = {
	.set = set_ring_kib,
	.get = param_get_uint,
};

static const struct kernel_param_ops batch_ms_ops = {
	.set = set_batch_ms,
	.get = param_get_uint,
};

module_param_cb(ring_kib, &ring_kib_ops, &kin_status.ring_kib, 0644);
MODULE_PARM_DESC(ring_kib,
	"KiB of memory for events, for each pid namespace with subscribers; a power of two from 16 to 65536 (default 4096); what is set later is for the next namespace");
module_param_cb(batch_ms, &batch_ms_ops, &kin_status.batch_ms, 0644);
MODULE_PARM_DESC(batch_ms,
	"milliseconds that events are collected before they are sent together, 0 to 1000 (default 8)");

/* ---- from the probes ---- */

enum { KICKED, HURRIED };

/* Wake the work: after the time of a batch, or at once as the ring fills. */
static void kick(struct kin_stream *stream)
{
	const u64 filled = READ_ONCE(stream->ring.head) -
			   READ_ONCE(stream->delivered);
	const unsigned int ms = READ_ONCE(kin_status.batch_ms);

	if (!test_bit(KICKED, &stream->flags)) {
		if (!test_and_set_bit(KICKED, &stream->flags))
			queue_delayed_work(queue, &stream->work,
					   msecs_to_jiffies(ms));
	} else if (unlikely(filled > stream->ring.slots / 4) &&
		   !test_bit(HURRIED, &stream->flags) &&
		   !test_and_set_bit(HURRIED, &stream->flags)) {
		mod_delayed_work(queue, &stream->work, 0);
	}
}

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
	unsigned long following = READ_ONCE(stream->following);
	struct kin_reader *reader;
	unsigned int i;

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
	switch (e->base.kind) {
	case KIN_EVENT_KIND_FORK:
		e->part.fork.creator_pid =
			kin_view_nr_at(level, ns, task_pid(news->creator));
		e->part.fork.creator_tgid =
			kin_view_nr_at(level, ns, kin_news_tgid(news->creator));
		e->part.fork.pgid = kin_view_nr_at(level, ns,
				READ_ONCE(sig->pids[PIDTYPE_PGID]));
		e->part.fork.sid = kin_view_nr_at(level, ns,
				READ_ONCE(sig->pids[PIDTYPE_SID]));
		break;
	case KIN_EVENT_KIND_EXEC:
		/* Of a thread that took over its process's number, the former
		 * number is known in the first pid namespace only. */
		e->part.exec.exec.old_pid =
			news->old_pid == news->p->pid ? pid :
			level ? KIN_NONE32 : news->old_pid;
		break;
	}
}

static void publish_to(struct kin_stream *stream, struct kin_news *news)
{
	const u32 pid = kin_view_nr_at(stream->level, stream->pid_ns,
				       task_pid(news->p));

	if (!pid)
		return;
	if (news->creator && !news->thread && stream->following)
		follow(stream, news);
	news->entry.readers = choose(stream, news);
	if (!news->entry.readers)
		return;
	put_numbers(stream, news, pid);
	kin_ring_push(&stream->ring, &news->entry, news->name, news->name_len);
	kick(stream);
}

/**
 * kin_stream_publish - write an event to each ring that it concerns
 * @news: the event; the caller is in an RCU read section
 */
void kin_stream_publish(struct kin_news *news)
{
	struct kin_stream *stream;

	list_for_each_entry_rcu(stream, &streams, list)
		publish_to(stream, news);
}

/* ---- to the readers ---- */

/* How long a reader without room waits for another try. */
#define RETRY_MS 10

static void deliver(struct work_struct *work)
{
	struct kin_stream *stream =
		container_of(work, struct kin_stream, work.work);
	bool more = false, again = false;
	struct kin_reader *reader;
	int i, err;

	clear_bit(HURRIED, &stream->flags);
	clear_bit(KICKED, &stream->flags);
	/* Whoever finds the bits set has written what is read from here on. */
	smp_mb__after_atomic();
	mutex_lock(&kin_stream_mutex);
	WRITE_ONCE(stream->delivered, READ_ONCE(stream->ring.head));
	for (i = 0; i < KIN_RING_READERS; i++) {
		reader = rcu_dereference_protected(stream->readers[i],
				lockdep_is_held(&kin_stream_mutex));
		if (!reader)
			continue;
		err = kin_reader_deliver(reader);
		more |= err > 0;
		again |= err < 0;
	}
	mutex_unlock(&kin_stream_mutex);
	if (more)
		queue_delayed_work(queue, &stream->work, 0);
	else if (again)
		queue_delayed_work(queue, &stream->work,
				   msecs_to_jiffies(RETRY_MS));
}

/* ---- coming and going ---- */

static void free_stream(struct work_struct *work)
{
	struct kin_stream *stream = container_of(to_rcu_work(work),
						 struct kin_stream, free);

	cancel_delayed_work_sync(&stream->work);
	kin_ring_uninit(&stream->ring);
	put_pid_ns(stream->pid_ns);
	kfree(stream);
}

static void remove_stream(struct kin_stream *stream)
{
	list_del_rcu(&stream->list);
	nested -= stream->level > 0;
	INIT_RCU_WORK(&stream->free, free_stream);
	queue_rcu_work(queue, &stream->free);
}

static struct kin_stream *add_stream(struct pid_namespace *ns)
{
	struct kin_stream *stream;

	if (ns->level && nested >= MAX_NESTED)
		return ERR_PTR(-EUSERS);
	stream = kzalloc(sizeof(*stream), GFP_KERNEL_ACCOUNT);
	if (!stream)
		return ERR_PTR(-ENOMEM);
	if (kin_ring_init(&stream->ring,
			  (size_t)READ_ONCE(kin_status.ring_kib) << 10)) {
		kfree(stream);
		return ERR_PTR(-ENOMEM);
	}
	stream->pid_ns = get_pid_ns(ns);
	stream->level = ns->level;
	INIT_DELAYED_WORK(&stream->work, deliver);
	nested += stream->level > 0;
	list_add_rcu(&stream->list, &streams);
	return stream;
}

static struct kin_stream *get_stream(struct pid_namespace *ns)
{
	struct kin_stream *stream;

	list_for_each_entry(stream, &streams, list)
		if (stream->pid_ns == ns)
			return stream;
	return add_stream(ns);
}

/* Nobody looks at the reader any more; its number may be given out again. */
static void free_reader(struct work_struct *work)
{
	struct kin_reader *reader = container_of(to_rcu_work(work),
						 struct kin_reader, free);
	struct kin_stream *stream = reader->stream;

	mutex_lock(&kin_stream_mutex);
	stream->used &= ~BIT(reader->index);
	if (!stream->used)
		remove_stream(stream);
	mutex_unlock(&kin_stream_mutex);
	kin_reader_destroy(reader);
}

static void set_wishes(struct kin_stream *stream,
		       const struct kin_reader *reader, bool on)
{
	const u32 bit = BIT(reader->index);
	int kind, thread;

	for (kind = 0; kind < KIN_EVENT_KIND_COUNT; kind++)
		for (thread = 0; thread < 2; thread++) {
			u32 *wants = &stream->wants[thread][kind];
			const u32 of = thread ? KIN_KIND_THREAD :
						KIN_KIND_PROCESS;

			if (on && (reader->events & BIT(kind)) &&
			    (reader->kinds & of))
				WRITE_ONCE(*wants, *wants | bit);
			else
				WRITE_ONCE(*wants, *wants & ~bit);
		}
}

static void set_bit_of(u32 *mask, const struct kin_reader *reader, bool on)
{
	WRITE_ONCE(*mask, on ? *mask | BIT(reader->index) :
			       *mask & ~BIT(reader->index));
}

/**
 * kin_stream_leave - no more events for a reader, which is freed later
 * @reader: the reader
 *
 * Context: under kin_stream_mutex.
 */
void kin_stream_leave(struct kin_reader *reader)
{
	struct kin_stream *stream = reader->stream;

	set_wishes(stream, reader, false);
	set_bit_of(&stream->filtered, reader, false);
	set_bit_of(&stream->following, reader, false);
	RCU_INIT_POINTER(stream->readers[reader->index], NULL);
	kin_probe_put();
	atomic_dec(&kin_status.subscribers);
	INIT_RCU_WORK(&reader->free, free_reader);
	queue_rcu_work(queue, &reader->free);
}

/* Events are wanted from now on; forks are followed before anybody is looked for. */
static int activate(struct kin_reader *reader)
{
	struct kin_stream *stream = reader->stream;
	const struct kin_values roots = reader->scope.subtrees;
	struct kin_scope *scope = &reader->scope;
	int err = 0;

	scope->subtrees.n = 0;
	scope->all = !scope->tgids.n && !scope->uids.n && !scope->cgroups.n;
	kin_ring_join(&stream->ring, reader->index);
	rcu_assign_pointer(stream->readers[reader->index], reader);
	if (reader->family) {
		set_bit_of(&stream->following, reader, true);
		err = kin_reader_find_family(reader, &roots);
	}
	set_bit_of(&stream->filtered, reader, kin_reader_is_filtered(reader));
	/* That it must be asked is known before anything is wanted. */
	smp_wmb();	/* pairs with choose() */
	if (!err)
		set_wishes(stream, reader, true);
	return err;
}

static int refuse(struct kin_reader *reader, struct kin_stream *stream, int err)
{
	if (stream && !stream->used)
		remove_stream(stream);
	kin_reader_destroy(reader);
	return err;
}

/**
 * kin_stream_join - let a reader have events
 * @reader: from kin_reader_create(); the stream's from now on, which frees it
 *          after kin_stream_leave(), or in case of failure
 * @extack: receives the reason of a refusal
 *
 * Context: under kin_stream_mutex; may sleep.
 * Return: 0, -EUSERS, -ENOMEM, -EOPNOTSUPP or -EINTR.
 */
int kin_stream_join(struct kin_reader *reader, struct netlink_ext_ack *extack)
{
	struct kin_stream *stream;
	int err;

	stream = get_stream(reader->view.pid_ns);
	if (IS_ERR(stream)) {
		if (PTR_ERR(stream) == -EUSERS)
			NL_SET_ERR_MSG(extack, "too many pid namespaces have subscribers");
		return refuse(reader, NULL, PTR_ERR(stream));
	}
	reader->index = ffz(stream->used);
	if (reader->index >= KIN_RING_READERS) {
		NL_SET_ERR_MSG(extack, "this pid namespace has as many subscribers as it may");
		return refuse(reader, stream, -EUSERS);
	}
	err = kin_probe_get(extack);
	if (err)
		return refuse(reader, stream, err);
	reader->stream = stream;
	stream->used |= BIT(reader->index);
	atomic_inc(&kin_status.subscribers);
	err = activate(reader);
	if (err)
		kin_stream_leave(reader);
	return err;
}

static bool is_reader_of(const struct kin_reader *reader, const struct net *net,
			 u32 portid)
{
	return reader && reader->portid == portid &&
	       sock_net(reader->sk) == net;
}

/**
 * kin_stream_find - the reader on a socket
 * @net: of the socket
 * @portid: of the socket
 *
 * Context: under kin_stream_mutex, or in an RCU read section.
 * Return: the reader or NULL.
 */
struct kin_reader *kin_stream_find(const struct net *net, u32 portid)
{
	struct kin_stream *stream;
	struct kin_reader *reader;
	int i;

	list_for_each_entry_rcu(stream, &streams, list,
				lockdep_is_held(&kin_stream_mutex)) {
		for (i = 0; i < KIN_RING_READERS; i++) {
			reader = rcu_dereference_check(stream->readers[i],
				lockdep_is_held(&kin_stream_mutex));
			if (is_reader_of(reader, net, portid))
				return reader;
		}
	}
	return NULL;
}

/* A netlink socket is closed, of whatever family: most have no reader. */
static int socket_closed(struct notifier_block *nb, unsigned long event,
			 void *arg)
{
	const struct netlink_notify *closed = arg;
	struct kin_reader *reader;

	if (event != NETLINK_URELEASE || closed->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	rcu_read_lock();
	reader = kin_stream_find(closed->net, closed->portid);
	rcu_read_unlock();
	if (!reader)
		return NOTIFY_DONE;
	mutex_lock(&kin_stream_mutex);
	reader = kin_stream_find(closed->net, closed->portid);
	if (reader)
		kin_stream_leave(reader);
	mutex_unlock(&kin_stream_mutex);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = socket_closed,
};

/* ---- module ---- */

int __init kin_stream_init(void)
{
	int err;

	queue = alloc_workqueue("kin", WQ_UNBOUND | WQ_HIGHPRI, 0);
	if (!queue)
		return -ENOMEM;
	kin_probe_init();
	err = netlink_register_notifier(&notifier);
	if (err)
		destroy_workqueue(queue);
	return err;
}

static void dismiss_readers(struct kin_stream *stream)
{
	struct kin_reader *reader;
	int i;

	for (i = 0; i < KIN_RING_READERS; i++) {
		reader = rcu_dereference_protected(stream->readers[i],
				lockdep_is_held(&kin_stream_mutex));
		if (!reader)
			continue;
		kin_reader_farewell(reader);
		kin_stream_leave(reader);
	}
}

/* The family is unregistered: nobody subscribes any more. */
void kin_stream_exit(void)
{
	struct kin_stream *stream;

	netlink_unregister_notifier(&notifier);
	kin_probe_exit();
	mutex_lock(&kin_stream_mutex);
	list_for_each_entry(stream, &streams, list)
		dismiss_readers(stream);
	mutex_unlock(&kin_stream_mutex);
	kin_probe_forget();
	/* Readers are freed after a grace period, their stream after another. */
	rcu_barrier();
	flush_workqueue(queue);
	rcu_barrier();
	destroy_workqueue(queue);
}
