// SPDX-License-Identifier: GPL-2.0-or-later
#include "format.h"
#include "treedraw.h"

/* Sleeping, parked and idle are the background of all the rest. */
#define BACKGROUND (KIN_STATE_SLEEPING | KIN_STATE_PARKED | KIN_STATE_IDLE)

static size_t put_states(char *to, const struct kin_tree_sum *sum)
{
	static const char letters[] = KIN_STATE_LETTERS;
	size_t n = 0;

	for (unsigned int i = 0; i < KIN_STATE_COUNT; i++) {
		if (!sum->states[i] || (BACKGROUND >> i & 1))
			continue;
		if (n)
			to[n++] = ' ';
		n += kin_format_u64(to + n, sum->states[i]);
		to[n++] = letters[i];
	}
	if (!n)
		to[n++] = '-';
	return n;
}

static void add_sums(struct treecells *cells, const struct kin_fold *fold,
		     const struct kin_fold_node *at, const void *arg)
{
	struct kin_tree_sum sum;

	kin_fold_sum(fold, at, &sum);
	treecells_add_known(cells, kin_format_u64, sum.processes, 0);
	treecells_add_known(cells, kin_format_u64, sum.threads, 0);
	treecells_add_known(cells, kin_format_bytes, sum.rss_bytes, KIN_NONE64);
	treecells_add_known(cells, kin_format_duration, sum.cpu_ns, KIN_NONE64);
	treecells_add(cells, put_states(treecells_next(cells), &sum));
}

const struct treecolumns treesums_columns = {
	.of = { { "PROCS", false }, { "THREADS", false }, { "RSS", false },
		{ "CPU", false },   { "STATES", true } },
	.n = 5,
	.add = add_sums,
};
