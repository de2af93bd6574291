/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is told of which alert: the sinks of all receivers of a set of rules. */
#ifndef GUARD_DELIVERY_H
#define GUARD_DELIVERY_H

#include "engine.h"
#include "sink.h"

struct delivery {
	const struct rules *rules;
	struct sink **sinks;		/* in the order of rules->receivers; NULL: left out */
	const struct alert **firing;	/* room for sink_tick() */
	size_t firing_room;
};

/* delivery_open - open a sink for each receiver. Returns a status; what is wrong is
 * told. Closed if it fails. */
int delivery_open(struct delivery *delivery, const struct rules *rules,
		  const struct sink_options *options);

/* delivery_try - whether they could be set up, all of them; a status, the message is
 * out. Queues on disk are left alone. */
int delivery_try(const struct rules *rules, const struct sink_options *options);

/*
 * delivery_change - other rules from now on
 * @wait_ms: for those that go
 *
 * A receiver that is as it was keeps its sink, with all that waits there. One that
 * cannot be opened after all is told of, and left out until the next change.
 */
void delivery_change(struct delivery *delivery, const struct rules *rules,
		     const struct sink_options *options, int wait_ms);

/* delivery_close - what is on its way is given @wait_ms to arrive, all together */
void delivery_close(struct delivery *delivery, int wait_ms);

/* delivery_tell - to those on its rule's list; if it has none, to those who take what
 * names nobody */
void delivery_tell(struct delivery *delivery, const struct alert *alert,
		   const struct rule *rule, enum alert_news news);

/* delivery_tick - at each turn of the main loop */
void delivery_tick(struct delivery *delivery, const struct engine *engine);

#endif /* GUARD_DELIVERY_H */
