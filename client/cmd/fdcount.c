// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "fdcounts.h"
#include "name.h"

static int print(struct fdcounts *counts)
{
	int err;

	if (counts->options->json) {
		fdcounts_json(counts);
		return CMD_OK;
	}
	counts->names = kin_names_new();
	err = counts->names ? fdcounts_print(counts) : -1;
	kin_names_free(counts->names);
	return err ? cmd_no_memory() : CMD_OK;
}

static int show(const struct fd_options *options, const struct fdsample *sample)
{
	struct fdcounts counts = { .options = options, .out = stdout };
	int status;

	if (fdcounts_take(&counts, sample))
		return cmd_no_memory();
	status = print(&counts);
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
		.parts = fdcounts_by_type(options) ? KIN_FD_PART_COUNTS : 0,
	};
	int err;

	cmd_scope_query(&options->scope, &query.scope);
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
