// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "../../workload/task.h"
#include "../truth/tap.h"
#include "story.h"

#define NUMBERS (1 << 22) /* more than there are pids */

/* Who has the same number lived one after another: births are in order. */
static void sort_by_number(struct story *st)
{
	uint32_t *by_birth = calloc(LOG_LIVES + 1, sizeof(*by_birth));
	uint32_t key, pid;

	if (!by_birth)
		tap_bail("out of memory");
	for (key = 1; key < task_log->lives; key++)
		by_birth[LIFE(key)->born] = key;
	for (uint32_t i = LOG_LIVES; i; i--) {
		key = by_birth[i];
		if (!key)
			continue;
		pid = LIFE(key)->pid;
		st->later[key] = st->first[pid];
		st->first[pid] = key;
	}
	free(by_birth);
}

void story_start(struct story *st, uint64_t cgroup)
{
	memset(st, 0, sizeof(*st));
	st->cgroup = cgroup;
	st->now = calloc(NUMBERS, sizeof(*st->now));
	st->first = calloc(NUMBERS, sizeof(*st->first));
	if (!st->now || !st->first)
		tap_bail("out of memory");
	sort_by_number(st);
}

void story_end(struct story *st)
{
	free(st->now);
	free(st->first);
}

uint32_t story_born(struct story *st, uint32_t pid)
{
	const uint32_t key = st->first[pid];

	if (key) {
		st->first[pid] = st->later[key];
		st->now[pid] = key;
	}
	return key;
}

uint32_t story_living(const struct story *st, uint32_t pid)
{
	const uint32_t key = st->now[pid];

	return st->part[key].ended ? 0 : key;
}
