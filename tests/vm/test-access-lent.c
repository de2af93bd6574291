// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Private things over a socket of which two have an end: no gain. Who opened it
 * and who asks must both have the right. A dump that was asked for tells what
 * it would have told, whoever reads on and whatever becomes of who asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access/caller.h"
#include "access/landlock.h"
#include "access/target.h"
#include "truth/program.h"
#include "truth/raw.h"
#include "truth/sleepers.h"
#include "truth/tap.h"

#define DEPUTY	   "/run/kin-deputy"
#define UNREADABLE "/run/kin-unreadable"
#define SLEEPERS   500
/* More than fit into two messages. */
#define DESCRIPTORS 3000
/* Kernel stacks take another right, and the next two are never the same twice.
 */
#define ASKED                 \
	(KIN_GROUPS_PRIVATE & \
	 ~(KIN_GROUP_STACK | KIN_GROUP_DELAY | KIN_GROUP_WAIT))

static const struct question {
	const char *name;
	uint8_t cmd;
	uint16_t flags;
	uint16_t attr; /* what it takes, and its value */
	uint32_t value;
	bool pid;
} questions[] = {
	{ "groups of a task", KIN_CMD_TASK_GET, NLM_F_ACK, KIN_A_GROUPS, ASKED,
	  true },
	{ "groups of all tasks", KIN_CMD_TASK_GET, NLM_F_DUMP, KIN_A_GROUPS,
	  ASKED, false },
	{ "descriptors", KIN_CMD_FD_GET, NLM_F_DUMP, KIN_A_FD_PARTS,
	  KIN_FD_PARTS, false },
	{ "an environment", KIN_CMD_ENV_GET, NLM_F_DUMP, KIN_A_PID, 1, false },
	{ "events", KIN_CMD_EVENTS_SUBSCRIBE, NLM_F_ACK, KIN_A_KINDS, KIN_KINDS,
	  false },
};
#define QUESTIONS (sizeof(questions) / sizeof(*questions))

struct entry {
	uint32_t pid;
	unsigned int given;
	bool denied;
};

struct list {
	unsigned int n;
	bool ended;
	int error;
	struct entry entries[SLEEPERS + 1];
};

static struct shared {
	struct raw_answer answer;
	bool privileged;
	/* Those that are asleep all the while, by the asker's numbers. */
	pid_t sleepers[SLEEPERS];
	volatile pid_t box, entered;
	volatile bool ready;
	/* Read by the asker alone; and in two parts. */
	struct list whole, parted;
	unsigned int first_part;
	struct part {
		unsigned int given;
		bool denied;
	} before, after; /* a program is run */
} * shared;

static const struct question *question; /* the one that is asked */
static bool addressed; /* and how it is sent */
static int link_fds[2];

static void ask(int fd)
{
	_Alignas(8) char buf[4096];
	struct nlmsghdr *nlh =
		raw_request(buf, raw_family(), question->cmd, question->flags);

	mnl_attr_put_u32(nlh, question->attr, question->value);
	if (question->pid)
		mnl_attr_put_u32(nlh, KIN_A_PID, 1);
	(addressed ? raw_send_addressed : raw_send)(fd, nlh);
}

static void open_link(void)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, link_fds))
		tap_bail("socketpair: %s", strerror(errno));
}

static void close_link(void)
{
	close(link_fds[0]);
	close(link_fds[1]);
}

/* ---- lent: one opens, another asks ---- */

static void take_answer(int fd)
{
	struct raw_answer *answer = &shared->answer;

	while (!answer->ended && raw_receive(fd, answer, NULL, NULL) > 0)
		;
}

static void open_for_other(void)
{
	fd_send(link_fds[0], raw_open());
}

static void ask_on_others(void)
{
	const int fd = fd_receive(link_fds[1]);

	ask(fd);
	take_answer(fd);
}

/* Deputies end with 0 if they are what they should be. */
static int be_deputy(char **argv)
{
	question = &questions[atoi(argv[3])];
	addressed = atoi(argv[4]);
	ask(atoi(argv[2]));
	return getuid() == CALLER_UID && !geteuid() && !getegid() ? 0 : 1;
}

