// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From attributes to tables of descriptors. As in decode.c, what comes is
 * checked, not trusted; and what is done for each descriptor is what counts.
 */
#include <linux/genetlink.h>

#include "decode.h"

static inline bool is_a(const struct nlattr *attr, uint16_t type)
{
	return (attr->nla_type & NLA_TYPE_MASK) == type;
}

static void decode_part(struct kin *kin, const struct nlattr *attr,
			struct kin_fd_record *rec)
{
	switch (mnl_attr_get_type(attr)) {
	case KIN_A_FD_BASE:
		rec->fd = kin_widen(attr, &kin->fd, sizeof(kin->fd));
		break;
	case KIN_A_FD_PATH:
		kin_take_string(attr, &rec->path);
		break;
	case KIN_A_FD_SOCK:
		rec->sock = kin_widen(attr, &kin->sock, sizeof(kin->sock));
		break;
	case KIN_A_FD_UNIX:
		rec->unix_name_len = mnl_attr_get_payload_len(attr);
		rec->unix_name = rec->unix_name_len ?
					 mnl_attr_get_payload(attr) : NULL;
		break;
	}
}

/* Returns false if there is no base, or an attribute that does not end where its
 * neighbour starts. */
static bool decode_any(struct kin *kin, const struct nlattr *nest,
		       struct kin_fd_record *rec)
{
	const char *end = (const char *)nest + nest->nla_len;
	const struct nlattr *attr = nest + 1;

	for (; mnl_attr_ok(attr, end - (const char *)attr);
	     attr = mnl_attr_next(attr))
		decode_part(kin, attr, rec);
	return rec->fd && (const char *)attr >= end;
}

/*
 * Nearly all descriptors are a base, as long as ours, and perhaps one attribute
 * that fills the rest.
 */
static inline bool decode_usual(const struct nlattr *nest,
				struct kin_fd_record *rec)
{
	const struct nlattr *base = nest + 1;
	const struct nlattr *part =
		(const void *)((const char *)(base + 1) + sizeof(*rec->fd));
	const int before = (const char *)part - (const char *)nest;
	const int rest = nest->nla_len - before;

	if (rest <= (int)sizeof(*part)) {
		if (rest)
			return false;
	} else if (MNL_ALIGN(part->nla_len) != rest) {
		return false;
	} else if (part->nla_type == KIN_A_FD_PATH) {
		kin_take_string(part, &rec->path);
	} else if (kin_header_at((const char *)part) ==
		   kin_header_of(KIN_A_FD_SOCK, sizeof(*rec->sock))) {
		rec->sock = (const void *)(part + 1);
	} else {
		return false;
	}
	rec->fd = (const void *)(base + 1);
	return kin_header_at((const char *)base) ==
	       kin_header_of(KIN_A_FD_BASE, sizeof(*rec->fd));
}

static int hand_fd(struct kin *kin, const struct nlattr *nest,
		   const struct kin_fd_decode *to)
{
	struct kin_fd_record rec = { .table = &to->table };

	if (!decode_usual(nest, &rec)) {
		rec = (struct kin_fd_record){ .table = &to->table };
		if (!decode_any(kin, nest, &rec))
			return kin_malformed(kin);
	}
	return to->fn(&rec, to->arg);
}

static int hand_counts(const struct nlattr *attr, const struct kin_fd_decode *to)
{
	const struct kin_fd_record rec = {
		.table = &to->table,
		.counts = mnl_attr_get_payload(attr),
		.n_counts = mnl_attr_get_payload_len(attr) / sizeof(*rec.counts),
	};

	return to->fn(&rec, to->arg);
}

static bool same_table(const struct kin_fd_table *a, const struct kin_fd_table *b)
{
	return a->pid == b->pid &&
	       a->start_boottime_ns == b->start_boottime_ns &&
	       !((a->flags ^ b->flags) & KIN_FD_TABLE_THREAD);
}

/*
 * A table, or the next part of the one before: that one is not told of again. (Its
 * owner may end, and no other part come.)
 */
static int begin_table(struct kin *kin, const struct nlattr *attr,
		       struct kin_fd_decode *to)
{
	const struct kin_fd_record rec = { .table = &to->table };
	const struct kin_fd_table before = to->table;
	const bool was_more = to->more;
	bool continued;

	kin_fill(&to->table, attr, sizeof(to->table));
	continued = to->table.flags & KIN_FD_TABLE_CONTINUED;
	to->more = to->table.flags & KIN_FD_TABLE_MORE;
	to->table.flags &= ~(KIN_FD_TABLE_CONTINUED | KIN_FD_TABLE_MORE);
	if (to->table.comm[KIN_COMM_LEN - 1] ||
	    (continued && !(was_more && same_table(&before, &to->table))))
		return kin_malformed(kin);
	return continued ? 0 : to->fn(&rec, to->arg);
}

/* What is in a table: its base first. */
static int hand_table(struct kin *kin, const struct nlattr *nest,
		      struct kin_fd_decode *to)
{
	const char *end = (const char *)nest + nest->nla_len;
	const struct nlattr *attr = nest + 1;
	int err;

	if (!kin_attr_fits(attr, end) || !is_a(attr, KIN_A_FD_TABLE_BASE))
		return kin_malformed(kin);
	err = begin_table(kin, attr, to);
	while (!err && (const char *)(attr = kin_attr_next(attr)) < end) {
		if (!kin_attr_fits(attr, end))
			return kin_malformed(kin);
		if (is_a(attr, KIN_A_FD_TABLE_FD))
			err = hand_fd(kin, attr, to);
		else if (is_a(attr, KIN_A_FD_TABLE_COUNTS))
			err = hand_counts(attr, to);
	}
	return err;
}

/* All tables of a message; a kin_message_fn, arg: a struct kin_fd_decode. */
int kin_decode_fds(struct kin *kin, const struct nlmsghdr *nlh, void *arg)
{
	const char *end = (const char *)nlh + nlh->nlmsg_len;
	const struct nlattr *nest =
		(const void *)((const char *)nlh + MNL_NLMSG_HDRLEN + GENL_HDRLEN);
	int err = 0;

	while (!err && end - (const char *)nest >= (ptrdiff_t)sizeof(*nest)) {
		if (!kin_attr_fits(nest, end))
			return kin_malformed(kin);
		if (is_a(nest, KIN_A_FD_TABLE))
			err = hand_table(kin, nest, arg);
		nest = kin_attr_next(nest);
	}
	return err;
}
