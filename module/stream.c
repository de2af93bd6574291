// SPDX-License-Identifier: GPL-2.0
/*
 * The readers of a pid namespace: how they come and go, and get what is for them.
 *
 * A probe finds the streams and their readers under RCU (publish.c), writes an
 * entry and returns; it never waits, and wakes at most a work item. Each stream is
 * delivered under a mutex of its own, so that no pid namespace waits for what
 * another one is sent. Coming and going is under a mutex for all; only who comes
 * or goes waits for it. What a probe may still look at is freed by rcu_work.
 */
#include <linux/bitops.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "probe.h"
#include "status.h"
#include "stream.h"

DEFINE_MUTEX(kin_stream_mutex);

LIST_HEAD(kin_streams);
static struct workqueue_struct *queue;

/* Streams of other pid namespaces than the first. Whoever makes one of those is
 * privileged in it, and each costs every fork on the host a comparison. */
#define MAX_NESTED 16
#define MAX_OWNED 4	/* of these, whose user namespaces one user owns */

/* Kinds of events that somebody wants, enum kin_event_kind. */
u32 kin_stream_wanted;

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

/* ---- to the readers ---- */

enum { KICKED, HURRIED };

/* Wake the work: after the time of a batch, or at once as the ring fills. */
void kin_stream_kick(struct kin_stream *stream)
{
	const u64 filled = READ_ONCE(stream->ring.head) -
			   READ_ONCE(stream->delivered);
	const unsigned int ms = READ_ONCE(kin_status.batch_ms);

	if (!test_bit(KICKED, &stream->flags)) {
		if (!test_and_set_bit(KICKED, &stream->flags))
			mod_delayed_work(queue, &stream->work,
					 msecs_to_jiffies(ms));
	} else if (unlikely(filled > stream->ring.slots / 4) &&
		   !test_bit(HURRIED, &stream->flags) &&
		   !test_and_set_bit(HURRIED, &stream->flags)) {
		mod_delayed_work(queue, &stream->work, 0);
	}
}

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
	mutex_lock(&stream->delivery);
	WRITE_ONCE(stream->delivered, READ_ONCE(stream->ring.head));
	for (i = 0; i < KIN_RING_READERS; i++) {
		reader = rcu_dereference_protected(stream->readers[i],
				lockdep_is_held(&stream->delivery));
		if (!reader)
			continue;
		err = kin_reader_deliver(reader);
		more |= err > 0;
		again |= err < 0;
	}
	mutex_unlock(&stream->delivery);
	if (more)
		queue_delayed_work(queue, &stream->work, 0);
	else if (again)
		queue_delayed_work(queue, &stream->work,
				   msecs_to_jiffies(RETRY_MS));
}

/* ---- coming and going ---- */

static void destroy_stream(struct kin_stream *stream)
{
	kin_ring_uninit(&stream->ring);
	put_pid_ns(stream->pid_ns);
	kfree(stream);
}

static struct kin_stream *create_stream(struct pid_namespace *ns)
{
	struct kin_stream *stream;

	stream = kzalloc(sizeof(*stream), GFP_KERNEL_ACCOUNT);
	if (!stream)
		return NULL;
	if (kin_ring_init(&stream->ring,
			  (size_t)READ_ONCE(kin_status.ring_kib) << 10)) {
		kfree(stream);
		return NULL;
	}
	stream->pid_ns = get_pid_ns(ns);
	stream->level = ns->level;
	mutex_init(&stream->delivery);
	INIT_DELAYED_WORK(&stream->work, deliver);
	return stream;
}

static void free_stream(struct work_struct *work)
{
	struct kin_stream *stream = container_of(to_rcu_work(work),
						 struct kin_stream, free);

	cancel_delayed_work_sync(&stream->work);
	destroy_stream(stream);
}

static void remove_stream(struct kin_stream *stream)
{
	list_del_rcu(&stream->list);
	INIT_RCU_WORK(&stream->free, free_stream);
	queue_rcu_work(queue, &stream->free);
}

/* Whose it is as the host knows its users: inside, they may be many. */
static kuid_t host_owner(const struct user_namespace *ns)
{
	while (ns->parent != &init_user_ns)
		ns = ns->parent;
	return ns->owner;
}

