// SPDX-License-Identifier: GPL-2.0-or-later
/* How it may run: policy, priority, processors. */
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"

/* glibc 2.36 has no sched_setattr(), nor a header with the struct. */
struct deadline {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

#define POLICY_DEADLINE 6

static const struct policy {
	const char *role;
	int policy;
	int priority;
} policies[] = {
	{ "fifo", SCHED_FIFO, 1 },	  { "fifo99", SCHED_FIFO, 99 },
	{ "rr", SCHED_RR, 42 },		  { "batch", SCHED_BATCH, 0 },
	{ "idle-policy", SCHED_IDLE, 0 }, { "deadline", POLICY_DEADLINE, 0 },
};
#define N_POLICIES (sizeof(policies) / sizeof(*policies))

static int set_policy(const struct policy *p)
{
	struct sched_param param = { .sched_priority = p->priority };
	struct deadline attr = {
		.size = sizeof(attr),
		.policy = POLICY_DEADLINE,
		.runtime = 1000000,
		.deadline = 100000000,
		.period = 100000000,
	};

	if (p->policy == POLICY_DEADLINE)
		return syscall(SYS_sched_setattr, 0, &attr, 0);
	return sched_setscheduler(0, p->policy, &param);
}

static void run_policy(const char *arg)
{
	const struct policy *p = (const void *)arg;

	if (set_policy(p))
		member_skip(p->role, "not-permitted");
	member_say(p->role, NULL);
	member_pause();
}

unsigned int make_rt(const char *arg)
{
	const struct policy *p;

	(void)arg;
	for (p = policies; p < policies + N_POLICIES; p++)
		member_make(run_policy, (const void *)p);
	return N_POLICIES;
}

static void run_nice(const char *arg)
{
	if (setpriority(PRIO_PROCESS, 0, atoi(arg)))
		member_skip("nice", "not-permitted");
	member_say("nice", NULL);
	member_pause();
}

unsigned int make_nice(const char *arg)
{
	member_make(run_nice, arg);
	return 1;
}

static void run_affinity(const char *arg)
{
	cpu_set_t one;

	(void)arg;
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		member_die("sched_setaffinity");
	member_say("affinity", " cpu=0");
	member_pause();
}

unsigned int make_affinity(const char *arg)
{
	member_make(run_affinity, arg);
	return 1;
}

static void run_busy(const char *arg)
{
	volatile unsigned int spins = 0;

	(void)arg;
	member_say("busy", " busy=1");
	for (;;)
		spins++;
}

unsigned int make_busy(const char *arg)
{
	unsigned int i, count = strtoul(arg, NULL, 10);

	for (i = 0; i < count; i++)
		member_make(run_busy, NULL);
	return count;
}
