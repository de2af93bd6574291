// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A confused deputy: a user opens a socket and lets a privileged program write
 * to it, which it inherits like any other descriptor. What comes back, the user
 * reads. So who opened the socket and who writes to it must both have the right:
 * with hidepid=1 to each task (nothing is both a user's own and root's), with
 * hidepid=2 to anything at all.
 *
 * The deputy is this very program, copied and made set-user-id and set-group-id.
 *
 *	test-deputy FD	be the deputy: ask for all tasks on this descriptor
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "truth/hidepid.h"
#include "truth/place.h"
#include "truth/program.h"
#include "truth/raw.h"
#include "truth/tap.h"

#define DEPUTY "/run/kin-deputy"
#define USER   5000

static struct shared {
	bool privileged;
	struct raw_answer answer;
} * shared;

static const struct place root = { "root", 0, 0 };
static const struct place user = { "a user", 0, USER };

/* The first part of a dump is made while the request is written. */
static void ask(int fd)
{
	_Alignas(8) char buf[4096];

	raw_send(fd, raw_request(buf, raw_family(), KIN_CMD_TASK_GET,
				 NLM_F_DUMP));
}

static void read_answer(int fd)
{
	struct raw_answer *answer = &shared->answer;

	while (!answer->ended && raw_receive(fd, answer, NULL, NULL) > 0)
		;
	if (!answer->ended)
		answer->error = -ETIME;
}

/* Deputies end with 0 if they are what they should be. */
static int be_deputy(int fd)
{
	ask(fd);
	return getuid() == USER && !geteuid() && !getegid() ? 0 : 1;
}

static void let_deputy_ask(void *unused)
{
	int fd = raw_open(), status = -1;
	char number[16];
	pid_t pid;

	snprintf(number, sizeof(number), "%d", fd);
	pid = fork();
	if (!pid) {
		fcntl(fd, F_SETFD, 0);
		execl(DEPUTY, DEPUTY, number, NULL);
		_exit(2);
	}
	waitpid(pid, &status, 0);
	shared->privileged = !status;
	read_answer(fd);
}

static void ask_myself(void *unused)
{
	int fd = raw_open();

	ask(fd);
	read_answer(fd);
}

static int link_fds[2];

static void open_for_other(void *unused)
{
	fd_send(link_fds[0], raw_open());
}

static void ask_on_others(void *unused)
{
	int fd = fd_receive(link_fds[1]);

	ask(fd);
	read_answer(fd);
}

static const struct raw_answer *run(const struct place *place,
				    void (*fn)(void *))
{
	memset(shared, 0, sizeof(*shared));
	if (place_wait(place_start(place, fn, NULL)))
		tap_bail("%s failed", place->name);
	return &shared->answer;
}

/* One opens, the other writes and reads. */
static const struct raw_answer *lend(const struct place *opener,
				     const struct place *writer)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, link_fds))
		tap_bail("socketpair");
	run(opener, open_for_other);
	run(writer, ask_on_others);
	close(link_fds[0]);
	close(link_fds[1]);
	return &shared->answer;
}

static void check(const char *mode, int error)
{
	const struct raw_answer *a;

	if (hidepid_set(mode))
		tap_bail("cannot set hidepid");
	a = run(&user, let_deputy_ask);
	tap_ok(shared->privileged && a->ended && a->error == error &&
		       !a->records,
	       "hidepid=%s: a set-user-id program that asks on a user's socket: %d, %u tasks",
	       mode, a->error, a->records);
	a = lend(&user, &root);
	tap_ok(a->ended && a->error == error && !a->records,
	       "hidepid=%s: root on a user's socket: %d, %u tasks", mode,
	       a->error, a->records);
	a = lend(&root, &user);
	tap_ok(a->ended && a->error == error && !a->records,
	       "hidepid=%s: a user on root's socket: %d, %u tasks", mode,
	       a->error, a->records);
}

/* Else it would be no wonder that nothing is seen. */
static void check_alone(void)
{
	const struct raw_answer *a;
	unsigned int own;

	hidepid_set("1");
	a = run(&user, ask_myself);
	own = a->records;
	tap_ok(!a->error && own, "the user by itself sees its own: %u tasks",
	       own);
	a = run(&root, ask_myself);
	tap_ok(!a->error && a->records > own, "root by itself sees all: %u",
	       a->records);
	hidepid_set("0");
	a = run(&user, let_deputy_ask);
	tap_ok(shared->privileged && !a->error && a->records > own,
	       "what the program asks for arrives: %u tasks with hidepid=0",
	       a->records);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return be_deputy(atoi(argv[1]));
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	program_copy(DEPUTY, 06755);
	check_alone();
	check("1", 0);
	check("2", -EPERM);
	hidepid_set("0");
	unlink(DEPUTY);
	return tap_done();
}
