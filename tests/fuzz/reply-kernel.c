// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <sanitizer/asan_interface.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

#include "kin.h"
#include "reply-kernel.h"

static struct {
	const uint8_t *data;
	size_t size;
	int open;
	uint32_t seq;		/* of the last request */
	int asked_family;	/* and it is not answered yet */
	int interrupted;	/* by the datagram that is next */
	bool gone, told;	/* unloaded; that is told once */
} kernel;

void kernel_says(const uint8_t *data, size_t size, int open)
{
	kernel.data = data;
	kernel.size = size;
	kernel.open = open;
	kernel.asked_family = 0;
	kernel.interrupted = 0;
	kernel.gone = false;
	kernel.told = false;
}

int kernel_next(const uint8_t **data, size_t *size, struct reply_header *header,
		const uint8_t **datagram)
{
	if (*size < sizeof(*header))
		return 0;
	memcpy(header, *data, sizeof(*header));
	*data += sizeof(*header);
	*size -= sizeof(*header);
	if (header->len > *size)
		header->len = *size;
	*datagram = *data;
	*data += header->len;
	*size -= header->len;
	return 1;
}

/* ---- libmnl's sockets ---- */

struct mnl_socket {
	int unused;
};

static struct mnl_socket the_socket;

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	return &the_socket;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf,
			  socklen_t len)
{
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	return -1;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	return 0;
}

static volatile unsigned char sink;

/* A request is read to its last byte, as the kernel would. */
ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req,
			  size_t size)
{
	const struct nlmsghdr *nlh = req;

	if (nlh->nlmsg_len != size)
		abort();
	for (size_t i = 0; i < size; i++)
		sink ^= ((const unsigned char *)req)[i];
	kernel.seq = nlh->nlmsg_seq;
	kernel.asked_family = nlh->nlmsg_type == GENL_ID_CTRL && kernel.open;
	return size;
}

/* ---- what comes ---- */

static size_t family_reply(char *buf)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;
	size_t len;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_seq = kernel.seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_NEWFAMILY;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, REPLY_FAMILY);
	mnl_attr_put_u32(nlh, CTRL_ATTR_VERSION, KIN_ABI_VERSION);
	len = nlh->nlmsg_len;
	nlh = mnl_nlmsg_put_header(buf + len);
	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_seq = kernel.seq;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct nlmsgerr));
	return len + nlh->nlmsg_len;
}

/* What answers the first request of a recording answers the one of now. */
static void answer_request(char *buf, size_t len)
{
	struct nlmsghdr *nlh;

	for (size_t at = 0; at + sizeof(*nlh) <= len;
	     at += NLMSG_ALIGN(nlh->nlmsg_len)) {
		nlh = (void *)(buf + at);
		if (nlh->nlmsg_seq == REPLY_SEQ)
			nlh->nlmsg_seq = kernel.seq;
		if (nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > len)
			break;
	}
}

static ssize_t fail(int err)
{
	errno = err;
	return -1;
}

static int last_word(void)
{
	const bool news = kernel.gone && !kernel.told;

	kernel.told = kernel.gone;
	return news ? ENODEV : EAGAIN;
}

/* Once there is nothing more to say, whoever still waits is told so. */
static ssize_t next_datagram(struct msghdr *msg, char *buf, size_t room)
{
	const uint8_t *from, *again = kernel.data;
	const size_t left = kernel.size;
	struct sockaddr_nl *name = msg->msg_name;
	struct reply_header header;

	if (!kernel_next(&kernel.data, &kernel.size, &header, &from))
		return fail(last_word());
	if (header.how == REPLY_OVERRUN)
		return fail(ENOBUFS);
	kernel.interrupted = header.how == REPLY_INTERRUPTED &&
			     !kernel.interrupted;
	if (kernel.interrupted) {
		kernel.data = again;
		kernel.size = left;
		return fail(EINTR);
	}
	if (header.how == REPLY_STRANGER)
		name->nl_pid = 4711;
	if (header.how == REPLY_CUT || header.len > room)
		msg->msg_flags |= MSG_TRUNC;
	if (header.len > room)
		header.len = room;
	memcpy(buf, from, header.len);
	answer_request(buf, header.len);
	return header.len;
}

/*
 * Nothing but what came may be read: the rest of the buffer, with what is left
 * of an older datagram, is out of bounds.
 */
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	char *buf = msg->msg_iov->iov_base;
	const size_t room = msg->msg_iov->iov_len;
	struct sockaddr_nl *name = msg->msg_name;
	ssize_t len;

	ASAN_UNPOISON_MEMORY_REGION(buf, room);
	memset(name, 0, sizeof(*name));
	msg->msg_flags = 0;
	if (kernel.asked_family) {
		kernel.asked_family = 0;
		len = family_reply(buf);
	} else {
		len = next_datagram(msg, buf, room);
	}
	if (len >= 0)
		ASAN_POISON_MEMORY_REGION(buf + len, room - len);
	return len;
}

/* Nobody waits: what is to come is there. When all has come, whoever would wait
 * for more hears that the module was unloaded. */
static int wait_for_any(struct pollfd *fds, nfds_t n, bool wait)
{
	const bool more = kernel.size >= sizeof(struct reply_header);
	bool says_it;
	int ready = 0;

	kernel.gone |= !more && wait;
	says_it = kernel.gone && !kernel.told;
	for (nfds_t i = 0; i < n; i++) {
		/* (The kernel made of bytes has no descriptor.) */
		fds[i].revents = fds[i].fd < 0 && (more || says_it) ? POLLIN : 0;
		ready += fds[i].revents != 0;
	}
	return ready;
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	return wait_for_any(fds, n, timeout_ms);
}

int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		 const sigset_t *signals);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		 const sigset_t *signals)
{
	return wait_for_any(fds, n, !timeout || timeout->tv_sec || timeout->tv_nsec);
}
