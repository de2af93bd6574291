// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd --count as JSON. */
#include "fdcounts.h"

static void json_types(struct kin_json *json, const struct fdtable *row,
		       uint32_t types)
{
	if (!row->counted) {
		kin_json_null(json, "types");
		return;
	}
	kin_json_object(json, "types");
	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++)
		if (types >> type & 1)
			kin_json_u64(json, kin_fd_type_name(type),
				     row->counts[type]);
	kin_json_object_end(json);
}

static void json_row(struct kin_json *json, const struct fdtable *row,
		     uint32_t types)
{
	const struct kin_fd_table *table = &row->base;

	kin_json_object_line(json, NULL);
	fdtable_json_who(json, table);
	kin_json_u64(json, "open", table->open);
	kin_json_known(json, "limit_soft", table->limit_soft);
	kin_json_known(json, "limit_hard", table->limit_hard);
	fdtable_json_use(json, table);
	kin_json_known(json, "table_size", table->table_size);
	kin_json_u64(json, "users", table->users);
	kin_json_known(json, "shared_pid",
		       table->shared_pid ? table->shared_pid : KIN_NONE64);
	if (types)
		json_types(json, row, types);
	kin_json_object_end(json);
}

void fdcounts_json(const struct fdcounts *counts)
{
	const uint32_t types = fdcounts_types(counts);
	struct kin_json json;

	kin_json_begin(&json, counts->out);
	kin_json_object(&json, NULL);
	kin_json_array(&json, "tables");
	for (size_t i = 0; i < counts->n; i++)
		json_row(&json, counts->rows[i], types);
	kin_json_array_end(&json);
	kin_json_u64(&json, "num_denied", counts->n_denied);
	kin_json_object_end(&json);
	kin_json_end(&json);
}
