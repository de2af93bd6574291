// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What somebody without privilege can make the kernel spend: a dump for each
 * socket and not more, its memory charged to whoever asked, and freed with the
 * socket; what is refused leaves nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "truth/place.h"
#include "truth/raw.h"
#include "truth/sleepers.h"
#include "truth/tap.h"

#define ROOT	 "/sys/fs/cgroup"
#define CGROUP	 ROOT "/kin-limits"
#define USER	 5000
#define SLEEPERS 600
#define DUMPS	 500
#define REFUSALS 2000
/* The values of a filter, as the module keeps them, bytes. */
#define VALUES_SIZE (KIN_MAX_VALUES * sizeof(uint64_t))
/* The kernel keeps some of what was freed, charged as it was; less than a dump
 * in five of these. */
#define SLACK	(DUMPS / 5 * (int64_t)VALUES_SIZE)
#define WAIT_NS UINT64_C(30000000000)

static struct shared {
	int64_t idle, open, closed; /* bytes charged */
	unsigned int running, busy;
	unsigned int refused;
	int64_t before, after;
	uint64_t refusal_ns; /* of one, and so instructions under --icount */
} * shared;

static const struct place user = { "a user", 0, USER };
static uint16_t family;
static _Alignas(8) char buf[RAW_MAX];
static int current_fd; /* memory.current, opened by root */

static void write_file(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		tap_bail("%s: %s", path, strerror(errno));
	close(fd);
}

static int64_t charged(void)
{
	char text[32] = "";

	if (pread(current_fd, text, sizeof(text) - 1, 0) <= 0)
		_exit(180);
	return atoll(text);
}

static struct kin_status get_status(void)
{
	struct kin_status status;
	struct kin *kin;

	if (kin_open(&kin) || kin_status_get(kin, &status, NULL, 0))
		tap_bail("status");
	kin_close(kin);
	return status;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * UINT64_C(1000000000) + t.tv_nsec;
}

/* What is freed is free a moment later. */
static int64_t await_freed(int64_t idle)
{
	const uint64_t give_up = now_ns() + WAIT_NS;

	while (charged() > idle + SLACK && now_ns() < give_up)
		sched_yield();
	return charged();
}

/* ---- dumps that nobody reads ---- */

/* As large as a request may be, and of everyone, so that it does not end. */
static void send_large_request(int fd)
{
	struct nlmsghdr *nlh =
		raw_request(buf, family, KIN_CMD_TASK_GET, NLM_F_DUMP);

	mnl_attr_put_u32(nlh, KIN_A_GROUPS,
			 KIN_GROUP_SCHED | KIN_GROUP_MEM | KIN_GROUP_CMDLINE);
	for (uint32_t uid = 0; uid < KIN_MAX_VALUES; uid++)
		mnl_attr_put_u32(nlh, KIN_A_UID, uid);
	if (send(fd, nlh, nlh->nlmsg_len, 0) < 0)
		_exit(181);
}

/* The second one on a socket is refused: the answer comes before the dump's. */
static bool is_busy(int fd)
{
	struct raw_answer answer = { 0 };

	send_large_request(fd);
	while (!answer.ended && raw_receive(fd, &answer, NULL, NULL) > 0)
		;
	return answer.error == -EBUSY;
}

static void open_dumps(void *unused)
{
	int fds[DUMPS];

	charged();
	for (int i = 0; i < DUMPS; i++)
		fds[i] = raw_open();
	shared->idle = charged();
	for (int i = 0; i < DUMPS; i++)
		send_large_request(fds[i]);
	shared->open = charged();
	for (int i = 0; i < DUMPS; i++)
		shared->busy += is_busy(fds[i]);
	for (int i = 0; i < DUMPS; i++)
		close(fds[i]);
	shared->closed = await_freed(shared->idle);
}

static void run(void (*fn)(void *))
{
	write_file(CGROUP "/cgroup.procs", "0");
	if (place_wait(place_start(&user, fn, NULL)))
		tap_bail("%s failed", user.name);
	write_file(ROOT "/cgroup.procs", "0");
}

