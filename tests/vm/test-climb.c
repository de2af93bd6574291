// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless: whoever asks for a subtree makes the kernel climb from each task to
 * its ancestors, without any privilege. Here is a family made to make that slow:
 * a deep chain, and leaves whose parents follow each other so that nothing that
 * was found on the way to one helps with the next. Such a dump takes long, which
 * is the asker's own time; but it must neither keep a CPU from others, nor hold
 * up RCU, and with it the freeing of memory, for more than a small part of it.
 */
#include <errno.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "libkin.h"
#include "truth/place.h"
#include "truth/tap.h"

#define DEPTH	 4000
#define LEAVES	 1500
#define STRIDE	 40 /* more than the module remembers of a way up */
#define TRIES	 5
#define SMALL	 0.25 /* part of a dump; without care it is more than half */
#define TOO_FAST 100e6 /* ns: grace periods alone take a fair part of that */
#define TOO_SLOW 10e9 /* ns, to do it again */

#define STACK_BYTES (size_t)16384

static struct shared {
	sem_t grow[DEPTH], grown;
	unsigned int leaves;
	volatile bool done;
	unsigned int records;
	int ret;
	double took;
} * shared;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

/*
 * One address space for all: were each a copy of the one before, the kernel
 * would keep a list of all ancestors for each.
 */
static void spawn(int (*fn)(void *), size_t number)
{
	static char *stacks;

	if (!stacks)
		stacks = mmap(NULL, (DEPTH + LEAVES) * STACK_BYTES,
			      PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			      0);
	if (clone(fn, stacks + (number + 1) * STACK_BYTES,
		  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD,
		  (void *)number) < 0)
		_exit(1);
}

static int live_as_leaf(void *unused)
{
	sem_post(&shared->grown);
	for (;;)
		pause();
	return 0;
}

/* Each generation has the next one, and grows a leaf when it is told to. */
static int live_in_chain(void *arg)
{
	const size_t depth = (size_t)arg;

	if (depth + 1 < DEPTH)
		spawn(live_in_chain, depth + 1);
	for (;;) {
		sem_post(&shared->grown);
		while (sem_wait(&shared->grow[depth]))
			;
		spawn(live_as_leaf, DEPTH + shared->leaves++);
	}
	return 0;
}

static void live(void *unused)
{
	live_in_chain(0);
}

static void wait_grown(unsigned int n)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += 100;
	while (n) {
		if (!sem_timedwait(&shared->grown, &limit))
			n--;
		else if (errno != EINTR)
			tap_bail("%u of the family are missing", n);
	}
}

/* In a pid namespace of its own, so that all of it goes with its first. */
static pid_t start_family(void)
{
	const struct place box = { "a family", CLONE_NEWPID, 0 };
	pid_t pid;

	for (int i = 0; i < DEPTH; i++)
		sem_init(&shared->grow[i], 1, 0);
	sem_init(&shared->grown, 1, 0);
	pid = place_start(&box, live, NULL);
	wait_grown(DEPTH);
	for (int i = 0; i < LEAVES; i++) {
		sem_post(&shared->grow[DEPTH - 1 - i * STRIDE % DEPTH]);
		wait_grown(2);
	}
	return pid;
}

static int count(const struct kin_record *rec, void *arg)
{
	shared->records++;
	return 0;
}

/* A subtree of one, ourselves: each other task is looked at in vain. */
static void climb(void *unused)
{
	const uint32_t self = getpid();
	const struct kin_query q = { .scope = { .subtrees = &self,
						.n_subtrees = 1 } };
	struct kin *kin;
	double start;

	shared->ret = kin_open(&kin);
	start = now();
	if (!shared->ret)
		shared->ret = kin_dump(kin, &q, count, NULL);
	shared->took = now() - start;
	shared->done = true;
}

/* How late is somebody who should run at once, on the CPU of the dump? */
static double wait_for_cpu(void)
{
	const struct timespec pause_for = { .tv_nsec = 1000000 };
	const double start = now();

	clock_nanosleep(CLOCK_MONOTONIC, 0, &pause_for, NULL);
	return now() - start - 1e6;
}

/* It returns when all who were reading under RCU have left. */
static double wait_for_rcu(void)
{
	const double start = now();

	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		tap_bail("membarrier: %s", strerror(errno));
	return now() - start;
}

static double longest_wait(double (*wait_once)(void))
{
	const struct place user = { "a user", 0, 5000 };
	double longest = 0, wait;
	pid_t pid;

	shared->done = false;
	shared->records = 0;
	pid = place_start(&user, climb, NULL);
	while (!shared->done) {
		wait = wait_once();
		if (wait > longest)
			longest = wait;
	}
	place_wait(pid);
	if (shared->ret || shared->records != 1)
		tap_bail("the dump: %d, %u records", shared->ret,
			 shared->records);
	return longest;
}

/* The machine below may hold up a run; the module would hold up all of them,
 * and those that take long all the more. */
static void check(const char *what, double (*wait_once)(void))
{
	double longest, took;
	int tries = 0;

	do {
		longest = longest_wait(wait_once);
		took = shared->took;
		tap_note("%.1f ms of %.1f", longest / 1e6, took / 1e6);
		if (took < TOO_FAST) {
			tap_skip("a dump is too fast here to tell", "%s", what);
			return;
		}
	} while (longest > took * SMALL && took < TOO_SLOW && ++tries < TRIES);
	tap_ok(longest <= took * SMALL, "%s: %.1f ms in a dump of %.1f", what,
	       longest / 1e6, took / 1e6);
}

/* Before all others, on one CPU with the dump; but the dump is not. */
static void prefer_us(void)
{
	const struct sched_param param = { .sched_priority = 1 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one) ||
	    sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param))
		tap_bail("real-time priority: %s", strerror(errno));
}

int main(void)
{
	pid_t family;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	family = start_family();
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0) &
	    MEMBARRIER_CMD_GLOBAL)
		check("climbing holds up RCU a small part of the time",
		      wait_for_rcu);
	else
		tap_skip("no membarrier", "climbing and RCU");
	prefer_us();
	check("climbing leaves the CPU to others in between", wait_for_cpu);
	kill(family, SIGKILL);
	waitpid(family, NULL, 0);
	return tap_done();
}
