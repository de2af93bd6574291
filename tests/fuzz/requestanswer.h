/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was asked, what came back, and whether that is as it must be. */
#ifndef FUZZ_REQUESTANSWER_H
#define FUZZ_REQUESTANSWER_H

#include <linux/netlink.h>

#include "request.h"

#define MAX_EXPECTED 256 /* messages of one program */

/* A message that was sent, as the kernel found it. */
struct expected {
	struct found found;
	uint8_t socket;
	bool ours; /* to the module's family */
	bool forgotten; /* its socket is closed, or has lost something */
	uint8_t ends, replies; /* errors and ends of dumps; messages of the family */
	int error; /* of the last of the former */
	bool sentence, in_done;
};

/* What the module must have counted. */
struct seen {
	uint64_t records, descriptors, dumps, gets, denied, rejected;
};

/* The events of a subscription. */
struct heard {
	uint64_t seq; /* of the last one */
	bool any;
};

struct answers {
	struct expected list[MAX_EXPECTED];
	struct heard heard[MAX_SOCKETS];
	unsigned int n;
	struct seen seen;
	bool lost; /* something that the module counted was not seen */
	bool news; /* a sentence that nobody had read before */
};

void answers_begin(struct answers *answers);

/* What was found in a datagram that was sent. */
void answers_expect(struct answers *answers, unsigned int socket,
		    uint16_t family, const struct found *found, size_t n);

/* A datagram that was received. */
void answers_take(struct answers *answers, unsigned int socket, const char *buf,
		  int len);

/* Some of what belongs to this socket will not be seen. */
void answers_lose(struct answers *answers, unsigned int socket);

/* All has been read: is it right? Says what is not. */
void answers_judge(struct answers *answers);

/* ---- events (requestevent.c) ---- */

/* A message that nobody asked for just now: events, as a subscription on this
 * socket may have them? */
void answers_take_events(struct answers *answers, unsigned int socket,
			 const struct nlmsghdr *nlh);

#endif /* FUZZ_REQUESTANSWER_H */
