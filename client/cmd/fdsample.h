/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of descriptors as they are at one moment: how full, of which types. A thread
 * that uses the table of its process, or is denied as that is, is left out.
 */
#ifndef KIN_FDSAMPLE_H
#define KIN_FDSAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"
#include "libkin.h"

struct fdtable {
	struct kin_fd_table base;
	uint32_t counts[KIN_FD_TYPE_COUNT];	/* of each type, if counted */
	bool counted;
};

struct fdsample {
	uint64_t boottime_ns;			/* when it was begun */
	struct fdtable *tables;			/* in the order of their pids */
	size_t n;
	size_t n_denied;			/* of them */
	size_t room;
};

/*
 * fdsample_take - all tables that pass a query, which asks for no list
 * @sample: zeroed, or one taken before: its memory is used again
 *
 * Returns as kin_fd_dump(), or -ENOMEM.
 */
int fdsample_take(struct kin *kin, const struct kin_fd_query *query,
		  struct fdsample *sample);

/* fdsample_begin - as of now, no table yet; fdsample_add() adds what a dump tells
 * (a kin_fd_fn; arg: the sample), 0 or -ENOMEM */
void fdsample_begin(struct fdsample *sample);
int fdsample_add(const struct kin_fd_record *rec, void *sample);

void fdsample_free(struct fdsample *sample);

/* fdsample_find - the table of a process; NULL: it has none here */
const struct fdtable *fdsample_find(const struct fdsample *sample, uint32_t pid);

/* fdtable_known - whether it may be read, and how many are open */
static inline bool fdtable_known(const struct fdtable *table)
{
	return !(table->base.flags & KIN_FD_TABLE_DENIED) &&
	       table->base.open != KIN_NONE64;
}

/* fdtable_use_milli - how much of the soft limit is open, in thousandths of a per
 * cent; KIN_NONE64: not known, there is no limit, or nothing may be opened */
uint64_t fdtable_use_milli(const struct kin_fd_table *table);

/* fdtable_json_who - whose it is: pid, start, comm, uid */
void fdtable_json_who(struct kin_json *json, const struct kin_fd_table *table);

/* fdtable_json_use - the use as above, null if there is none */
void fdtable_json_use(struct kin_json *json, const struct kin_fd_table *table);

#endif /* KIN_FDSAMPLE_H */