static void let_deputy_ask(void)
{
	char number[16], index[16];
	int fd = raw_open(), status = -1;
	pid_t pid;

	snprintf(number, sizeof(number), "%d", fd);
	snprintf(index, sizeof(index), "%d", (int)(question - questions));
	pid = fork();
	if (!pid) {
		fcntl(fd, F_SETFD, 0);
		execl(DEPUTY, DEPUTY, "be-deputy", number, index,
		      addressed ? "1" : "0", NULL);
		_exit(2);
	}
	waitpid(pid, &status, 0);
	shared->privileged = !status;
	take_answer(fd);
}

/* What a place runs: somebody who does something. */
static struct {
	const struct caller *caller;
	void (*fn)(void);
} act;

static void run_act(void *unused)
{
	caller_run(act.caller, act.fn, &shared->box);
}

static pid_t start_act(const struct caller *caller, void (*fn)(void))
{
	act.caller = caller;
	act.fn = fn;
	return place_start(&caller->place, run_act, NULL);
}

static void run(const struct caller *caller, void (*fn)(void))
{
	if (place_wait(start_act(caller, fn)))
		tap_bail("%s failed", caller->name);
}

static const struct raw_answer *lend(const struct caller *opener,
				     const struct caller *asker)
{
	memset(&shared->answer, 0, sizeof(shared->answer));
	open_link();
	run(opener, open_for_other);
	run(asker, ask_on_others);
	close_link();
	return &shared->answer;
}

static void check_refused(const char *asker, const char *opener)
{
	const struct raw_answer *a = &shared->answer;

	tap_ok(a->ended && a->error == -EPERM && a->sentence[0] && !a->messages,
	       "%s, asked by %s on the socket of %s%s: %d, %u messages; %s",
	       question->name, asker, opener,
	       addressed ? ", with an address" : "", a->error, a->messages,
	       a->sentence);
}

static const struct caller root = { .name = "root" };
static const struct caller user = { .name = "a user", .place.uid = CALLER_UID };
static const struct caller sandboxed = { .name = "root under Landlock",
					 .become = landlock_files };

static void check_pair(const struct caller *opener, const struct caller *asker)
{
	lend(opener, asker);
	check_refused(asker->name, opener->name);
}

static void check_lent(void)
{
	const struct raw_answer *a = lend(&root, &root);

	/* Else it would be no wonder that nothing comes. */
	tap_ok(a->ended && !a->error,
	       "%s, asked by root for root: %d, %u messages", question->name,
	       a->error, a->messages);
	check_pair(&user, &root);
	check_pair(&root, &user);
	memset(&shared->answer, 0, sizeof(shared->answer));
	run(&user, let_deputy_ask);
	tap_ok(shared->privileged, "the deputy is privileged");
	check_refused("a set-user-id program", "a user");
	if (!landlock_version()) {
		tap_skip("no Landlock in this kernel", "sockets of sandboxes");
		return;
	}
	check_pair(&sandboxed, &root);
	check_pair(&root, &sandboxed);
}

/* ---- parted: the rest is read later, or by another ---- */

static bool is_asleep(uint32_t pid)
{
	for (int i = 0; i < SLEEPERS; i++)
		if (shared->sleepers[i] == (pid_t)pid)
			return true;
	return shared->entered == (pid_t)pid;
}

static void add(const struct raw_record *rec, void *arg)
{
	struct list *list = arg;
	struct entry *last = list->n ? &list->entries[list->n - 1] : NULL;

	if (!is_asleep(rec->pid))
		return;
	if (last && last->pid == rec->pid) { /* more of its table */
		last->given += rec->given;
		return;
	}
	if (list->n <= SLEEPERS)
		list->entries[list->n++] =
			(struct entry){ rec->pid, rec->given, rec->denied };
}

static void read_some(int fd, struct list *list, unsigned int datagrams)
{
	struct raw_answer answer = { 0 };

	while (datagrams-- && !answer.ended &&
	       raw_receive(fd, &answer, add, list) > 0)
		;
	list->ended = answer.ended;
	list->error = answer.error;
}

/* What happens between the first part and the rest. */
struct course {
	const char *name;
	const struct caller *asker;
	void (*change)(void); /* of the asker */
	const struct caller *reader; /* NULL: the asker */
};

static const struct course *course;

static void lose_ids(void)
{
	if (setresuid(CALLER_UID, CALLER_UID, CALLER_UID))
		_exit(160);
}

