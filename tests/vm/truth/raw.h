/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests as bytes, for what the library would never send. */
#ifndef TRUTH_RAW_H
#define TRUTH_RAW_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "libkin.h"

#define RAW_MAX 262144

/* What came back: an error (or 0), its sentence, the attribute it is about. */
struct raw_answer {
	int error;
	char sentence[256];
	int offset; /* of the attribute in the request, or -1 */
	bool in_done; /* the error came in NLMSG_DONE */
	unsigned int messages, records;
	bool ended; /* an acknowledgement, an error, or the end of a dump */
};

/* A task, or (base is NULL) a table of descriptors. */
struct raw_record {
	const struct kin_base *base;
	const uint32_t *nspids;
	unsigned int n_nspids;
	uint32_t pid;
	unsigned int given; /* private groups; of a table: descriptors */
	bool denied; /* it is marked so */
};

typedef void raw_record_fn(const struct raw_record *rec, void *arg);

/* A socket that asks for sentences; -1 and errno if there is none. */
int raw_open(void);

/* The number of the family; 0 if the module is not loaded. */
uint16_t raw_family(void);

/* Of any family; 0 if there is none. */
uint16_t raw_family_of(const char *name);

/* Start a request in a buffer of RAW_MAX bytes. */
struct nlmsghdr *raw_request(void *buf, uint16_t family, uint8_t cmd,
			     uint16_t flags);

void raw_send(int fd, const struct nlmsghdr *nlh);

/* The same, to the kernel's address, as libraries do: of such a message the kernel's
 * netlink_capable() does not ask who opened the socket. */
void raw_send_addressed(int fd, const struct nlmsghdr *nlh);

/* Receive and take apart one datagram; adds to the answer. Returns its bytes,
 * or -1 and errno. */
ssize_t raw_receive(int fd, struct raw_answer *answer, raw_record_fn *fn,
		    void *arg);

/* Send, then receive to the end. */
void raw_ask(int fd, const struct nlmsghdr *nlh, struct raw_answer *answer);

#endif /* TRUTH_RAW_H */
