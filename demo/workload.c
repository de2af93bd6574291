// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A family to look at: what a busy host looks like, small. A web server with a
 * prefork pool whose workers have threads, a parent that does not wait for its
 * children, a stopped editor, something that computes. Prints "ready PID" when
 * all of them are what they should be; ends, with all of them, when its standard
 * input does.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 4
#define THREADS 3	/* of each worker, besides its main thread */
#define ZOMBIES 3

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* A child of this name that dies with its parent; returns in the parent. */
static pid_t spawn(const char *comm, void (*run)(void))
{
	const pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, comm);
	run();
	_exit(0);
}

static void sleep_on(void)
{
	for (;;)
		pause();
}

static void *serve(void *arg)
{
	prctl(PR_SET_NAME, "worker");
	sleep_on();
	return NULL;
}

static void pool_member(void)
{
	pthread_t thread;

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, serve, NULL))
			die("pthread_create");
	sleep_on();
}

static void server(void)
{
	for (int i = 0; i < WORKERS; i++)
		spawn("httpd", pool_member);
	sleep_on();
}

static void end(void)
{
}

/* Never waits: its children stay what they are, zombies. */
static void careless(void)
{
	siginfo_t info;

	for (int i = 0; i < ZOMBIES; i++) {
		const pid_t pid = spawn("forgotten", end);

		waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	}
	sleep_on();
}

static void stop(void)
{
	raise(SIGSTOP);
	sleep_on();
}

static void compute(void)
{
	for (volatile unsigned long i = 0;; i++)
		;
}

int main(void)
{
	siginfo_t info;
	pid_t editor;
	char c;

	prctl(PR_SET_NAME, "demo");
	spawn("httpd", server);
	spawn("careless", careless);
	editor = spawn("editor", stop);
	spawn("compute", compute);
	if (waitid(P_PID, editor, &info, WSTOPPED | WNOWAIT) < 0)
		die("waitid");
	printf("ready %d\n", getpid());
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
