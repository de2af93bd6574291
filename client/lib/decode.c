// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From attributes to structs. What comes is checked, not trusted: a length that
 * leads outside its message is an error, whoever sent it.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>

#include "decode.h"

static int malformed(struct kin *kin)
{
	return kin_fail(kin, -EBADMSG,
			"a message is not what the protocol says");
}

/* Structs only grow: a short one is an older one, its tail is unknown. */
static const void *widen(const struct nlattr *attr, void *scratch, size_t size)
{
	const size_t len = mnl_attr_get_payload_len(attr);

	if (__builtin_expect(len >= size, 1))
		return mnl_attr_get_payload(attr);
	memset(scratch, 0xff, size);
	memcpy(scratch, mnl_attr_get_payload(attr), len);
	return scratch;
}

static bool is_string(const struct nlattr *attr)
{
	const uint16_t len = mnl_attr_get_payload_len(attr);
	const char *s = mnl_attr_get_payload(attr);

	return len && !s[len - 1];
}

static uint32_t get_u32(const struct nlattr *attr)
{
	uint32_t v = 0;

	if (mnl_attr_get_payload_len(attr) >= sizeof(v))
		memcpy(&v, mnl_attr_get_payload(attr), sizeof(v));
	return v;
}

static uint64_t get_u64(const struct nlattr *attr)
{
	uint64_t v = KIN_NONE64;

	if (mnl_attr_get_payload_len(attr) >= sizeof(v))
		memcpy(&v, mnl_attr_get_payload(attr), sizeof(v));
	return v;
}

/* What comes with few tasks or on request only. */
static void decode_rare(const struct nlattr *attr, struct kin_record *rec)
{
	switch (mnl_attr_get_type(attr)) {
	case KIN_A_TASK_NSPIDS:
		rec->nspids = mnl_attr_get_payload(attr);
		rec->n_nspids = mnl_attr_get_payload_len(attr) /
				sizeof(*rec->nspids);
		break;
	case KIN_A_TASK_CMDLINE:
		rec->cmdline = mnl_attr_get_payload(attr);
		rec->cmdline_len = mnl_attr_get_payload_len(attr);
		break;
	case KIN_A_TASK_CGROUP_ID:
		rec->cgroup_id = get_u64(attr);
		break;
	case KIN_A_TASK_CGROUP_PATH:
		if (is_string(attr))
			rec->cgroup_path = mnl_attr_get_payload(attr);
		break;
	case KIN_A_TASK_BUSY:
		rec->busy = get_u32(attr);
		break;
	case KIN_A_TASK_CUT:
		rec->cut = get_u32(attr);
		break;
	}
}

/* Returns false if an attribute does not end where its neighbour starts. */
static bool decode_task(struct kin *kin, const struct nlattr *nest,
			struct kin_record *rec)
{
	const char *end = (const char *)mnl_attr_get_payload(nest) +
			  mnl_attr_get_payload_len(nest);
	const struct nlattr *attr = mnl_attr_get_payload(nest);

	memset(rec, 0, sizeof(*rec));
	rec->cgroup_id = KIN_NONE64;
	for (; mnl_attr_ok(attr, end - (const char *)attr);
	     attr = mnl_attr_next(attr)) {
		switch (mnl_attr_get_type(attr)) {
		case KIN_A_TASK_BASE:
			rec->base = widen(attr, &kin->base, sizeof(kin->base));
			break;
		case KIN_A_TASK_SCHED:
			rec->sched =
				widen(attr, &kin->sched, sizeof(kin->sched));
			break;
		case KIN_A_TASK_MEM:
			rec->mem = widen(attr, &kin->mem, sizeof(kin->mem));
			break;
		default:
			decode_rare(attr, rec);
		}
	}
	return rec->base && (const char *)attr >= end;
}

/* All tasks of a message; a kin_message_fn, arg: a struct kin_decode. */
int kin_decode_tasks(struct kin *kin, const struct nlmsghdr *nlh, void *arg)
{
	const struct kin_decode *to = arg;
	const struct nlattr *attr;
	struct kin_record rec;
	int err;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != KIN_A_TASK)
			continue;
		if (!decode_task(kin, attr, &rec))
			return malformed(kin);
		err = to->fn(&rec, to->arg);
		if (err)
			return err;
	}
	return 0;
}

/*
 * The struct in the first attribute of a type; what the kernel does not have of
 * it is unknown. Returns 0, or -EBADMSG if there is none.
 */
int kin_decode_struct(struct kin *kin, const struct nlmsghdr *nlh,
		      uint16_t type, void *to, size_t size)
{
	const struct nlattr *attr;
	size_t len;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != type)
			continue;
		len = mnl_attr_get_payload_len(attr);
		memset(to, 0xff, size);
		memcpy(to, mnl_attr_get_payload(attr), len < size ? len : size);
		return 0;
	}
	return malformed(kin);
}
