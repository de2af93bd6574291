// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module's parameter hidepid. 0: everyone sees all; 1: who has no
 * CAP_SYS_PTRACE over the pid namespace sees only own tasks, and never one that
 * /proc mounted with hidepid=ptraceable would hide; 2: who has not, is refused.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "truth/family.h"
#include "truth/hidepid.h"
#include "truth/place.h"
#include "truth/raw.h"
#include "truth/tap.h"

#define STRICT_PROC "/run/proc-ptraceable"
#define USER	    5000

/* What somebody in some place saw. */
static struct answer {
	int open, dump, get_self, get_init, host, status, tree;
	unsigned int n, own, foreign, hidden_by_proc, missing;
	uint32_t host_processes;
	char sentence[256], get_sentence[256];
} * answer;

static int nothing(const struct kin_record *rec, void *arg)
{
	return 0;
}

static int look(const struct kin_record *rec, void *arg)
{
	char path[64];

	answer->n++;
	if (rec->base->uid == USER && rec->base->euid == USER &&
	    rec->base->suid == USER)
		answer->own++;
	else
		answer->foreign++;
	snprintf(path, sizeof(path), STRICT_PROC "/%u", rec->base->pid);
	answer->hidden_by_proc += access(path, F_OK) != 0;
	return 0;
}

