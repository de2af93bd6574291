/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The exporter: what the engine knows, for Prometheus, over HTTP. It reads the numbers
 * when it is asked, and never waits for who asks.
 */
#ifndef GUARD_EXPORTER_H
#define GUARD_EXPORTER_H

#include "delivery.h"
#include "engine.h"

#define EXPORTER_LISTEN "127.0.0.1:9947"
#define EXPORTER_TOP 20

/* What the engine must sample for it: engine_options.groups. */
#define EXPORTER_GROUPS \
	(KIN_GROUP_SCHED | KIN_GROUP_MEM | KIN_GROUP_CGROUP | KIN_GROUP_FILES)

struct exporter;

/*
 * exporter_open - listen
 * @exporterp: receives the exporter, to be closed; NULL if it fails
 * @engine: the caller's; it is open, and stays so. From now on the exporter takes its
 *          events (engine_set_event()).
 * @listen: "127.0.0.1:9947", "[::1]:9947", ":9947" (all addresses)
 *
 * Returns a status, with a message.
 */
int exporter_open(struct exporter **exporterp, struct engine *engine, const char *listen);
void exporter_close(struct exporter *exporter); /* NULL is allowed */

/* exporter_set_top - groups with a seat of their own, before the first turn; a status */
int exporter_set_top(struct exporter *exporter, unsigned int top);

/* exporter_set_delivery - tell of its receivers, too; the caller's */
void exporter_set_delivery(struct exporter *exporter, const struct delivery *delivery);

/* exporter_url - where it really listens: "http://127.0.0.1:9947/metrics" */
const char *exporter_url(const struct exporter *exporter);

/* For poll(2): call exporter_turn() when it is readable, and at least once a second.
 * Not from within what the engine calls. */
int exporter_fd(const struct exporter *exporter);
void exporter_turn(struct exporter *exporter);

#endif /* GUARD_EXPORTER_H */
