/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel made of bytes: what libkin receives is a list of datagrams, each
 * behind a header, that a fuzzer made up or a recorder wrote down.
 *
 * The library is not changed for it: libmnl's functions for sockets are defined
 * here instead, and recvmsg(2) and poll(2) are wrapped by the linker (replies.mk).
 */
#ifndef REPLY_KERNEL_H
#define REPLY_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* In recordings the family has this number, and each request this one. */
#define REPLY_FAMILY 0x21
#define REPLY_SEQ 1

/* Before each datagram, in host byte order. */
struct reply_header {
	uint16_t len;		/* bytes that follow; as many as there are */
	uint16_t how;		/* enum reply_how, anything else is REPLY_PLAIN */
};

enum reply_how {
	REPLY_PLAIN,
	REPLY_INTERRUPTED,	/* EINTR, then the datagram */
	REPLY_STRANGER,		/* not from the kernel, then what follows */
	REPLY_CUT,		/* longer than the buffer */
	REPLY_OVERRUN,		/* ENOBUFS */
};

/*
 * kernel_says - start a conversation
 * @data: the datagrams; must stay until the last request was answered
 * @open: answer the question for the family's number by itself, not from @data
 */
void kernel_says(const uint8_t *data, size_t size, int open);

/* kernel_next - the next datagram of a list and how it comes: shortens the list
 * to what follows it; 0: there is none */
int kernel_next(const uint8_t **data, size_t *size, struct reply_header *header,
		const uint8_t **datagram);

#endif
