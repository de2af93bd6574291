// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fdwatch.h"

/* ---- after an interval ---- */

static bool make_room(struct fdwatch *watch)
{
	const size_t n = watch->growths.n + watch->growths.n_before;
	const struct fdgrowth **rows;

	if (n <= watch->room_rows)
		return true;
	rows = reallocarray(watch->rows, n + n / 4, sizeof(*rows));
	if (!rows)
		return false;
	watch->rows = rows;
	watch->room_rows = n + n / 4;
	return true;
}

static bool passes(const struct fdwatch *watch, const struct fdgrowth *growth)
{
	return fd_filter_table(&watch->options->filter, &growth->now.base);
}

static void take_rows(struct fdwatch *watch)
{
	const size_t n = fdgrowths_rows(&watch->growths, watch->rows);

	watch->n_rows = 0;
	for (size_t i = 0; i < n; i++)
		if (passes(watch, watch->rows[i]))
			watch->rows[watch->n_rows++] = watch->rows[i];
}

/* In place of whom that grew less, if there is no room. */
static void keep_ended(struct fdwatch *watch, const struct fdgrowth *growth)
{
	struct fdwatched *to = &watch->ended[0];

	if (watch->n_most < FDWATCH_MOST) {
		to = &watch->ended[watch->n_most++];
	} else {
		for (size_t i = 1; i < FDWATCH_MOST; i++)
			if (fdgrowth_all(&watch->ended[i].growth) <
			    fdgrowth_all(&to->growth))
				to = &watch->ended[i];
		if (fdgrowth_all(growth) <= fdgrowth_all(&to->growth))
			return;
	}
	to->growth = *growth;
	to->seen_ns = watch->growths.last_ns;
	to->ended = true;
}

/* Whoever was given by number is told of though he never grew. */
static bool is_ended(const struct fdwatch *watch, const struct fdgrowth *growth)
{
	if (growth->stays)
		return false;
	return fdwatch_by_pid(watch) ||
	       (fdgrowth_is_told(growth) && passes(watch, growth));
}

static void take_ended(struct fdwatch *watch)
{
	const struct fdgrowths *growths = &watch->growths;

	watch->n_ended = 0;
	for (size_t i = 0; i < growths->n_before; i++) {
		const struct fdgrowth *growth = &growths->before[i];

		if (!is_ended(watch, growth))
			continue;
		watch->rows[watch->n_rows + watch->n_ended++] = growth;
		if (fdgrowth_is_told(growth))
			keep_ended(watch, growth);
	}
}

int fdwatch_add(struct fdwatch *watch)
{
	const int err = fdgrowths_add(&watch->growths, &watch->sample);

	if (err)
		return err;
	if (!make_room(watch))
		return -ENOMEM;
	take_rows(watch);
	take_ended(watch);
	return 0;
}

uint64_t fdwatch_next_ns(const struct fdwatch *watch, uint64_t now_ns)
{
	const uint64_t every = watch->options->watch_ns;

	return watch->begin_ns +
	       ((now_ns - watch->begin_ns) / every + 1) * every;
}

/* ---- after all of them ---- */

static int compare(const void *a, const void *b)
{
	const struct fdgrowth *x = &((const struct fdwatched *)a)->growth;
	const struct fdgrowth *y = &((const struct fdwatched *)b)->growth;

	return fdgrowth_compare(x, y);
}

int fdwatch_most(const struct fdwatch *watch,
		 struct fdwatched most[FDWATCH_MOST])
{
	const size_t n = watch->n_rows + watch->n_most;
	struct fdwatched *all = calloc(n + 1, sizeof(*all));
	int shown = n < FDWATCH_MOST ? n : FDWATCH_MOST;

	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < watch->n_rows; i++) {
		all[i].growth = *watch->rows[i];
		all[i].seen_ns = watch->growths.now_ns;
	}
	memcpy(all + watch->n_rows, watch->ended,
	       watch->n_most * sizeof(*all));
	qsort(all, n, sizeof(*all), compare);
	memcpy(most, all, shown * sizeof(*all));
	free(all);
	while (shown && fdgrowth_all(&most[shown - 1].growth) <= 0)
		shown--;
	return shown;
}

void fdwatch_free(struct fdwatch *watch)
{
	fdsample_free(&watch->sample);
	fdgrowths_free(&watch->growths);
	free(watch->rows);
	treeline_free(&watch->line);
	screen_forget(&watch->screen);
}
