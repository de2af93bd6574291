// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless: each allocation, and each copy from and to user space, on the way
 * of each kind of request fails once, in the call that sends it, in each call
 * that reads a part of the answer, and in the one that closes the socket; so
 * does each while the module is loaded and unloaded. Whoever asked is told so or
 * gets a whole answer, and the next request is answered as if nothing had been;
 * who was told of no subscription has none. Then allocations fail where events are
 * sent. At the end, no place where the module allocates may be left that did not fail.
 *
 * Wants a kernel with fault injection. KIN_MODULE names the file of the module.
 * With --all, also each of the allocations that the kernel makes to load it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "truth/ask.h"
#include "truth/deliver.h"
#include "truth/fault.h"
#include "truth/parameter.h"
#include "truth/quiet.h"
#include "truth/raw.h"
#include "truth/tap.h"

#define SMALLEST_RING "16"
#define MOST	  3000 /* allocations in one system call */
#define COPY	  "/run/kin-fault.ko"
#define OWN	  30 /* the last of them when it loads, the module's among them */

/* Where failures are: a positive number is the part of the answer that is read. */
enum { SEND = 0, NONE = -1, TO_CLOSE = -2, ABANDONED = -3, LOAD = -4, UNLOAD = -5 };

static uint16_t family;
static _Alignas(8) char buf[RAW_MAX];

/* ---- one request, with a failure in one of its system calls ---- */

/* By whom an error is told: a system call, a message instead of an answer, or the
 * one that ends a dump. (A dump whose first part could not be had is answered by
 * such a message, and goes on nevertheless when its reader reads on.) */
enum teller { BY_SEND, BY_RECV, BY_ERROR, BY_DONE, TELLERS };

/* What is known of a request when it is over. */
struct course {
	int error; /* the first that was told, or 0 */
	enum teller teller;
	unsigned int records; /* of sleepers */
	unsigned int parts; /* calls that read */
	bool reached; /* the call that was to see the failure */
	bool failed; /* and did */
};

static struct course course;
static int step = NONE;
static unsigned int nth; /* 0: none fails */

static void count_sleeper(const struct raw_record *rec, void *arg)
{
	for (int i = 0; i < ASK_SLEEPERS; i++)
		course.records += rec->pid == (uint32_t)ask_sleepers[i];
}

static void before(bool mine)
{
	if (!mine || !nth)
		return;
	course.reached = true;
	fault_arm(nth);
}

static void after(bool mine)
{
	if (mine && nth)
		course.failed = fault_disarm();
}

static void note_error(int error, enum teller teller)
{
	if (course.error)
		return;
	course.error = error;
	course.teller = teller;
}

static void send_request(int fd, const struct ask *ask)
{
	struct nlmsghdr *nlh = raw_request(buf, family, ask->cmd, ask->flags | NLM_F_ACK);
	ssize_t sent;

	ask->put(nlh);
	before(step == SEND);
	sent = send(fd, nlh, nlh->nlmsg_len, 0);
	if (sent < 0)
		note_error(-errno, BY_SEND);
	after(step == SEND);
}

/* A call that fails has told so; whoever reads on may get the rest of a dump. */
static bool read_part(int fd)
{
	struct raw_answer answer = { 0 };
	const int part = ++course.parts;
	ssize_t len;

	before(step == part);
	len = raw_receive(fd, &answer, count_sleeper, NULL);
	if (len < 0)
		note_error(-errno, BY_RECV);
	after(step == part);
	note_error(answer.error, answer.in_done ? BY_DONE : BY_ERROR);
	return len > 0 && !answer.ended;
}

static bool right_answer(int fd)
{
	struct nlmsghdr *nlh = raw_request(buf, family, KIN_CMD_TASK_GET, NLM_F_ACK);
	struct raw_answer answer;

	mnl_attr_put_u32(nlh, KIN_A_PID, ask_sleepers[1]);
	course.records = 0;
	answer = (struct raw_answer){ 0 };
	raw_send(fd, nlh);
	while (!answer.ended && raw_receive(fd, &answer, count_sleeper, NULL) > 0)
		;
	return answer.ended && !answer.error && course.records == 1;
}

/* What an error has left in the socket is read away, then it is as new. */
static bool recovers(int fd)
{
	const struct course kept = course;
	ssize_t len;
	bool good;

	do
		len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	while (len >= 0 || errno == ENOBUFS);
	good = errno == EAGAIN && right_answer(fd);
	course = kept;
	return good;
}

/* ---- subscriptions ---- */

static int ask_events(int fd, uint8_t cmd)
{
	struct raw_answer answer;

	raw_ask(fd, raw_request(buf, family, cmd, NLM_F_ACK), &answer);
	return answer.error;
}

/* A subscription that was refused is not there, another one stays. (Of an
 * acknowledgement that could not be sent nobody knows what it was of.) */
