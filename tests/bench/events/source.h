/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where events come from. All functions run in a reader's process, and end it with
 * a message if something fails. A signal interrupts what waits.
 */
#ifndef BENCH_SOURCE_H
#define BENCH_SOURCE_H

#include "tally.h"

struct source {
	/* What is done once, if anything. */
	void (*prepare)(struct tally *tally);
	/* From now on events come; or no more. */
	void (*on)(struct tally *tally);
	void (*off)(struct tally *tally);
	/* Waits for events, and looks at each field of those that come. */
	void (*read)(struct tally *tally);
};

extern const struct source kin_source, connector_source, ringbuf_source,
	ringbuf_batched_source;

#endif /* BENCH_SOURCE_H */