/* Of whose user namespace, but for the host's own, is this pid namespace? */
static bool same_owner(const struct kin_stream *a, const struct kin_stream *b)
{
	const struct user_namespace *x = a->pid_ns->user_ns;
	const struct user_namespace *y = b->pid_ns->user_ns;

	return x != &init_user_ns && y != &init_user_ns &&
	       uid_eq(host_owner(x), host_owner(y));
}

static bool may_add(const struct kin_stream *stream)
{
	const struct kin_stream *other;
	int nested = 0, owned = 0;

	if (!stream->level)
		return true;
	list_for_each_entry(other, &kin_streams, list) {
		nested += other->level > 0;
		owned += other->level && same_owner(stream, other);
	}
	return nested < MAX_NESTED && owned < MAX_OWNED;
}

static struct kin_stream *find_stream(const struct pid_namespace *ns)
{
	struct kin_stream *stream;

	list_for_each_entry(stream, &kin_streams, list)
		if (stream->pid_ns == ns)
			return stream;
	return NULL;
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

static void find_wanted(void)
{
	struct kin_stream *stream;
	u32 wanted = 0;
	int kind;

	list_for_each_entry(stream, &kin_streams, list) {
		for (kind = 0; kind < KIN_EVENT_KIND_COUNT; kind++)
			if (stream->wants[0][kind] || stream->wants[1][kind])
				wanted |= BIT(kind);
		if (stream->following)
			wanted |= KIN_EVENT_KIND_FORK;
	}
	WRITE_ONCE(kin_stream_wanted, wanted);
}

static void set_bit_of(u32 *mask, const struct kin_reader *reader, bool on)
{
	WRITE_ONCE(*mask, on ? *mask | BIT(reader->index) :
			       *mask & ~BIT(reader->index));
}

/* No more events for a reader, which is freed later; under kin_stream_mutex. */
static void leave(struct kin_reader *reader)
{
	struct kin_stream *stream = reader->stream;

	set_wishes(stream, reader, false);
	set_bit_of(&stream->filtered, reader, false);
	set_bit_of(&stream->following, reader, false);
	find_wanted();
	mutex_lock(&stream->delivery);
	RCU_INIT_POINTER(stream->readers[reader->index], NULL);
	mutex_unlock(&stream->delivery);
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
		find_wanted();
		smp_mb();	/* pairs with follow() */
		err = kin_reader_find_family(reader, &roots);
	}
	set_bit_of(&stream->filtered, reader, kin_reader_is_filtered(reader));
	/* That it must be asked is known before anything is wanted. */
	smp_wmb();	/* pairs with choose() */
	if (!err)
		set_wishes(stream, reader, true);
	find_wanted();
	return err;
}

/* By the socket, not by its number: that may be another one's already. */
static struct kin_reader *find_reader(const struct sock *sk)
{
	struct kin_stream *stream;
	struct kin_reader *reader;
	int i;

	list_for_each_entry(stream, &kin_streams, list) {
		for (i = 0; i < KIN_RING_READERS; i++) {
			reader = rcu_dereference_protected(stream->readers[i],
				lockdep_is_held(&kin_stream_mutex));
			if (reader && reader->sk == sk)
				return reader;
		}
	}
	return NULL;
}

/*
 * Under kin_stream_mutex. @fresh: a stream, should there be none; taken if it was
 * needed. @joined: the reader is the stream's, also if it did not stay for long.
 * -EAGAIN: there is none, and no @fresh one.
 */
