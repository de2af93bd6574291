// SPDX-License-Identifier: GPL-2.0-or-later
/* The engine's connections: begun, begun anew, ended; and what comes by them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "engineself.h"
#include "eventcolumn.h"
#include "name.h"

/* ---- the mirror's news ---- */

static void on_event(const struct kin_event_record *rec, void *arg)
{
	struct engine *engine = arg;

	if (rec->base && kin_event_index(rec->base->kind) < KIN_EVENT_KIND_COUNT)
		engine->stats.events_by_kind[kin_event_index(rec->base->kind)]++;
	if (rec->base)
		engine->event_ns = rec->base->boottime_ns;
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

	int err = kin_get(engine->kin, pid, KIN_KIND_PROCESS, groups, kin_snapshot_add, snap);

	/* it takes more than the others, which are not to be missed for it */
	if (err == -EPERM && (groups & KIN_GROUP_STACK))
		err = kin_get(engine->kin, pid, KIN_KIND_PROCESS, groups & ~KIN_GROUP_STACK,
			      kin_snapshot_add, snap);
	return err;
}

void engine_set_event(struct engine *engine,
		      void (*event)(const struct kin_event_record *rec, void *arg),
		      void *arg)
{
	engine->options.event = event;
	engine->event_arg = arg;
}

/* ---- connections ---- */

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
	engine_tick(engine);
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
		engine_fail(engine, err, kin ? kin_error(kin) : "out of memory");
		kin_close(kin);
		return err;
	}
	err = try_mirror(engine, &mirror, &groups);
	if (err) {
		engine_fail(engine, err,
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
	engine->judge.fresh_texts = options->fresh_texts;
	engine->judge.news = options->news;
	engine->judge.news_arg = options->arg;
	/* unlike those of any earlier run, and exact in JSON */
	engine->judge.next_id = kin_clock_ns(CLOCK_REALTIME) / 1000;
	engine->judge.view.names = kin_names_new();
	engine_tick(engine);
	err = judge_init(&engine->judge, rules);
	if (err || !engine->judge.view.names)
		return engine_fail(engine, -ENOMEM, "out of memory");
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

	engine_tick(engine);
	if (groups & ~engine->judge.groups)
		err = connect_both(engine, groups);
	if (err)
		return err;
	if (judge_set_rules(&engine->judge, rules))
		return engine_fail(engine, -ENOMEM, "out of memory");
	engine->rules = rules;
	engine_set_interval(engine);
	learn_all_exe(engine);
	engine->next_ns = 0;
	return 0;
}
