// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless: the module is removed, and loaded again, while descriptors are
 * dumped over and over under a storm of them; each dump is whole, or told that
 * the module has gone. KIN_MODULE names the file.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fds/churn.h"
#include "fds/dumps.h"
#include "fds/keeper.h"
#include "truth/module.h"
#include "truth/tap.h"

#define ROUNDS	   20
#define DUMPERS	   2
#define PATIENCE_S 60

/* With breaks, or there would hardly be a moment without a dump. */
static void dump_for_ever(const struct keeper *keeper)
{
	const struct timespec pause = { .tv_nsec = 3000000 };

	for (;;) {
		nanosleep(&pause, NULL);
		dump_once(keeper, KIN_KIND_PROCESS);
	}
}

/* A dump that is open is waited for. Returns 0 or -errno. */
static int unload_patiently(void)
{
	const time_t give_up = time(NULL) + PATIENCE_S;
	int err;

	while ((err = module_unload()) == -EWOULDBLOCK && time(NULL) < give_up)
		sched_yield();
	return err;
}

/* New dumps between two rounds, so that each removal meets some. */
static void await_dump(void)
{
	const unsigned long done = dumped->done;
	const time_t give_up = time(NULL) + PATIENCE_S;

	while (*(volatile unsigned long *)&dumped->done == done &&
	       time(NULL) < give_up)
		sched_yield();
}

static void check_rounds(unsigned int rounds)
{
	const unsigned long before = dumped->done;
	unsigned int i;
	int err = 0;

	for (i = 0; i < rounds && !err; i++) {
		await_dump();
		err = unload_patiently() ?: module_load("");
	}
	tap_ok(!err, "removed and loaded %u times (%d)", i, err);
	tap_ok(dumped->done - before >= rounds, "while %lu dumps went on",
	       dumped->done - before);
}

int main(void)
{
	pid_t dumpers[DUMPERS];
	struct keeper keeper;
	int i;

	churn_init();
	dumps_init();
	keeper_start(&keeper);
	churn_start();
	for (i = 0; i < DUMPERS; i++) {
		dumpers[i] = churn_fork(0);
		if (!dumpers[i])
			dump_for_ever(&keeper);
	}
	check_rounds(getenv("KIN_SMALL") ? ROUNDS / 4 : ROUNDS);
	for (i = 0; i < DUMPERS; i++) {
		kill(dumpers[i], SIGKILL);
		waitpid(dumpers[i], NULL, 0);
	}
	churn_end();
	keeper_end(&keeper);
	dumps_note();
	tap_ok(!dumped->failed, "dumps had no other errors: %d", dumped->error);
	tap_ok(!dumped->wrong,
	       "those that came to their end are whole: %lu wrong",
	       dumped->wrong);
	return tap_done();
}
