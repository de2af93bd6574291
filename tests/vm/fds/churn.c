// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../workload/draw.h"
#include "../truth/tap.h"
#include "churn.h"
#include "keeper.h"

/* Moved up to there, a descriptor makes its table grow; each process begins
 * anew. */
#define HIGHEST 100000

/* Between those that are kept, most of them. */
#define LOW 1200

struct churned *churned;

static void count(unsigned long *number)
{
	__atomic_add_fetch(number, 1, __ATOMIC_RELAXED);
}

static void raise_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur <= HIGHEST)
		tap_bail("no more than %lu descriptors may be open",
			 (unsigned long)limit.rlim_cur);
}

void churn_init(void)
{
	raise_limit();
	churned = mmap(NULL, sizeof(*churned), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (churned == MAP_FAILED)
		tap_bail("no memory");
}

pid_t churn_fork(unsigned long clone_flags)
{
	const pid_t pid = syscall(SYS_clone, clone_flags | SIGCHLD, NULL, NULL,
				  NULL, NULL);

	if (pid < 0)
		tap_bail("clone");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* ---- in one table ---- */

static int open_one(uint64_t *seed)
{
	int ends[2];

	switch (draw(seed, 4)) {
	case 0:
		return open("/dev/null", O_RDWR | O_CLOEXEC);
	case 1:
		return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	case 2:
		return open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	default:
		if (pipe2(ends, O_CLOEXEC))
			return -1;
		close(ends[1]);
		return ends[0];
	}
}

/* Others move and close it, too: it may be gone, or another one. Some of the
 * low ones stay open for a while. */
static void churn_one(uint64_t *seed)
{
	const int low = keeper_loose(draw(seed, LOW));
	const int to = draw(seed, 8) ? low : keeper_loose(draw(seed, HIGHEST));
	const int fd = open_one(seed);

	count(&churned->opened);
	if (fd >= 0 && dup2(fd, to) == to)
		count(&churned->moved);
	if (fd >= 0)
		close(fd);
	if (to != low || draw(seed, 2)) {
		close(to);
		count(&churned->closed);
	}
}

void *churn_descriptors(void *seed)
{
	for (;;)
		churn_one(seed);
	return NULL;
}

/* ---- by processes ---- */

static void forks(uint64_t *seed)
{
	int i;

	if (!churn_fork(0)) {
		for (i = 0; i < 8; i++)
			churn_one(seed);
		_exit(0);
	}
	count(&churned->forked);
	wait(NULL);
}

/* What is closed by exec is closed while others look on. */
static void execs(uint64_t *seed)
{
	int i;

	if (!churn_fork(0)) {
		for (i = 0; i < 8; i++)
			churn_one(seed);
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	count(&churned->executed);
	wait(NULL);
}

/* Parent and child have one table until the child makes its own. */
static void unshares(uint64_t *seed)
{
	const pid_t pid = churn_fork(CLONE_FILES);

	churn_one(seed);
	if (!pid) {
		unshare(CLONE_FILES);
		churn_one(seed);
		_exit(0);
	}
	count(&churned->unshared);
	wait(NULL);
}

static void (*const storms[])(uint64_t *seed) = { forks, execs, unshares };
#define STORMS (sizeof(storms) / sizeof(storms[0]))

static pid_t storming[STORMS];

void churn_start(void)
{
	uint64_t seed;
	size_t i;

	for (i = 0; i < STORMS; i++) {
		seed = i;
		draw_start(&seed);
		storming[i] = churn_fork(0);
		while (!storming[i])
			storms[i](&seed);
	}
}

void churn_end(void)
{
	size_t i;

	for (i = 0; i < STORMS; i++) {
		kill(storming[i], SIGKILL);
		waitpid(storming[i], NULL, 0);
	}
}

bool churned_enough(const struct churned *wanted)
{
	const volatile struct churned *c = churned;

	return c->opened >= wanted->opened && c->moved >= wanted->moved &&
	       c->closed >= wanted->closed && c->forked >= wanted->forked &&
	       c->executed >= wanted->executed &&
	       c->unshared >= wanted->unshared;
}
