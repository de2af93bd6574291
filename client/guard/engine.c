// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine: when to look, and with whose eyes; what follows is the judge's
 * (judge.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engineself.h"
#include "eventcolumn.h"
#include "name.h"

#define NS_PER_MS	1000000ull
#define NS_PER_S	1000000000ull

/* Without an interval that somebody has set: as often as costs a hundredth of a CPU. */
#define INTERVAL_MIN_NS	NS_PER_S
#define INTERVAL_MAX_NS	(10 * NS_PER_S)
#define COST_SHARE	100

/* A break of more intervals than these is no "all the time". */
#define GAP_INTERVALS	5

/* An alert that is due between two samples may have one more, but not many. */
#define EARLY_SHARE	4

/* So many messages before others have their turn. */
#define READS		256

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void tick(struct engine *engine)
{
	engine->judge.now_ns = clock_ns(CLOCK_BOOTTIME);
}

const char *engine_error(const struct engine *engine)
{
	return engine->error;
}

/* ---- the mirror's news ---- */

static void on_event(const struct kin_event_record *rec, void *arg)
{
	struct engine *engine = arg;

	if (rec->base && kin_event_index(rec->base->kind) < KIN_EVENT_KIND_COUNT)
		engine->stats.events_by_kind[kin_event_index(rec->base->kind)]++;
	judge_event(&engine->judge, rec);
	if (engine->options.event)
		engine->options.event(rec, engine->event_arg);
}

static void on_gone(const struct kin_node *node, void *arg)
{
	struct engine *engine = arg;

	judge_gone(&engine->judge, node);
}

static const struct kin_node *find(uint32_t pid, void *arg)
{
	const struct engine *engine = arg;

	return kin_mirror_find(engine->mirror, pid, KIN_KIND_PROCESS);
}

static int fetch(uint32_t pid, uint32_t groups, struct kin_snapshot *snap, void *arg)
{
	struct engine *engine = arg;

	return kin_get(engine->kin, pid, KIN_KIND_PROCESS, groups, kin_snapshot_add, snap);
}

void engine_set_event(struct engine *engine,
		      void (*event)(const struct kin_event_record *rec, void *arg),
		      void *arg)
{
	engine->options.event = event;
	engine->event_arg = arg;
}

/* ---- connections ---- */

static int fail(struct engine *engine, int err, const char *sentence)
{
	snprintf(engine->error, sizeof(engine->error), "%s", sentence);
	return err;
}

static int fail_connect(struct engine *engine, int err, const char *sentence)
{
	if (err != -EPERM)
		return fail(engine, err, sentence);
	snprintf(engine->error, sizeof(engine->error),
		 "%s: watching takes the capability CAP_SYS_PTRACE (start it as root)",
		 sentence);
	return err;
}

static uint32_t groups_for(const struct engine *engine, const struct rules *rules)
{
	return (rules_needs(rules) | engine->options.groups) & KIN_MIRROR_GROUPS;
}

static int open_mirror(struct engine *engine, struct kin_mirror **mp, uint32_t groups)
{
	const struct kin_mirror_options options = {
		.groups = groups,
		.gone = on_gone,
		.event = on_event,
		.arg = engine,
	};

	return kin_mirror_open(mp, &options);
}

/* Stacks take more than CAP_SYS_PTRACE, and no rule is wrong without them. */
static int try_mirror(struct engine *engine, struct kin_mirror **mp, uint32_t *groups)
{
	int err = open_mirror(engine, mp, *groups);

	if (err != -EPERM || !(*groups & KIN_GROUP_STACK))
		return err;
	kin_mirror_close(*mp);
	*groups &= ~KIN_GROUP_STACK;
	return open_mirror(engine, mp, *groups);
}

static int learn_exe(const struct kin_record *rec, void *arg)
{
	struct engine *engine = arg;
	const struct kin_node *node = find(rec->base->pid, engine);
	struct row *row;

	if (!rec->exe || !node ||
	    node->task.base.start_boottime_ns != rec->base->start_boottime_ns)
		return 0;
	row = rows_get(&engine->judge, node);
	if (row && !row->exe)
		row_set_exe(row, rec->exe);
	return 0;
}

/* What those execute that are there already no event tells any more. */
static void learn_all_exe(struct engine *engine)
{
	const struct kin_query query = { .groups = KIN_GROUP_EXE };

	if (engine->judge.wants_exe && !(engine->judge.groups & KIN_GROUP_EXE))
		kin_dump(engine->kin, &query, learn_exe, engine);
}

/* Both are there now; the old ones go, what is remembered goes over. */
static void move_to(struct engine *engine, struct kin_mirror *mirror, struct kin *kin,
		    uint32_t groups)
{
	struct kin_mirror_stats stats;

	if (engine->mirror) {
		kin_mirror_stats(engine->mirror, &stats);
		engine->stats.events += stats.events;
		engine->stats.lost += stats.lost;
		engine->stats.heals += stats.heals;
	}
	rows_orphan(&engine->judge);
	kin_mirror_close(engine->mirror);
	kin_close(engine->kin);
	engine->mirror = mirror;
	engine->kin = kin;
	engine->judge.groups = groups;
	engine->judge.host.pid_max = kin_pid_max();
	memset(&engine->judge.host.now, 0xff, sizeof(engine->judge.host.now));
	tick(engine);
	rows_adopt(&engine->judge);
	learn_all_exe(engine);
	engine->next_ns = 0;
}

static int connect_both(struct engine *engine, uint32_t groups)
{
	struct kin_mirror *mirror;
	struct kin *kin;
	int err = kin_open(&kin);

	if (err) {
		fail_connect(engine, err, kin ? kin_error(kin) : "out of memory");
		kin_close(kin);
		return err;
	}
	err = try_mirror(engine, &mirror, &groups);
	if (err) {
		fail_connect(engine, err,
			     mirror ? kin_mirror_error(mirror) : "out of memory");
		kin_mirror_close(mirror);
		kin_close(kin);
		return err;
	}
	move_to(engine, mirror, kin, groups);
	return 0;
}

int engine_reopen(struct engine *engine)
{
	return connect_both(engine, groups_for(engine, engine->rules));
}

int engine_open(struct engine **enginep, const struct rules *rules,
		const struct engine_options *options)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	int err;

	*enginep = engine;
	if (!engine)
		return -ENOMEM;
	engine->options = *options;
	engine->event_arg = options->arg;
	engine->rules = rules;
	engine->judge.source = (struct judge_source){ find, fetch, engine };
	engine->judge.news = options->news;
	engine->judge.news_arg = options->arg;
	/* unlike those of any earlier run, and exact in JSON */
	engine->judge.next_id = clock_ns(CLOCK_REALTIME) / 1000;
	engine->judge.view.names = kin_names_new();
	err = judge_init(&engine->judge, rules);
	if (err || !engine->judge.view.names)
		return fail(engine, -ENOMEM, "out of memory");
	engine_set_interval(engine);
	return connect_both(engine, groups_for(engine, rules));
}

