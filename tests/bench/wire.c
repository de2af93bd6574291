// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kin's dump taken from the socket and not looked at: what is left is the
 * kernel's part of the work. With other groups, without tasks that pass the
 * scope, without a copy: where that part goes.
 */
#include <err.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "contender.h"
#include "kin.h"

struct detail {
	__u32 groups;
	__u32 states; /* 0: any */
	bool drop; /* receive without a copy */
};

static struct mnl_socket *sock;
static __u16 family;
static char buffer[KIN_RECV_SIZE] __attribute__((aligned(8)));

static struct nlmsghdr *start_request(__u16 type, __u16 flags, __u8 cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

static void send_request(const struct nlmsghdr *nlh)
{
	if (mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0)
		err(1, "send");
}

static int take_family(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static void wire_open(const struct contender *self)
{
	struct nlmsghdr *nlh;

	sock = mnl_socket_open(NETLINK_GENERIC);
	if (!sock || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID))
		err(1, "netlink socket");
	nlh = start_request(GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, KIN_FAMILY_NAME);
	send_request(nlh);
	if (mnl_socket_recvfrom(sock, buffer, sizeof(buffer)) < 0)
		err(1, "recv");
	family = 0;
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), take_family, NULL);
	if (!family)
		errx(1, "the module is not loaded");
}

static void take(int fd)
{
	const struct nlmsghdr *nlh;
	int len;

	for (;;) {
		len = recv(fd, buffer, sizeof(buffer), 0);
		if (len < 0)
			err(1, "recv");
		for (nlh = (const void *)buffer; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				errx(1, "the module refuses the request");
		}
	}
}

/* A dump is made as it is received: when nothing is there, it has ended. */
static void drop(int fd)
{
	while (recv(fd, buffer, 0, MSG_TRUNC | MSG_DONTWAIT) > 0)
		;
	if (errno != EAGAIN)
		err(1, "recv");
}

static void wire_read(const struct contender *self, struct samples *list)
{
	const struct detail *detail = self->detail;
	const int fd = mnl_socket_get_fd(sock);
	struct nlmsghdr *request;

	request = start_request(family, NLM_F_DUMP, KIN_CMD_TASK_GET);
	mnl_attr_put_u32(request, KIN_A_GROUPS, detail->groups);
	if (detail->states)
		mnl_attr_put_u32(request, KIN_A_STATES, detail->states);
	send_request(request);
	if (detail->drop)
		drop(fd);
	else
		take(fd);
}

static void wire_close(const struct contender *self)
{
	mnl_socket_close(sock);
}

#define WIRE                                                  \
	.goal = "wire", .open = wire_open, .read = wire_read, \
	.close = wire_close, .on_demand = true

#define BOTH (KIN_GROUP_SCHED | KIN_GROUP_MEM)

/* No task that can be found is in this state. */
const struct contender wire_walk = {
	.name = "walk",
	WIRE,
	.detail = &(const struct detail){ .states = KIN_STATE_DEAD },
};

const struct contender wire_base = {
	.name = "base",
	WIRE,
	.detail = &(const struct detail){ .groups = 0 },
};

const struct contender wire_sched = {
	.name = "base+sched",
	WIRE,
	.detail = &(const struct detail){ .groups = KIN_GROUP_SCHED },
};

const struct contender wire_mem = {
	.name = "base+mem",
	WIRE,
	.detail = &(const struct detail){ .groups = KIN_GROUP_MEM },
};

const struct contender wire_all = {
	.name = "base+sched+mem",
	WIRE,
	.detail = &(const struct detail){ .groups = BOTH },
};

const struct contender wire_dropped = {
	.name = "dropped",
	WIRE,
	.detail = &(const struct detail){ .groups = BOTH, .drop = true },
};
