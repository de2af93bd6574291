// SPDX-License-Identifier: GPL-2.0-or-later
/* Events that come between the answers: are they what the header says? */
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "kin.h"
#include "requestanswer.h"

/* What an event has besides its base, by its kind. */
static const struct part {
	uint16_t type, size;
} parts[KIN_EVENT_KIND_COUNT] = {
	{ KIN_A_EVENT_FORK, sizeof(struct kin_event_fork) },
	{ KIN_A_EVENT_EXEC, sizeof(struct kin_event_exec) },
	{ KIN_A_EVENT_EXIT, sizeof(struct kin_event_exit) },
	{ KIN_A_EVENT_COMM, sizeof(struct kin_event_comm) },
	{ KIN_A_EVENT_OOM, sizeof(struct kin_event_oom) },
};

#define ALL_FLAGS (KIN_EVENT_THREAD | KIN_EVENT_KTHREAD | KIN_EVENT_OOM_VICTIM)

/* A subscription that was not refused, and was not ended. What has not been read,
 * or was not written down, may be anything. */
static bool may_have_events(const struct answers *answers, unsigned int socket)
{
	bool may = answers->lost || answers->n == MAX_EXPECTED;

	for (unsigned int i = 0; i < answers->n; i++) {
		const struct expected *it = &answers->list[i];

		if (it->socket != socket || !it->ours || it->error)
			continue;
		if (it->found.cmd == KIN_CMD_EVENTS_SUBSCRIBE)
			may = true;
		if (it->found.cmd == KIN_CMD_EVENTS_UNSUBSCRIBE && it->ends)
			may = answers->lost;
	}
	return may;
}

static const char *check_base(const struct kin_event *base)
{
	if (!base->kind || base->kind & ~KIN_EVENT_KINDS || base->kind & (base->kind - 1))
		return "a kind that is none";
	if (base->flags & ~ALL_FLAGS)
		return "flags that are none";
	if (!base->pid)
		return "nobody";
	if (base->boottime_ns < base->start_boottime_ns &&
	    base->kind != KIN_EVENT_KIND_FORK)
		return "something before its birth";
	return memchr(base->comm, 0, sizeof(base->comm)) ? NULL : "a name without end";
}

/* An attribute behind the base. */
static const char *check_part(const struct nlattr *attr, uint32_t kind)
{
	const struct part *part = &parts[__builtin_ctz(kind)];
	const uint16_t len = mnl_attr_get_payload_len(attr);
	const char *text = mnl_attr_get_payload(attr);

	if (part->type && mnl_attr_get_type(attr) == part->type)
		return len == part->size ? NULL : "a part of another size";
	if (kind == KIN_EVENT_KIND_EXEC &&
	    mnl_attr_get_type(attr) == KIN_A_EVENT_FILENAME)
		return len && strnlen(text, len) == len - 1u ? NULL : "a file name without end";
	return "a part that it should not have";
}

static const char *check_event(const struct nlattr *nest, struct kin_event *base)
{
	const struct nlattr *attr = mnl_attr_get_payload(nest);
	const char *wrong = NULL;
	unsigned int n = 0;

	if (mnl_attr_get_payload_len(nest) < sizeof(*attr) + sizeof(*base) ||
	    mnl_attr_get_type(attr) != KIN_A_EVENT_BASE ||
	    mnl_attr_get_payload_len(attr) != sizeof(*base))
		return "no base";
	memcpy(base, mnl_attr_get_payload(attr), sizeof(*base));
	wrong = check_base(base);
	mnl_attr_for_each_nested (attr, nest)
		if (!wrong && n++)
			wrong = check_part(attr, base->kind);
	if (!wrong && n != 1u + (parts[__builtin_ctz(base->kind)].type != 0) +
				(base->kind == KIN_EVENT_KIND_EXEC))
		wrong = "parts that are missing";
	return wrong;
}

/* Where nothing was missed, numbers have no gap; a new subscription has new ones. */
static const char *check_number(struct heard *heard, uint64_t seq)
{
	const bool good = !heard->any || seq == heard->seq + 1 || seq == 1;

	heard->any = true;
	heard->seq = seq;
	return good ? NULL : "a gap that was not told";
}

static const char *take_attribute(struct heard *heard, const struct nlattr *attr)
{
	const uint16_t len = mnl_attr_get_payload_len(attr);
	struct kin_event base;
	const char *wrong;
	uint64_t lost;

	switch (mnl_attr_get_type(attr)) {
	case KIN_A_EVENT:
		__atomic_fetch_add(&shared->tally.events, 1, __ATOMIC_RELAXED);
		wrong = check_event(attr, &base);
		return wrong ? wrong : check_number(heard, base.seq);
	case KIN_A_LOST:
		memcpy(&lost, mnl_attr_get_payload(attr), sizeof(lost));
		heard->seq += lost;
		return len == sizeof(lost) && lost ? NULL : "a loss of nothing";
	case KIN_A_PAD:
		return len ? "padding with something in it" : NULL;
	default:
		return "an attribute that is none of events";
	}
}

void answers_take_events(struct answers *answers, unsigned int socket,
			 const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	const char *wrong = NULL;
	bool any = false;

	if (genl->cmd != KIN_CMD_EVENTS_NTF)
		wrong = "another message";
	if (!may_have_events(answers, socket))
		wrong = "no subscription";
	mnl_attr_for_each (attr, nlh, GENL_HDRLEN) {
		any = true;
		if (!wrong)
			wrong = take_attribute(&answers->heard[socket], attr);
	}
	if (wrong || !any)
		run_wrong("events: %s", wrong ? wrong : "none in a message");
}
