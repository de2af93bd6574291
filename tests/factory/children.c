// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of children: zombies, orphans, and those that died young. */
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"

static void run_careless(const char *arg)
{
	unsigned int i, count = strtoul(arg, NULL, 10);

	for (i = 0; i < count; i++) {
		if (!member_fork()) {
			member_say("zombie", " state=Z");
			_exit(i);
		}
	}
	member_say("careless", " zombies=%u", count);
	member_pause();
}

unsigned int make_zombies(const char *arg)
{
	member_make(run_careless, arg);
	return strtoul(arg, NULL, 10) + 1;
}

/* Its parent's end comes to it as SIGKILL, unless it asks later. */
static void run_orphan(pid_t subreaper)
{
	prctl(PR_SET_PDEATHSIG, 0);
	while (getppid() != subreaper)
		sched_yield();
	member_bind();
	member_say("orphan", " subreaper=0");
	member_pause();
}

static void run_subreaper(const char *arg)
{
	pid_t self = getpid(), middle;

	(void)arg;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	middle = fork();
	if (!middle) {
		if (!fork())
			run_orphan(self);
		_exit(0);
	}
	waitpid(middle, NULL, 0);
	member_say("subreaper", " subreaper=1");
	member_pause();
}

unsigned int make_orphan(const char *arg)
{
	member_make(run_subreaper, arg);
	return 2;
}

static void run_hatchery(const char *arg)
{
	const struct timespec life = { .tv_nsec = 2000000 };

	(void)arg;
	member_say("hatchery", " busy=1");
	for (;;) {
		if (!member_fork()) {
			nanosleep(&life, NULL);
			_exit(0);
		}
		wait(NULL);
	}
}

unsigned int make_short_lived(const char *arg)
{
	member_make(run_hatchery, arg);
	return 1;
}
