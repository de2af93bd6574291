/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests of each kind that there is, and some processes to ask for. */
#ifndef TRUTH_ASK_H
#define TRUTH_ASK_H

#include <sys/types.h>

#include "raw.h"

#define ASK_SLEEPERS 120 /* so that a dump of them takes several messages */

/* Before the request: anything, its socket has a subscription, nobody has one. */
enum ask_when { WHENEVER, SUBSCRIBED, QUIET };

struct ask {
	const char *name;
	uint8_t cmd;
	uint16_t flags;
	void (*put)(struct nlmsghdr *nlh); /* its attributes */
	int refused; /* the error of one that is no good request, or 0 */
	enum ask_when when;
};

extern const struct ask asks[]; /* ended by no name */
extern pid_t ask_sleepers[ASK_SLEEPERS];

/* Make the sleepers, before the first request, and end them. */
void ask_start(void);
void ask_end(void);

#endif /* TRUTH_ASK_H */
