// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless: the module can be removed at any moment that no dump is open, comes
 * back as if nothing had been, 50 times while two processes dump over and
 * over. KIN_MODULE names the file.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "truth/family.h"
#include "truth/module.h"
#include "truth/raw.h"
#include "truth/tap.h"

#define ROUNDS	   50
#define DUMPERS	   2
#define PATIENCE_S 30

static struct shared {
	unsigned long dumps, refused, strange;
	int last_strange;
} * shared;

static int nothing(const struct kin_record *rec, void *arg)
{
	return 0;
}

static int dump_once(void)
{
	const struct kin_query query = { .groups = KIN_GROUPS,
					 .kinds = KIN_KINDS };
	struct kin *kin;
	int err = kin_open(&kin);

	/* Not there; or there no longer. */
	if (err)
		err = err == -ENOENT ? -ENODEV : err;
	else
		err = kin_dump(kin, &query, nothing, NULL);
	kin_close(kin);
	return err;
}

/* With breaks, or there would hardly be a moment without a dump. */
static void dump_for_ever(void)
{
	const struct timespec pause = { .tv_nsec = 3000000 };
	int err;

	for (;;) {
		nanosleep(&pause, NULL);
		err = dump_once();
		if (err && err != -ENODEV)
			shared->last_strange = err;
		__atomic_add_fetch(!err		  ? &shared->dumps :
				   err == -ENODEV ? &shared->refused :
						    &shared->strange,
				   1, __ATOMIC_RELAXED);
	}
}

/* A dump that is open is waited for. Returns how often, or -errno. */
static int unload_patiently(void)
{
	time_t give_up = time(NULL) + PATIENCE_S;
	int err, waits = 0;

	while ((err = module_unload()) == -EWOULDBLOCK &&
	       time(NULL) < give_up) {
		waits++;
		sched_yield();
	}
	return err ?: waits;
}

/* New dumps between two rounds, so that each removal meets some. */
static void await_dump(void)
{
	unsigned long dumps = shared->dumps;
	time_t give_up = time(NULL) + PATIENCE_S;

	while (shared->dumps == dumps && time(NULL) < give_up)
		sched_yield();
}

static void check_rounds(void)
{
	unsigned long before = shared->dumps, waits = 0;
	int i, err = 0, ret;

	for (i = 0; i < ROUNDS; i++) {
		await_dump();
		ret = unload_patiently();
		if (ret < 0) {
			err = ret;
			break;
		}
		waits += ret;
		err = module_load("");
		if (err)
			break;
	}
	tap_ok(i == ROUNDS, "removed and loaded %d times (%d)", i, err);
	tap_note("%lu dumps, %lu found no module, %lu times it was in use",
		 shared->dumps - before, shared->refused, waits);
	tap_ok(shared->dumps - before >= ROUNDS, "while dumps went on");
	tap_ok(!shared->strange, "which had no other errors: %lu, such as %d",
	       shared->strange, shared->last_strange);
}

/* A handle from before: an error of its own, not "no such task". */
static void check_gone(void)
{
	const struct kin_query query = { 0 };
	int removed, dumped, got;
	struct kin *kin;

	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	removed = module_unload();
	dumped = kin_dump(kin, &query, nothing, NULL);
	got = kin_get(kin, 1, KIN_KIND_PROCESS, 0, nothing, NULL);
	tap_ok(!removed && dumped == -ENODEV && got == -ENODEV,
	       "a handle from before it was removed: %d, %d, %s", dumped, got,
	       kin_error(kin));
	kin_close(kin);
	tap_ok(!module_load("") && !dump_once(), "and back");
}

static void check_open_dump(void)
{
	_Alignas(8) char buf[8192];
	struct raw_answer answer = { 0 };
	struct nlmsghdr *nlh;
	int fd = raw_open(), err;

	nlh = raw_request(buf, raw_family(), KIN_CMD_TASK_GET, NLM_F_DUMP);
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUPS);
	mnl_attr_put_u32(nlh, KIN_A_KINDS, KIN_KINDS);
	raw_send(fd, nlh);
	raw_receive(fd, &answer, NULL, NULL);
	err = module_unload();
	tap_ok(!answer.ended && err == -EWOULDBLOCK,
	       "removing it during a dump: %d", err);
	while (!answer.ended && raw_receive(fd, &answer, NULL, NULL) > 0)
		;
	tap_ok(answer.ended && !answer.error, "the dump goes on: %u records",
	       answer.records);
	tap_ok(!module_unload(), "removing it with an idle socket open");
	tap_ok(!module_load("") && !dump_once(), "and back");
	close(fd);
}

int main(void)
{
	static const char *const options[] = { "--light-sleepers", "600",
					       NULL };
	pid_t dumpers[DUMPERS];
	struct family family;
	int i;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (dump_once())
		tap_bail("the module is not loaded");
	family_start(&family, options);
	check_open_dump();
	check_gone();
	/* Short dumps, so that there are moments without one. */
	family_end(&family);
	for (i = 0; i < DUMPERS; i++) {
		dumpers[i] = fork();
		if (!dumpers[i]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			dump_for_ever();
		}
	}
	check_rounds();
	for (i = 0; i < DUMPERS; i++) {
		kill(dumpers[i], SIGKILL);
		waitpid(dumpers[i], NULL, 0);
	}
	tap_ok(!dump_once(), "at the end it is there");
	return tap_done();
}
