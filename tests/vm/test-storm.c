// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless: 16 dumps at once while processes and threads come and go and exec;
 * dumps that are abandoned. Every dump ends well, in order, and has in it who
 * was there all the time; nothing is left behind.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "truth/family.h"
#include "truth/proc.h"
#include "truth/raw.h"
#include "truth/tap.h"

#define DUMPERS	  16
#define DUMPS	  25 /* of each, and more until the storms have done enough */
#define FORKS	  100
#define THREADS	  200
#define EXECS	  8
#define ABANDONED 200

/* What the storms and the dumpers did, for all to see. */
static struct shared {
	unsigned long forks, threads, execs, dumps, records;
	unsigned int wrong;
} * shared;

static void count(unsigned long *number, unsigned long n)
{
	__atomic_add_fetch(number, n, __ATOMIC_RELAXED);
}

static pid_t start(void (*fn)(void))
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fn();
	_exit(0);
}

static void storm_forks(void)
{
	for (;;) {
		if (!fork())
			_exit(0);
		count(&shared->forks, 1);
		wait(NULL);
	}
}

static void storm_execs(void)
{
	for (;;) {
		if (!vfork()) {
			execl("/bin/true", "true", NULL);
			_exit(1);
		}
		count(&shared->execs, 1);
		wait(NULL);
	}
}

static void *nothing(void *unused)
{
	return unused;
}

static void storm_threads(void)
{
	pthread_t thread[4];
	int i;

	for (;;) {
		for (i = 0; i < 4; i++)
			pthread_create(&thread[i], NULL, nothing, NULL);
		for (i = 0; i < 4; i++)
			pthread_join(thread[i], NULL);
		count(&shared->threads, 4);
	}
}

struct seen {
	uint32_t last_pid, wanted;
	bool last_thread;
	unsigned int found, records, wrong;
};

static int look(const struct kin_record *rec, void *arg)
{
	bool thread = rec->base->flags & KIN_TASK_THREAD;
	struct seen *seen = arg;

	seen->wrong += rec->base->pid < seen->last_pid ||
		       (rec->base->pid == seen->last_pid &&
			(seen->last_thread || !thread));
	seen->wrong += !rec->base->pid || !rec->sched || !rec->mem ||
		       !strchr(KIN_STATE_LETTERS, rec->base->state);
	seen->found += rec->base->pid == 1 || rec->base->pid == seen->wanted;
	seen->last_pid = rec->base->pid;
	seen->last_thread = thread;
	seen->records++;
	return 0;
}

static bool stormy_enough(void)
{
	return *(volatile unsigned long *)&shared->forks >= FORKS &&
	       *(volatile unsigned long *)&shared->threads >= THREADS &&
	       *(volatile unsigned long *)&shared->execs >= EXECS;
}

static void dump_often(void)
{
	const struct kin_query query = { .groups = KIN_GROUPS,
					 .kinds = KIN_KINDS };
	struct kin *kin;
	int i;

	if (kin_open(&kin))
		_exit(1);
	for (i = 0; i < DUMPS || !stormy_enough(); i++) {
		struct seen seen = { .wanted = getpid() };

		if (kin_dump(kin, &query, look, &seen) || seen.wrong ||
		    seen.found != 4)
			__atomic_add_fetch(&shared->wrong, 1, __ATOMIC_RELAXED);
		count(&shared->dumps, 1);
		count(&shared->records, seen.records);
	}
	kin_close(kin);
}

static void check_storm(void)
{
	void (*const storms[])(void) = { storm_forks, storm_execs,
					 storm_threads };
	pid_t storm[3], dumper[DUMPERS];
	int i, status, failed = 0;

	for (i = 0; i < 3; i++)
		storm[i] = start(storms[i]);
	for (i = 0; i < DUMPERS; i++)
		dumper[i] = start(dump_often);
	for (i = 0; i < DUMPERS; i++) {
		waitpid(dumper[i], &status, 0);
		failed += status != 0;
	}
	for (i = 0; i < 3; i++) {
		kill(storm[i], SIGKILL);
		waitpid(storm[i], NULL, 0);
	}
	tap_note("%lu forks, %lu threads, %lu execs, %lu records",
		 shared->forks, shared->threads, shared->execs,
		 shared->records);
	tap_ok(!failed && !shared->wrong && shared->dumps >= DUMPERS * DUMPS,
	       "%d dumps at once, %lu in all, %u of them wrong", DUMPERS,
	       shared->dumps, shared->wrong);
}

static unsigned long references(void)
{
	char text[32] = "999";

	proc_file("/sys/module/kin/refcnt", text, sizeof(text));
	return strtoul(text, NULL, 10);
}

/* @read: datagrams that are read before the socket is closed. */
static void abandon(uint16_t family, int read)
{
	_Alignas(8) char buf[8192];
	struct raw_answer answer = { 0 };
	struct nlmsghdr *nlh;
	int fd = raw_open();

	nlh = raw_request(buf, family, KIN_CMD_TASK_GET, NLM_F_DUMP);
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUPS);
	mnl_attr_put_u32(nlh, KIN_A_KINDS, KIN_KINDS);
	mnl_attr_put_u32(nlh, KIN_A_SUBTREE, 1);
	raw_send(fd, nlh);
	while (read--)
		raw_receive(fd, &answer, NULL, NULL);
	if (answer.ended)
		tap_bail("the dump is too short to be abandoned");
	close(fd);
}

static void check_abandoned(struct kin *kin)
{
	struct kin_status before, after;
	uint16_t family = raw_family();
	int i;

	kin_status_get(kin, &before, NULL, 0);
	for (i = 0; i < ABANDONED; i++)
		abandon(family, i % 3);
	kin_status_get(kin, &after, NULL, 0);
	tap_ok(after.dumps_started == before.dumps_started + ABANDONED &&
		       after.dumps_done == before.dumps_done,
	       "%d dumps abandoned after 0 to 2 messages", ABANDONED);
	tap_ok(!references(), "nobody holds the module: %lu", references());
}

/* A second request on a socket whose dump is not read to its end: its refusal
 * comes between the parts of the first. */
static void check_second(void)
{
	struct raw_answer answer = { 0 };
	uint16_t family = raw_family();
	_Alignas(8) char buf[8192];
	unsigned int refused = 0;
	struct nlmsghdr *nlh;
	int fd = raw_open();

	nlh = raw_request(buf, family, KIN_CMD_TASK_GET, NLM_F_DUMP);
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUPS);
	mnl_attr_put_u32(nlh, KIN_A_KINDS, KIN_KINDS);
	raw_send(fd, nlh);
	raw_send(fd, nlh);
	while (!answer.in_done && raw_receive(fd, &answer, NULL, NULL) > 0)
		refused += answer.error == -EBUSY && !answer.in_done;
	tap_ok(refused, "a second dump on the same socket is refused");
	tap_ok(answer.in_done && !answer.error && answer.records > 600,
	       "and the first goes on to its end: %u records", answer.records);
	close(fd);
}

int main(void)
{
	static const char *const options[] = { "--light-sleepers", "300",
					       NULL };
	struct family family;
	struct kin *kin;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	family_start(&family, options);
	check_storm();
	check_abandoned(kin);
	check_second();
	kin_close(kin);
	family_end(&family);
	return tap_done();
}
