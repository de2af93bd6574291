/* SPDX-License-Identifier: GPL-2.0 */
/* One task's record. */
#ifndef KIN_RECORD_H
#define KIN_RECORD_H

#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/types.h>
#include <net/netlink.h>

#include "kin.h"

struct kin_view;
struct kin_walk;
struct mm_struct;
struct sk_buff;

/* Where records go, what they hold, and the one that is being made. */
struct kin_record {
	const struct kin_view *view;
	u32 groups;
	u32 size;		/* bytes of a record without its lists */
	u32 tasks;		/* records in this message */
	u32 busy;		/* groups, see KIN_A_TASK_BUSY */
	u32 cut;		/* groups, see KIN_A_TASK_CUT */
	u32 denied;		/* groups, see KIN_A_TASK_DENIED */
	u32 deleted;		/* groups, see KIN_A_TASK_DELETED */
	bool all_or_nothing;	/* what is denied is an error, not a mark */
	int *budget;		/* of this RCU read section, see kin_walk; or NULL */
	struct sk_buff *skb;	/* the message, */
	void *at;		/* where it goes on */
	void *end;		/* and where its room ends */
	struct nlattr *nest;	/* this record */
	struct mm_struct *mm;	/* where to read its command line */
};

void kin_record_init(struct kin_record *rec, const struct kin_view *view,
		     u32 groups);
void kin_record_open(struct kin_record *rec, struct sk_buff *skb);
void kin_record_close(struct kin_record *rec);

int kin_record_get(struct kin_record *rec, u32 nr, bool thread);
int kin_record_walk(struct kin_record *rec, struct kin_walk *walk);

/* For those who write the parts of a record. */
size_t kin_record_room(const struct kin_record *rec);
void *kin_record_payload(const struct kin_record *rec);
void kin_record_claim(struct kin_record *rec, int type, size_t len);
int kin_record_cut(struct kin_record *rec, u32 group);

/* Groups of a fixed size that every record may have at little cost. All others are
 * written after them, by put_lists(). */
#define KIN_GROUPS_QUICK (KIN_GROUP_SCHED | KIN_GROUP_MEM)
/* Those of any length. */
#define KIN_GROUPS_LONG (KIN_GROUP_CMDLINE | KIN_GROUP_CGROUP | KIN_GROUP_EXE | \
			 KIN_GROUP_CWD | KIN_GROUP_ROOT | KIN_GROUP_STACK)
#define KIN_GROUPS_FURTHER \
	(KIN_GROUPS & ~(KIN_GROUPS_QUICK | KIN_GROUP_CMDLINE | KIN_GROUP_CGROUP))

/* Say what a part has cost, in the steps of a walk's RCU read section. */
static inline void kin_record_work(struct kin_record *rec, unsigned int steps)
{
	if (rec->budget)
		*rec->budget -= steps;
}

/* The same of a part that is a sum over threads. */
static inline void kin_record_work_threads(struct kin_record *rec,
					   const struct task_struct *p,
					   bool thread)
{
	if (!thread)
		kin_record_work(rec, READ_ONCE(p->signal->nr_threads) / 4);
}

/* Write an attribute's header; return where its payload goes. */
static __always_inline void *kin_put_attr(void **at, int type, size_t len)
{
	struct nlattr *attr = *at;

	attr->nla_type = type;
	attr->nla_len = nla_attr_size(len);
	*at += nla_total_size(len);
	return nla_data(attr);
}

/* How long the payload of an attribute between these may get, bytes. */
static __always_inline size_t kin_attr_room(const void *at, const void *end)
{
	return end - at <= NLA_HDRLEN ? 0 :
	       round_down(end - at - NLA_HDRLEN, NLA_ALIGNTO);
}

/* Make an attribute of @len bytes that were put where its payload goes. */
static __always_inline void kin_claim_attr(void **at, int type, size_t len)
{
	memset(*at + NLA_HDRLEN + len, 0, nla_padlen(len));
	kin_put_attr(at, type, len);
}

/*
 * A task's name, zeroes behind it: the kernel pads it so. (What does not is made
 * to by compat-include.) It may just be changing, then its end is not there yet.
 */
static __always_inline void kin_put_comm(char *to, const char *comm)
{
	BUILD_BUG_ON(TASK_COMM_LEN != KIN_COMM_LEN);
	memcpy(to, comm, KIN_COMM_LEN);
	to[KIN_COMM_LEN - 1] = '\0';
	kin_comm_scrub(to);
}

int kin_cgroup_put(struct kin_record *rec, struct task_struct *p);
int kin_cmdline_put(struct kin_record *rec);

#endif