static int join(struct kin_reader *reader, struct kin_stream **fresh,
		bool *joined, struct netlink_ext_ack *extack)
{
	struct kin_stream *stream = find_stream(reader->view.pid_ns);
	int err;

	if (find_reader(reader->sk)) {
		NL_SET_ERR_MSG(extack, "this socket has a subscription");
		return -EBUSY;
	}
	if (!stream && !*fresh)
		return -EAGAIN;
	if (!stream && !may_add(*fresh)) {
		NL_SET_ERR_MSG(extack, "too many pid namespaces have subscribers");
		return -EUSERS;
	}
	if (stream && ffz(stream->used) >= KIN_RING_READERS) {
		NL_SET_ERR_MSG(extack, "this pid namespace has as many subscribers as it may");
		return -EUSERS;
	}
	err = kin_probe_get(extack);
	if (err)
		return err;
	if (!stream) {
		stream = *fresh;
		*fresh = NULL;
		list_add_rcu(&stream->list, &kin_streams);
	}
	*joined = true;
	reader->stream = stream;
	reader->index = ffz(stream->used);
	stream->used |= BIT(reader->index);
	atomic_inc(&kin_status.subscribers);
	err = activate(reader);
	if (err)
		leave(reader);
	return err;
}

/**
 * kin_stream_join - let a reader have events
 * @reader: from kin_reader_create(); the stream's from now on, which frees it when
 *          its socket is closed, or in case of failure
 * @extack: receives the reason of a refusal
 *
 * Context: may sleep.
 * Return: 0, -EBUSY, -EUSERS, -ENOMEM, -EOPNOTSUPP or -EINTR.
 */
int kin_stream_join(struct kin_reader *reader, struct netlink_ext_ack *extack)
{
	struct kin_stream *fresh = NULL;
	bool joined = false;
	int err;

	do {
		mutex_lock(&kin_stream_mutex);
		err = join(reader, &fresh, &joined, extack);
		mutex_unlock(&kin_stream_mutex);
		if (err != -EAGAIN)
			break;
		/* Memory is looked for where nobody waits for us. */
		fresh = create_stream(reader->view.pid_ns);
	} while (fresh);
	if (fresh)
		destroy_stream(fresh);
	if (!joined)
		kin_reader_destroy(reader);
	return err == -EAGAIN ? -ENOMEM : err;
}

/**
 * kin_stream_unsubscribe - no more events for a socket
 * @sk: the socket
 * @extack: receives the reason of a refusal
 *
 * Context: may sleep.
 * Return: 0 or -ENOENT.
 */
int kin_stream_unsubscribe(const struct sock *sk,
			   struct netlink_ext_ack *extack)
{
	struct kin_reader *reader;

	mutex_lock(&kin_stream_mutex);
	reader = find_reader(sk);
	if (reader)
		leave(reader);
	mutex_unlock(&kin_stream_mutex);
	if (reader)
		return 0;
	NL_SET_ERR_MSG(extack, "this socket has no subscription");
	return -ENOENT;
}

/*
 * The reader whose socket is closed: one of that number that is dead. (A socket
 * that has just been given the number is not.)
 */
static struct kin_reader *find_closed(const struct netlink_notify *closed)
{
	struct kin_stream *stream;
	struct kin_reader *reader;
	int i;

	list_for_each_entry_rcu(stream, &kin_streams, list,
				lockdep_is_held(&kin_stream_mutex)) {
		for (i = 0; i < KIN_RING_READERS; i++) {
			reader = rcu_dereference_check(stream->readers[i],
				lockdep_is_held(&kin_stream_mutex));
			if (reader && reader->portid == closed->portid &&
			    sock_net(reader->sk) == closed->net &&
			    sock_flag(reader->sk, SOCK_DEAD))
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
	reader = find_closed(closed);
	rcu_read_unlock();
	if (!reader)
		return NOTIFY_DONE;
	mutex_lock(&kin_stream_mutex);
	reader = find_closed(closed);
	if (reader)
		leave(reader);
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
		mutex_lock(&stream->delivery);
		kin_reader_farewell(reader);
		mutex_unlock(&stream->delivery);
		leave(reader);
	}
}

/* The family is unregistered: nobody subscribes any more. */
void kin_stream_exit(void)
{
	struct kin_stream *stream;

	netlink_unregister_notifier(&notifier);
	kin_probe_exit();
	mutex_lock(&kin_stream_mutex);
	list_for_each_entry(stream, &kin_streams, list)
		dismiss_readers(stream);
	mutex_unlock(&kin_stream_mutex);
	kin_probe_forget();
	/* Readers are freed after a grace period, their stream after another. */
	rcu_barrier();
	flush_workqueue(queue);
	rcu_barrier();
	destroy_workqueue(queue);
}
