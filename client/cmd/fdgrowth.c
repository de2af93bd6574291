// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fdgrowth.h"

/* ---- samples ---- */

static bool is_same(const struct fdgrowth *growth, const struct fdtable *table)
{
	return growth->now.base.pid == table->base.pid &&
	       growth->now.base.start_boottime_ns ==
		       table->base.start_boottime_ns;
}

/* The place in the rings of the sample with this number, from 0. */
static size_t place(uint64_t sample)
{
	return sample % FDGROWTH_PAST;
}

/* How many descriptors a table has of the types that are watched. */
static uint64_t number_of(const struct fdgrowths *growths,
			  const struct fdtable *table)
{
	uint64_t n = 0;

	if (!fdtable_known(table) || (growths->types && !table->counted))
		return KIN_NONE64;
	if (!growths->types)
		return table->base.open;
	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++)
		if (growths->types >> type & 1)
			n += table->counts[type];
	return n;
}

static void begin(const struct fdgrowths *growths, struct fdgrowth *growth,
		  const struct fdtable *table)
{
	memset(growth, 0, sizeof(*growth));
	growth->now = *table;
	growth->number = number_of(growths, table);
	growth->first = growth->last = growth->number;
	growth->first_ns = growths->now_ns;
	memcpy(growth->first_counts, table->counts, sizeof(table->counts));
	memcpy(growth->last_counts, table->counts, sizeof(table->counts));
}

static void go_on(const struct fdgrowths *growths, struct fdgrowth *growth,
		  const struct fdtable *table)
{
	const uint64_t number = number_of(growths, table);

	growth->last = growth->number;
	memcpy(growth->last_counts, growth->now.counts,
	       sizeof(growth->last_counts));
	if (number == KIN_NONE64) {
		/* not to be read any more: it stays as it was, and does not grow */
		growth->now.base.flags = table->base.flags;
	} else {
		growth->now = *table;
		growth->number = number;
	}
	growth->streak = fdgrowth_last(growth) > 0 ? growth->streak + 1 : 0;
}

/* Both lists are in the order of pids. Of several starts of one pid, the former
 * has ended. */
static struct fdgrowth *find(struct fdgrowths *growths, size_t *at,
			     const struct fdtable *table)
{
	struct fdgrowth *before = growths->before;

	while (*at < growths->n_before &&
	       before[*at].now.base.pid < table->base.pid)
		++*at;
	if (*at < growths->n_before && is_same(&before[*at], table))
		return &before[*at];
	return NULL;
}

static void add(struct fdgrowths *growths, const struct fdtable *table,
		size_t *at)
{
	struct fdgrowth *growth = &growths->list[growths->n++];
	struct fdgrowth *before = find(growths, at, table);

	if (before)
		*growth = *before;
	if (before && growth->first != KIN_NONE64)
		go_on(growths, growth, table);
	else
		begin(growths, growth, table);
	if (before)
		before->stays = true;
	else
		growths->began += growths->samples > 0;
	growth->past[place(growths->samples)] = growth->number;
}

/* The list becomes the one before; the one before that is written over. */
static int turn(struct fdgrowths *growths, size_t n)
{
	struct fdgrowth *spare = growths->before;
	const size_t room = growths->room_before;

	growths->before = growths->list;
	growths->n_before = growths->n;
	growths->room_before = growths->room;
	growths->list = spare;
	growths->n = 0;
	growths->room = room;
	if (room >= n)
		return 0;
	spare = reallocarray(spare, n + n / 4, sizeof(*spare));
	if (!spare)
		return -ENOMEM;
	growths->list = spare;
	growths->room = n + n / 4;
	return 0;
}

static void count_ended(struct fdgrowths *growths)
{
	for (size_t i = 0; i < growths->n_before; i++)
		growths->ended += !growths->before[i].stays;
}

