// SPDX-License-Identifier: GPL-2.0-or-later
/* What others may see of an engine. */
#include "engineself.h"
#include "tracked.h"

const struct rules *engine_rules(const struct engine *engine)
{
	return engine->rules;
}

struct kin_mirror *engine_mirror(const struct engine *engine)
{
	return engine->mirror;
}

const struct kin_host_row *engine_host(const struct engine *engine)
{
	return &engine->judge.host;
}

const struct kin_view *engine_view(const struct engine *engine)
{
	return &engine->judge.view;
}

const char *engine_exe(const struct engine *engine, const struct kin_event_record *rec)
{
	return exe_of_event(&engine->judge, rec);
}

/* While it is told, an alert that is resolved is there still. */
const struct alert *engine_next_alert(const struct engine *engine,
				      const struct alert *alert)
{
	const struct tracked *tracked = (const struct tracked *)alert;

	tracked = tracked ? tracked->next : engine->judge.alerts;
	while (tracked && tracked->alert.state == ALERT_RESOLVED)
		tracked = tracked->next;
	return tracked ? &tracked->alert : NULL;
}

void engine_stats(const struct engine *engine, struct engine_stats *stats)
{
	const struct alert *alert = NULL;
	struct kin_mirror_stats mirror;

	kin_mirror_stats(engine->mirror, &mirror);
	*stats = engine->stats;
	stats->events += mirror.events;
	stats->lost += mirror.lost;
	stats->heals += mirror.heals;
	stats->evaluations = engine->judge.evaluations;
	stats->interval_ns = engine->interval_ns;
	while ((alert = engine_next_alert(engine, alert)))
		stats->alerts[alert->state]++;
	stats->alerts[ALERT_RESOLVED] = engine->judge.n_resolved;
	stats->history_bytes = judge_history_bytes(&engine->judge);
}
