// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fdcounts.h"

/* Whoever may open nothing more goes first, whoever has no limit last. */
static uint64_t nearness(const struct kin_fd_table *table)
{
	const uint64_t use = fdtable_use_milli(table);

	if (!table->limit_soft)
		return UINT64_MAX;
	return use == KIN_NONE64 ? 0 : use + 1;
}

static int order(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int compare(const void *a, const void *b)
{
	const struct kin_fd_table *x = &(*(const struct fdtable *const *)a)->base;
	const struct kin_fd_table *y = &(*(const struct fdtable *const *)b)->base;
	const int near = order(nearness(x), nearness(y));
	const int open = order(x->open, y->open);

	if (near)
		return near;
	return open ? open : order(y->pid, x->pid);
}

static bool is_row(const struct fdcounts *counts, const struct fdtable *table)
{
	const struct fd_options *options = counts->options;
	const struct fdcount_row row = { table, counts->names };

	return fdtable_known(table) &&
	       fd_filter_table(&options->filter, &table->base) &&
	       (!options->where || where_row(options->where, &row));
}

int fdcounts_take(struct fdcounts *counts, const struct fdsample *sample)
{
	counts->rows = calloc(sample->n + 1, sizeof(*counts->rows));
	if (!counts->rows)
		return -ENOMEM;
	counts->n = 0;
	counts->n_denied = sample->n_denied;
	for (size_t i = 0; i < sample->n; i++)
		if (is_row(counts, &sample->tables[i]))
			counts->rows[counts->n++] = &sample->tables[i];
	qsort(counts->rows, counts->n, sizeof(*counts->rows), compare);
	return 0;
}

bool fdcounts_by_type(const struct fd_options *options)
{
	return options->by_type || options->filter.types;
}

uint32_t fdcounts_types(const struct fdcounts *counts)
{
	uint32_t types = counts->options->filter.types;

	if (types || !fdcounts_by_type(counts->options))
		return types;
	for (size_t i = 0; i < counts->n; i++)
		for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++)
			if (counts->rows[i]->counts[type])
				types |= 1u << type;
	return types;
}
