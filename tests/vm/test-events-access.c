// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who may have events, and of whom: who opened the socket and who asks must
 * both have the right; a pid namespace has its own tasks by its own numbers;
 * what is refused is told with its reason, and leaves nothing behind.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "events/reader.h"
#include "events/storm.h"
#include "truth/place.h"
#include "truth/raw.h"
#include "truth/tap.h"

#define USER	  5000
#define INNER_UID 17
#define MAX_OPEN  64
#define WAIT_NS	  UINT64_C(30000000000)

static struct shared {
	struct raw_answer answer;
	/* Of a reader in a place of its own: */
	int error;
	unsigned int events, strange, own;
	bool ready, outside_done;
} * shared;

static uint16_t family;
static _Alignas(8) char buf[RAW_MAX];

static struct nlmsghdr *request(uint8_t cmd)
{
	return raw_request(buf, family, cmd, NLM_F_ACK);
}

static struct raw_answer ask(int fd, uint8_t cmd)
{
	struct raw_answer answer;

	raw_ask(fd, request(cmd), &answer);
	return answer;
}

static int subscribe(int fd)
{
	return ask(fd, KIN_CMD_EVENTS_SUBSCRIBE).error;
}

static struct kin_status get_status(void)
{
	struct kin_status status;
	struct kin *kin;

	if (kin_open(&kin) || kin_status_get(kin, &status, NULL, 0))
		tap_bail("status: %s", kin_error(kin));
	kin_close(kin);
	return status;
}

/* What is freed is free a moment later. */
static bool await_subscribers(unsigned int n)
{
	const uint64_t give_up = now_ns() + WAIT_NS;

	while (get_status().subscribers != n)
		if (now_ns() > give_up)
			return false;
	return true;
}

/* ---- privilege ---- */

static void subscribe_in_place(void *unused)
{
	shared->answer = ask(raw_open(), KIN_CMD_EVENTS_SUBSCRIBE);
}

static int link_fds[2];

static void open_for_other(void *unused)
{
	fd_send(link_fds[0], raw_open());
}

static void subscribe_on_others(void *unused)
{
	shared->answer = ask(fd_receive(link_fds[1]), KIN_CMD_EVENTS_SUBSCRIBE);
}

static void run(const struct place *place, void (*fn)(void *))
{
	if (place_wait(place_start(place, fn, NULL)))
		tap_bail("%s failed", place->name);
}

static void check_denied(const char *what)
{
	tap_ok(shared->answer.error == -EPERM &&
		       strstr(shared->answer.sentence, "CAP_SYS_PTRACE"),
	       "%s: %d, %s", what, shared->answer.error,
	       shared->answer.sentence);
}

static void check_lent(const struct place *opener, const struct place *asker)
{
	char what[64];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, link_fds))
		tap_bail("socketpair: %s", strerror(errno));
	run(opener, open_for_other);
	run(asker, subscribe_on_others);
	snprintf(what, sizeof(what), "%s on the socket of %s", asker->name,
		 opener->name);
	check_denied(what);
	close(link_fds[0]);
	close(link_fds[1]);
}

static void check_privilege(void)
{
	const struct place root = { "root", 0, 0 };
	const struct place user = { "a user", 0, USER };
	const struct place userns = { "root of a user namespace", CLONE_NEWUSER,
				      0 };
	const uint64_t denied = get_status().requests_denied;

	run(&root, subscribe_in_place);
	tap_ok(!shared->answer.error, "root: %d", shared->answer.error);
	run(&user, subscribe_in_place);
	check_denied("a user");
	run(&userns, subscribe_in_place);
	check_denied("root of a user namespace, not of a pid namespace");
	check_lent(&user, &root);
	check_lent(&root, &user);
	tap_ok(get_status().requests_denied == denied + 4,
	       "status.requests_denied counts");
	tap_ok(await_subscribers(0), "no subscription is left");
}

/* ---- from inside of a pid namespace ---- */

static bool is_own(const struct seen *seen, uint32_t pid)
{
	return seen->base.pid == pid && seen->base.tgid == pid &&
	       seen->base.ppid == 1 &&
	       (seen->base.kind != KIN_EVENT_KIND_FORK ||
		(seen->part.fork.creator_pid == 1 && seen->base.uid == 0)) &&
	       (seen->base.kind != KIN_EVENT_KIND_EXIT ||
		seen->base.uid == INNER_UID);
}

/* A child that takes a uid of here; the mark is another one. */
static void look_around(struct reader *r)
{
	const pid_t child = storm_fork();
	struct mark mark;

	if (!child) {
		storm_become(INNER_UID, "inside");
		_exit(0);
	}
	waitpid(child, NULL, 0);
	mark = mark_make();
	reader_until(r, &mark);
	for (size_t i = 0; i < r->n; i++) {
		shared->own += is_own(&r->seen[i], child);
		shared->strange += !is_own(&r->seen[i], child) &&
				   !mark_has(&mark, &r->seen[i]);
	}
	shared->events = r->n;
}

