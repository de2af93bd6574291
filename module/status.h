/* SPDX-License-Identifier: GPL-2.0 */
/* The module's own counters. */
#ifndef KIN_STATUS_H
#define KIN_STATUS_H

#include <linux/atomic.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>

/* Counted once a message or a request, never once a task that is sent. */
struct kin_counters {
	unsigned int hidepid;	/* the module parameters */
	unsigned int ring_kib;
	unsigned int batch_ms;
	atomic64_t dumps_started;
	atomic64_t dumps_done;
	atomic64_t gets;
	atomic64_t tasks_sent;
	atomic64_t tasks_hidden;
	atomic64_t requests_denied;
	atomic64_t requests_rejected;
	atomic64_t cmdlines_busy;
	atomic64_t events_sent;
	atomic64_t events_lost;
	atomic_t subscribers;
	atomic64_t fds_sent;
	atomic64_t fds_lock_max_ns;	/* longest time that a table was locked */
};

extern struct kin_counters kin_status;

#define kin_status_count(what, n) atomic64_add(n, &kin_status.what)

/* The extack of a refusal by ourselves, which is counted; @attr may be NULL. */
#define reject(extack, attr, msg) ({				\
	NL_SET_ERR_MSG_ATTR(extack, attr, msg);			\
	kin_status_count(requests_rejected, 1);			\
	-EINVAL;						\
})

int kin_status_put(struct sk_buff *skb, struct sk_buff *request);

#endif
