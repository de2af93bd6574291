/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kin fd --count: how full tables of descriptors are, those nearest to their limit
 * first. */
#ifndef KIN_FDCOUNTS_H
#define KIN_FDCOUNTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fd.h"
#include "fdsample.h"

struct kin_names;

/* A row, for its columns. */
struct fdcount_row {
	const struct fdtable *table;
	struct kin_names *names;	/* NULL: users stay numbers */
};

/* What rows have; those of the types need KIN_FD_PART_COUNTS (fdcountcolumns.c). */
extern const struct kin_column_set fdcount_columns;

struct fdcounts {
	const struct fd_options *options;
	struct kin_names *names;	/* of users */
	const struct fdtable **rows;
	size_t n;
	size_t n_denied;		/* tables that are not among them */
	FILE *out;
};

/*
 * fdcounts_take - the rows of a sample that pass, in their order; free() counts->rows
 *
 * Returns 0 or -ENOMEM.
 */
int fdcounts_take(struct fdcounts *counts, const struct fdsample *sample);

/* fdcounts_by_type - whether there are numbers of each type: with --by-type, --type */
bool fdcounts_by_type(const struct fd_options *options);

/* fdcounts_types - of which: those that were asked for, else all that there are among
 * the rows; 1 << enum kin_fd_type */
uint32_t fdcounts_types(const struct fdcounts *counts);

/* fdcounts_print - a table; 0 or -ENOMEM */
int fdcounts_print(const struct fdcounts *counts);
void fdcounts_json(const struct fdcounts *counts);

#endif /* KIN_FDCOUNTS_H */
