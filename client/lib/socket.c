// SPDX-License-Identifier: GPL-2.0-or-later
/* The connection to the module: requests out, messages in, errors told. */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "socket.h"

/* Remember what to tell the user; returns @err. */
int kin_fail(struct kin *kin, int err, const char *sentence)
{
	snprintf(kin->error, sizeof(kin->error), "%s", sentence);
	return err;
}

const char *kin_error(const struct kin *kin)
{
	return kin->error;
}

/* What the attribute of a request is called in messages to people. */
static const char *attr_name(uint16_t type)
{
	static const char *const names[KIN_A_MAX + 1] = {
		[KIN_A_GROUPS] = "groups", [KIN_A_KINDS] = "kinds",
		[KIN_A_PID] = "pid", [KIN_A_TGID] = "tgid",
		[KIN_A_SUBTREE] = "subtree", [KIN_A_UID] = "uid",
		[KIN_A_CGROUP] = "cgroup", [KIN_A_STATES] = "states",
		[KIN_A_FD_PARTS] = "parts", [KIN_A_FD_TYPES] = "types",
	};

	return type <= KIN_A_MAX ? names[type] : NULL;
}

/* The attribute of our request that starts at a byte offset. */
static const char *attr_at(const struct kin *kin, uint32_t offset)
{
	const struct nlattr *attr;

	if (kin->request->nlmsg_type == GENL_ID_CTRL)
		return NULL;	/* not of our family */
	mnl_attr_for_each(attr, kin->request, GENL_HDRLEN)
		if ((const char *)attr == (const char *)kin->request + offset)
			return attr_name(mnl_attr_get_type(attr));
	return NULL;
}

/* Numbers of errors end here (the kernel's MAX_ERRNO). */
#define ERRNO_MAX 4095

/* The kernel's own words, if it sent any; else those of errno. */
static int fail_extack(struct kin *kin, int err, const struct nlmsghdr *nlh,
		       size_t fixed)
{
	const char *msg = strerror(-err), *name = NULL;
	const struct nlattr *attr;

	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		mnl_attr_for_each(attr, nlh, fixed) {
			if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
			    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) &&
			    *mnl_attr_get_str(attr))
				msg = mnl_attr_get_str(attr);
			if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS &&
			    !mnl_attr_validate(attr, MNL_TYPE_U32))
				name = attr_at(kin, mnl_attr_get_u32(attr));
		}
	}
	snprintf(kin->error, sizeof(kin->error), "%s%s%s", name ? name : "",
		 name ? ": " : "", msg);
	return err;
}

/* NLMSG_ERROR: an acknowledgement (0) or a refusal. The request is quoted in
 * full unless the kernel capped it, as we asked it to. */
static int read_error(struct kin *kin, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	const size_t len = mnl_nlmsg_get_payload_len(nlh);
	size_t fixed = sizeof(*e);

	if (len < sizeof(*e))
		return kin_fail(kin, -EBADMSG, "an error message is too short");
	if (!e->error)
		return 0;
	if (e->error > 0 || e->error < -ERRNO_MAX)
		return kin_fail(kin, -EBADMSG, "an error message without one");
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
		/* Where that would end outside, there are no words to find. */
		if (e->msg.nlmsg_len < sizeof(e->msg) ||
		    e->msg.nlmsg_len - sizeof(e->msg) > len - fixed)
			fixed = len;
		else
			fixed += e->msg.nlmsg_len - sizeof(e->msg);
	}
	return fail_extack(kin, e->error, nlh, fixed);
}

/* NLMSG_DONE: holds the result of a dump, which is lost on whoever does not
 * look. */
static int read_done(struct kin *kin, const struct nlmsghdr *nlh)
{
	const int *err = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err) || *err >= 0)
		return 0;
	if (*err < -ERRNO_MAX)
		return kin_fail(kin, -EBADMSG, "a dump ended without a result");
	return fail_extack(kin, *err, nlh, sizeof(*err));
}

/* To libmnl, a length of 2 GiB or more is a negative one, and attributes may
 * reach into the padding: it must have come, too. */
bool kin_has_message(const struct nlmsghdr *nlh, int len)
{
	const uint32_t room = len;

	return mnl_nlmsg_ok(nlh, len) && nlh->nlmsg_len <= room &&
	       MNL_ALIGN(nlh->nlmsg_len) <= room;
}