void engine_close(struct engine *engine)
{
	if (!engine)
		return;
	judge_free(&engine->judge);
	kin_mirror_close(engine->mirror);
	kin_close(engine->kin);
	kin_names_free(engine->judge.view.names);
	free(engine->nodes);
	free(engine);
}

int engine_set_rules(struct engine *engine, const struct rules *rules)
{
	const uint32_t groups = groups_for(engine, rules);
	int err = 0;

	tick(engine);
	if (groups & ~engine->judge.groups)
		err = connect_both(engine, groups);
	if (err)
		return err;
	if (judge_set_rules(&engine->judge, rules))
		return fail(engine, -ENOMEM, "out of memory");
	engine->rules = rules;
	engine_set_interval(engine);
	learn_all_exe(engine);
	engine->next_ns = 0;
	return 0;
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
		return fail(engine, err, kin_error(engine->kin));
	err = kin_view_now(view);
	view->names = names;
	view->mem_total_bytes = host->now.mem_total_bytes;
	return err ? fail(engine, err, "the clock cannot be read") : 0;
}

/* Names are looked up once for each sample at most: users come and go. */
static int sample(struct engine *engine)
{
	size_t n;
	int err = kin_mirror_sample(engine->mirror);

	if (err)
		return fail(engine, err, kin_mirror_error(engine->mirror));
	err = look_at_host(engine);
	if (err)
		return err;
	tick(engine);
	err = collect_nodes(engine, &n);
	if (!err)
		err = judge_sample(&engine->judge, engine->nodes, n);
	engine->last_ns = engine->judge.now_ns;
	engine->stats.samples++;
	return err ? fail(engine, err, "out of memory") : 0;
}

static int sample_and_plan(struct engine *engine)
{
	const uint64_t cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int err = sample(engine);

	note_cost(engine, clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns);
	set_next(engine);
	return err;
}

static int read_mirror(struct engine *engine)
{
	int got = 1;

	for (int i = 0; i < READS && got > 0; i++) {
		tick(engine);
		got = kin_mirror_read(engine->mirror, 0);
	}
	if (got < 0)
		return fail(engine, got, kin_mirror_error(engine->mirror));
	tick(engine);
	judge_events_end(&engine->judge);
	return 0;
}

static int turn(struct engine *engine, uint64_t due_ns)
{
	const uint64_t cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int err = read_mirror(engine);

	if (!err && engine->judge.now_ns >= due_ns)
		err = sample_and_plan(engine);
	engine->stats.cpu_ns += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns;
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
	const uint64_t now_ns = clock_ns(CLOCK_BOOTTIME);
	uint64_t ms = 0;

	if (engine->next_ns > now_ns)
		ms = (engine->next_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS;
	if (mirror_ms >= 0 && (uint64_t)mirror_ms < ms)
		return mirror_ms;
	return ms < INT32_MAX ? (int)ms : INT32_MAX;
}