/* A child that may not be dumped is nobody's to look at. */
static pid_t undumpable(void)
{
	int gate[2];
	char byte;
	pid_t pid;

	if (pipe(gate))
		_exit(1);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_DUMPABLE, 0);
		if (write(gate[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	if (read(gate[0], &byte, 1) != 1)
		_exit(1);
	close(gate[0]);
	close(gate[1]);
	return pid;
}

static void ask_all(void *unused)
{
	const uint32_t one = 1;
	const struct kin_query all = { 0 };
	const struct kin_query tree = { .scope = { .subtrees = &one,
						   .n_subtrees = 1 } };
	struct kin_status status;
	struct kin_host host;
	struct kin *kin;
	pid_t secret = undumpable();

	answer->open = kin_open(&kin);
	answer->dump = kin_dump(kin, &all, look, NULL);
	snprintf(answer->sentence, sizeof(answer->sentence), "%s",
		 kin_error(kin));
	answer->get_self = kin_get(kin, getpid(), KIN_KIND_PROCESS,
				   KIN_GROUPS & ~KIN_GROUPS_PRIVATE,
				   nothing, NULL);
	answer->get_init = kin_get(kin, 1, KIN_KIND_PROCESS, 0, nothing, NULL);
	snprintf(answer->get_sentence, sizeof(answer->get_sentence), "%s",
		 kin_error(kin));
	answer->missing = kin_get(kin, secret, KIN_KIND_PROCESS, 0, nothing,
				  NULL) == -ESRCH;
	answer->host = kin_host_get(kin, &host);
	answer->host_processes = host.processes;
	answer->status = kin_status_get(kin, &status, NULL, 0);
	answer->tree = kin_dump(kin, &tree, nothing, NULL);
	kin_close(kin);
	kill(secret, SIGKILL);
}

static void ask_as(const struct place *place)
{
	memset(answer, 0, sizeof(*answer));
	if (place_wait(place_start(place, ask_all, NULL)))
		tap_bail("%s failed", place->name);
	tap_note("%s: dump %d, %u tasks (%u its own, %u hidden by /proc); get "
		 "%d, %d; host %d, %u processes; status %d; tree %d; %s",
		 place->name, answer->dump, answer->n, answer->own,
		 answer->hidden_by_proc, answer->get_self, answer->get_init,
		 answer->host, answer->host_processes, answer->status,
		 answer->tree, answer->sentence);
}

static bool saw_all(void)
{
	return !answer->dump && !answer->get_self && !answer->get_init &&
	       !answer->host && !answer->status && !answer->tree &&
	       !answer->missing && answer->foreign &&
	       answer->host_processes >= answer->n - 2;
}

static bool was_refused(void)
{
	return answer->dump == -EPERM && answer->get_self == -EPERM &&
	       answer->get_init == -EPERM && answer->host == -EPERM &&
	       answer->tree == -EPERM && !answer->n;
}

static bool saw_own(void)
{
	return !answer->dump && answer->own && !answer->foreign &&
	       !answer->hidden_by_proc && !answer->get_self &&
	       answer->get_init == -ESRCH && answer->missing && !answer->host &&
	       answer->host_processes <= answer->own + 1;
}

static struct kin_status counters(void)
{
	struct kin_status status;
	struct kin *kin;

	if (kin_open(&kin) || kin_status_get(kin, &status, NULL, 0))
		tap_bail("status");
	kin_close(kin);
	return status;
}

static void check_values(void)
{
	tap_ok(hidepid_set("3") == -EINVAL && hidepid_set("-1") &&
		       hidepid_set("x") == -EINVAL && !counters().hidepid,
	       "no other values than 0, 1, 2");
	tap_ok(!hidepid_set("2") && counters().hidepid == 2 &&
		       !hidepid_set("1") && counters().hidepid == 1 &&
		       !hidepid_set("0") && !counters().hidepid,
	       "the status tells the value");
}

static const struct place root = { "root", 0, 0 };
static const struct place user = { "a user", 0, USER };
static const struct place userns = { "root of a user namespace", CLONE_NEWUSER,
				     0 };
static const struct place box = { "root of a container",
				  CLONE_NEWUSER | CLONE_NEWPID, 0 };

static void check_off(void)
{
	hidepid_set("0");
	ask_as(&root);
	tap_ok(saw_all(), "hidepid=0: root sees all");
	ask_as(&user);
	tap_ok(saw_all(), "hidepid=0: a user sees all");
}

static void check_owned(void)
{
	struct kin_status before, after;

	hidepid_set("1");
	ask_as(&root);
	tap_ok(saw_all(), "hidepid=1: root sees all");
	before = counters();
	ask_as(&user);
	after = counters();
	tap_ok(saw_own(), "hidepid=1: a user sees what is its own");
	tap_ok(after.tasks_hidden > before.tasks_hidden,
	       "hidepid=1: status.tasks_hidden counts");
	ask_as(&userns);
	tap_ok(!answer->dump && answer->get_init == -ESRCH && answer->n &&
		       answer->n < 10,
	       "hidepid=1: root of a user namespace sees what is its own");
	ask_as(&box);
	/* (Not its child, which may not be dumped and has memory from outside.) */
	tap_ok(!answer->dump && answer->n == 1 && !answer->get_init,
	       "hidepid=1: root of a container sees what it has power over");
}

static void check_capable(void)
{
	struct kin_status before, after;

	hidepid_set("2");
	ask_as(&root);
	tap_ok(saw_all(), "hidepid=2: root sees all");
	before = counters();
	ask_as(&user);
	after = counters();
	tap_ok(was_refused(), "hidepid=2: a user is refused");
	tap_ok(strstr(answer->sentence, "hidepid"),
	       "hidepid=2: a dump is refused in words: %s", answer->sentence);
	tap_ok(strstr(answer->get_sentence, "hidepid"),
	       "hidepid=2: a get is refused in words: %s",
	       answer->get_sentence);
	tap_ok(after.requests_denied >= before.requests_denied + 6,
	       "hidepid=2: status.requests_denied counts");
	ask_as(&userns);
	tap_ok(was_refused(), "hidepid=2: so is root of a user namespace");
	ask_as(&box);
	/* (Not its child, which may not be dumped and has memory from outside.) */
	tap_ok(!answer->dump && answer->n == 1 && !answer->get_init,
	       "hidepid=2: root of a container sees what it has power over");
}

static int passed[2];

static void use_roots_socket(void *unused)
{
	_Alignas(8) char buf[4096];
	struct raw_answer raw;
	int fd = fd_receive(passed[1]);

	raw_ask(fd,
		raw_request(buf, raw_family(), KIN_CMD_TASK_GET, NLM_F_DUMP),
		&raw);
	answer->dump = raw.error;
	answer->n = raw.records;
}

/* Who opened the socket lends no privilege to who writes to it, nor the other
 * way round. */
static void check_lent(void)
{
	_Alignas(8) char buf[4096];
	struct raw_answer raw;
	pid_t pid;
	int fd;

	hidepid_set("2");
	memset(answer, 0, sizeof(*answer));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, passed))
		tap_bail("socketpair");
	pid = place_start(&user, use_roots_socket, NULL);
	fd = raw_open();
	fd_send(passed[0], fd);
	place_wait(pid);
	tap_ok(answer->dump == -EPERM && !answer->n,
	       "hidepid=2: a user with a socket of root's is refused: %d",
	       answer->dump);
	raw_ask(fd,
		raw_request(buf, raw_family(), KIN_CMD_TASK_GET, NLM_F_DUMP),
		&raw);
	tap_ok(!raw.error && raw.records, "and root is not");
	close(fd);
}

static void open_users_socket(void *unused)
{
	fd_send(passed[0], raw_open());
}

static void check_borrowed(void)
{
	_Alignas(8) char buf[4096];
	struct raw_answer raw;
	int fd;

	place_wait(place_start(&user, open_users_socket, NULL));
	fd = fd_receive(passed[1]);
	raw_ask(fd,
		raw_request(buf, raw_family(), KIN_CMD_TASK_GET, NLM_F_DUMP),
		&raw);
	tap_ok(raw.error == -EPERM && !raw.records,
	       "hidepid=2: root with a socket of a user's is refused: %d",
	       raw.error);
	close(fd);
}

int main(void)
{
	static const char *const options[] = { "--all", NULL };
	struct family family;

	answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	mkdir(STRICT_PROC, 0755);
	if (mount("proc", STRICT_PROC, "proc", 0, "hidepid=ptraceable"))
		tap_bail("proc with hidepid: %s", strerror(errno));
	family_start(&family, options);
	check_values();
	check_off();
	check_owned();
	check_capable();
	check_lent();
	check_borrowed();
	hidepid_set("0");
	family_end(&family);
	umount2(STRICT_PROC, MNT_DETACH);
	return tap_done();
}
