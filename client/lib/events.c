// SPDX-License-Identifier: GPL-2.0-or-later
/* Events: a subscription on a socket of its own, and what comes on it. */
#include <errno.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

struct kin_events {
	struct kin *kin;
	char *early;		/* messages that came before the subscription's */
	size_t early_len;	/* acknowledgement; bytes */
	const char *at, *end;	/* messages that are still to be looked at, */
	const char *attr, *attr_end;	/* attributes of the one before them */
	bool ending;		/* no more will be sent */
	/* copies of structs that came shorter than ours */
	struct kin_event base;
	struct kin_event_fork fork;
	struct kin_event_exec exec;
	struct kin_event_exit exit;
	struct kin_event_comm comm;
	struct kin_event_oom oom;
};

const char *kin_events_error(const struct kin_events *ev)
{
	return kin_error(ev->kin);
}

int kin_events_fd(const struct kin_events *ev)
{
	return mnl_socket_get_fd(ev->kin->nl);
}

/* ---- subscribe ---- */

static int no_reply(struct kin *kin, const struct nlmsghdr *nlh, void *arg)
{
	return 0;
}

/* The first events may overtake the acknowledgement. */
static int keep_early(const struct nlmsghdr *nlh, void *arg)
{
	const size_t len = MNL_ALIGN(nlh->nlmsg_len);
	struct kin_events *ev = arg;
	char *more = realloc(ev->early, ev->early_len + len);

	if (!more)
		return kin_fail(ev->kin, -ENOMEM, "out of memory");
	memcpy(more + ev->early_len, nlh, len);
	ev->early = more;
	ev->early_len += len;
	return 0;
}

static size_t filter_room(const struct kin_event_filter *f)
{
	return 3 * 8 + kin_scope_room(&f->scope) +
	       f->n_comms * (MNL_ATTR_HDRLEN + MNL_ALIGN(KIN_COMM_LEN));
}

static int put_filter(struct kin *kin, struct nlmsghdr *nlh,
		      const struct kin_event_filter *f)
{
	if (f->events)
		mnl_attr_put_u32(nlh, KIN_A_EVENTS, f->events);
	if (f->kinds)
		mnl_attr_put_u32(nlh, KIN_A_KINDS, f->kinds);
	if (f->failed)
		mnl_attr_put(nlh, KIN_A_FAILED, 0, NULL);
	kin_put_scope(nlh, &f->scope);
	for (size_t i = 0; i < f->n_comms; i++) {
		if (strlen(f->comms[i]) >= KIN_COMM_LEN)
			return kin_fail(kin, -EINVAL,
					"a name is longer than 15 bytes");
		mnl_attr_put_strz(nlh, KIN_A_COMM, f->comms[i]);
	}
	return 0;
}

static int subscribe(struct kin_events *ev,
		     const struct kin_event_filter *filter)
{
	struct kin *kin = ev->kin;
	struct nlmsghdr *nlh;
	int err;

	nlh = kin_request_new(kin, KIN_CMD_EVENTS_SUBSCRIBE, NLM_F_ACK,
			      filter_room(filter));
	if (!nlh)
		return -ENOMEM;
	err = put_filter(kin, nlh, filter);
	if (err)
		return err;
	kin->stray = keep_early;
	kin->stray_arg = ev;
	err = kin_request_run(kin, no_reply, NULL);
	kin->stray = NULL;
	if (ev->early) {
		ev->at = ev->early;
		ev->end = ev->early + ev->early_len;
	}
	return err;
}

int kin_events_open(struct kin_events **evp,
		    const struct kin_event_filter *filter)
{
	struct kin_events *ev = calloc(1, sizeof(*ev));
	int err;

	*evp = NULL;
	if (!ev)
		return -ENOMEM;
	err = kin_open(&ev->kin);
	if (!ev->kin) {
		free(ev);
		return err;
	}
	*evp = ev;
	return err ? err : subscribe(ev, filter);
}

void kin_events_close(struct kin_events *ev)
{
	if (!ev)
		return;
	kin_close(ev->kin);
	free(ev->early);
	free(ev);
}

