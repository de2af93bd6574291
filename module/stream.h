/* SPDX-License-Identifier: GPL-2.0 */
/* Events on their way from the probes to the readers of a pid namespace. */
#ifndef KIN_STREAM_H
#define KIN_STREAM_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "reader.h"
#include "ring.h"

/*
 * All readers of one pid namespace share a ring: what is in it has that
 * namespace's numbers, and says nothing about tasks that are not in it, not even
 * by gaps in a sequence.
 */
struct kin_stream {
	struct list_head list;
	struct mutex delivery;		/* by the work; inside of the other mutex */
	struct pid_namespace *pid_ns;
	unsigned int level;		/* of the pid namespace; 0: the first */
	struct kin_ring ring;
	struct kin_reader __rcu *readers[KIN_RING_READERS];
	unsigned long used;		/* numbers that may not be given out */
	u32 wants[2][KIN_EVENT_KIND_COUNT]; /* masks of readers; [1]: of threads */
	u32 filtered;			/* who must be asked for each event */
	u32 following;			/* who has a subtree */
	u64 delivered;			/* the ring's head when the work ran last */
	unsigned long flags;
	struct delayed_work work;
	struct rcu_work free;
};

int kin_stream_init(void);
void kin_stream_exit(void);
int kin_stream_join(struct kin_reader *reader, struct netlink_ext_ack *extack);
int kin_stream_unsubscribe(const struct sock *sk,
			   struct netlink_ext_ack *extack);
void kin_stream_kick(struct kin_stream *stream);

extern struct list_head kin_streams;
extern struct mutex kin_stream_mutex;
extern u32 kin_stream_wanted;

/* Does anybody want this kind of event? */
static inline bool kin_stream_wants(u32 kind)
{
	return READ_ONCE(kin_stream_wanted) & kind;
}

#endif
