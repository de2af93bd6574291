/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A subscriber in a process of its own, which can be stopped. It only counts.
 */
#ifndef EVENTS_REMOTE_H
#define EVENTS_REMOTE_H

#include <sys/types.h>

#include "reader.h"

/* Lies in memory that both processes share. */
struct remote {
	struct reader r;
	pid_t pid;
	bool subscribed;
	struct mark mark; /* the one that is waited for; */
	bool reached; /* it has come, and what had come by then is in r */
};

/* Memory for @n of them. */
struct remote *remotes_make(size_t n);

/* Start one with the filter and name of its reader; returns when it has
 * subscribed. */
void remote_start(struct remote *remote);

void remote_stop(struct remote *remote);
void remote_continue(struct remote *remote);

/* Wait until it has read up to there. */
void remote_until(struct remote *remote, const struct mark *mark);

void remote_end(struct remote *remote);

#endif /* EVENTS_REMOTE_H */
