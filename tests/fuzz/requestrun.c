// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a program, and looks whether the module kept its word: each request has
 * one answer or a dump that ends, each refusal a sentence, and who is refused has
 * changed nothing.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kin.h"
#include "request.h"
#include "requestanswer.h"
#include "tests/vm/truth/raw.h"

struct shared *shared;

#define MAX_FOUND 64 /* messages in one datagram */

static uint16_t family;
static const uint32_t *members;
static int observer = -1; /* asks for the counters; -1: they are not ours alone */
static struct kin_status status;
static uint32_t next_seq = 1;
static struct answers answers;
static _Alignas(8) char bytes[MAX_DATAGRAM], buf[1 << 20];
static const struct program *current;

/* ---- what must not be ---- */

void run_wrong(const char *fmt, ...)
{
	const unsigned int n = __atomic_fetch_add(&shared->n_wrong, 1, __ATOMIC_RELAXED);
	const size_t most = sizeof(shared->wrong) / sizeof(*shared->wrong);
	char text[MAX_TEXT] = "";
	va_list args;

	if (n >= most)
		return;
	va_start(args, fmt);
	vsnprintf(shared->wrong[n], sizeof(*shared->wrong), fmt, args);
	va_end(args);
	if (current)
		program_print(current, text, sizeof(text));
	printf("# wrong: %s\n%s", shared->wrong[n], text);
	fflush(stdout);
}

/* ---- sockets ---- */

struct peer {
	int fd; /* -1: not open */
	bool lossy; /* it overflowed, or was read with too small a buffer */
};

static struct peer peers[MAX_SOCKETS];

static int new_socket(uint32_t rcvbuf)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int on = 1;

	if (fd < 0 || bind(fd, (void *)&address, sizeof(address)))
		return -1;
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (rcvbuf)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	return fd;
}

static struct peer *open_peer(unsigned int which, uint32_t rcvbuf)
{
	struct peer *peer = &peers[which];

	if (peer->fd >= 0)
		return peer;
	peer->fd = new_socket(rcvbuf);
	peer->lossy = false;
	if (peer->fd < 0)
		run_wrong("no socket: %s", strerror(errno));
	return peer;
}

static void close_peer(unsigned int which)
{
	if (peers[which].fd < 0)
		return;
	close(peers[which].fd);
	peers[which].fd = -1;
}

/* Something that was sent to it will not be seen. */
static void lose(unsigned int which)
{
	peers[which].lossy = true;
	answers_lose(&answers, which);
}

/* One datagram. Returns false if there is none. */
static bool read_peer(unsigned int which, uint32_t size)
{
	struct peer *peer = &peers[which];
	ssize_t len = recv(peer->fd, buf, size, MSG_DONTWAIT | MSG_TRUNC);

	if (len < 0 && errno == ENOBUFS) {
		lose(which);
		return true;
	}
	if (len < 0) {
		if (errno != EAGAIN)
			run_wrong("recv: %s", strerror(errno));
		return false;
	}
	if (len > size) {
		lose(which);
		return true;
	}
	answers_take(&answers, which, buf, len);
	return true;
}

/* ---- the counters ---- */

static bool read_status(struct kin_status *to)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(bytes);
	const struct nlattr *attr;
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = KIN_CMD_STATUS_GET;
	genl->version = spec_version;
	nlh = (void *)buf;
	if (send(observer, bytes, NLMSG_HDRLEN + GENL_HDRLEN, 0) < 0 ||
	    recv(observer, buf, sizeof(buf), MSG_DONTWAIT) < 0 ||
	    nlh->nlmsg_type != family)
		return false;
	attr = mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN);
	if (mnl_attr_get_type(attr) != KIN_A_STATUS ||
	    mnl_attr_get_payload_len(attr) < sizeof(*to))
		return false;
	memcpy(to, mnl_attr_get_payload(attr), sizeof(*to));
	return true;
}

/* @exact: all that was sent has been read. */
static void compare(const char *what, uint64_t before, uint64_t after,
		    uint64_t counted, bool exact)
{
	const uint64_t grown = after - before;

	if (grown < counted || (exact && grown != counted))
		run_wrong("status: %s grew by %llu, %llu were seen%s", what,
			  (unsigned long long)grown, (unsigned long long)counted,
			  exact ? "" : " at least");
}

