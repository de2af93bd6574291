// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events are exact: a workload writes down all that it does; a subscriber of
 * its family is told just that, each once, in order; one of everything is told
 * it, too. KIN_SEED repeats a run.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workload/task.h"
#include "events/exact.h"
#include "events/match.h"
#include "events/play.h"
#include "truth/tap.h"

#define PID_MAX	  "/proc/sys/kernel/pid_max"
#define FEW_PIDS  450 /* fewer than there will be tasks; of them */
#define NOT_USED  300 /* so many are not given out again */
#define MAX_DIGIT 16

#define CGROUP	   "/sys/fs/cgroup"
#define OOM_CGROUP CGROUP "/kin-oom"
#define FOOD_BYTES (64 << 20) /* much more than the cgroup has */

static unsigned int rounds = 150, repeats = 2;

static void write_file(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		tap_bail("%s: %s", path, strerror(errno));
	close(fd);
}

static void read_file(const char *path, char *text, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t len = read(fd, text, size - 1);

	if (len < 0)
		tap_bail("%s: %s", path, strerror(errno));
	text[len] = '\0';
	close(fd);
}

static void play(uint64_t seed, struct reader *family, struct reader *all)
{
	const uint64_t from = now_ns();
	struct match match;
	struct mark mark;
	bool same;
	size_t n;

	tap_note("KIN_SEED=%" PRIu64, seed);
	play_start(seed, rounds);
	while (!play_ended()) {
		reader_take(all, 10);
		reader_take(family, 0);
	}
	mark = mark_make();
	reader_until(all, &mark);
	reader_until(family, &mark);
	exact_check(family, &mark);
	match_start(&match, &family->filter);
	same = match_compare(&match, all, family, from, now_ns(), &n);
	tap_ok(same && n,
	       "of all %zu events, the family's are %zu, the same ones", all->n,
	       n);
	match_end(&match);
}

static void check(uint64_t seed)
{
	const uint32_t self = getpid();
	struct reader family = { .name = "family",
				 .filter = { .kinds = KIN_KINDS,
					     .scope = { .subtrees = &self,
							.n_subtrees = 1 } } };
	struct reader all = { .name = "all", .filter = { .kinds = KIN_KINDS } };

	reader_open(&all);
	reader_open(&family);
	play(seed, &family, &all);
	reader_close(&all);
	reader_close(&family);
}

/* ---- an OOM kill ---- */

static bool has_memory_cgroups(void)
{
	char controllers[256];

	read_file(CGROUP "/cgroup.controllers", controllers,
		  sizeof(controllers));
	return strstr(controllers, "memory");
}

static void eat_memory(void)
{
	char *at = mmap(NULL, FOOD_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	write_file(OOM_CGROUP "/cgroup.procs", "0");
	for (size_t i = 0; i < FOOD_BYTES; i += 4096)
		at[i] = 1;
	_exit(0);
}

static pid_t kill_by_oom(int *status)
{
	pid_t pid;

	write_file(CGROUP "/cgroup.subtree_control", "+memory");
	if (mkdir(OOM_CGROUP, 0755) && errno != EEXIST)
		tap_bail(OOM_CGROUP ": %s", strerror(errno));
	write_file(OOM_CGROUP "/memory.max", "4M");
	pid = fork();
	if (!pid)
		eat_memory();
	waitpid(pid, status, 0);
	return pid;
}

static void check_oom(void)
{
	struct reader r = { .name = "oom" };
	const struct seen *oom = NULL, *end = NULL;
	struct mark mark;
	int status = 0;
	uint32_t pid;

	if (!has_memory_cgroups()) {
		tap_skip("no memory cgroups in this kernel", "an OOM kill");
		return;
	}
	reader_open(&r);
	pid = kill_by_oom(&status);
	mark = mark_make();
	reader_until(&r, &mark);
	for (size_t i = 0; i < r.n; i++) {
		const struct seen *seen = &r.seen[i];

		if (seen->base.kind == KIN_EVENT_KIND_OOM)
			oom = seen;
		if (seen->base.kind == KIN_EVENT_KIND_EXIT &&
		    seen->base.pid == pid)
			end = seen;
	}
	tap_ok(oom && oom->has_part && oom->base.pid == pid &&
		       oom->part.oom.rss_anon_bytes &&
		       oom->part.oom.rss_anon_bytes <= FOOD_BYTES &&
		       !oom->part.oom.oom_score_adj,
	       "an OOM kill tells its victim and what it had: %" PRIu64
	       " bytes",
	       oom ? (uint64_t)oom->part.oom.rss_anon_bytes : 0);
	tap_ok(end && oom && end > oom && status == SIGKILL &&
		       end->part.exit.status == SIGKILL &&
		       end->base.flags & KIN_EVENT_OOM_VICTIM,
	       "and so does its end: %#x",
	       end ? end->part.exit.status : KIN_NONE32);
	reader_close(&r);
}

static void check_reuse(uint64_t seed)
{
	char pid_max[MAX_DIGIT], few[MAX_DIGIT];
	unsigned int tasks;

	read_file(PID_MAX, pid_max, sizeof(pid_max));
	snprintf(few, sizeof(few), "%d", FEW_PIDS);
	write_file(PID_MAX, few);
	check(seed);
	write_file(PID_MAX, pid_max);
	tasks = task_log->lives - 1;
	tap_ok(tasks > FEW_PIDS - NOT_USED, "%u tasks with %d numbers", tasks,
	       FEW_PIDS - NOT_USED);
}

#define SHORT_LIVES 40
#define SHORT_NS    1000000 /* a quarter of the time between two ticks */

/* Compute for a while; how long, as the clock has it. No system call: the
 * scheduler would write down what has been run. */
static pid_t live_short(uint64_t *ns)
{
	const pid_t pid = fork();
	uint64_t start;

	if (pid)
		return pid;
	start = now_ns();
	do
		*ns = now_ns() - start;
	while (*ns < SHORT_NS);
	_exit(0);
}

/* Whoever lives between two ticks has used what it has used nevertheless. (Not
 * all of them: some are put off the CPU meanwhile.) */
static void check_short_lives(void)
{
	struct reader r = { .name = "short lives",
			    .filter.events = KIN_EVENT_KIND_EXIT };
	uint64_t *ns = mmap(NULL, SHORT_LIVES * sizeof(*ns),
			    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			    -1, 0);
	pid_t pids[SHORT_LIVES];
	unsigned int right = 0;
	struct mark mark;

	reader_open(&r);
	for (int i = 0; i < SHORT_LIVES; i++) {
		pids[i] = live_short(&ns[i]);
		waitpid(pids[i], NULL, 0);
	}
	mark = mark_make();
	reader_until(&r, &mark);
	for (size_t i = 0; i < r.n; i++)
		for (int k = 0; k < SHORT_LIVES; k++)
			right += r.seen[i].base.pid == (uint32_t)pids[k] &&
				 r.seen[i].part.exit.runtime_ns >=
					 ns[k] - ns[k] / 5;
	tap_ok(right >= SHORT_LIVES - SHORT_LIVES / 4,
	       "short lives are told the time they ran: %u of %d", right,
	       SHORT_LIVES);
	reader_close(&r);
	munmap(ns, SHORT_LIVES * sizeof(*ns));
}

int main(void)
{
	const uint64_t seed = play_seed();

	if (getenv("KIN_SMALL"))
		rounds = 40, repeats = 1;
	play_setup();
	for (unsigned int i = 0; i < repeats; i++)
		check(seed + i);
	check_reuse(seed + repeats);
	check_oom();
	check_short_lives();
	return tap_done();
}