static void gain_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(161);
}

/* Into a user namespace that a child has made. */
static void join_namespace(void)
{
	char path[64];
	int ns, gate[2];
	char byte;
	pid_t pid;

	if (pipe(gate))
		_exit(162);
	pid = fork();
	if (!pid) {
		gain_namespace();
		if (write(gate[1], "", 1) != 1)
			_exit(163);
		for (;;)
			pause();
	}
	if (read(gate[0], &byte, 1) != 1)
		_exit(164);
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (setns(ns, CLONE_NEWUSER))
		_exit(165);
}

static void await_entered(void)
{
	shared->ready = true;
	while (!shared->entered)
		sched_yield();
}

static void ask_in_parts(void)
{
	pid_t sleepers[SLEEPERS];
	char byte;
	int fd;

	sleepers_start(sleepers, SLEEPERS);
	memcpy(shared->sleepers, sleepers, sizeof(sleepers));
	if (course->asker->box)
		await_entered();
	fd = raw_open();
	ask(fd);
	read_some(fd, &shared->whole, -1);
	ask(fd);
	read_some(fd, &shared->parted, 1);
	shared->first_part = shared->parted.n;
	if (course->change)
		course->change();
	if (!course->reader) {
		read_some(fd, &shared->parted, -1);
		return;
	}
	fd_send(link_fds[0], fd);
	/* The sleepers must be there until the reader is done. */
	if (read(link_fds[0], &byte, 1) != 1)
		_exit(166);
}

static void read_rest(void)
{
	const int fd = fd_receive(link_fds[1]);

	if (fd < 0)
		_exit(167);
	read_some(fd, &shared->parted, -1);
	if (write(link_fds[1], "", 1) != 1)
		_exit(168);
}

static pid_t enter_box(pid_t pid)
{
	pid_t inside, entered;

	shared->box = pid;
	while (!shared->ready) {
		if (waitpid(pid, NULL, WNOHANG))
			tap_bail("%s failed", course->name);
		sched_yield();
	}
	entered = target_enter(pid, &inside);
	shared->entered = inside;
	return entered;
}

/* They outlive a parent that has lost the right to kill them. (In a box numbers are
 * others, and they end with it.) */
static void end_sleepers(void)
{
	for (int i = 0; i < SLEEPERS && !course->asker->box; i++)
		if (shared->sleepers[i] > 0)
			kill(shared->sleepers[i], SIGKILL);
}

static void run_course(void)
{
	pid_t asker, reader = 0, entered = 0;
	int failed = 0;

	memset(shared, 0, sizeof(*shared));
	open_link();
	asker = start_act(course->asker, ask_in_parts);
	if (course->asker->box)
		entered = enter_box(asker);
	if (course->reader)
		reader = start_act(course->reader, read_rest);
	close_link();
	if (reader)
		failed |= place_wait(reader);
	/* (It is killed with the box, which waits until it is gone.) */
	if (entered)
		waitpid(entered, NULL, 0);
	failed |= place_wait(asker);
	end_sleepers();
	if (failed)
		tap_bail("%s failed: %#x", course->name, failed);
}

static unsigned int count_same(void)
{
	const struct list *a = &shared->whole, *b = &shared->parted;
	unsigned int same = 0;

	for (unsigned int i = 0; i < a->n && i < b->n; i++)
		same += a->entries[i].pid == b->entries[i].pid &&
			a->entries[i].given == b->entries[i].given &&
			a->entries[i].denied == b->entries[i].denied;
	return same;
}

/* In a box: who came from outside, and is the last. */
static bool ends_denied(const struct list *list)
{
	const struct entry *last = &list->entries[list->n - 1];

	return list->n && last->denied && !last->given;
}

static void check_course(void)
{
	const bool box = course->asker->box;
	const unsigned int n = SLEEPERS + box;

	run_course();
	tap_ok(shared->whole.n == n && shared->parted.n == n &&
		       shared->first_part < n && shared->parted.ended &&
		       !shared->parted.error && count_same() == n &&
		       shared->whole.entries[0].given &&
		       ends_denied(&shared->parted) == box,
	       "%s, %s: %u of %u the same, %u of them before%s", question->name,
	       course->name, count_same(), n, shared->first_part,
	       box ? "; who came from outside is denied" : "");
}

