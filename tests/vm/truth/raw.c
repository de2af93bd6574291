// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "raw.h"
#include "tap.h"

int raw_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = 60 };
	int on = 1, fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0 || bind(fd, (void *)&address, sizeof(address)))
		return -1;
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	/* What never answers must not be waited for for ever. */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

struct nlmsghdr *raw_request(void *buf, uint16_t family, uint8_t cmd,
			     uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = 1;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = KIN_ABI_VERSION;
	return nlh;
}

void raw_send(int fd, const struct nlmsghdr *nlh)
{
	if (send(fd, nlh, nlh->nlmsg_len, 0) < 0)
		tap_bail("send: %s", strerror(errno));
}

void raw_send_addressed(int fd, const struct nlmsghdr *nlh)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (sendto(fd, nlh, nlh->nlmsg_len, 0, (const void *)&kernel,
		   sizeof(kernel)) < 0)
		tap_bail("sendto: %s", strerror(errno));
}

static void take_sentence(struct raw_answer *answer, const struct nlmsghdr *nlh,
			  size_t fixed)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each (attr, nlh, fixed) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(answer->sentence, sizeof(answer->sentence),
				 "%s", mnl_attr_get_str(attr));
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS)
			answer->offset = mnl_attr_get_u32(attr);
	}
}

static void take_task(struct raw_record *rec, const struct nlattr *nest)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested (attr, nest) {
		const uint16_t type = mnl_attr_get_type(attr);

		if (type == KIN_A_TASK_BASE)
			rec->base = mnl_attr_get_payload(attr);
		if (type == KIN_A_TASK_NSPIDS) {
			rec->nspids = mnl_attr_get_payload(attr);
			rec->n_nspids = mnl_attr_get_payload_len(attr) / 4;
		}
		rec->denied |= type == KIN_A_TASK_DENIED;
		rec->given += type >= KIN_A_TASK_FILES &&
			      type <= KIN_A_TASK_STACK &&
			      type != KIN_A_TASK_LIMITS;
	}
	if (rec->base)
		rec->pid = rec->base->pid;
}

static void take_table(struct raw_record *rec, const struct nlattr *nest)
{
	const struct kin_fd_table *table;
	const struct nlattr *attr;

	mnl_attr_for_each_nested (attr, nest) {
		rec->given += mnl_attr_get_type(attr) == KIN_A_FD_TABLE_FD;
		if (mnl_attr_get_type(attr) != KIN_A_FD_TABLE_BASE)
			continue;
		table = mnl_attr_get_payload(attr);
		rec->pid = table->pid;
		rec->denied = table->flags & KIN_FD_TABLE_DENIED;
	}
}

static void take_records(struct raw_answer *answer, const struct nlmsghdr *nlh,
			 raw_record_fn *fn, void *arg)
{
	const struct nlattr *attr;

	answer->messages++;
	mnl_attr_for_each (attr, nlh, GENL_HDRLEN) {
		struct raw_record rec = { 0 };

		if (mnl_attr_get_type(attr) == KIN_A_TASK)
			take_task(&rec, attr);
		else if (mnl_attr_get_type(attr) == KIN_A_FD_TABLE)
			take_table(&rec, attr);
		else
			continue;
		answer->records++;
		if (rec.pid && fn)
			fn(&rec, arg);
	}
}

static void take_message(struct raw_answer *answer, const struct nlmsghdr *nlh,
			 raw_record_fn *fn, void *arg)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(nlh);
	const int *result = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		answer->error = error->error;
		answer->ended = true;
		take_sentence(answer, nlh, sizeof(*error));
	} else if (nlh->nlmsg_type == NLMSG_DONE) {
		answer->error = *result;
		answer->in_done = true;
		answer->ended = true;
		take_sentence(answer, nlh, sizeof(*result));
	} else if (nlh->nlmsg_type >= NLMSG_MIN_TYPE) {
		take_records(answer, nlh, fn, arg);
	}
}

ssize_t raw_receive(int fd, struct raw_answer *answer, raw_record_fn *fn,
		    void *arg)
{
	static _Alignas(8) char buf[RAW_MAX];
	const struct nlmsghdr *nlh = (const void *)buf;
	ssize_t len = recv(fd, buf, sizeof(buf), 0);
	int left = len;

	if (len < 0)
		return -1;
	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
		take_message(answer, nlh, fn, arg);
	return len;
}

void raw_ask(int fd, const struct nlmsghdr *nlh, struct raw_answer *answer)
{
	*answer = (struct raw_answer){ .offset = -1 };
	raw_send(fd, nlh);
	while (!answer->ended) {
		if (raw_receive(fd, answer, NULL, NULL) >= 0)
			continue;
		answer->error = -errno;
		snprintf(answer->sentence, sizeof(answer->sentence),
			 "no answer: %s", strerror(errno));
		return;
	}
}

static int take_family(const struct nlattr *attr, void *arg)
{
	uint16_t *family = arg;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		*family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

/* Asks on a socket of its own: the other may be in use. */
uint16_t raw_family_of(const char *name)
{
	_Alignas(8) char buf[8192];
	struct nlmsghdr *nlh =
		raw_request(buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	uint16_t family = 0;
	int fd = raw_open();

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
	raw_send(fd, nlh);
	if (recv(fd, buf, sizeof(buf), 0) > 0 &&
	    nlh->nlmsg_type == GENL_ID_CTRL)
		mnl_attr_parse(nlh, GENL_HDRLEN, take_family, &family);
	close(fd);
	return family;
}

uint16_t raw_family(void)
{
	return raw_family_of(KIN_FAMILY_NAME);
}