/* ---- decode ---- */

static void decode_part(struct kin_events *ev, const struct nlattr *attr,
			struct kin_event_record *rec)
{
	switch (mnl_attr_get_type(attr)) {
	case KIN_A_EVENT_BASE:
		rec->base = kin_widen(attr, &ev->base, sizeof(ev->base));
		break;
	case KIN_A_EVENT_FORK:
		rec->fork = kin_widen(attr, &ev->fork, sizeof(ev->fork));
		break;
	case KIN_A_EVENT_EXEC:
		rec->exec = kin_widen(attr, &ev->exec, sizeof(ev->exec));
		break;
	case KIN_A_EVENT_EXIT:
		rec->exit = kin_widen(attr, &ev->exit, sizeof(ev->exit));
		break;
	case KIN_A_EVENT_COMM:
		rec->comm = kin_widen(attr, &ev->comm, sizeof(ev->comm));
		break;
	case KIN_A_EVENT_OOM:
		rec->oom = kin_widen(attr, &ev->oom, sizeof(ev->oom));
		break;
	case KIN_A_EVENT_FILENAME:
		if (kin_is_string(attr))
			rec->filename = mnl_attr_get_payload(attr);
		break;
	}
}

/* Names end inside their struct, whoever sent it. */
static bool has_ends(const struct kin_event_record *rec)
{
	return !rec->base->comm[KIN_COMM_LEN - 1] &&
	       (!rec->exec || !rec->exec->old_comm[KIN_COMM_LEN - 1]) &&
	       (!rec->comm || !rec->comm->old_comm[KIN_COMM_LEN - 1]);
}

/* Returns false if that is no event. */
static bool decode_any(struct kin_events *ev, const struct nlattr *nest,
		       struct kin_event_record *rec)
{
	const char *end = (const char *)nest + nest->nla_len;
	const struct nlattr *attr = nest + 1;

	for (; mnl_attr_ok(attr, end - (const char *)attr);
	     attr = mnl_attr_next(attr))
		decode_part(ev, attr, rec);
	return rec->base && (const char *)attr >= end && has_ends(rec);
}

/*
 * Nearly all events are a base, as long as ours, and perhaps one part that fills
 * the rest: two headers to compare, and lengths that add up.
 */
static bool decode_usual(const struct nlattr *nest, struct kin_event_record *rec)
{
	const struct nlattr *base = nest + 1;
	const struct nlattr *part =
		(const void *)((const char *)(base + 1) + sizeof(*rec->base));
	const size_t rest = (const char *)part - (const char *)nest;

	if (nest->nla_len < rest + sizeof(*part) ||
	    base->nla_type != KIN_A_EVENT_BASE ||
	    base->nla_len != sizeof(*base) + sizeof(*rec->base) ||
	    part->nla_len != nest->nla_len - rest)
		return false;
	if (part->nla_type == KIN_A_EVENT_FORK &&
	    part->nla_len == sizeof(*part) + sizeof(*rec->fork))
		rec->fork = (const void *)(part + 1);
	else if (part->nla_type == KIN_A_EVENT_EXIT &&
		 part->nla_len == sizeof(*part) + sizeof(*rec->exit))
		rec->exit = (const void *)(part + 1);
	else
		return false;
	rec->base = (const void *)(base + 1);
	return !rec->base->comm[KIN_COMM_LEN - 1];
}

static bool decode_event(struct kin_events *ev, const struct nlattr *nest,
			 struct kin_event_record *rec)
{
	if (decode_usual(nest, rec))
		return true;
	memset(rec, 0, sizeof(*rec));
	return decode_any(ev, nest, rec);
}

