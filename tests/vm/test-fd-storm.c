// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless, and whole: descriptors are opened, closed and moved as fast as can
 * be, so that tables grow; processes fork, execute, end, share and unshare
 * their tables; meanwhile all descriptors are dumped, by several at once. What
 * is open all the while is in every dump once.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fds/churn.h"
#include "fds/dumps.h"
#include "fds/keeper.h"
#include "truth/proc.h"
#include "truth/tap.h"

#define DUMPERS 4
#define DUMPS	20 /* of each, and more until the storms have done enough */

static const struct churned much = { 4000, 4000, 2000, 60, 8, 60 };
static const struct churned little = { 400, 400, 200, 8, 2, 8 };

/* One of each two asks for threads, too: their tables are their process's. */
static void dump_often(const struct keeper *keeper, unsigned int dumps,
		       const struct churned *storm)
{
	unsigned int i;

	for (i = 0; i < dumps || !churned_enough(storm); i++)
		dump_once(keeper, i % 2 ? KIN_KINDS : KIN_KIND_PROCESS);
}

static unsigned int dump_at_once(const struct keeper *keeper,
				 unsigned int dumps,
				 const struct churned *storm)
{
	unsigned int failed = 0;
	pid_t dumpers[DUMPERS];
	int i, status;

	for (i = 0; i < DUMPERS; i++) {
		dumpers[i] = churn_fork(0);
		if (!dumpers[i]) {
			dump_often(keeper, dumps, storm);
			_exit(0);
		}
	}
	for (i = 0; i < DUMPERS; i++) {
		waitpid(dumpers[i], &status, 0);
		failed += status != 0;
	}
	return failed;
}

int main(void)
{
	const bool small = getenv("KIN_SMALL");
	const unsigned int dumps = small ? DUMPS / 4 : DUMPS;
	struct keeper keeper;
	unsigned int failed;
	char refs[32] = "";

	churn_init();
	dumps_init();
	keeper_start(&keeper);
	dump_once(&keeper, KIN_KINDS);
	tap_ok(dumped->done == 1 && !dumped->wrong,
	       "%d descriptors are seen once each", KEEPER_KEPT);
	churn_start();
	failed = dump_at_once(&keeper, dumps, small ? &little : &much);
	churn_end();
	keeper_end(&keeper);
	tap_note("%lu descriptors opened, %lu moved, %lu closed; %lu forks, "
		 "%lu execs, %lu tables unshared",
		 churned->opened, churned->moved, churned->closed,
		 churned->forked, churned->executed, churned->unshared);
	dumps_note();
	tap_ok(!failed && !dumped->failed && !dumped->gone &&
		       dumped->done > DUMPERS * dumps,
	       "%lu dumps under a storm, %d at once", dumped->done, DUMPERS);
	tap_ok(!dumped->wrong,
	       "in order, with all that was open all the while"
	       ": %lu wrong",
	       dumped->wrong);
	proc_file("/sys/module/kin/refcnt", refs, sizeof(refs));
	tap_ok(!atoi(refs), "nobody holds the module: %d", atoi(refs));
	return tap_done();
}
