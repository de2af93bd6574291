/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From attributes to structs. */
#ifndef KIN_DECODE_H
#define KIN_DECODE_H

#include <errno.h>
#include <string.h>

#include "socket.h"

/* Who gets the tasks of a message. */
struct kin_decode {
	kin_record_fn *fn;
	void *arg;
};

static inline int kin_malformed(struct kin *kin)
{
	return kin_fail(kin, -EBADMSG,
			"a message is not what the protocol says");
}

/* Structs only grow: a short one is an older one, its tail is unknown; of a
 * longer one we know the begin. */
static inline void kin_fill(void *to, const struct nlattr *attr, size_t size)
{
	const size_t len = mnl_attr_get_payload_len(attr);

	if (__builtin_expect(len >= size, 1)) {
		memcpy(to, mnl_attr_get_payload(attr), size);
	} else {
		memset(to, 0xff, size);
		memcpy(to, mnl_attr_get_payload(attr), len);
	}
}

/* The struct where it lies, if it is as long as ours; else a copy. */
static inline const void *kin_widen(const struct nlattr *attr, void *scratch,
				    size_t size)
{
	if (__builtin_expect(mnl_attr_get_payload_len(attr) >= size, 1))
		return mnl_attr_get_payload(attr);
	kin_fill(scratch, attr, size);
	return scratch;
}

/* An attribute's header: length and type, compared at once. */
static inline uint32_t kin_header_at(const void *at)
{
	uint32_t header;

	memcpy(&header, at, sizeof(header));
	return header;
}

/* The header that an attribute has if it is just as long as our struct. */
static inline uint32_t kin_header_of(uint16_t type, uint16_t size)
{
	const struct nlattr attr = {
		.nla_len = MNL_ATTR_HDRLEN + size, .nla_type = type,
	};

	return kin_header_at(&attr);
}

/* Does it lie before @end? */
static inline bool kin_attr_fits(const struct nlattr *attr, const char *end)
{
	const ptrdiff_t room = end - (const char *)attr;

	return room >= (ptrdiff_t)sizeof(*attr) &&
	       attr->nla_len >= sizeof(*attr) && attr->nla_len <= room;
}

static inline const struct nlattr *kin_attr_next(const struct nlattr *attr)
{
	return (const void *)((const char *)attr + MNL_ALIGN(attr->nla_len));
}

static inline bool kin_is_string(const struct nlattr *attr)
{
	const int len = attr->nla_len - MNL_ATTR_HDRLEN;
	const char *s = (const char *)(attr + 1);

	return len > 0 && !s[len - 1];
}

/* What does not end is passed over. */
static inline void kin_take_string(const struct nlattr *attr, const char **to)
{
	if (kin_is_string(attr))
		*to = (const char *)(attr + 1);
}

/* Who gets the tables of a dump, and the one that is being told of: a table may
 * go on in the next message. Zeroed but for fn and arg before the first. */
struct kin_fd_decode {
	kin_fd_fn *fn;
	void *arg;
	struct kin_fd_table table;	/* without CONTINUED and MORE */
	bool more;			/* it goes on */
};

int kin_decode_tasks(struct kin *kin, const struct nlmsghdr *nlh, void *arg);
int kin_decode_struct(struct kin *kin, const struct nlmsghdr *nlh,
		      uint16_t type, void *to, size_t size);
int kin_decode_fds(struct kin *kin, const struct nlmsghdr *nlh, void *arg);

#endif
