// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless: a socket passed on in the middle of a dump tells its new owner what
 * it would have told the one who asked: by the asker's numbers, ids and
 * privilege; nothing more and nothing else, whoever reads.
 *
 * The asker dumps twice: once to the end by itself; once it reads the first
 * message only and passes the socket on. Both must say the same of the family,
 * which is asleep all the while. A third dump, asked by the reader, shows that
 * the reader by itself would see something else (or the test shows nothing).
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "truth/family.h"
#include "truth/hidepid.h"
#include "truth/place.h"
#include "truth/raw.h"
#include "truth/tap.h"

#define SLEEPERS "700"
#define MAX_SEEN 4096

struct seen {
	struct kin_base base;
	uint32_t nspids[4];
	unsigned int n_nspids;
};

struct list {
	unsigned int n;
	bool ended;
	int error;
	struct seen seen[MAX_SEEN];
};

/* In memory that all share; the dump that was passed on in two parts. */
static struct shared {
	struct list whole, passed, readers;
	unsigned int read_by_asker;
} * shared;

static int link_fds[2]; /* between asker and reader */
static uint16_t family_id;
static _Alignas(8) char buf[8192];

static void add(const struct raw_record *rec, void *arg)
{
	struct list *list = arg;
	struct seen *seen;

	if (list->n == MAX_SEEN)
		return;
	seen = &list->seen[list->n++];
	memset(seen, 0, sizeof(*seen));
	seen->base = *rec->base;
	seen->n_nspids = rec->n_nspids < 4 ? rec->n_nspids : 4;
	if (rec->n_nspids)
		memcpy(seen->nspids, rec->nspids,
		       seen->n_nspids * sizeof(*rec->nspids));
}

static void send_request(int fd)
{
	struct nlmsghdr *nlh;

	nlh = raw_request(buf, family_id, KIN_CMD_TASK_GET, NLM_F_DUMP);
	mnl_attr_put_u32(nlh, KIN_A_KINDS, KIN_KINDS);
	raw_send(fd, nlh);
}

/* At most so many datagrams of a dump. */
static void read_some(int fd, struct list *list, unsigned int datagrams)
{
	struct raw_answer answer = { 0 };

	while (datagrams-- && !answer.ended &&
	       raw_receive(fd, &answer, add, list) > 0)
		;
	list->ended = answer.ended;
	list->error = answer.error;
}

static void dump_whole(struct list *list)
{
	int fd = raw_open();

	send_request(fd);
	read_some(fd, list, -1);
	close(fd);
}

static void ask_and_pass(void)
{
	char byte;
	int fd;

	close(link_fds[1]);
	dump_whole(&shared->whole);
	fd = raw_open();
	send_request(fd);
	read_some(fd, &shared->passed, 1);
	shared->read_by_asker = shared->passed.n;
	fd_send(link_fds[0], fd);
	/* The family must be there until the reader is done, and gone. */
	if (read(link_fds[0], &byte, 1) > 0)
		_exit(1);
}

/* A family of its own, where the numbers are its own. */
static void ask_from_inside(void *unused)
{
	static const char *const options[] = { "--sleepers", SLEEPERS, NULL };
	struct family inside;

	family_start(&inside, options);
	ask_and_pass();
	family_end(&inside);
}

static void ask_from_here(void *unused)
{
	ask_and_pass();
}

static void read_rest(void *unused)
{
	int fd;

	/* Else the asker's end would be seen only when we are done. */
	close(link_fds[0]);
	fd = fd_receive(link_fds[1]);
	if (fd < 0)
		_exit(1);
	read_some(fd, &shared->passed, -1);
	dump_whole(&shared->readers);
}

/* Of what sleeps in the family nothing changes. */
static bool is_sleeper(const struct seen *seen)
{
	return seen->base.state == 'S' && !strcmp(seen->base.comm, "factory");
}

static bool same_record(const struct seen *a, const struct seen *b)
{
	return a->base.pid == b->base.pid && a->base.flags == b->base.flags;
}

/* Counts sleepers of one list that are the same in another; who is there, but
 * not asleep yet, does not count. */
static unsigned int in_both(const struct list *a, const struct list *b,
			    unsigned int *sleepers)
{
	unsigned int i, j, same = 0;

	*sleepers = 0;
	for (i = j = 0; i < a->n; i++) {
		if (!is_sleeper(&a->seen[i]))
			continue;
		while (j < b->n &&
		       (b->seen[j].base.pid < a->seen[i].base.pid ||
			(b->seen[j].base.pid == a->seen[i].base.pid &&
			 b->seen[j].base.flags < a->seen[i].base.flags)))
			j++;
		if (j < b->n && same_record(&a->seen[i], &b->seen[j]) &&
		    !is_sleeper(&b->seen[j]))
			continue;
		++*sleepers;
		same += j < b->n &&
			!memcmp(&a->seen[i], &b->seen[j], sizeof(*a->seen));
	}
	return same;
}

/* @differs: the reader's own dump is another than the asker's. */
static void check(const struct place *asker, const struct place *reader,
		  bool differs)
{
	unsigned int sleepers, back, same, own;
	pid_t a, b;
	int failed;

	memset(shared, 0, sizeof(*shared));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, link_fds))
		tap_bail("socketpair");
	a = place_start(asker,
			asker->namespaces & CLONE_NEWPID ? ask_from_inside :
							   ask_from_here,
			NULL);
	b = place_start(reader, read_rest, NULL);
	close(link_fds[0]);
	close(link_fds[1]);
	failed = place_wait(b);
	failed |= place_wait(a);
	same = in_both(&shared->whole, &shared->passed, &sleepers);
	in_both(&shared->passed, &shared->whole, &back);
	tap_note("%s: %u by itself; %u + %u passed on; %s: %u by itself",
		 asker->name, shared->whole.n, shared->read_by_asker,
		 shared->passed.n - shared->read_by_asker, reader->name,
		 shared->readers.n);
	tap_ok(!failed && shared->passed.ended && !shared->passed.error &&
		       shared->passed.n > shared->read_by_asker &&
		       same == sleepers && back == sleepers && sleepers > 0,
	       "asked by %s, read by %s: %u of %u tasks are the same",
	       asker->name, reader->name, same, sleepers);
	own = in_both(&shared->whole, &shared->readers, &sleepers);
	tap_ok(!differs || own < sleepers, "the reader itself would see %s",
	       differs ? "others" : "the same");
}

int main(void)
{
	static const char *const options[] = { "--sleepers", SLEEPERS, NULL };
	const struct place root = { "root", 0, 0 };
	const struct place user = { "a user", 0, 5000 };
	const struct place pidns = { "a pid namespace",
				     CLONE_NEWPID | CLONE_NEWNS, 0 };
	const struct place userns = { "a user namespace", CLONE_NEWUSER, 0 };
	const struct place box = { "a container",
				   CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUSER |
					   CLONE_NEWNET | CLONE_NEWCGROUP |
					   CLONE_NEWIPC,
				   0 };
	struct family family;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	family_id = raw_family();
	if (!family_id)
		tap_bail("no module");
	family_start(&family, options);
	check(&root, &root, false);
	check(&root, &user, false);
	check(&user, &root, false);
	check(&root, &pidns, true);
	check(&pidns, &root, true);
	check(&root, &userns, true);
	check(&userns, &root, true);
	check(&root, &box, true);
	check(&box, &root, true);
	check(&box, &pidns, true);
	hidepid_set("1");
	check(&root, &user, true);
	hidepid_set("2");
	check(&root, &user, true);
	hidepid_set("0");
	family_end(&family);
	return tap_done();
}
