// SPDX-License-Identifier: GPL-2.0-or-later
/* Who shares a table of descriptors with whom. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "zoo.h"

static pid_t owner;

/* Shares with the one that made it, and opens something that both have then. */
static void run_sharing(void)
{
	zoo_say_table(getpid(), getpid(), "shares", " users=2 shared_pid=%d", owner);
	zoo_stay();
}

static void run_shared(void)
{
	owner = getpid();
	zoo_member("shares", run_sharing, CLONE_FILES);
	zoo_say_table(getpid(), getpid(), "shared", " users=2 shared_pid=0");
}

static pthread_barrier_t ready;

static void *stay(void *arg)
{
	(void)arg;
	pthread_barrier_wait(&ready);
	while (pause())
		;
	return NULL;
}

/* A table of its own, with one more in it. */
static void *leave(void *arg)
{
	const pid_t tid = gettid();

	(void)arg;
	if (unshare(CLONE_FILES) || open("/dev/zero", O_RDONLY) < 0)
		zoo_die("unshare");
	zoo_say_table(getpid(), tid, "thread-unshared", " users=1 shared_pid=0 more=1");
	return stay(NULL);
}

static void start(void *(*fn)(void *arg))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, fn, NULL))
		zoo_die("pthread_create");
}

/* Two threads that share, and one that does not. */
static void run_threads(void)
{
	pthread_barrier_init(&ready, NULL, 4);
	start(stay);
	start(stay);
	start(leave);
	pthread_barrier_wait(&ready);
	zoo_say_table(getpid(), getpid(), "threads", " users=3 shared_pid=0");
}

static void *outlive(void *arg)
{
	const pid_t pid = getpid();
	char path[64], text[512];
	int fd, len = 0;

	(void)arg;
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	/* Until the main thread has ended. */
	while (!strstr(text, ") Z ")) {
		fd = open(path, O_RDONLY);
		len = read(fd, text, sizeof(text) - 1);
		text[len > 0 ? len : 0] = '\0';
		close(fd);
		sched_yield();
	}
	zoo_say_table(pid, gettid(), "main-thread-ended", " users=1 shared_pid=0");
	zoo_stay();
}

static void run_dead_leader(void)
{
	start(outlive);
	/* Not exit(): the other thread lives on. */
	syscall(SYS_exit, 0);
}

/* Until its child execs or ends its parent waits, in state D. */
static void run_vfork(void)
{
	const pid_t parent = getpid();

	zoo_say_table(parent, parent, "vfork-parent", " users=1 shared_pid=0 state=D");
	fflush(stdout);
	if (!vfork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		zoo_stay();
	}
	_exit(1);
}

/* Has ended, and its parent does not look: it has no table. */
static void run_zombie_parent(void)
{
	const pid_t pid = fork();
	siginfo_t info;

	if (!pid)
		_exit(0);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	zoo_say_table(pid, pid, "zombie", " none=1");
}

void zoo_tables(void)
{
	zoo_member("shared", run_shared, 0);
	zoo_member("threads", run_threads, 0);
	zoo_member("main-thread-ended", run_dead_leader, 0);
	zoo_member("vfork-parent", run_vfork, 0);
	zoo_member("zombie", run_zombie_parent, 0);
}
