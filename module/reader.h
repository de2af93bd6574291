/* SPDX-License-Identifier: GPL-2.0 */
/* A subscriber: which events pass its filters, and how they reach its socket. */
#ifndef KIN_READER_H
#define KIN_READER_H

#include <linux/netlink.h>
#include <linux/workqueue.h>

#include "kin.h"
#include "scope.h"
#include "view.h"

struct genl_info;
struct kin_news;
struct kin_stream;
struct sock;

struct kin_reader {
	struct kin_stream *stream;
	u32 index;			/* its number in the stream */
	u32 portid;
	struct sock *sk;		/* held */
	struct kin_view view;
	u32 events;			/* enum kin_event_kind */
	u32 kinds;			/* enum kin_kind */
	bool failed;			/* of exits, only those with a status */
	struct kin_scope scope;		/* but for its subtrees: */
	unsigned long *family;		/* processes in them, a bit for a number */
	char (*comms)[KIN_COMM_LEN];
	u32 n_comms;
	u64 seq;			/* of the last event that was sent or lost */
	struct rcu_work free;
};

struct kin_reader *kin_reader_create(struct sk_buff *request,
				     struct genl_info *info);
void kin_reader_destroy(struct kin_reader *reader);

bool kin_reader_is_filtered(const struct kin_reader *reader);
bool kin_reader_passes(struct kin_reader *reader, const struct kin_news *news);
void kin_reader_follow(struct kin_reader *reader, const struct kin_news *news);
int kin_reader_find_family(struct kin_reader *reader,
			   const struct kin_values *roots);

int kin_reader_deliver(struct kin_reader *reader);
void kin_reader_farewell(struct kin_reader *reader);

#endif
