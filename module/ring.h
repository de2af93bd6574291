/* SPDX-License-Identifier: GPL-2.0 */
/* A ring of events that several readers read, each at its own pace. */
#ifndef KIN_RING_H
#define KIN_RING_H

#include <linux/bits.h>
#include <linux/netlink.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "kin.h"

/* Readers are numbered, so that an entry names its own in a mask. */
#define KIN_RING_READERS 16

struct kin_entry_exec {
	struct kin_event_exec exec;
	struct nlattr filename;		/* the file follows the entry */
};

/*
 * An event as it lies in the ring: as it goes on the wire, with the numbers of the
 * pid namespace that the ring belongs to. What is each reader's own is put in
 * there: seq, the clock of its time namespace, the id of the user (here the
 * kernel's own).
 */
struct kin_entry {
	u32 readers;		/* a mask; 0: nobody, only filling up */
	u32 slots;		/* its length */
	struct nlattr nest;	/* KIN_A_EVENT, from here to its end */
	struct nlattr base_attr;
	struct kin_event base;
	struct nlattr part_attr;
	union {
		struct kin_event_fork fork;
		struct kin_entry_exec exec;
		struct kin_event_exit exit;
		struct kin_event_comm comm;
		struct kin_event_oom oom;
	} part;
};

/* The unit of positions and lengths. */
#define KIN_SLOT_SIZE 16

struct kin_ring {
	raw_spinlock_t lock;
	u64 head;		/* slots written since the start */
	u64 tail;		/* where the oldest entry starts */
	u32 slots;		/* a power of two */
	void *memory;
	struct {
		u64 at;		/* what is before this is not for it any more */
		u64 lost;	/* entries that it has lost and was not told of */
	} readers[KIN_RING_READERS];
};

/* What is done with an entry, under the ring's lock. Returns 0, or -errno to stay
 * in front of it. */
typedef int kin_ring_fn(const struct kin_entry *entry, void *arg);

int kin_ring_init(struct kin_ring *ring, size_t size);
void kin_ring_uninit(struct kin_ring *ring);
void kin_ring_join(struct kin_ring *ring, u32 reader);
void kin_ring_push(struct kin_ring *ring, struct kin_entry *entry,
		   const char *name, size_t name_len);
int kin_ring_read(struct kin_ring *ring, u32 reader, u64 *lost,
		  kin_ring_fn *fn, void *arg);
void kin_ring_give_lost(struct kin_ring *ring, u32 reader, u64 lost);
size_t kin_ring_pending(struct kin_ring *ring, u32 reader);

#endif
