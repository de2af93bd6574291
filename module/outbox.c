// SPDX-License-Identifier: GPL-2.0
/* From the ring to a reader's socket: one message, many events. */
#include <linux/sched.h>
#include <linux/user_namespace.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "netlink.h"
#include "reader.h"
#include "status.h"
#include "stream.h"

/* A message that is being filled. */
struct batch {
	const struct kin_reader *reader;
	struct sk_buff *skb;
	u64 seq;		/* of the last event that was put or lost */
	u64 events;		/* that were put */
	u64 lost;		/* that were told as lost */
};

/* What is each reader's own: the number, its clock, its user ids. */
static void adapt(struct kin_entry *e, const struct batch *batch)
{
	const struct kin_view *view = &batch->reader->view;
	struct kin_event *b = &e->base;

	b->seq = batch->seq;
	if (unlikely(view->user_ns))
		b->uid = from_kuid_munged(view->user_ns, KUIDT_INIT(b->uid));
	if (likely(!view->boottime_offset_ns))
		return;
	b->boottime_ns += view->boottime_offset_ns;
	b->start_boottime_ns += view->boottime_offset_ns;
	if (b->kind == KIN_EVENT_KIND_FORK && b->ppid)
		e->part.fork.parent_start_boottime_ns +=
			view->boottime_offset_ns;
}

/* A kin_ring_fn: runs under the ring's lock. */
static int put_event(const struct kin_entry *entry, void *arg)
{
	const size_t size = entry->nest.nla_len;
	struct batch *batch = arg;
	void *to;

	if (skb_tailroom(batch->skb) < size)
		return -EMSGSIZE;
	to = __skb_put(batch->skb, size);
	memcpy(to, &entry->nest, size);
	batch->seq++;
	batch->events++;
	adapt(to - offsetof(struct kin_entry, nest), batch);
	return 0;
}

/* Fill a message; what does not fit stays in the ring. */
static void fill(struct batch *batch)
{
	struct kin_ring *ring = &batch->reader->stream->ring;
	const u32 index = batch->reader->index;
	u64 lost;
	int more;

	do {
		more = kin_ring_read(ring, index, &lost, put_event, batch);
		if (!lost)
			continue;
		if (nla_put_u64_64bit(batch->skb, KIN_A_LOST, lost,
				      KIN_A_PAD)) {
			kin_ring_give_lost(ring, index, lost);
			return;
		}
		batch->seq += lost;
		batch->lost += lost;
	} while (more > 0 || lost);
}

/* As netlink itself has it: one message always fits. */
static bool has_room(const struct sock *sk, size_t size)
{
	const int used = atomic_read(&sk->sk_rmem_alloc);

	return !used || used + size <= READ_ONCE(sk->sk_rcvbuf);
}

static struct sk_buff *message_new(const struct kin_reader *reader, u8 cmd,
				   size_t size, void **hdr)
{
	struct sk_buff *skb;

	if (!has_room(reader->sk, size))
		return NULL;
	skb = genlmsg_new(size, GFP_KERNEL);
	if (skb && has_room(reader->sk, skb->truesize)) {
		*hdr = kin_netlink_put(skb, reader->portid, cmd);
		return skb;
	}
	nlmsg_free(skb);
	return NULL;
}

/*
 * To the very socket that subscribed, not to a number as netlink_unicast() does:
 * while a socket is being closed, its number may already be somebody else's, who
 * may not be allowed to read this.
 */
static void queue_message(struct sock *sk, struct sk_buff *skb)
{
	skb_set_owner_r(skb, sk);
	skb_queue_tail(&sk->sk_receive_queue, skb);
	sk->sk_data_ready(sk);
}

#define MESSAGE_MAX (SKB_WITH_OVERHEAD(KIN_RECV_SIZE) - NLMSG_HDRLEN - \
		     GENL_HDRLEN)

/* An event is no longer on the wire than in the ring. */
static size_t message_size(size_t pending)
{
	return min_t(size_t, MESSAGE_MAX,
		     pending + nla_total_size_64bit(sizeof(u64)));
}

/* Send one message. Returns 1 if there may be more, 0 if not, or -EAGAIN if the
 * socket has no room, or there is no memory, for now. */
static int send(struct kin_reader *reader)
{
	struct kin_ring *ring = &reader->stream->ring;
	const size_t pending = kin_ring_pending(ring, reader->index);
	struct batch batch = { .reader = reader, .seq = reader->seq };
	void *hdr;

	if (!pending)
		return 0;
	batch.skb = message_new(reader, KIN_CMD_EVENTS_NTF,
				message_size(pending), &hdr);
	if (!batch.skb)
		return -EAGAIN;
	fill(&batch);
	if (!batch.events && !batch.lost) {
		nlmsg_free(batch.skb);
		return 0;
	}
	genlmsg_end(batch.skb, hdr);
	queue_message(reader->sk, batch.skb);
	reader->seq = batch.seq;
	kin_status_count(events_sent, batch.events);
	kin_status_count(events_lost, batch.lost);
	return 1;
}

/* So that a reader as fast as its events does not keep the others waiting. */
#define SEND_AT_ONCE 16

/**
 * kin_reader_deliver - send what is there
 * @reader: the reader
 *
 * Context: may sleep, but does not wait for the reader.
 * Return: 0 if all was sent, 1 if there may be more, -EAGAIN if there is more
 * than the socket, or memory, has room for now.
 */
int kin_reader_deliver(struct kin_reader *reader)
{
	int i, err = 1;

	for (i = 0; err > 0 && i < SEND_AT_ONCE; i++) {
		err = send(reader);
		cond_resched();
	}
	return err;
}

/**
 * kin_reader_farewell - the last message
 * @reader: the reader; nobody writes entries any more
 *
 * What is left goes first. A reader whose socket is full finds an error there
 * instead, before what it has not read: it would wait for ever.
 *
 * Context: may sleep.
 */
void kin_reader_farewell(struct kin_reader *reader)
{
	struct sk_buff *skb = NULL;
	void *hdr;
	int err;

	do
		err = kin_reader_deliver(reader);
	while (err > 0);
	if (!err)
		skb = message_new(reader, KIN_CMD_EVENTS_END_NTF, 0, &hdr);
	if (skb) {
		genlmsg_end(skb, hdr);
		queue_message(reader->sk, skb);
		return;
	}
	WRITE_ONCE(reader->sk->sk_err, ENODEV);
	reader->sk->sk_error_report(reader->sk);
}