/* One buffer of messages. Returns 1 to go on, 0 at the end, or -errno. */
static int read_messages(struct kin *kin, int len, kin_message_fn *fn,
			 void *arg, int *verdict)
{
	const struct nlmsghdr *nlh = (const void *)kin->rx;

	for (; kin_has_message(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (!nlh->nlmsg_seq && kin->stray &&
		    nlh->nlmsg_type == kin->family && !*verdict)
			*verdict = kin->stray(nlh, kin->stray_arg);
		if (nlh->nlmsg_seq != kin->request->nlmsg_seq)
			continue;	/* left over from an abandoned request */
		if (nlh->nlmsg_type == NLMSG_ERROR)
			return read_error(kin, nlh);
		if (nlh->nlmsg_type == NLMSG_DONE)
			return read_done(kin, nlh);
		if (nlh->nlmsg_type != kin->request->nlmsg_type)
			continue;
		if (!*verdict)
			*verdict = fn(kin, nlh, arg);
	}
	return 1;
}

static int fail_errno(struct kin *kin, const char *what)
{
	const int err = errno;

	snprintf(kin->error, sizeof(kin->error), "%s: %s", what, strerror(err));
	return -err;
}

/* One datagram into kin->rx: bytes, or -errno. */
int kin_receive(struct kin *kin, int flags)
{
	struct iovec iov = { .iov_base = kin->rx, .iov_len = sizeof(kin->rx) };
	struct sockaddr_nl from = { 0 };
	struct msghdr msg = { .msg_name = &from, .msg_iov = &iov,
			      .msg_iovlen = 1 };
	ssize_t len;

	/* What does not come from the kernel (port 0) is no answer. */
	do {
		msg.msg_namelen = sizeof(from);
		len = recvmsg(mnl_socket_get_fd(kin->nl), &msg, flags);
	} while (len >= 0 && from.nl_pid);
	if (len < 0)
		return fail_errno(kin, "cannot receive from the kernel");
	if (msg.msg_flags & MSG_TRUNC)
		return kin_fail(kin, -EMSGSIZE, "a message came cut");
	return len;
}

/*
 * Start a request with room for @room bytes of attributes. Returns NULL if
 * there is no memory for it.
 */
struct nlmsghdr *kin_request_new(struct kin *kin, uint8_t cmd, uint16_t flags,
				 size_t room)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	room += MNL_NLMSG_HDRLEN + GENL_HDRLEN;
	if (room > kin->request_room) {
		free(kin->request);
		kin->request = malloc(room);
		kin->request_room = kin->request ? room : 0;
	}
	if (!kin->request) {
		kin_fail(kin, -ENOMEM, "out of memory");
		return NULL;
	}
	nlh = mnl_nlmsg_put_header(kin->request);
	nlh->nlmsg_type = kin->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++kin->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = KIN_ABI_VERSION;
	return nlh;
}

/*
 * Send the request and hand all messages of its answer to @fn. Once that has
 * returned non-zero, the rest is read and dropped. Returns 0, what @fn
 * returned, or -errno.
 */
int kin_request_run(struct kin *kin, kin_message_fn *fn, void *arg)
{
	int verdict = 0, more = 1, len;

	kin->error[0] = '\0';
	if (mnl_socket_sendto(kin->nl, kin->request,
			      kin->request->nlmsg_len) < 0)
		return fail_errno(kin, "cannot send to the kernel");
	while (more > 0) {
		do
			len = kin_receive(kin, 0);
		while (len == -EINTR);
		if (len < 0)
			return len;
		more = read_messages(kin, len, fn, arg, &verdict);
	}
	/* Nobody has the number of our family any more, or is just going. */
	if ((more == -ENOENT || more == -EPROTONOSUPPORT) &&
	    kin->request->nlmsg_type != GENL_ID_CTRL)
		return kin_fail(kin, -ENODEV,
				"the kernel module kin was unloaded");
	return verdict ? verdict : more;
}

/* ---- open and close ---- */

static int family_attr(struct kin *kin, const struct nlmsghdr *nlh, void *arg)
{
	uint32_t *version = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    !mnl_attr_validate(attr, MNL_TYPE_U16))
			kin->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_VERSION &&
		    !mnl_attr_validate(attr, MNL_TYPE_U32))
			*version = mnl_attr_get_u32(attr);
	}
	return 0;
}

static int find_family(struct kin *kin)
{
	uint32_t version = 0;
	struct nlmsghdr *nlh;
	int err;

	kin->family = GENL_ID_CTRL;
	nlh = kin_request_new(kin, CTRL_CMD_GETFAMILY, NLM_F_ACK, 64);
	if (!nlh)
		return -ENOMEM;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, KIN_FAMILY_NAME);
	err = kin_request_run(kin, family_attr, &version);
	if (err == -ENOENT)
		return kin_fail(kin, err, "the kernel module kin is not loaded");
	if (err)
		return err;
	if (version != KIN_ABI_VERSION) {
		snprintf(kin->error, sizeof(kin->error),
			 "the kernel module kin speaks version %u of the protocol, this program version %d",
			 version, KIN_ABI_VERSION);
		return -EPROTO;
	}
	return 0;
}

static int open_socket(struct kin *kin)
{
	int on = 1;

	kin->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!kin->nl)
		return fail_errno(kin, "cannot open a netlink socket");
	if (mnl_socket_bind(kin->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return fail_errno(kin, "cannot bind the netlink socket");
	/* Refusals in words, without our request quoted. Older kernels have
	 * neither and still answer. */
	mnl_socket_setsockopt(kin->nl, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(kin->nl, NETLINK_EXT_ACK, &on, sizeof(on));
	return 0;
}

int kin_open(struct kin **kinp)
{
	struct kin *kin = calloc(1, sizeof(*kin));
	int err;

	*kinp = kin;
	if (!kin)
		return -ENOMEM;
	err = open_socket(kin);
	if (!err)
		err = find_family(kin);
	return err;
}

void kin_close(struct kin *kin)
{
	if (!kin)
		return;
	if (kin->nl)
		mnl_socket_close(kin->nl);
	free(kin->request);
	free(kin);
}