static void read_in_place(void *unused)
{
	struct reader r = { .name = "inside" };

	shared->error = kin_events_open(&r.ev, &r.filter);
	if (shared->error)
		return;
	r.next_seq = 1;
	__atomic_store_n(&shared->ready, true, __ATOMIC_SEQ_CST);
	while (!__atomic_load_n(&shared->outside_done, __ATOMIC_SEQ_CST))
		sched_yield();
	look_around(&r);
	shared->strange += r.odd_seqs;
	reader_close(&r);
}

static void check_inside(const struct place *place)
{
	const struct storm storm = { 2, 20, 0, 0, "outside" };
	int failed;
	pid_t pid;

	memset(shared, 0, sizeof(*shared));
	pid = place_start(place, read_in_place, NULL);
	while (!__atomic_load_n(&shared->ready, __ATOMIC_SEQ_CST)) {
		if (waitpid(pid, NULL, WNOHANG))
			tap_bail("%s: %d", place->name, shared->error);
		sched_yield();
	}
	storm_wait(storm_start(&storm));
	__atomic_store_n(&shared->outside_done, true, __ATOMIC_SEQ_CST);
	failed = place_wait(pid);
	tap_ok(!failed && shared->own == 3 && !shared->strange,
	       "%s sees its own, by its numbers and ids: %u of %u events, %u others",
	       place->name, shared->own, shared->events, shared->strange);
}

static void check_namespaces(void)
{
	const struct place pidns = { "root in a pid namespace",
				     CLONE_NEWPID | CLONE_NEWNS, 0 };
	const struct place box = { "root of a container",
				   CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUSER,
				   0 };

	check_inside(&pidns);
	check_inside(&box);
	tap_ok(await_subscribers(0), "no subscription is left");
}

/* ---- one for each socket, and so many ---- */

static void check_one(void)
{
	const int fd = raw_open();
	struct raw_answer a;

	a = ask(fd, KIN_CMD_EVENTS_UNSUBSCRIBE);
	tap_ok(a.error == -ENOENT && a.sentence[0],
	       "no subscription to end: %d, %s", a.error, a.sentence);
	tap_ok(!subscribe(fd) && get_status().subscribers == 1,
	       "one subscription");
	a = ask(fd, KIN_CMD_EVENTS_SUBSCRIBE);
	tap_ok(a.error == -EBUSY && a.sentence[0],
	       "another on the same socket: %d, %s", a.error, a.sentence);
	tap_ok(!ask(fd, KIN_CMD_EVENTS_UNSUBSCRIBE).error &&
		       !get_status().subscribers,
	       "it is ended");
	tap_ok(!subscribe(fd), "and had again");
	close(fd);
	tap_ok(await_subscribers(0), "closing the socket ends it, too");
}

/* The place of one that went is free a moment later. */
static bool await_place(int *fd)
{
	const uint64_t give_up = now_ns() + WAIT_NS;
	int err;

	*fd = raw_open();
	while ((err = subscribe(*fd)) == -EUSERS && now_ns() < give_up)
		sched_yield();
	return !err;
}

static void check_many(void)
{
	const unsigned int max = get_status().max_subscribers;
	struct raw_answer last;
	int fds[MAX_OPEN];
	unsigned int n = 0;

	while (n < max && n < MAX_OPEN && await_place(&fds[n]))
		n++;
	tap_ok(n == max && get_status().subscribers == max,
	       "%u subscribers, as status says: %u", n, max);
	last = ask(raw_open(), KIN_CMD_EVENTS_SUBSCRIBE);
	tap_ok(last.error == -EUSERS && last.sentence[0], "one more: %d, %s",
	       last.error, last.sentence);
	close(fds[0]);
	tap_ok(await_place(&fds[0]), "the place of one that closed is free");
	while (n--)
		close(fds[n]);
	tap_ok(await_subscribers(0), "no subscription is left");
}

/* ---- however it ends ---- */

static pid_t start_subscriber(void (*then)(void))
{
	const unsigned int before = get_status().subscribers;
	const pid_t pid = fork();
	int fd;

	if (!pid) {
		if (!await_place(&fd))
			_exit(1);
		then();
	}
	if (!await_subscribers(before + 1))
		tap_bail("no subscription");
	return pid;
}

static void wait_to_die(void)
{
	for (;;)
		pause();
}

static void become_sleep(void)
{
	raise(SIGSTOP);
	execl("/bin/sleep", "sleep", "1000", NULL);
	_exit(1);
}

static void check_ends(void)
{
	pid_t pid = start_subscriber(wait_to_die);

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	tap_ok(await_subscribers(0), "it ends with who is killed");
	pid = start_subscriber(become_sleep);
	waitpid(pid, NULL, WUNTRACED);
	tap_ok(get_status().subscribers == 1, "it is there before exec");
	kill(pid, SIGCONT);
	tap_ok(await_subscribers(0), "and ends by it, with the socket");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* ---- bad requests ---- */

static void put_no_events(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_EVENTS, 0);
}

