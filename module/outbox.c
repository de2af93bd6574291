// SPDX-License-Identifier: GPL-2.0
/* From the ring to a reader's socket: one message, many events. */
#include <linux/user_namespace.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "netlink.h"
#include "reader.h"
#include "record.h"
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

static size_t wire_size(u32 kind)
{
	switch (kind) {
	case KIN_EVENT_KIND_FORK:
		return sizeof(struct kin_event_fork);
	case KIN_EVENT_KIND_EXEC:
		return sizeof(struct kin_event_exec);
	case KIN_EVENT_KIND_EXIT:
		return sizeof(struct kin_event_exit);
	case KIN_EVENT_KIND_COMM:
		return sizeof(struct kin_event_comm);
	case KIN_EVENT_KIND_OOM:
		return sizeof(struct kin_event_oom);
	default:
		return 0;
	}
}

static int wire_type(u32 kind)
{
	switch (kind) {
	case KIN_EVENT_KIND_FORK:
		return KIN_A_EVENT_FORK;
	case KIN_EVENT_KIND_EXEC:
		return KIN_A_EVENT_EXEC;
	case KIN_EVENT_KIND_EXIT:
		return KIN_A_EVENT_EXIT;
	case KIN_EVENT_KIND_COMM:
		return KIN_A_EVENT_COMM;
	default:
		return KIN_A_EVENT_OOM;
	}
}

/* Bytes of an event in a message. */
static size_t event_size(const struct kin_entry *entry, size_t part)
{
	return NLA_HDRLEN + nla_total_size(sizeof(entry->base)) +
	       (part ? nla_total_size(part) : 0) +
	       (entry->name_len ? nla_total_size(entry->name_len) : 0);
}

/* What is each reader's own: the number, its clock, its user ids. */
static void put_base(struct kin_event *b, const struct kin_event *from,
		     const struct batch *batch)
{
	const struct kin_view *view = &batch->reader->view;

	*b = *from;
	b->seq = batch->seq;
	b->boottime_ns += view->boottime_offset_ns;
	b->start_boottime_ns += view->boottime_offset_ns;
	if (unlikely(view->user_ns))
		b->uid = from_kuid_munged(view->user_ns, KUIDT_INIT(b->uid));
}

static void put_part(void *to, const struct kin_entry *entry, size_t size,
		     const struct batch *batch)
{
	struct kin_event_fork *fork = to;

	memcpy(to, &entry->part, size);
	if (entry->base.kind == KIN_EVENT_KIND_FORK)
		fork->parent_start_boottime_ns +=
			batch->reader->view.boottime_offset_ns;
}

static void put_name(void **at, const struct kin_entry *entry, size_t part)
{
	void *to = kin_put_attr(at, KIN_A_EVENT_FILENAME, entry->name_len);

	memcpy(to, (const void *)entry + KIN_ENTRY_BARE + part,
	       entry->name_len);
	memset(to + entry->name_len, 0, nla_padlen(entry->name_len));
}

/* A kin_ring_fn: runs under the ring's lock. */
static int put_event(const struct kin_entry *entry, void *arg)
{
	const u32 kind = entry->base.kind;
	const size_t part = wire_size(kind);
	const size_t size = event_size(entry, part);
	struct batch *batch = arg;
	struct nlattr *nest;
	void *at;

	if (skb_tailroom(batch->skb) < size)
		return -EMSGSIZE;
	nest = at = __skb_put(batch->skb, size);
	nest->nla_len = size;
	nest->nla_type = KIN_A_EVENT | NLA_F_NESTED;
	at += NLA_HDRLEN;
	batch->seq++;
	batch->events++;
	put_base(kin_put_attr(&at, KIN_A_EVENT_BASE, sizeof(entry->base)),
		 &entry->base, batch);
	if (part)
		put_part(kin_put_attr(&at, wire_type(kind), part), entry, part,
			 batch);
	if (entry->name_len)
		put_name(&at, entry, part);
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

/* In the ring an entry is padded, on the wire it has headers: one slot more for
 * each that may be there is enough for both. */
static size_t message_size(size_t pending)
{
	return min_t(size_t, MESSAGE_MAX,
		     pending + pending / 2 + nla_total_size_64bit(sizeof(u64)));
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

	for (i = 0; err > 0 && i < SEND_AT_ONCE; i++)
		err = send(reader);
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
	reader->sk->sk_err = ENODEV;
	reader->sk->sk_error_report(reader->sk);
}
