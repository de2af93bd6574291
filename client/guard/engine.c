// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine: when to look, and with whose eyes; what follows is the judge's
 * (judge.c).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "engineself.h"

#define NS_PER_MS	1000000ull
#define NS_PER_S	1000000000ull

/* Without an interval that somebody has set: as often as costs a hundredth of a CPU. */
#define INTERVAL_MIN_NS	NS_PER_S
#define INTERVAL_MAX_NS	(10 * NS_PER_S)
#define COST_SHARE	100
#define INTERVAL_LEAST_NS	(10 * NS_PER_MS)

/* A break of more intervals than these is no "all the time". */
#define GAP_INTERVALS	5

/* An alert that is due between two samples may have one more, but not many. */
#define EARLY_SHARE	4

/* So many messages before others have their turn. */
#define READS		256

void engine_tick(struct engine *engine)
{
	engine->judge.now_ns = kin_clock_ns(CLOCK_BOOTTIME);
}

const char *engine_error(const struct engine *engine)
{
	return engine->error;
}

int engine_fail(struct engine *engine, int err, const char *sentence)
{
	snprintf(engine->error, sizeof(engine->error), "%s", sentence);
	return err;
}

/* ---- when to look ---- */

void engine_set_interval(struct engine *engine)
{
	uint64_t ns = engine->options.interval_ns;

	if (!ns)
		ns = engine->rules->interval_ns;
	if (!ns) {
		ns = engine->sample_cpu_ns * COST_SHARE;
		if (ns < INTERVAL_MIN_NS)
			ns = INTERVAL_MIN_NS;
		if (ns > INTERVAL_MAX_NS)
			ns = INTERVAL_MAX_NS;
	}
	if (ns < INTERVAL_LEAST_NS)
		ns = INTERVAL_LEAST_NS;
	engine->interval_ns = ns;
	engine->judge.gap_ns = GAP_INTERVALS * ns;
}

/* What has waited for long enough at @due_ns is not told later than it must be. */
static void set_next(struct engine *engine)
{
	const uint64_t last_ns = engine->judge.now_ns;
	const uint64_t early_ns = last_ns + engine->interval_ns / EARLY_SHARE;
	uint64_t due_ns = judge_due_ns(&engine->judge);

	engine->next_ns = last_ns + engine->interval_ns;
	if (due_ns < early_ns)
		due_ns = early_ns;
	if (due_ns < engine->next_ns)
		engine->next_ns = due_ns;
}

static void note_cost(struct engine *engine, uint64_t cpu_ns)
{
	engine->sample_cpu_ns = engine->sample_cpu_ns ?
					(3 * engine->sample_cpu_ns + cpu_ns) / 4 : cpu_ns;
	engine_set_interval(engine);
}

/* ---- looking ---- */

static int collect_nodes(struct engine *engine, size_t *n)
{
	const struct kin_node *node = NULL, **nodes;
	struct kin_mirror_stats stats;

	kin_mirror_stats(engine->mirror, &stats);
	if (stats.processes > engine->nodes_room) {
		const size_t room = stats.processes + stats.processes / 4;

		nodes = reallocarray(engine->nodes, room, sizeof(*nodes));
		if (!nodes)
			return -ENOMEM;
		engine->nodes = nodes;
		engine->nodes_room = room;
	}
	*n = 0;
	while (*n < engine->nodes_room && (node = kin_mirror_next(engine->mirror, node)))
		engine->nodes[(*n)++] = node;
	return 0;
}

static int look_at_host(struct engine *engine)
{
	struct kin_view *view = &engine->judge.view;
	struct kin_host_row *host = &engine->judge.host;
	struct kin_names *names = view->names;
	int err;

	host->before = host->now;
	err = kin_host_get(engine->kin, &host->now);
	if (err)
		return engine_fail(engine, err, kin_error(engine->kin));
	/* an administrator may have raised it because of an alert */
	host->pid_max = kin_pid_max();
	err = kin_view_now(view);
	view->names = names;
	view->mem_total_bytes = host->now.mem_total_bytes;
	return err ? engine_fail(engine, err, "the clock cannot be read") : 0;
}

/* Names are looked up once for each sample at most: users come and go. */
static int sample(struct engine *engine)
{
	size_t n;
	int err = kin_mirror_sample(engine->mirror);

	if (err)
		return engine_fail(engine, err, kin_mirror_error(engine->mirror));
	err = look_at_host(engine);
	if (err)
		return err;
	engine_tick(engine);
	err = collect_nodes(engine, &n);
	if (!err)
		err = judge_sample(&engine->judge, engine->nodes, n);
	engine->last_ns = engine->judge.now_ns;
	engine->stats.samples++;
	return err ? engine_fail(engine, err, "out of memory") : 0;
}

static int sample_and_plan(struct engine *engine)
{
	const uint64_t cpu_ns = kin_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int err = sample(engine);

	note_cost(engine, kin_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns);
	set_next(engine);
	return err;
}

/*
 * Each message of events is judged as of its last one: in a storm that leaves us no CPU
 * for seconds, many may wait, and none counts for less because it is read late.
 */
static int read_message(struct engine *engine)
{
	const uint64_t before_ns = engine->event_ns;
	int got;

	engine_tick(engine);
	got = kin_mirror_read(engine->mirror, 0);
	if (got > 0 && engine->event_ns != before_ns) {
		engine->judge.late_ns = engine->event_ns;
		judge_events_end(&engine->judge);
	}
	return got;
}

static int read_mirror(struct engine *engine)
{
	int got = 1;

	for (int i = 0; i < READS && got > 0; i++)
		got = read_message(engine);
	if (got < 0)
		return engine_fail(engine, got, kin_mirror_error(engine->mirror));
	if (!got)
		engine->judge.late_ns = 0;
	engine_tick(engine);
	return 0;
}

static int turn(struct engine *engine, uint64_t due_ns)
{
	const uint64_t cpu_ns = kin_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int err = read_mirror(engine);

	if (!err && engine->judge.now_ns >= due_ns)
		err = sample_and_plan(engine);
	engine->stats.cpu_ns += kin_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns;
	return err;
}

int engine_turn(struct engine *engine)
{
	return turn(engine, engine->next_ns);
}

int engine_sample(struct engine *engine, uint64_t age_ns)
{
	return turn(engine, engine->last_ns ? engine->last_ns + age_ns : 0);
}

int engine_fd(const struct engine *engine)
{
	return kin_mirror_fd(engine->mirror);
}

int engine_timeout_ms(const struct engine *engine)
{
	const int mirror_ms = kin_mirror_timeout(engine->mirror);
	const uint64_t now_ns = kin_clock_ns(CLOCK_BOOTTIME);
	uint64_t ms = 0;

	if (engine->next_ns > now_ns)
		ms = (engine->next_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS;
	if (mirror_ms >= 0 && (uint64_t)mirror_ms < ms)
		return mirror_ms;
	return ms < INT32_MAX ? (int)ms : INT32_MAX;
}