static bool subscribed_as_told(int fd, const struct ask *ask)
{
	const bool was = ask_events(fd, KIN_CMD_EVENTS_UNSUBSCRIBE) != -ENOENT;

	if (course.error && course.teller == BY_RECV)
		return true;
	if (course.error)
		return was == (ask->when == SUBSCRIBED);
	return was == (ask->cmd == KIN_CMD_EVENTS_SUBSCRIBE);
}

static int start(const struct ask *ask)
{
	const int fd = raw_open();

	if (fd < 0)
		tap_bail("no socket: %s", strerror(errno));
	if (ask->when == QUIET && !quiet_wait())
		tap_bail("%s: somebody has a subscription", ask->name);
	if (ask->when == SUBSCRIBED && ask_events(fd, KIN_CMD_EVENTS_SUBSCRIBE))
		tap_bail("%s: no subscription before", ask->name);
	return fd;
}

static void run(const struct ask *ask, bool *recovered)
{
	const int fd = start(ask);
	bool more = true;

	course = (struct course){ 0 };
	send_request(fd, ask);
	while (more && !course.error) {
		more = read_part(fd);
		if (step == ABANDONED)
			break;
	}
	*recovered = step == TO_CLOSE || step == ABANDONED ||
		     (recovers(fd) && subscribed_as_told(fd, ask));
	before(step == TO_CLOSE || step == ABANDONED);
	close(fd);
	after(step == TO_CLOSE || step == ABANDONED);
}

/* ---- all of them ---- */

static unsigned int total;

static bool is_failure(int error)
{
	return error == -ENOMEM || error == -ENOBUFS || error == -EFAULT;
}

struct tally {
	unsigned int failures, told[TELLERS], whole, wrong, stuck;
};

static void judge(struct tally *tally, const struct ask *ask,
		  const struct course *plain, bool recovered)
{
	const bool whole = course.error == ask->refused &&
			   (step == ABANDONED || course.records == plain->records);

	tally->failures += course.failed;
	tally->stuck += !recovered;
	if (course.failed && is_failure(course.error))
		tally->told[course.teller]++;
	else if (whole)
		tally->whole += course.failed;
	else if (!tally->wrong++)
		tap_note("%s, step %d, the %uth fails: error %d, %u records of %u",
			 ask->name, step, nth, course.error, course.records,
			 plain->records);
}

/* Returns whether the request has this step. */
static bool check_step(struct tally *tally, const struct ask *ask,
		       const struct course *plain, int which)
{
	bool reached = false, recovered;

	step = which;
	for (nth = 1; nth < MOST; nth++) {
		run(ask, &recovered);
		judge(tally, ask, plain, recovered);
		reached |= course.reached;
		if (!course.failed)
			return reached;
	}
	tap_bail("%s, step %d: no end after %d failures", ask->name, step, MOST);
}

static void check_ask(const struct ask *ask)
{
	struct tally tally = { 0 };
	struct course plain;
	bool recovered;

	step = NONE;
	run(ask, &recovered);
	plain = course;
	/* Twice without pages: what the kernel's checkers allocate now and then
	 * may hide one that is ours. */
	for (int pass = 0; pass < 4; pass++) {
		int part = SEND;

		fault_pages(pass >= 2);
		fault_onward(pass == 3);
		while (check_step(&tally, ask, &plain, part))
			part++;
		check_step(&tally, ask, &plain, TO_CLOSE);
		check_step(&tally, ask, &plain, ABANDONED);
	}
	fault_onward(false);
	tap_ok(recovered && plain.error == ask->refused && tally.failures &&
	       !tally.wrong && !tally.stuck && quiet_wait(),
	       "%s: %u failures in %u calls; told %u by send, %u by recv, %u by a message, %u at a dump's end; %u made no difference; %u wrong, %u times the next request failed",
	       ask->name, tally.failures, plain.parts + 1, tally.told[BY_SEND],
	       tally.told[BY_RECV], tally.told[BY_ERROR], tally.told[BY_DONE],
	       tally.whole, tally.wrong, tally.stuck);
	total += tally.failures;
}

/* ---- loading and unloading ---- */

static int load(void)
{
	int fd = open(COPY, O_RDONLY | O_CLOEXEC), err;

	before(step == LOAD);
	err = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	after(step == LOAD);
	close(fd);
	return err;
}

static int unload(void)
{
	int err;

	before(step == UNLOAD);
	err = syscall(SYS_delete_module, "kin", O_NONBLOCK) ? -errno : 0;
	after(step == UNLOAD);
	return err;
}

static bool is_there(void)
{
	bool good;
	int fd;

	family = raw_family();
	if (!family)
		return false;
	fd = raw_open();
	good = right_answer(fd);
	close(fd);
	return good;
}

static bool is_gone(void)
{
	return access("/sys/module/kin", F_OK) && !raw_family();
}

/* How many a call makes: so many are left of more than it can use up. */
static unsigned int count_load(void)
{
	unsigned int left;

	nth = MOST;
	step = LOAD;
	if (load())
		tap_bail("the module does not load: %s", strerror(errno));
	left = fault_left();
	step = NONE;
	return MOST - left;
}

