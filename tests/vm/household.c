// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * household LOG: a family that knows itself, for the test of kin run. A line in
 * LOG for each member:
 *
 *	process PID CREATOR COMM STATUS		STATUS as wait(2) tells it
 *	thread TID PROCESS COMM
 *	caller TID PROCESS COMM			a thread that execs, with success
 *	cpu NS	what the kernel says that all of them used
 *
 * It ends when all of them have, with status 5.
 */
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXITED(code) ((code) << 8)
#define MANY 300
#define BURN_NS 200000000ll

static const char *log_path;
static int log_fd;

/* Lines are short: each is written at once. */
static void __attribute__((format(printf, 1, 2))) note(const char *format, ...)
{
	char line[128];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (write(log_fd, line, len) != len)
		err(1, "%s", log_path);
}

/* A child that calls @act and must end with @status; its creator tells of it. */
static pid_t member(const char *comm, int status, void (*act)(void))
{
	const pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid) {
		note("process %d %d %s %d\n", pid, getpid(), comm, status);
		return pid;
	}
	prctl(PR_SET_NAME, comm);
	act();
	_exit(WEXITSTATUS(status));
}

static void await(pid_t pid)
{
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "waitpid");
}

static void wait_for_all(void)
{
	while (wait(NULL) > 0)
		;
}

static void nothing(void)
{
}

/* ---- ends ---- */

static void die_of_kill(void)
{
	raise(SIGKILL);
}

static void die_of_segv(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	raise(SIGSEGV);
}

static void make_ends(void)
{
	await(member("good", 0, nothing));
	await(member("bad", EXITED(1), nothing));
	await(member("worse", EXITED(255), nothing));
	await(member("killed", SIGKILL, die_of_kill));
	await(member("crashed", SIGSEGV, die_of_segv));
}

/* Nothing but a life: no name of its own, no page written. */
static void make_shortest(void)
{
	const pid_t pid = vfork();

	if (!pid)
		_exit(0);
	note("process %d %d household 0\n", pid, getpid());
	await(pid);
}

/* ---- descents ---- */

static void middle(void)
{
	member("grandchild", EXITED(7), nothing);
	wait_for_all();
}

static void daemonize(void)
{
	member("daemon", EXITED(8), nothing);
}

/* The end of the pipe that nobody writes to: the daemon has ended. */
static void make_daemon(void)
{
	char byte;
	int ends[2];

	if (pipe(ends))
		err(1, "pipe");
	await(member("forker", 0, daemonize));
	close(ends[1]);
	if (read(ends[0], &byte, 1))
		errx(1, "somebody wrote");
	close(ends[0]);
}

/* A sibling of its creator. */
static void clone_parent(void)
{
	const pid_t pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

	if (!pid)
		_exit(4);
	note("process %d %d cloner %d\n", pid, getpid(), EXITED(4));
}

static void make_descents(void)
{
	await(member("middle", 0, middle));
	make_daemon();
	await(member("cloner", 0, clone_parent));
	wait_for_all();
}

/* ---- threads ---- */

static void *thread(void *name)
{
	pthread_setname_np(pthread_self(), name);
	note("thread %ld %d %s\n", syscall(SYS_gettid), getpid(),
	     (const char *)name);
	return NULL;
}

static pthread_t start(void *(*act)(void *), const char *name)
{
	pthread_t id;

	if (pthread_create(&id, NULL, act, (void *)name))
		errx(1, "pthread_create");
	return id;
}

static void three_threads(void)
{
	static const char *const names[] = { "red", "green", "blue" };

	for (int i = 0; i < 3; i++)
		pthread_join(start(thread, names[i]), NULL);
}

static void *last_one(void *name)
{
	thread(name);
	/* until the main thread has ended */
	while (!kill(getpid(), 0)) {
		char path[64], state = 0;
		FILE *stat;

		snprintf(path, sizeof(path), "/proc/%d/stat", getpid());
		stat = fopen(path, "r");
		if (!stat || fscanf(stat, "%*d %*s %c", &state) != 1)
			break;
		fclose(stat);
		if (state == 'Z')
			break;
		sched_yield();
	}
	_exit(6);
}

static void main_thread_first(void)
{
	start(last_one, "last");
	pthread_exit(NULL);
}

static void *exec_self(void *name)
{
	char *argv[] = { (char *)"household", (char *)"--executed", NULL };

	pthread_setname_np(pthread_self(), name);
	note("caller %ld %d %s\n", syscall(SYS_gettid), getpid(),
	     (const char *)name);
	execv("/proc/self/exe", argv);
	err(1, "execv");
}

static void exec_by_thread(void)
{
	start(exec_self, "caller");
	pause();
}

static void make_threads(void)
{
	await(member("threads", 0, three_threads));
	await(member("headless", EXITED(6), main_thread_first));
	/* the name is that of the file then */
	await(member("exe", EXITED(9), exec_by_thread));
}

/* ---- many, and CPU ---- */

static void make_many(void)
{
	for (int i = 0; i < MANY; i++) {
		member("one", i % 3 ? 0 : EXITED(i % 7), nothing);
		if (i % 10 == 9)
			wait_for_all();
	}
	wait_for_all();
}

static void burn(void)
{
	struct timespec now;

	do {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	} while (now.tv_sec * 1000000000ll + now.tv_nsec < BURN_NS);
}

static void make_heat(void)
{
	member("burner", 0, burn);
	member("burner", 0, burn);
	wait_for_all();
}

static long long used(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return 1000ll * (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) +
	       1000000000ll * (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--executed"))
		return 9;
	if (argc != 2)
		errx(2, "Usage: household LOG");
	log_path = argv[1];
	log_fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log_fd < 0)
		err(1, "%s", log_path);
	note("process %d %d household %d\n", getpid(), getppid(), EXITED(5));
	make_ends();
	make_shortest();
	make_descents();
	make_threads();
	make_many();
	make_heat();
	note("cpu %lld\n", used(RUSAGE_SELF) + used(RUSAGE_CHILDREN));
	return 5;
}
