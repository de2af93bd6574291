// SPDX-License-Identifier: GPL-2.0-or-later
/* Processes that only sleep: as many as memory allows, as cheap as can be. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"
#include "report.h"

#define STACK_BYTES 1024 /* of a sleeper that has nothing else of its own */

static pid_t *pids;

static pid_t *room(unsigned int count)
{
	pids = realloc(pids, (count + 1) * sizeof(*pids));
	if (!pids)
		member_die("memory");
	return pids;
}

/* The last ones fall asleep last: look at them first, and seldom twice. */
static void await(unsigned int count)
{
	unsigned int i;

	for (i = count; i-- > 0;)
		report_await(pids[i], pids[i], 'S');
	for (i = 0; i < count; i++)
		report_sleeper(pids[i]);
}

unsigned int make_sleepers(const char *arg)
{
	unsigned int i, count = strtoul(arg, NULL, 10);

	room(count);
	for (i = 0; i < count; i++) {
		pids[i] = member_fork();
		if (!pids[i])
			member_pause();
		member_remember(pids[i]);
	}
	await(count);
	return 0;
}

static int sleep_light(void *unused)
{
	(void)unused;
	member_bind();
	member_pause();
}

unsigned int make_light_sleepers(const char *arg)
{
	unsigned int i, count = strtoul(arg, NULL, 10);
	char *stacks =
		mmap(NULL, (size_t)count * STACK_BYTES, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (count && stacks == MAP_FAILED)
		member_die("mmap");
	room(count);
	for (i = 0; i < count; i++) {
		pids[i] = clone(sleep_light,
				stacks + (i + 1) * (size_t)STACK_BYTES,
				CLONE_VM | CLONE_FS | CLONE_FILES |
					CLONE_SIGHAND | SIGCHLD,
				NULL);
		if (pids[i] < 0)
			member_die("clone");
		member_remember(pids[i]);
	}
	await(count);
	return 0;
}