static void put_unknown_events(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_EVENTS, KIN_EVENT_KINDS + 1);
}

static void put_short_events(struct nlmsghdr *nlh)
{
	mnl_attr_put_u16(nlh, KIN_A_EVENTS, 1);
}

static void put_no_kinds(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_KINDS, 0);
}

static void put_unknown_kinds(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_KINDS, KIN_KINDS + 1);
}

static void put_pid(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_PID, 1);
}

static void put_states(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_STATES, KIN_STATE_ZOMBIE);
}

static void put_groups(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_GROUPS, KIN_GROUP_MEM);
}

static void put_no_comm(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, KIN_A_COMM, "");
}

static void put_long_comm(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, KIN_A_COMM, "sixteen letters!");
}

static void put_many_comms(struct nlmsghdr *nlh)
{
	for (int i = 0; i <= KIN_MAX_COMMS; i++)
		mnl_attr_put_strz(nlh, KIN_A_COMM, "x");
}

static void put_many_tgids(struct nlmsghdr *nlh)
{
	for (int i = 0; i <= KIN_MAX_VALUES; i++)
		mnl_attr_put_u32(nlh, KIN_A_TGID, 1);
}

static void put_failed_value(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, KIN_A_FAILED, 1);
}

static void put_kernels_own(struct nlmsghdr *nlh)
{
	mnl_attr_put_u64(nlh, KIN_A_LOST, 1);
}

/* (Of a flag with a value, and of what is for the way back, kernels differ in
 * what they call it; not in refusing it.) */
static const struct bad {
	const char *what;
	void (*put)(struct nlmsghdr *nlh);
	uint16_t attr; /* the one that is to blame */
	int error, or_error;
} bads[] = {
	{ "no event", put_no_events, KIN_A_EVENTS, -EINVAL, -ERANGE },
	{ "an unknown event", put_unknown_events, KIN_A_EVENTS, -EINVAL,
	  -ERANGE },
	{ "a mask of 16 bits", put_short_events, KIN_A_EVENTS, -EINVAL,
	  -ERANGE },
	{ "no kind", put_no_kinds, KIN_A_KINDS, -EINVAL, -ERANGE },
	{ "an unknown kind", put_unknown_kinds, KIN_A_KINDS, -EINVAL, -ERANGE },
	{ "a pid", put_pid, KIN_A_PID, -EINVAL, -EINVAL },
	{ "states", put_states, KIN_A_STATES, -EINVAL, -EINVAL },
	{ "groups", put_groups, KIN_A_GROUPS, -EINVAL, -EINVAL },
	{ "an empty name", put_no_comm, KIN_A_COMM, -EINVAL, -ERANGE },
	{ "a name that is too long", put_long_comm, KIN_A_COMM, -EINVAL,
	  -ERANGE },
	{ "too many names", put_many_comms, KIN_A_COMM, -E2BIG, -E2BIG },
	{ "too many thread groups", put_many_tgids, KIN_A_TGID, -E2BIG,
	  -E2BIG },
	{ "a flag with a value", put_failed_value, KIN_A_FAILED, -EINVAL,
	  -ERANGE },
	{ "what only the kernel sends", put_kernels_own, KIN_A_LOST, -EINVAL,
	  -EINVAL },
};

/* The attribute that the answer points at; 0: none. */
static uint16_t blamed(const struct raw_answer *answer)
{
	const struct nlattr *attr;

	if (answer->offset <= 0)
		return 0;
	attr = (const void *)(buf + answer->offset);
	return mnl_attr_get_type(attr);
}

static void check_bad(const struct bad *bad)
{
	const int fd = raw_open();
	struct nlmsghdr *nlh = request(KIN_CMD_EVENTS_SUBSCRIBE);
	struct raw_answer a;
	int left;

	bad->put(nlh);
	raw_ask(fd, nlh, &a);
	/* (The buffer is used for the next request, too.) */
	tap_ok((a.error == bad->error || a.error == bad->or_error) &&
		       a.sentence[0] && blamed(&a) == bad->attr,
	       "%s: %d, %s, attribute %u", bad->what, a.error, a.sentence,
	       blamed(&a));
	left = ask(fd, KIN_CMD_EVENTS_UNSUBSCRIBE).error;
	if (left != -ENOENT)
		tap_ok(false, "%s left a subscription: %d", bad->what, left);
	close(fd);
}

static void check_bad_dump(void)
{
	const int fd = raw_open();
	struct raw_answer a;

	raw_ask(fd,
		raw_request(buf, family, KIN_CMD_EVENTS_SUBSCRIBE, NLM_F_DUMP),
		&a);
	tap_ok(a.error == -EOPNOTSUPP, "a dump of events: %d", a.error);
	close(fd);
}

int main(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	family = raw_family();
	if (!family)
		tap_bail("no module");
	check_privilege();
	check_namespaces();
	check_one();
	check_many();
	check_ends();
	for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++)
		check_bad(&bads[i]);
	check_bad_dump();
	return tap_done();
}
