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
	bool drop;    /* receive into no buffer at all */
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

/* The last message is looked at, however little is received of it. */
static bool is_last(void)
{
	struct nlmsghdr nlh;

	if (recv(mnl_socket_get_fd(sock), &nlh, sizeof(nlh),
		 MSG_PEEK | MSG_DONTWAIT) < (ssize_t)sizeof(nlh))
		err(1, "recv");
	return nlh.nlmsg_type == NLMSG_DONE;
}

static void wire_read(const struct contender *self, struct samples *list)
{
	const struct detail *detail = self->detail;
	const struct nlmsghdr *nlh = (const void *)buffer;
	const int fd = mnl_socket_get_fd(sock);
	struct nlmsghdr *request;
	ssize_t n;

	request = start_request(family, NLM_F_DUMP, KIN_CMD_TASK_GET);
	mnl_attr_put_u32(request, KIN_A_GROUPS, detail->groups);
	if (detail->states)
		mnl_attr_put_u32(request, KIN_A_STATES, detail->states);
	send_request(request);
	do {
		if (detail->drop && is_last())
			detail = &(const struct detail){.drop = false};
		n = recv(fd, buffer, detail->drop ? 0 : sizeof(buffer), 0);
		if (n < 0)
			err(1, "recv");
	} while (detail->drop || nlh->nlmsg_type != NLMSG_DONE);
}

static void wire_close(const struct contender *self)
{
	mnl_socket_close(sock);
}

#define WIRE(...)                                                             \
	.goal = "profile", .open = wire_open, .read = wire_read,              \
	.close = wire_close, .detail = &(const struct detail){__VA_ARGS__}

#define BOTH (KIN_GROUP_SCHED | KIN_GROUP_MEM)

const struct contender wire_contenders[] = {
	/* No task that can be found has gone that far. */
	{ .name = "walk", WIRE(.states = KIN_STATE_DEAD) },
	{ .name = "base", WIRE(.groups = 0) },
	{ .name = "base+sched", WIRE(.groups = KIN_GROUP_SCHED) },
	{ .name = "base+mem", WIRE(.groups = KIN_GROUP_MEM) },
	{ .name = "base+sched+mem", WIRE(.groups = BOTH) },
	{ .name = "not copied", WIRE(.groups = BOTH, .drop = true) },
};