/*
 * From unloaded to loaded at last; a failure may be told, or make no difference.
 * Most are the kernel's own, before it gets to the module: of these, only some,
 * unless all are asked for.
 */
static void check_load(bool pages, bool all)
{
	unsigned int failures = 0, told = 0, wrong = 0, most;
	int err;

	fault_pages(pages);
	most = count_load();
	err = unload();
	for (nth = 1; !err && nth < MOST; nth++) {
		if (!all && nth + OWN < most && nth % 8)
			continue;
		step = LOAD;
		course = (struct course){ 0 };
		err = load();
		step = NONE;
		if (!course.failed)
			break;
		failures++;
		told += err != 0;
		if (err ? !is_failure(err) || !is_gone() : !is_there() || unload()) {
			wrong++;
			tap_note("loading, the %uth fails: error %d", nth, err);
		}
		err = 0;
	}
	tap_ok(!err && !wrong && failures && is_there(),
	       "loading%s: %u failures of about %u; %u told, %u wrong, and at last it is there (%d)",
	       pages ? ", pages too" : "", failures, most, told, wrong, err);
	total += failures;
}

static void check_unload(bool pages)
{
	unsigned int failures = 0, told = 0, wrong = 0;
	int err = 0;

	fault_pages(pages);
	for (nth = 1; nth < MOST && !wrong; nth++) {
		step = UNLOAD;
		course = (struct course){ 0 };
		err = unload();
		step = NONE;
		failures += course.failed;
		told += err != 0;
		if (err)
			wrong = !course.failed || !is_failure(err) || !is_there();
		else
			wrong = !is_gone() || load() || !is_there();
		if (!course.failed)
			break;
	}
	tap_ok(!wrong && failures, "unloading%s: %u failures; %u told, %u wrong (%d)",
	       pages ? ", pages too" : "", failures, told, wrong, err);
	total += failures;
}

/* A copy in memory: reading it from where it is would fail as well, and break
 * what the guest's root is on. Without what a debugger wants, which is most. */
static void copy_module(void)
{
	const char *path = getenv("KIN_MODULE") ?: "build/modules/debug/kin.ko";
	char command[512];

	snprintf(command, sizeof(command), "strip -g -o " COPY " '%s'", path);
	if (system(command))
		tap_bail("cannot copy the module: %s", command);
}

/* ---- the places ---- */

static void check_sites(void)
{
	char where[128], callee[128];
	unsigned int n = 0;
	FILE *list = popen("tests/vm/fault-sites " COPY, "r");

	if (!list)
		tap_bail("fault-sites: %s", strerror(errno));
	while (fscanf(list, "%127s %127s", where, callee) == 2) {
		unsigned int failures = fault_failures(where);

		n++;
		tap_ok(failures, "%s, %s: failed %u times", where, callee,
		       failures);
	}
	tap_ok(!pclose(list) && n, "%u places where the module allocates, and no unknown ones",
	       n);
	tap_note("%u failures in all", total);
}

static bool is_kind(const char *name)
{
	const struct ask *ask = asks;

	while (ask->name && strcmp(ask->name, name))
		ask++;
	return ask->name;
}

static bool chosen(const struct ask *ask, int argc, char **argv)
{
	int i = 1;

	while (i < argc && strcmp(argv[i], ask->name))
		i++;
	return argc == 1 || i < argc;
}

static void check_module(bool all)
{
	step = NONE;
	for (int pages = 0; pages < 2; pages++) {
		if (unload())
			tap_bail("the module cannot be unloaded");
		check_load(pages, all);
		check_unload(pages);
	}
}

/* The smallest ring: a page that fails is one of a few, not of a thousand. */
static void check_asks(bool all, int argc, char **argv)
{
	char kib[16];

	if (parameter_get("ring_kib", kib, sizeof(kib)) ||
	    parameter_set("ring_kib", SMALLEST_RING))
		tap_bail("ring_kib cannot be set");
	for (const struct ask *ask = asks; ask->name; ask++)
		if (all || chosen(ask, argc, argv))
			check_ask(ask);
	parameter_set("ring_kib", kib);
}

/* With names of kinds: only these; then there will be places that did not fail. */
int main(int argc, char **argv)
{
	const bool all = argc == 2 && !strcmp(argv[1], "--all");
	const char *why = fault_open();

	if (why) {
		tap_skip(why, "each allocation fails once");
		return tap_done();
	}
	for (int i = 1; !all && i < argc; i++)
		if (!is_kind(argv[i]))
			tap_bail("%s: no kind of request; see truth/ask.c", argv[i]);
	family = raw_family();
	if (!family)
		tap_bail("the module is not loaded");
	copy_module();
	ask_start();
	check_asks(all, argc, argv);
	if (all || argc == 1) {
		deliver_check();
		check_module(all);
	}
	check_sites();
	ask_end();
	fault_close();
	return tap_done();
}
