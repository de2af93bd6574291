/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connection to the module: requests out, messages in. */
#ifndef KIN_SOCKET_H
#define KIN_SOCKET_H

#include <libmnl/libmnl.h>

#include "libkin.h"

struct kin {
	struct mnl_socket *nl;
	uint16_t family;		/* the number the kernel gave it */
	uint32_t seq;
	struct nlmsghdr *request;	/* the last one, for its attributes */
	size_t request_room;		/* bytes */
	/* copies of structs that came shorter than ours */
	struct kin_base base;
	struct kin_sched sched;
	struct kin_mem mem;
	struct kin_files files;
	struct kin_io io;
	struct kin_ns ns;
	struct kin_delay delay;
	struct kin_wait wait;
	struct kin_fd fd;
	struct kin_sock sock;
	/* for messages that answer no request; NULL: they are dropped */
	int (*stray)(const struct nlmsghdr *nlh, void *arg);
	void *stray_arg;
	char error[256];
	char rx[KIN_RECV_SIZE] __attribute__((aligned(8)));
};

/* Called for each message; returns as a kin_record_fn. */
typedef int kin_message_fn(struct kin *kin, const struct nlmsghdr *nlh,
			   void *arg);

struct nlmsghdr *kin_request_new(struct kin *kin, uint8_t cmd, uint16_t flags,
				 size_t room);
int kin_request_run(struct kin *kin, kin_message_fn *fn, void *arg);
void kin_put_scope(struct nlmsghdr *nlh, const struct kin_scope *scope);
size_t kin_scope_room(const struct kin_scope *scope);
int kin_receive(struct kin *kin, int flags);
bool kin_has_message(const struct nlmsghdr *nlh, int len);
int kin_fail(struct kin *kin, int err, const char *sentence);

#endif
