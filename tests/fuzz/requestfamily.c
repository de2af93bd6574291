// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Processes of all kinds to ask for: who asks; one that sleeps, with a terminal;
 * a zombie; one that is stopped; one that is traced; one with threads, and one of
 * these; one with a title over its arguments; one with very long arguments and an
 * environment longer than a message; one in a pid namespace of its own; one with
 * descriptors of many types, more than fit into a message.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "request.h"

#define LONG_ARGUMENT 20000
#define DESCRIPTORS   800

static int ready[2];

static void say_ready(uint32_t number)
{
	if (write(ready[1], &number, sizeof(number)) != sizeof(number))
		_exit(1);
}

static void sleep_on(void)
{
	for (;;)
		pause();
}

static void be_sleeper(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	setsid();
	/* The first terminal that a session's leader opens is its own. */
	if (master >= 0 && !grantpt(master) && !unlockpt(master))
		open(ptsname(master), O_RDWR | O_CLOEXEC);
}

static void be_dead(void)
{
	_exit(0);
}

static void be_stopped(void)
{
	kill(getpid(), SIGSTOP);
}

static void be_traced(void)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	kill(getpid(), SIGSTOP);
}

static void *be_thread(void *arg)
{
	say_ready(syscall(SYS_gettid));
	sleep_on();
	return NULL;
}

static void be_threads(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, be_thread, NULL))
		_exit(1);
}

static void start_again(const char *how, const char *argument)
{
	/* Also for those who may not go where it lies. */
	execl("/proc/self/exe", "request", how, argument, NULL);
	_exit(1);
}

static void be_titled(void)
{
	start_again("--title", "over all of this a title is written");
}

static void be_long(void)
{
	char *argument = malloc(LONG_ARGUMENT + 1);

	memset(argument, 'a', LONG_ARGUMENT);
	argument[LONG_ARGUMENT] = '\0';
	setenv("ONE", argument, 1);
	setenv("TWO", argument, 1);
	start_again("--member", argument);
}

static void open_file(const char *path)
{
	open(path, O_RDWR | O_CREAT, 0600);
	unlink(path);
}

static void open_socket(int family, int type, int protocol, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const int fd = socket(family, type, protocol);

	if (!path)
		return;
	/* Abstract, if there is no path. */
	memcpy(address.sun_path + !*path, path, strlen(path));
	bind(fd, (void *)&address, sizeof(address));
	unlink(path);
}

static void be_open(void)
{
	const struct itimerspec time = { .it_value.tv_sec = 1000 };
	const struct rlimit limit = { 2 * DESCRIPTORS, 2 * DESCRIPTORS };
	char path[64];
	int fds[2];

	setrlimit(RLIMIT_NOFILE, &limit);
	snprintf(path, sizeof(path), "/tmp/request-%d", getpid());
	open_file(path);
	open_socket(AF_INET, SOCK_STREAM, 0, NULL);
	open_socket(AF_INET6, SOCK_DGRAM, 0, NULL);
	open_socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC, NULL);
	open_socket(AF_UNIX, SOCK_STREAM, 0, path);
	open_socket(AF_UNIX, SOCK_STREAM, 0, "");
	if (!pipe(fds) && !socketpair(AF_UNIX, SOCK_DGRAM, 0, fds))
		listen(socket(AF_INET, SOCK_STREAM, 0), 1);
	timerfd_settime(timerfd_create(CLOCK_MONOTONIC, 0), 0, &time, NULL);
	epoll_create1(0);
	eventfd(1, EFD_CLOEXEC);
	inotify_init();
	memfd_create("request", 0);
	syscall(SYS_pidfd_open, getpid(), 0);
	open("/proc/self/ns/net", O_RDONLY);
	open("/", O_PATH);
	while (dup(0) >= 0 && dup(0) < DESCRIPTORS)
		;
}

/* No NUL is left at the end, so that what follows is part of the title. */
void family_member(char **argv)
{
	char *last = argv[2];

	if (!strcmp(argv[1], "--title"))
		memset(argv[0], 't', last + strlen(last) + 1 - argv[0]);
	for (;;)
		pause();
}

static void *end_at_once(void *arg)
{
	return arg;
}

void family_live(int status)
{
	pthread_t thread;
	pid_t pid;

	prctl(PR_SET_NAME, "live");
	if (!pthread_create(&thread, NULL, end_at_once, NULL))
		pthread_join(thread, NULL);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_NAME, "dead");
		_exit(status);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		run_wrong("no child");
	prctl(PR_SET_NAME, "request");
}

static uint32_t start(void (*what)(void), int flags)
{
	pid_t pid = syscall(SYS_clone, SIGCHLD | flags, NULL, NULL, NULL, NULL);

	if (pid)
		return pid > 0 ? pid : 1;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	what();
	sleep_on();
	_exit(0);
}

/* Without the right to have one, it lives in this namespace. */
static uint32_t start_apart(void)
{
	const uint32_t pid = start(be_sleeper, CLONE_NEWPID);

	return pid > 1 ? pid : start(be_sleeper, 0);
}

void family_make(uint32_t members[MEMBERS])
{
	uint32_t thread = 1;

	members[0] = getpid();
	members[1] = start(be_sleeper, 0);
	members[2] = start(be_dead, 0);
	members[3] = start(be_stopped, 0);
	members[4] = start(be_traced, 0);
	if (!pipe2(ready, O_CLOEXEC)) {
		members[5] = start(be_threads, 0);
		close(ready[1]);
		if (read(ready[0], &thread, sizeof(thread)) != sizeof(thread))
			thread = 1;
		close(ready[0]);
	}
	members[6] = thread;
	members[7] = start(be_titled, 0);
	members[8] = start(be_long, 0);
	members[9] = start_apart();
	members[10] = start(be_open, 0);
}