/* One attribute of a message: an event, a loss, or nothing we know. */
static int hand_attr(struct kin_events *ev, const struct nlattr *attr,
		     kin_event_fn *fn, void *arg)
{
	struct kin_event_record rec = { 0 };

	switch (attr->nla_type & NLA_TYPE_MASK) {
	case KIN_A_EVENT:
		if (!decode_event(ev, attr, &rec))
			return kin_malformed(ev->kin);
		return fn(&rec, arg);
	case KIN_A_LOST:
		if (mnl_attr_get_payload_len(attr) < sizeof(rec.lost))
			return kin_malformed(ev->kin);
		memcpy(&rec.lost, mnl_attr_get_payload(attr), sizeof(rec.lost));
		return fn(&rec, arg);
	default:
		return 0;
	}
}

static bool has_more(const struct kin_events *ev)
{
	return ev->attr < ev->attr_end || ev->at < ev->end;
}

/* Take the next message from what has come. */
static int next_message(struct kin_events *ev)
{
	const struct nlmsghdr *nlh = (const void *)ev->at;
	const struct genlmsghdr *genl;

	if (!kin_has_message(nlh, ev->end - ev->at)) {
		ev->at = ev->end;
		return kin_malformed(ev->kin);
	}
	ev->at += MNL_ALIGN(nlh->nlmsg_len);
	if (nlh->nlmsg_type != ev->kin->family ||
	    mnl_nlmsg_get_payload_len(nlh) < GENL_HDRLEN)
		return 0;
	genl = mnl_nlmsg_get_payload(nlh);
	if (genl->cmd == KIN_CMD_EVENTS_END_NTF)
		ev->ending = true;
	else if (genl->cmd != KIN_CMD_EVENTS_NTF)
		return 0;
	ev->attr = (const char *)genl + GENL_HDRLEN;
	ev->attr_end = (const char *)nlh + nlh->nlmsg_len;
	return 0;
}

static int next_attr(struct kin_events *ev, kin_event_fn *fn, void *arg)
{
	const struct nlattr *attr = (const void *)ev->attr;

	if (!kin_attr_fits(attr, ev->attr_end)) {
		ev->attr = ev->attr_end;
		return kin_malformed(ev->kin);
	}
	ev->attr += MNL_ALIGN(attr->nla_len);
	return hand_attr(ev, attr, fn, arg);
}

static int hand_over(struct kin_events *ev, kin_event_fn *fn, void *arg)
{
	int err = 0;

	while (!err && has_more(ev)) {
		if (ev->attr < ev->attr_end)
			err = next_attr(ev, fn, arg);
		else
			err = next_message(ev);
	}
	return err;
}

/* ---- read ---- */

static int ended(struct kin_events *ev)
{
	return kin_fail(ev->kin, -ENODEV,
			"the kernel module kin was unloaded");
}

/* The next datagram: 1, 0 if there is none now, or -errno. */
static int receive(struct kin_events *ev, int flags)
{
	int len;

	do {
		len = kin_receive(ev->kin, ev->ending ? MSG_DONTWAIT : flags);
		/* The last word where there was no room for a message. */
		if (len == -ENODEV)
			ev->ending = true;
	} while (len == -ENODEV || len == -ENOBUFS);
	if (len == -EAGAIN)
		return 0;
	if (len < 0)
		return len;
	ev->at = ev->kin->rx;
	ev->end = ev->kin->rx + len;
	return 1;
}

/* Wait in recvmsg() itself if there is no end to it: one system call. */
static int wait_for(struct kin_events *ev, int timeout_ms)
{
	struct pollfd fd = { .fd = kin_events_fd(ev), .events = POLLIN };
	int ready;

	if (timeout_ms < 0)
		return receive(ev, 0);
	ready = poll(&fd, 1, timeout_ms);
	if (ready < 0)
		return kin_fail(ev->kin, -errno, strerror(errno));
	return ready ? receive(ev, MSG_DONTWAIT) : 0;
}

int kin_events_read(struct kin_events *ev, int timeout_ms, kin_event_fn *fn,
		    void *arg)
{
	int err = has_more(ev);

	if (!err)
		err = ev->ending ? receive(ev, MSG_DONTWAIT) :
				   wait_for(ev, timeout_ms);
	if (!err && ev->ending)
		return ended(ev);
	if (err <= 0)
		return err;
	err = hand_over(ev, fn, arg);
	return err ? err : 1;
}
