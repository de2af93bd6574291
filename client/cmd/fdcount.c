// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "fdcounts.h"
#include "name.h"

static int print(struct fdcounts *counts)
{
	if (!counts->options->json)
		return fdcounts_print(counts) ? cmd_no_memory() : CMD_OK;
	fdcounts_json(counts);
	return CMD_OK;
}

static int show(const struct fd_options *options, const struct fdsample *sample)
{
	struct fdcounts counts = { .options = options, .out = stdout };
	int status = CMD_FAILED;

	counts.names = kin_names_new();
	if (!counts.names || fdcounts_take(&counts, sample))
		cmd_no_memory();
	else
		status = print(&counts);
	kin_names_free(counts.names);
	free(counts.rows);
	return status;
}

/* Without types, the tables alone: their bitmaps are counted, no file is looked
 * at. */
static int take(struct kin *kin, const struct fd_options *options,
		struct fdsample *sample)
{
	struct kin_fd_query query = {
		.kinds = options->kinds,
		.parts = where_needs(options->where) & KIN_FD_PART_COUNTS,
	};
	int err;

	if (fdcounts_by_type(options))
		query.parts = KIN_FD_PART_COUNTS;
	cmd_scope_query(&options->scope, &query.scope);
	where_push(options->where, &query.scope);
	err = fdsample_take(kin, &query, sample);
	return err ? cmd_failed(kin, err, "cannot count descriptors") : CMD_OK;
}

int fd_count(const struct fd_options *options)
{
	struct fd_gaps gaps = { .scope = &options->scope };
	struct fdsample sample = { 0 };
	struct kin *kin;
	int status = cmd_open(&kin), missing = CMD_OK;

	if (!status)
		status = take(kin, options, &sample);
	if (!status)
		status = show(options, &sample);
	for (size_t i = 0; i < sample.n && !status; i++)
		fd_gaps_table(&gaps, &sample.tables[i].base);
	if (!status)
		missing = fd_gaps_tell(&gaps, kin);
	fd_gaps_free(&gaps);
	fdsample_free(&sample);
	kin_close(kin);
	return status ? status : missing;
}
