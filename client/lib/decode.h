/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From attributes to structs. */
#ifndef KIN_DECODE_H
#define KIN_DECODE_H

#include "socket.h"

/* Who gets the tasks of a message. */
struct kin_decode {
	kin_record_fn *fn;
	void *arg;
};

int kin_decode_tasks(struct kin *kin, const struct nlmsghdr *nlh, void *arg);
int kin_decode_struct(struct kin *kin, const struct nlmsghdr *nlh,
		      uint16_t type, void *to, size_t size);

#endif
