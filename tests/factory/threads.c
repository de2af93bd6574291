// SPDX-License-Identifier: GPL-2.0-or-later
/* Processes with more threads than one, or without their first. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"

#define ENDED_THREADS 3
#define ENDED_WORK_NS                                          \
	20000000 /* of CPU time, for sums to have something in \
		  */

static void *run_thread(void *arg)
{
	char name[16];

	snprintf(name, sizeof(name), "thread %d", (int)(long)arg);
	prctl(PR_SET_NAME, name);
	/* Nice is a thread's own in Linux. */
	setpriority(PRIO_PROCESS, syscall(SYS_gettid), (int)(long)arg % 20);
	member_say("thread", " tid=%d tgid=%d thread=1 exit_signal=-1",
		   (int)syscall(SYS_gettid), getpid());
	member_pause();
}

static void start(void *(*fn)(void *), void *arg, pthread_t *thread)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 << 10);
	if (pthread_create(thread, &attr, fn, arg))
		member_die("pthread_create");
}

static void *end_thread(void *unused)
{
	struct timespec used;

	(void)unused;
	do {
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	} while (used.tv_sec == 0 && used.tv_nsec < ENDED_WORK_NS);
	return NULL;
}

static void start_and_join(void)
{
	pthread_t thread;

	start(end_thread, NULL, &thread);
	pthread_join(thread, NULL);
}

static void run_threads(const char *arg)
{
	long i, count = atol(arg);
	pthread_t thread;

	for (i = 0; i < ENDED_THREADS; i++)
		start_and_join();
	for (i = 1; i <= count; i++)
		start(run_thread, (void *)i, &thread);
	member_say("threads", " num_threads=%ld ended=%d exit_signal=17",
		   count + 1, ENDED_THREADS);
	member_pause();
}

unsigned int make_threads(const char *arg)
{
	member_make(run_threads, arg);
	return atoi(arg) + 1;
}

static void *outlive(void *unused)
{
	(void)unused;
	member_say("survivor", " tid=%d thread=1", (int)syscall(SYS_gettid));
	member_pause();
}

/* _exit() would end all. */
static void run_dead_leader(const char *arg)
{
	pthread_t thread;

	(void)arg;
	start(outlive, NULL, &thread);
	member_say("dead-leader", " state=Z num_threads=2");
	syscall(SYS_exit, 0);
}

unsigned int make_dead_leader(const char *arg)
{
	member_make(run_dead_leader, arg);
	return 2;
}
