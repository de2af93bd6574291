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

/* Structs only grow: a short one is an older one, its tail is unknown. */
static inline const void *kin_widen(const struct nlattr *attr, void *scratch,
				    size_t size)
{
	const size_t len = mnl_attr_get_payload_len(attr);

	if (__builtin_expect(len >= size, 1))
		return mnl_attr_get_payload(attr);
	memset(scratch, 0xff, size);
	memcpy(scratch, mnl_attr_get_payload(attr), len);
	return scratch;
}

static inline bool kin_is_string(const struct nlattr *attr)
{
	const uint16_t len = mnl_attr_get_payload_len(attr);
	const char *s = mnl_attr_get_payload(attr);

	return len && !s[len - 1];
}

int kin_decode_tasks(struct kin *kin, const struct nlmsghdr *nlh, void *arg);
int kin_decode_struct(struct kin *kin, const struct nlmsghdr *nlh,
		      uint16_t type, void *to, size_t size);

#endif