static const struct caller container = {
	.name = "root of a container",
	.place.namespaces = CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWNS,
	.box = true,
};

static const struct course courses[] = {
	{ "read by root", &container, NULL, &root },
	{ "read after unshare()", &container, gain_namespace, NULL },
	{ "read by a user", &root, NULL, &user },
	{ "read after setresuid()", &root, lose_ids, NULL },
	{ "read after setns()", &root, join_namespace, NULL },
};

static void check_parted(void)
{
	for (size_t i = 0; i < sizeof(courses) / sizeof(*courses); i++) {
		course = &courses[i];
		check_course();
	}
}

/* ---- a table that goes on in a program that is not for who asks ---- */

static void add_part(const struct raw_record *rec, void *arg)
{
	struct part *part = arg;

	part->given += rec->given;
	part->denied |= rec->denied;
}

static void become_unreadable(const int order[2], const int gate[2])
{
	const struct rlimit limit = { DESCRIPTORS + 16, DESCRIPTORS + 16 };
	char number[16], byte;

	if (setrlimit(RLIMIT_NOFILE, &limit))
		_exit(170);
	for (int i = 0; i < DESCRIPTORS; i++)
		if (dup2(order[0], 16 + i) < 0)
			_exit(171);
	snprintf(number, sizeof(number), "%d", gate[1]);
	if (write(gate[1], "", 1) != 1 || read(order[0], &byte, 1) != 1)
		_exit(172);
	execl(UNREADABLE, UNREADABLE, "be-target", number, NULL);
	_exit(173);
}

static void await_byte(int fd)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		_exit(174);
}

static void send_fds_request(int fd, pid_t pid)
{
	_Alignas(8) char buf[256];
	struct nlmsghdr *nlh =
		raw_request(buf, raw_family(), KIN_CMD_FD_GET, NLM_F_DUMP);

	mnl_attr_put_u32(nlh, KIN_A_FD_PARTS, KIN_FD_PART_LIST);
	mnl_attr_put_u32(nlh, KIN_A_TGID, pid);
	raw_send(fd, nlh);
}

/* (The second message is made while the first one is read.) */
static void read_around_exec(void)
{
	int order[2], gate[2], fd = raw_open();
	struct raw_answer answer = { 0 };
	pid_t pid;

	if (pipe(order) || pipe(gate))
		_exit(175);
	pid = fork();
	if (!pid)
		become_unreadable(order, gate);
	await_byte(gate[0]);
	send_fds_request(fd, pid);
	raw_receive(fd, &answer, add_part, &shared->before);
	if (write(order[1], "", 1) != 1)
		_exit(176);
	await_byte(gate[0]);
	if (!answer.ended)
		raw_receive(fd, &answer, add_part, &shared->before);
	while (!answer.ended &&
	       raw_receive(fd, &answer, add_part, &shared->after) > 0)
		;
	shared->answer = answer;
}

static void check_exec(void)
{
	const struct part *before = &shared->before, *after = &shared->after;

	memset(shared, 0, sizeof(*shared));
	program_copy(UNREADABLE, 0711);
	run(&container, read_around_exec);
	unlink(UNREADABLE);
	tap_ok(shared->answer.ended && !shared->answer.error && before->given &&
		       before->given < DESCRIPTORS && !before->denied &&
		       !after->given && after->denied,
	       "descriptors: %u of %d before it runs what it may not read, then %u, %s",
	       before->given, DESCRIPTORS, after->given,
	       after->denied ? "denied" : "not denied");
}

int main(int argc, char **argv)
{
	target_main(argc, argv);
	if (argc == 5 && !strcmp(argv[1], "be-deputy"))
		return be_deputy(argv);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		tap_bail("mmap: %s", strerror(errno));
	program_copy(DEPUTY, 06755);
	for (question = questions; question < questions + QUESTIONS; question++)
		for (int i = 0; i < 2; i++) {
			addressed = i;
			check_lent();
		}
	unlink(DEPUTY);
	for (question = questions; question < questions + QUESTIONS; question++)
		if (question->flags & NLM_F_DUMP &&
		    question->cmd != KIN_CMD_ENV_GET)
			check_parted();
	check_exec();
	return tap_done();
}
