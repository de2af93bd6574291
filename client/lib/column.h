/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The column table: everything that is known about a task, by name, with its
 * type, unit and meaning. What shows, sorts, filters or documents tasks reads
 * it from here.
 */
#ifndef KIN_COLUMN_H
#define KIN_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libkin.h"
#include "value.h"

/* What derived columns need besides the task. */
struct kin_view {
	uint64_t now_boottime_ns;	/* CLOCK_BOOTTIME now */
	int64_t boot_epoch_ns;		/* CLOCK_REALTIME at boot */
	uint64_t mem_total_bytes;	/* of the host; KIN_NONE64: unknown */
	struct kin_names *names;	/* NULL: users stay numbers */
};

/* What a column needs: enum kin_group, and */
#define KIN_NEED_HOST (1u << 31)	/* the host's summary */
#define KIN_NEED_NAMES (1u << 30)	/* names of users and groups */

struct kin_column {
	const char *id;
	const char *heading;
	const char *alias;	/* other ids, blanks between; may be NULL */
	const char *unit;	/* of raw values; "" */
	const char *help;	/* a sentence, and the kernel's field */
	enum kin_type type;
	uint32_t needs;		/* enum kin_group, KIN_NEED_* */
	uint16_t offset;	/* of a plain field in struct kin_task */
	uint8_t load;		/* how to read it: enum in column.c */
	void (*get)(const struct kin_view *view, const struct kin_task *task,
		    struct kin_value *value);	/* instead, if not NULL */
	/* of columns that are not of tasks: the row is their table's own */
	void (*get_row)(const void *row, struct kin_value *value);
	/* of text: all that it, or an element of it, can be, ended by NULL; NULL: anything */
	const char *const *words;
};

extern const struct kin_column kin_columns[];
extern const size_t kin_n_columns;

/* The columns of one sort of rows. */
struct kin_column_set {
	const struct kin_column *columns;
	size_t n;
};

extern const struct kin_column_set kin_task_columns; /* kin_columns */

/* kin_column_find_in - by id or alias, case does not count; NULL: there is none */
const struct kin_column *kin_column_find_in(const struct kin_column_set *set,
					    const char *id, size_t len);

/* kin_column_nearest_in - the column whose id is nearest to a misspelt one; NULL:
 * none comes near */
const struct kin_column *kin_column_nearest_in(const struct kin_column_set *set,
					       const char *id);

/* The same, of tasks. */
const struct kin_column *kin_column_find(const char *id, size_t len);
const struct kin_column *kin_column_nearest(const char *id);

/* kin_column_get - read a task's value; if it is absent, it is not known */
void kin_column_get(const struct kin_column *col, const struct kin_view *view,
		    const struct kin_task *task, struct kin_value *value);

/* kin_column_get_row - the same for a row that is no task */
void kin_column_get_row(const struct kin_column *col, const void *row,
			struct kin_value *value);

/* kin_column_right - whether its cells are aligned to the right: numbers */
bool kin_column_right(const struct kin_column *col);

/* kin_view_now - fill the clocks, leave the rest unknown; 0 or -errno */
int kin_view_now(struct kin_view *view);

#endif /* KIN_COLUMN_H */
