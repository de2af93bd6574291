// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's proc connector: one message an event, multicast. */
#include <err.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "source.h"

/* Bytes: what the default of 208 KiB cannot hold is lost. */
#define SOCKET_BUFFER (16 << 20)

static int fd;

static void connector_prepare(struct tally *tally)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK,
					     .nl_groups = CN_IDX_PROC };
	const int size = SOCKET_BUFFER;

	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (const void *)&address, sizeof(address)))
		err(1, "proc connector");
}

static void order(enum proc_cn_mcast_op op)
{
	const struct {
		struct nlmsghdr nlh;
		struct cn_msg msg;
		enum proc_cn_mcast_op op;
	} __attribute__((packed)) request = {
		.nlh = { .nlmsg_len = sizeof(request),
			 .nlmsg_type = NLMSG_DONE },
		.msg = { .id = { CN_IDX_PROC, CN_VAL_PROC },
			 .len = sizeof(request.op) },
		.op = op,
	};

	if (send(fd, &request, sizeof(request), 0) < 0)
		err(1, "proc connector");
}

static void connector_on(struct tally *tally)
{
	order(PROC_CN_MCAST_LISTEN);
}

static void connector_off(struct tally *tally)
{
	order(PROC_CN_MCAST_IGNORE);
}

/* Whether it is an event of the family. An exec does not tell of whom. */
static bool look(const struct proc_event *e, struct tally *tally)
{
	tally->looked += e->what + e->cpu + e->timestamp_ns;
	switch (e->what) {
	case PROC_EVENT_FORK:
		tally->looked += e->event_data.fork.parent_pid +
				 e->event_data.fork.child_pid;
		return e->event_data.fork.child_pid ==
			       e->event_data.fork.child_tgid &&
		       e->event_data.fork.parent_tgid == (__s32)tally->family;
	case PROC_EVENT_EXEC:
		tally->looked += e->event_data.exec.process_pid +
				 e->event_data.exec.process_tgid;
		return true;
	case PROC_EVENT_EXIT:
		tally->looked += e->event_data.exit.process_pid +
				 e->event_data.exit.exit_code +
				 e->event_data.exit.exit_signal +
				 e->event_data.exit.parent_pid;
		return e->event_data.exit.process_pid ==
			       e->event_data.exit.process_tgid &&
		       e->event_data.exit.parent_tgid == (__s32)tally->family;
	default:
		return false;
	}
}

static void connector_read(struct tally *tally)
{
	char buffer[4096] __attribute__((aligned(8)));
	const struct nlmsghdr *nlh = (const void *)buffer;
	int len = recv(fd, buffer, sizeof(buffer), 0);
	const struct cn_msg *msg;

	if (len < 0 && errno != EINTR)
		err(1, "proc connector"); /* ENOBUFS: it has lost some */
	for (; len > 0 && NLMSG_OK(nlh, (unsigned int)len); nlh = NLMSG_NEXT(nlh, len)) {
		msg = NLMSG_DATA(nlh);
		if (look((const void *)msg->data, tally))
			tally_add(tally);
	}
}

const struct source connector_source = {
	.prepare = connector_prepare,
	.on = connector_on,
	.off = connector_off,
	.read = connector_read,
};