static void check_status(bool exact)
{
	const struct kin_status old = status;
	const struct seen *seen = &answers.seen;

	if (observer < 0)
		return;
	if (!read_status(&status)) {
		run_wrong("no status");
		return;
	}
	if (status.hidepid != old.hidepid || status.abi_version != old.abi_version ||
	    status.max_values != old.max_values ||
	    status.cmdline_max_bytes != old.cmdline_max_bytes ||
	    status.max_subscribers != old.max_subscribers ||
	    status.batch_ms != old.batch_ms || status.ring_kib != old.ring_kib ||
	    status.features != old.features)
		run_wrong("a setting has changed");
	/* What others listen to is not for everybody. */
	if ((status.subscribers == KIN_NONE32) != (old.subscribers == KIN_NONE32) ||
	    (status.subscribers == KIN_NONE32) != (status.events_sent == KIN_NONE64))
		run_wrong("status: events are hidden now, and were not, or in part");
	else if (status.subscribers && status.subscribers != KIN_NONE32)
		run_wrong("status: %u subscribers, and no socket", status.subscribers);
	compare("tasks_sent", old.tasks_sent, status.tasks_sent, seen->records, exact);
	compare("dumps_done", old.dumps_done, status.dumps_done, seen->dumps, exact);
	compare("gets", old.gets, status.gets, seen->gets, exact);
	compare("requests_denied", old.requests_denied, status.requests_denied,
		seen->denied, exact);
	/* (Counted at the end of a table.) */
	if (exact)
		compare("fds_sent", old.fds_sent, status.fds_sent, seen->descriptors,
			exact);
	if (exact && status.requests_rejected - old.requests_rejected > seen->rejected)
		run_wrong("status: more rejected than were told");
}

/* ---- running ---- */

bool run_start(const uint32_t *pids, bool alone)
{
	members = pids;
	family = raw_family();
	for (int i = 0; i < MAX_SOCKETS; i++)
		peers[i].fd = -1;
	if (!family)
		return false;
	if (!alone)
		return true;
	observer = new_socket(0);
	return observer >= 0 && read_status(&status);
}

static void run_send(const struct step *step)
{
	struct peer *peer = open_peer(step->socket, 0);
	struct found found[MAX_FOUND];
	size_t len, n;

	len = step_bytes(step, members, family, next_seq, bytes);
	n = datagram_walk(bytes, len, found, MAX_FOUND);
	next_seq += step->n;
	if (send(peer->fd, bytes, len, 0) < 0) {
		/* More than the socket takes: nobody has seen it. */
		if (errno != EMSGSIZE && errno != ENOBUFS)
			run_wrong("send of %zu bytes: %s", len, strerror(errno));
		return;
	}
	answers_expect(&answers, step->socket, family, found, n);
	if (peer->lossy || n == MAX_FOUND)
		lose(step->socket);
}

static void run_step(const struct step *step)
{
	switch (step->act) {
	case ACT_OPEN:
		open_peer(step->socket, step->size ?: 1);
		break;
	case ACT_SEND:
		run_send(step);
		break;
	case ACT_LIVE:
		family_live(step->socket);
		break;
	case ACT_READ:
		if (peers[step->socket].fd >= 0)
			read_peer(step->socket, step->size < sizeof(buf) ? step->size :
							   sizeof(buf));
		break;
	default:
		/* Who knows what was still to be read. */
		lose(step->socket);
		close_peer(step->socket);
	}
}

bool run_program(const struct program *program)
{
	current = program;
	answers_begin(&answers);
	for (int i = 0; i < program->n; i++)
		run_step(&program->steps[i]);
	/* What a dump has to say comes while it is read. */
	for (int i = 0; i < MAX_SOCKETS; i++)
		while (peers[i].fd >= 0 && read_peer(i, sizeof(buf)))
			;
	answers_judge(&answers);
	for (int i = 0; i < MAX_SOCKETS; i++)
		close_peer(i);
	check_status(!answers.lost);
	current = NULL;
	shared->tally.lost += answers.lost;
	__atomic_fetch_add(&shared->tally.programs, 1, __ATOMIC_RELAXED);
	return answers.news;
}
