// SPDX-License-Identifier: GPL-2.0-or-later
/* What meters keep of groups. */
#include "judge.h"

typedef void cell_fn(const struct judge *judge, const struct meter *meter,
		     union cell *cell, void *arg);

static void each_in(const struct judge *judge, const struct sight *sight,
		    struct group *group, cell_fn *fn, void *arg)
{
	for (size_t i = 0; i < sight->n; i++)
		if (sight->meters[i].of == METER_GROUP)
			fn(judge, &sight->meters[i],
			   &group->cells[sight->meters[i].index], arg);
}

static void each_cell(const struct judge *judge, const struct watched *watched,
		      struct group *group, cell_fn *fn, void *arg)
{
	each_in(judge, &watched->expr, group, fn, arg);
	each_in(judge, &watched->resolve, group, fn, arg);
}

static void clear_total(const struct judge *judge, const struct meter *meter,
			union cell *cell, void *arg)
{
	if (meter_is_set(meter))
		cell->total = 0;
}

void group_add(const struct judge *judge, const struct meter *meter,
	       struct group *group, double value)
{
	if (group->pass != judge->pass)
		each_cell(judge, meter->sight->watched, group, clear_total, NULL);
	group->pass = judge->pass;
	group->cells[meter->index].total += value;
}

static void look_for_events(const struct judge *judge, const struct meter *meter,
			    union cell *cell, void *arg)
{
	bool *some = arg;

	if (meter->slot->kind == KIN_SLOT_EVENTS)
		*some |= ticks_count(&cell->ticks, meter->slot->window_ns,
				     judge_events_now(judge));
}

void groups_sweep(const struct judge *judge, struct watched *watched)
{
	struct group *next = groups_next(&watched->groups, NULL), *group;

	while ((group = next)) {
		bool events = false;

		next = groups_next(&watched->groups, group);
		if (group->alert || group->pass == judge->pass)
			continue;
		each_cell(judge, watched, group, look_for_events, &events);
		if (!events)
			groups_drop(&watched->groups, group);
	}
}
