/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of kin fd on their way out: a table in blocks, or JSON, or sorted. */
#ifndef KIN_CMD_FDOUT_H
#define KIN_CMD_FDOUT_H

#include "fdrow.h"
#include "table.h"

struct fdout {
	/* set these first */
	const struct fd_options *options;
	struct columns columns;
	struct sort sort;
	/* the rest is fdout's */
	bool begun;
	struct kin_table_column heads[COLUMNS_MAX];
	struct kin_table table;
	unsigned int style;
	uint32_t limit;
	struct kin_json json;
	struct fd_kept *kept;		/* rows to be sorted */
	size_t n_kept, room_kept;
	struct kin_fd_table *shared;	/* tables for the end of the JSON */
	size_t n_shared, room_shared;
};

/* fdout_row - a row; what it points to is needed no more when this returns. Nothing
 * is printed before the first. False: no memory. */
bool fdout_row(struct fdout *out, const struct fd_row *row);

/* fdout_shared - a table whose descriptors stand with table->shared_pid */
bool fdout_shared(struct fdout *out, const struct kin_fd_table *table);

/* fdout_end - the rest; @denied: how many tables are not shown. False: no memory */
bool fdout_end(struct fdout *out, size_t denied);

/* fdout_break - instead, where no more will come: JSON that was begun is ended, and
 * says that it is not whole */
void fdout_break(struct fdout *out, size_t denied);
void fdout_free(struct fdout *out);

#endif /* KIN_CMD_FDOUT_H */
