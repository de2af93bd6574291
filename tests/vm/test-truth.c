// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * True: every field of every task is what /proc shows, and what the factory
 * knows. Results: one for each field, each kind of member, each field's
 * smallest change, which must be noticed.
 *
 *	test-truth [--mutate FIELD] [--sleepers N] [--tasks-only]
 *
 * --mutate changes this field of everything that kin says, to see the test fail.
 * --sleepers: so many tasks of no interest (1100, or 40 with KIN_SMALL set).
 * --tasks-only is for namespaces: leaves out what is the whole host's.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "truth/compare.h"
#include "truth/facts.h"
#include "truth/header.h"
#include "truth/host.h"
#include "truth/tap.h"

#define KIN_HEADER    "module/uapi/kin.h"
#define MANY_TASKS    1000
#define MUTATED_TASKS 20

static const char *sleepers = "1100";
static bool tasks_only;

static void report_aspects(const struct tally *tally)
{
	size_t i;

	for (i = 0; i < n_aspects(); i++)
		tap_ok(tally->compared[i] && !tally->differ[i],
		       "%s: %zu values, %zu other than 0, %zu differ",
		       aspect_full_name(i), tally->compared[i], tally->present[i], tally->differ[i]);
}

static void report_tally(const struct tally *tally)
{
	size_t tasks = tally->processes + tally->threads;

	tap_note("compared: %zu processes, %zu threads, %zu aspects of each, "
		 "%zu values",
		 tally->processes, tally->threads, n_aspects(), tally->values);
	tap_note("retried: %zu tasks, %zu times; came or went: %zu",
		 tally->retried, tally->retries, tally->vanished);
	tap_ok(tasks_only || tally->groups == KIN_GROUPS, "groups %#x were asked for",
	       tally->groups);
	tap_ok(!tally->missing, "all tasks were in the dump (missing: %zu)",
	       tally->missing);
	tap_ok(!tally->doubled, "each once, in order (not: %zu)",
	       tally->doubled);
	tap_ok(tasks >= 2 * (size_t)atoi(sleepers) && tally->processes >= 60,
	       "%zu processes, %zu threads: as many as should be here",
	       tally->processes, tally->threads);
}

static void compare(struct kin *kin)
{
	struct tally tally;

	compare_all(kin, &tally);
	report_aspects(&tally);
	report_tally(&tally);
}

static void check_facts(struct kin *kin, const struct family *family)
{
	const struct kin_query query = { .groups = private_groups(kin),
					 .kinds = KIN_KINDS };
	struct kin_snapshot snap;

	if (kin_snapshot_take(kin, &query, &snap))
		tap_bail("dump: %s", kin_error(kin));
	facts_check(family, &snap);
	kin_snapshot_free(&snap);
}

/* Is the smallest change of one aspect noticed in this task, and nothing else?
 * It must fit as it is, which tasks that run need not. */
static bool notices(struct kin *kin, uint32_t pid, size_t aspect)
{
	struct kin_snapshot snap = { 0 };
	struct proc_task proc;
	bool bad[MAX_ASPECTS], good;

	if (!proc_read(&proc, pid, pid, false) ||
	    kin_get(kin, pid, KIN_KIND_PROCESS, private_groups(kin), kin_snapshot_add,
		    &snap))
		tap_bail("sleeper %u is gone", pid);
	good = compare_task(snap.tasks, &proc, &proc, bad) == 0;
	mutated = aspect_full_name(aspect);
	good = good && compare_task(snap.tasks, &proc, &proc, bad) == 1 &&
	       bad[aspect];
	mutated = NULL;
	proc_drop(&proc);
	kin_snapshot_free(&snap);
	return good;
}

static void check_mutations(struct kin *kin, const struct family *family)
{
	size_t aspect, i, n, noticed;

	for (aspect = 0; aspect < n_aspects(); aspect++) {
		for (i = n = noticed = 0; i < family->n && n < MUTATED_TASKS;
		     i++) {
			if (strcmp(family->members[i].role, "sleeper"))
				continue;
			n++;
			noticed += notices(kin, family->members[i].pid, aspect);
		}
		tap_ok(n == MUTATED_TASKS && noticed == n,
		       "a change of %s is noticed (%zu of %zu)",
		       aspect_full_name(aspect), noticed, n);
	}
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "mutate", required_argument, NULL, 'm' },
		{ "sleepers", required_argument, NULL, 's' },
		{ "tasks-only", no_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'm')
			mutated = optarg;
		else if (opt == 's')
			sleepers = optarg;
		else if (opt == 't')
			tasks_only = true;
		else
			exit(2);
	}
}

int main(int argc, char **argv)
{
	const char *options[] = { "--all", "--sleepers", NULL, NULL };
	struct family family;
	struct kin *kin;

	if (getenv("KIN_SMALL"))
		sleepers = "40";
	parse(argc, argv);
	header_check(KIN_HEADER);
	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	options[2] = sleepers;
	family_start(&family, options);
	compare(kin);
	check_facts(kin, &family);
	if (!mutated && !tasks_only)
		check_mutations(kin, &family);
	if (!tasks_only) {
		host_check(kin);
		status_check(kin);
	}
	kin_close(kin);
	family_end(&family);
	return tap_done();
}
