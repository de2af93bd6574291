/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A socket pair stands for netlink: what the "kernel" says is written before it
 * is asked, with the sequence number that the next request will have: 8 is the
 * first.
 */
#ifndef TEST_KERNEL_H
#define TEST_KERNEL_H

#include <sys/socket.h>
#include <sys/time.h>

#include "message.h"
#include "socket.h"

static char buf[2 * KIN_RECV_SIZE] __attribute__((aligned(8)));
static struct kin *kin;
static int kernel = -1;		/* its end of the pair */

static int kernel_start(void)
{
	/* A reader that waits for more than was said shall fail, not hang. */
	const struct timeval patience = { .tv_sec = 1 };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience,
		   sizeof(patience));
	kernel = pair[1];
	kin = calloc(1, sizeof(*kin));
	kin->nl = mnl_socket_fdopen(pair[0]);
	kin->family = FAMILY;
	kin->seq = 7;
	return !kin->nl;
}

static int kernel_stop(void **state)
{
	kin_close(kin);
	close(kernel);
	return 0;
}

static void say(const struct nlmsghdr *nlh)
{
	assert_int_equal(send(kernel, nlh, nlh->nlmsg_len, 0), nlh->nlmsg_len);
}

/* NLMSG_DONE with a result; a sentence about it, if there is one. */
static void say_done(uint32_t seq, int err, const char *msg)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_seq = seq;
	nlh->nlmsg_flags = NLM_F_MULTI | (msg ? NLM_F_ACK_TLVS : 0);
	*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = err;
	if (msg)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, msg);
	say(nlh);
}

/* NLMSG_ERROR; @quoted: bytes of the request that come back in it. */
static inline struct nlmsghdr *error(uint32_t seq, int err, size_t quoted)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlmsgerr *e;

	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_seq = seq;
	nlh->nlmsg_flags = quoted ? 0 : NLM_F_CAPPED;
	e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e) + quoted);
	e->error = err;
	e->msg.nlmsg_len = sizeof(e->msg) + quoted;
	return nlh;
}

#endif
