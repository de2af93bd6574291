// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Descriptors are true: as whoever opened them knows them (the zoo, which has each type
 * that there is), and, of every process of the system, as /proc shows them.
 *
 *	test-fd [--system]
 *
 * --system: only the comparison of what runs already with /proc.
 */
#include <string.h>

#include "fd/facts.h"
#include "fd/same.h"
#include "fd/tables.h"
#include "truth/tap.h"

static void check_zoo(struct kin *kin, const struct zoo *zoo)
{
	const uint32_t root = zoo->pid;
	const struct kin_fd_query query = { .scope = { .subtrees = &root, .n_subtrees = 1 } };
	struct told told;

	told_take(kin, &query, &told);
	facts_check_zoo(zoo, &told);
	facts_check_changes(zoo, &told);
	told_drop(&told);
	tables_check_zoo(kin, zoo);
	tables_check_parts(kin, zoo);
	tables_check_system(kin, zoo);
}

static void check_system(struct kin *kin)
{
	struct same_tally tally = { 0 };

	same_system(kin, &tally);
	same_report(&tally, "system");
}

int main(int argc, char **argv)
{
	const bool system_only = argc > 1 && !strcmp(argv[1], "--system");
	struct zoo zoo;
	struct kin *kin;

	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	if (!system_only) {
		zoo_open(&zoo);
		check_zoo(kin, &zoo);
	}
	check_system(kin);
	kin_close(kin);
	if (!system_only)
		zoo_close(&zoo);
	return tap_done();
}