int fdgrowths_add(struct fdgrowths *growths, const struct fdsample *sample)
{
	const int err = turn(growths, sample->n);
	size_t at = 0;

	if (err)
		return err;
	if (!growths->samples)
		growths->first_ns = sample->boottime_ns;
	growths->last_ns = growths->now_ns;
	growths->now_ns = sample->boottime_ns;
	growths->denied = sample->n_denied;
	for (size_t i = 0; i < sample->n; i++)
		add(growths, &sample->tables[i], &at);
	count_ended(growths);
	growths->past_ns[place(growths->samples)] = sample->boottime_ns;
	growths->samples++;
	return 0;
}

void fdgrowths_free(struct fdgrowths *growths)
{
	free(growths->list);
	free(growths->before);
	memset(growths, 0, sizeof(*growths));
}

/* ---- what they come to ---- */

int64_t fdgrowth_last(const struct fdgrowth *growth)
{
	return growth->number - growth->last;
}

int64_t fdgrowth_all(const struct fdgrowth *growth)
{
	return growth->number - growth->first;
}

bool fdgrowth_is_steady(const struct fdgrowth *growth)
{
	return growth->streak >= FDGROWTH_STEADY;
}

uint64_t fdgrowth_limit_ns(const struct fdgrowths *growths,
			   const struct fdgrowth *growth)
{
	const struct kin_fd_table *table = &growth->now.base;
	double gained, took, ns;
	size_t from;

	if (!fdgrowth_is_steady(growth) || table->limit_soft == KIN_NONE64)
		return KIN_NONE64;
	if (table->open >= table->limit_soft)
		return 0;
	from = place(growths->samples - 1 - FDGROWTH_STEADY);
	gained = growth->number - growth->past[from];
	took = growths->now_ns - growths->past_ns[from];
	ns = (table->limit_soft - table->open) / gained * took;
	return ns < (double)INT64_MAX ? ns : KIN_NONE64;
}

static int compare_grown(const void *a, const void *b)
{
	const struct fdgrown *x = a, *y = b;

	if (x->more != y->more)
		return x->more < y->more ? 1 : -1;
	return (x->type > y->type) - (x->type < y->type);
}

size_t fdgrowth_types(const struct fdgrowths *growths,
		      const struct fdgrowth *growth, bool all,
		      struct fdgrown grown[KIN_FD_TYPE_COUNT])
{
	const uint32_t *before = all ? growth->first_counts :
				       growth->last_counts;
	const uint32_t types = growths->types ? growths->types : KIN_FD_TYPES;
	const uint32_t *now = growth->now.counts;
	size_t n = 0;

	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++)
		if ((types >> type & 1) && now[type] > before[type])
			grown[n++] = (struct fdgrown){
				.type = type,
				.more = now[type] - before[type],
			};
	qsort(grown, n, sizeof(*grown), compare_grown);
	return n;
}

/* ---- rows ---- */

static int order(int64_t a, int64_t b)
{
	return (a < b) - (a > b);
}

int fdgrowth_compare(const struct fdgrowth *a, const struct fdgrowth *b)
{
	const int all = order(fdgrowth_all(a), fdgrowth_all(b));

	return all ? all : order(b->now.base.pid, a->now.base.pid);
}

static int compare_rows(const void *a, const void *b)
{
	const struct fdgrowth *x = *(const struct fdgrowth *const *)a;
	const struct fdgrowth *y = *(const struct fdgrowth *const *)b;
	const int last = order(fdgrowth_last(x), fdgrowth_last(y));

	return last ? last : fdgrowth_compare(x, y);
}

/* A shared table has grown with the one it was told of. */
bool fdgrowth_is_told(const struct fdgrowth *growth)
{
	return !growth->now.base.shared_pid && fdtable_known(&growth->now) &&
	       (fdgrowth_last(growth) > 0 || fdgrowth_all(growth) > 0);
}

size_t fdgrowths_rows(const struct fdgrowths *growths,
		      const struct fdgrowth **rows)
{
	size_t n = 0;

	for (size_t i = 0; i < growths->n; i++)
		if (fdgrowth_is_told(&growths->list[i]))
			rows[n++] = &growths->list[i];
	qsort(rows, n, sizeof(*rows), compare_rows);
	return n;
}
