// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From attributes to structs. What comes is checked, not trusted: a length that
 * leads outside its message is an error, whoever sent it.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>

#include "decode.h"

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

/* Private groups, and what became of groups. */
static void decode_private(struct kin *kin, const struct nlattr *attr,
			   struct kin_record *rec)
{
	switch (mnl_attr_get_type(attr)) {
	case KIN_A_TASK_FILES:
		rec->files = kin_widen(attr, &kin->files, sizeof(kin->files));
		break;
	case KIN_A_TASK_IO:
		rec->io = kin_widen(attr, &kin->io, sizeof(kin->io));
		break;
	case KIN_A_TASK_EXE:
		kin_take_string(attr, &rec->exe);
		break;
	case KIN_A_TASK_CWD:
		kin_take_string(attr, &rec->cwd);
		break;
	case KIN_A_TASK_ROOT:
		kin_take_string(attr, &rec->root);
		break;
	case KIN_A_TASK_NS:
		rec->ns = kin_widen(attr, &kin->ns, sizeof(kin->ns));
		break;
	case KIN_A_TASK_DELAY:
		rec->delay = kin_widen(attr, &kin->delay, sizeof(kin->delay));
		break;
	case KIN_A_TASK_WAIT:
		rec->wait = kin_widen(attr, &kin->wait, sizeof(kin->wait));
		break;
	case KIN_A_TASK_STACK:
		kin_take_string(attr, &rec->stack);
		break;
	case KIN_A_TASK_DENIED:
		rec->denied = get_u32(attr);
		break;
	case KIN_A_TASK_DELETED:
		rec->deleted = get_u32(attr);
		break;
	}
}

/* What comes with few tasks or on request only. */
static void decode_rare(struct kin *kin, const struct nlattr *attr,
			struct kin_record *rec)
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
		kin_take_string(attr, &rec->cgroup_path);
		break;
	case KIN_A_TASK_LIMITS:
		rec->limits = mnl_attr_get_payload(attr);
		rec->n_limits = mnl_attr_get_payload_len(attr) /
				sizeof(*rec->limits);
		break;
	case KIN_A_TASK_BUSY:
		rec->busy = get_u32(attr);
		break;
	case KIN_A_TASK_CUT:
		rec->cut = get_u32(attr);
		break;
	default:
		decode_private(kin, attr, rec);
	}
}

/*
 * The shape of a record that is nothing but base, sched and mem, each as long
 * as ours: where they start, counted from the nest; 0: not there. Nearly all
 * records of a dump have the shape of the one before, and what is done for each
 * of them is the client's cost.
 */
struct shape {
	uint32_t header;	/* of the nest */
	uint32_t size;		/* bytes, the nest's header included */
	uint32_t sched;
	uint32_t mem;
};

/* Fits nothing: no message is as long. */
static const struct shape no_shape = { .size = INT32_MAX };

static inline bool has_shape(const char *nest, const struct shape *shape)
{
	return kin_header_at(nest) == shape->header &&
	       kin_header_at(nest + MNL_ATTR_HDRLEN) ==
		       kin_header_of(KIN_A_TASK_BASE, sizeof(struct kin_base)) &&
	       (!shape->sched ||
		kin_header_at(nest + shape->sched) ==
			kin_header_of(KIN_A_TASK_SCHED, sizeof(struct kin_sched))) &&
	       (!shape->mem ||
		kin_header_at(nest + shape->mem) ==
			kin_header_of(KIN_A_TASK_MEM, sizeof(struct kin_mem)));
}

/* After has_shape(): all is inside the nest, since the lengths add up to it. */
static inline void decode_shape(const char *nest, const struct shape *shape,
				struct kin_record *rec)
{
	rec->base = (const void *)(nest + 2 * MNL_ATTR_HDRLEN);
	if (shape->sched)
		rec->sched =
			(const void *)(nest + shape->sched + MNL_ATTR_HDRLEN);
	if (shape->mem)
		rec->mem = (const void *)(nest + shape->mem + MNL_ATTR_HDRLEN);
}

