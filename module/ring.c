// SPDX-License-Identifier: GPL-2.0
/*
 * A ring of events that several readers read, each at its own pace.
 *
 * Whoever writes never waits for a reader: it overwrites the oldest entries, and
 * since an entry names its readers, the loss of each is counted exactly at that
 * moment. A reader is a position. One that has stopped costs a writer one
 * comparison an entry.
 *
 * A lock, held for the copy of an entry: it makes order, time and loss agree,
 * and a writer cannot be overtaken by a whole lap in the middle of its entry, as
 * lockless ones can. Everybody who forks or exits takes locks of the whole
 * kernel for longer.
 */
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <net/netlink.h>

#include "ring.h"

static struct kin_entry *entry_at(const struct kin_ring *ring, u64 at)
{
	return ring->memory + (at & (ring->slots - 1)) * KIN_SLOT_SIZE;
}

/**
 * kin_ring_init - make an empty ring
 * @ring: zeroed; kin_ring_uninit() it
 * @size: bytes, a power of two
 *
 * Return: 0 or -ENOMEM.
 */
int kin_ring_init(struct kin_ring *ring, size_t size)
{
	ring->memory = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!ring->memory)
		return -ENOMEM;
	ring->slots = size / KIN_SLOT_SIZE;
	raw_spin_lock_init(&ring->lock);
	return 0;
}

void kin_ring_uninit(struct kin_ring *ring)
{
	kvfree(ring->memory);
}

/**
 * kin_ring_join - start a reader at what is written next
 * @ring: the ring
 * @reader: its number; nobody writes entries for it yet
 */
void kin_ring_join(struct kin_ring *ring, u32 reader)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring->lock, flags);
	ring->readers[reader].at = ring->head;
	ring->readers[reader].lost = 0;
	raw_spin_unlock_irqrestore(&ring->lock, flags);
}

static void drop_oldest(struct kin_ring *ring)
{
	const struct kin_entry *old = entry_at(ring, ring->tail);
	u32 readers, i;

	for (readers = old->readers; readers; readers &= readers - 1) {
		i = __ffs(readers);
		if (ring->readers[i].at <= ring->tail)
			ring->readers[i].lost++;
	}
	ring->tail += old->slots;
}

static void make_room(struct kin_ring *ring, u32 slots)
{
	while (unlikely(ring->head + slots - ring->tail > ring->slots))
		drop_oldest(ring);
}

/* An entry lies in one piece: what is left at the end of the memory stays. */
static void fill_up(struct kin_ring *ring)
{
	const u32 left = ring->slots - (ring->head & (ring->slots - 1));
	struct kin_entry *entry;

	make_room(ring, left);
	entry = entry_at(ring, ring->head);
	entry->readers = 0;
	entry->slots = left;
	ring->head += left;
}

/**
 * kin_ring_push - write an entry
 * @ring: the ring
 * @entry: all is set but slots and the time of the event; the length in its nest
 *         is that of the whole event
 * @name: its end, which is not in @entry; zeroes are filled in up to the length
 * @name_len: bytes, with the NUL that is put at its end; 0: there is none
 *
 * Context: any but NMI; takes a raw lock.
 */
void kin_ring_push(struct kin_ring *ring, struct kin_entry *entry,
		   const char *name, size_t name_len)
{
	const size_t whole = offsetof(struct kin_entry, nest) +
			     entry->nest.nla_len;
	const size_t size = whole - NLA_ALIGN(name_len);
	unsigned long flags;
	void *to;

	entry->slots = DIV_ROUND_UP(whole, KIN_SLOT_SIZE);
	raw_spin_lock_irqsave(&ring->lock, flags);
	if (unlikely((ring->head & (ring->slots - 1)) + entry->slots >
		     ring->slots))
		fill_up(ring);
	make_room(ring, entry->slots);
	to = entry_at(ring, ring->head);
	entry->base.boottime_ns = ktime_get_boottime_ns();
	memcpy(to, entry, size);
	if (name_len) {
		memcpy(to + size, name, name_len - 1);
		memset(to + size + name_len - 1, 0, 1 + nla_padlen(name_len));
	}
	WRITE_ONCE(ring->head, ring->head + entry->slots);
	raw_spin_unlock_irqrestore(&ring->lock, flags);
}

/* How many entries are looked at before writers get the lock again. */
#define READ_AT_ONCE 16

/**
 * kin_ring_read - hand a few entries of a reader to a function
 * @ring: the ring
 * @reader: its number
 * @lost: receives how many entries the reader has lost just here and was not
 *        told of; if there are any, no entry is handed out
 * @fn: called for each, under the ring's lock: it must be quick
 * @arg: its last argument
 *
 * Return: 1 if there may be more, 0 at the end, or what @fn returned.
 */
int kin_ring_read(struct kin_ring *ring, u32 reader, u64 *lost,
		  kin_ring_fn *fn, void *arg)
{
	const struct kin_entry *entry;
	unsigned long flags;
	int i, err = 0;
	u64 at;

	raw_spin_lock_irqsave(&ring->lock, flags);
	at = max(ring->readers[reader].at, ring->tail);
	*lost = ring->readers[reader].lost;
	ring->readers[reader].lost = 0;
	for (i = 0; !*lost && i < READ_AT_ONCE && at < ring->head; i++) {
		entry = entry_at(ring, at);
		if (entry->readers & BIT(reader))
			err = fn(entry, arg);
		if (err)
			break;
		at += entry->slots;
	}
	ring->readers[reader].at = at;
	if (!err)
		err = at < ring->head;
	raw_spin_unlock_irqrestore(&ring->lock, flags);
	return err;
}

/* Entries that were read as lost, and could not be told. */
void kin_ring_give_lost(struct kin_ring *ring, u32 reader, u64 lost)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring->lock, flags);
	ring->readers[reader].lost += lost;
	raw_spin_unlock_irqrestore(&ring->lock, flags);
}

/**
 * kin_ring_pending - what a reader has not read, entries of others included
 * @ring: the ring
 * @reader: its number
 *
 * Return: bytes; at least 1 if it has lost entries and was not told.
 */
size_t kin_ring_pending(struct kin_ring *ring, u32 reader)
{
	unsigned long flags;
	size_t pending;

	raw_spin_lock_irqsave(&ring->lock, flags);
	pending = (ring->head - max(ring->readers[reader].at, ring->tail)) *
		  KIN_SLOT_SIZE;
	if (ring->readers[reader].lost)
		pending++;
	raw_spin_unlock_irqrestore(&ring->lock, flags);
	return pending;
}