static void check_dumps(void)
{
	const struct kin_status before = get_status();
	struct kin_status after;
	int64_t each;

	run(open_dumps);
	after = get_status();
	each = (shared->open - shared->idle) / DUMPS;
	tap_ok(after.dumps_started - before.dumps_started == DUMPS,
	       "%llu dumps were started, on %d sockets",
	       (unsigned long long)(after.dumps_started - before.dumps_started),
	       DUMPS);
	tap_ok(shared->busy == DUMPS,
	       "another on the same socket is refused: %u", shared->busy);
	tap_ok(each >= (int64_t)VALUES_SIZE,
	       "each is charged to whoever asked: %lld bytes, %zu of them values",
	       (long long)each, VALUES_SIZE);
	tap_ok(shared->closed <= shared->idle + SLACK,
	       "and freed with the socket: %lld bytes more than before",
	       (long long)(shared->closed - shared->idle));
}

/* ---- refusals ---- */

static unsigned int refuse(int fd, uint8_t cmd, uint16_t attr, uint32_t value)
{
	struct nlmsghdr *nlh = raw_request(buf, family, cmd, NLM_F_DUMP);
	struct raw_answer answer;

	mnl_attr_put_u32(nlh, attr, value);
	raw_ask(fd, nlh, &answer);
	return answer.error == -EPERM && !answer.messages;
}

static void be_refused(void *unused)
{
	const int fd = raw_open();
	uint64_t start;

	refuse(fd, KIN_CMD_FD_GET, KIN_A_FD_PARTS, KIN_FD_PARTS);
	shared->before = charged();
	start = now_ns();
	for (int i = 0; i < REFUSALS; i++) {
		shared->refused += refuse(fd, KIN_CMD_TASK_GET, KIN_A_GROUPS,
					  KIN_GROUPS_PRIVATE);
		shared->refused += refuse(fd, KIN_CMD_FD_GET, KIN_A_FD_PARTS,
					  KIN_FD_PARTS);
		shared->refused += refuse(fd, KIN_CMD_ENV_GET, KIN_A_PID, 1);
	}
	shared->refusal_ns = (now_ns() - start) / (3 * REFUSALS);
	shared->after = await_freed(shared->before);
}

static void check_refusals(void)
{
	const struct kin_status before = get_status();
	struct kin_status after;

	run(be_refused);
	after = get_status();
	tap_ok(shared->refused == 3 * REFUSALS &&
		       after.requests_denied - before.requests_denied ==
			       3 * REFUSALS + 1,
	       "%u of %d private requests are refused, and counted",
	       shared->refused, 3 * REFUSALS);
	tap_ok(after.tasks_sent == before.tasks_sent &&
		       after.fds_sent == before.fds_sent,
	       "nothing was read for them");
	tap_ok(shared->after <= shared->before + SLACK,
	       "they leave nothing: %lld bytes more than before",
	       (long long)(shared->after - shared->before));
	tap_note("one takes %llu ns (instructions, under --icount)",
		 (unsigned long long)shared->refusal_ns);
}

int main(void)
{
	pid_t sleepers[SLEEPERS];

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	family = raw_family();
	if (shared == MAP_FAILED || !family)
		tap_bail("no module");
	if (access(ROOT "/memory.stat", F_OK)) {
		tap_skip("this kernel charges memory to nobody", "limits");
		return tap_done();
	}
	write_file(ROOT "/cgroup.subtree_control", "+memory");
	if (mkdir(CGROUP, 0755) && errno != EEXIST)
		tap_bail("%s: %s", CGROUP, strerror(errno));
	current_fd = open(CGROUP "/memory.current", O_RDONLY | O_CLOEXEC);
	sleepers_start(sleepers, SLEEPERS);
	check_dumps();
	check_refusals();
	sleepers_end(sleepers, SLEEPERS);
	rmdir(CGROUP);
	return tap_done();
}