/* The shape of records of this length, should they have one. */
static void guess_shape(struct shape *shape, const struct nlattr *nest)
{
	const uint32_t base = MNL_ATTR_HDRLEN + sizeof(struct kin_base);
	const uint32_t sched = MNL_ATTR_HDRLEN + sizeof(struct kin_sched);
	const uint32_t mem = MNL_ATTR_HDRLEN + sizeof(struct kin_mem);
	const uint32_t rest = nest->nla_len - MNL_ATTR_HDRLEN;
	const uint32_t at = MNL_ATTR_HDRLEN + base;

	*shape = no_shape;
	if (rest == base + sched || rest == base + sched + mem)
		shape->sched = at;
	if (rest == base + mem)
		shape->mem = at;
	if (rest == base + sched + mem)
		shape->mem = at + sched;
	if (rest == base || shape->sched || shape->mem) {
		shape->header = kin_header_at((const char *)nest);
		shape->size = nest->nla_len;
	}
}

/* Returns false if there is no base, or an attribute that does not end where its
 * neighbour starts. */
static bool decode_any(struct kin *kin, const struct nlattr *attr,
		       const char *end, struct kin_record *rec)
{
	for (; mnl_attr_ok(attr, end - (const char *)attr);
	     attr = mnl_attr_next(attr)) {
		switch (mnl_attr_get_type(attr)) {
		case KIN_A_TASK_BASE:
			rec->base = kin_widen(attr, &kin->base, sizeof(kin->base));
			break;
		case KIN_A_TASK_SCHED:
			rec->sched =
				kin_widen(attr, &kin->sched, sizeof(kin->sched));
			break;
		case KIN_A_TASK_MEM:
			rec->mem = kin_widen(attr, &kin->mem, sizeof(kin->mem));
			break;
		default:
			decode_rare(kin, attr, rec);
		}
	}
	return rec->base && (const char *)attr >= end;
}

/* All tasks of a message; a kin_message_fn, arg: a struct kin_decode. */
int kin_decode_tasks(struct kin *kin, const struct nlmsghdr *nlh, void *arg)
{
	static const struct kin_record none = { .cgroup_id = KIN_NONE64 };
	const struct kin_decode *to = arg;
	const char *end = (const char *)nlh + nlh->nlmsg_len;
	const char *at = (const char *)nlh + MNL_NLMSG_HDRLEN + GENL_HDRLEN;
	struct shape shape = no_shape;
	struct kin_record rec = none;
	int err = 0;

	while (!err && end - at >= (ptrdiff_t)sizeof(struct nlattr)) {
		const struct nlattr *nest = (const void *)at;

		if (end - at >= (ptrdiff_t)shape.size && has_shape(at, &shape)) {
			decode_shape(at, &shape, &rec);
			err = to->fn(&rec, to->arg);
			at += shape.size;
			continue;
		}
		if (!kin_attr_fits(nest, end))
			return kin_malformed(kin);
		rec = none;
		guess_shape(&shape, nest);
		if ((nest->nla_type & NLA_TYPE_MASK) == KIN_A_TASK) {
			if (!decode_any(kin, nest + 1, at + nest->nla_len,
					&rec))
				return kin_malformed(kin);
			err = to->fn(&rec, to->arg);
			rec = none;
		} else {
			shape = no_shape;
		}
		at += MNL_ALIGN(nest->nla_len);
	}
	return err;
}

/*
 * The struct in the first attribute of a type; what the kernel does not have of
 * it is unknown. Returns 0, or -EBADMSG if there is none.
 */
int kin_decode_struct(struct kin *kin, const struct nlmsghdr *nlh,
		      uint16_t type, void *to, size_t size)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == type) {
			kin_fill(to, attr, size);
			return 0;
		}
	}
	return kin_malformed(kin);
}
