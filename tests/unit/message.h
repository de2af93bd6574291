/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up messages of the module, for the tests of who reads them. */
#ifndef TEST_MESSAGE_H
#define TEST_MESSAGE_H

#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

#include "kin.h"

#define FAMILY 0x21

static inline struct nlmsghdr *message_start(void *buf, uint16_t type,
					     uint32_t seq)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_seq = seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = KIN_CMD_TASK_GET;
	genl->version = KIN_ABI_VERSION;
	return nlh;
}

static inline struct kin_base message_base(uint32_t pid)
{
	return (struct kin_base){
		.pid = pid, .tgid = pid, .ppid = 1, .num_threads = 1,
		.start_boottime_ns = 1000000000ull + pid, .state = 'S',
		.comm = "task",
	};
}

/* A task with a base of @len bytes; more than the struct has are 0x55. */
static inline void message_put_base(struct nlmsghdr *nlh, uint32_t pid,
				    size_t len)
{
	const struct kin_base base = message_base(pid);
	unsigned char bytes[sizeof(base) + 64];

	memset(bytes, 0x55, sizeof(bytes));
	memcpy(bytes, &base, sizeof(base));
	mnl_attr_put(nlh, KIN_A_TASK_BASE, len, bytes);
}

static const struct kin_limit message_limits[] = { { 1, 2 }, { 3, KIN_NONE64 } };

/* A task with each attribute that there is. */
static inline void message_put_full(struct nlmsghdr *nlh, uint32_t pid)
{
	const struct kin_sched sched = { .utime_ns = pid * 10, .nice = -5 };
	const struct kin_mem mem = { .vm_bytes = 4096, .oom_score_adj = -1000 };
	const uint32_t nspids[] = { pid, 7, 1 };
	const struct kin_files files = { .open = 3, .users = 2 };
	const struct kin_io io = { .rchar_bytes = 5, .cancelled_write_bytes = 6 };
	const struct kin_ns ns = { .cgroup = 8, .uts = 9 };
	const struct kin_delay delay = { .blkio_ns = 10, .irq_count = 11 };
	const struct kin_wait wait = { .since_cpu_ns = 12 };
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_TASK);

	message_put_base(nlh, pid, sizeof(struct kin_base));
	mnl_attr_put(nlh, KIN_A_TASK_SCHED, sizeof(sched), &sched);
	mnl_attr_put(nlh, KIN_A_TASK_MEM, sizeof(mem), &mem);
	mnl_attr_put(nlh, KIN_A_TASK_NSPIDS, sizeof(nspids), nspids);
	mnl_attr_put(nlh, KIN_A_TASK_CMDLINE, 9, "cmd\0a b\0c");
	mnl_attr_put_u64(nlh, KIN_A_TASK_CGROUP_ID, 4711);
	mnl_attr_put_strz(nlh, KIN_A_TASK_CGROUP_PATH, "/a/b");
	mnl_attr_put_u32(nlh, KIN_A_TASK_BUSY, KIN_GROUP_MEM);
	mnl_attr_put_u32(nlh, KIN_A_TASK_CUT, KIN_GROUP_CMDLINE);
	mnl_attr_put(nlh, KIN_A_TASK_FILES, sizeof(files), &files);
	mnl_attr_put(nlh, KIN_A_TASK_IO, sizeof(io), &io);
	mnl_attr_put_strz(nlh, KIN_A_TASK_EXE, "/bin/x");
	mnl_attr_put_strz(nlh, KIN_A_TASK_CWD, "/tmp");
	mnl_attr_put_strz(nlh, KIN_A_TASK_ROOT, "/");
	mnl_attr_put(nlh, KIN_A_TASK_NS, sizeof(ns), &ns);
	mnl_attr_put(nlh, KIN_A_TASK_LIMITS, sizeof(message_limits),
		     message_limits);
	mnl_attr_put(nlh, KIN_A_TASK_DELAY, sizeof(delay), &delay);
	mnl_attr_put(nlh, KIN_A_TASK_WAIT, sizeof(wait), &wait);
	mnl_attr_put_strz(nlh, KIN_A_TASK_STACK, "f\ng\n");
	mnl_attr_put_u32(nlh, KIN_A_TASK_DENIED, KIN_GROUP_IO);
	mnl_attr_put_u32(nlh, KIN_A_TASK_DELETED, KIN_GROUP_EXE);
	mnl_attr_nest_end(nlh, nest);
}

/* A task with base alone. */
static inline void message_put_small(struct nlmsghdr *nlh, uint32_t pid)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_TASK);

	message_put_base(nlh, pid, sizeof(struct kin_base));
	mnl_attr_nest_end(nlh, nest);
}

/* ---- descriptors ---- */

static inline struct kin_fd_table message_table(uint32_t pid, uint32_t flags)
{
	return (struct kin_fd_table){
		.pid = pid, .tgid = pid, .flags = flags, .users = 1,
		.start_boottime_ns = 1000000000ull + pid, .open = 5,
		.table_size = 64, .limit_soft = 1024, .limit_hard = 4096,
		.comm = "task",
	};
}

static inline struct nlattr *message_start_fd(struct nlmsghdr *nlh, uint32_t fd,
					      uint32_t type)
{
	const struct kin_fd base = {
		.fd = fd, .type = type, .ino = 1000 + fd, .dev = 4, .rdev = 5,
		.flags = KIN_FD_READ,
	};
	struct nlattr *nest = mnl_attr_nest_start(nlh, KIN_A_FD_TABLE_FD);

	mnl_attr_put(nlh, KIN_A_FD_BASE, sizeof(base), &base);
	return nest;
}

/* @path may be NULL. */
static inline void message_put_fd(struct nlmsghdr *nlh, uint32_t fd,
				  const char *path)
{
	struct nlattr *nest = message_start_fd(nlh, fd, KIN_FD_FILE);

	if (path)
		mnl_attr_put_strz(nlh, KIN_A_FD_PATH, path);
	mnl_attr_nest_end(nlh, nest);
}

static inline void message_put_socket(struct nlmsghdr *nlh, uint32_t fd,
				      uint32_t family, const char *name,
				      size_t len)
{
	const struct kin_sock sock = {
		.peer_ino = 77, .family = family, .type = SOCK_STREAM, .state = 1,
		.local = { 127, 0, 0, 1 }, .remote[15] = 9,
	};
	struct nlattr *nest = message_start_fd(nlh, fd, KIN_FD_SOCKET);

	mnl_attr_put(nlh, KIN_A_FD_SOCK, sizeof(sock), &sock);
	if (name)
		mnl_attr_put(nlh, KIN_A_FD_UNIX, len, name);
	mnl_attr_nest_end(nlh, nest);
}

/*
 * Memory that ends where nothing may be read or written: with a message at its
 * very end, a step too far is a crash, with or without a sanitizer.
 */
static inline char *edge(void)
{
	static char *end;
	const size_t room = 2 * KIN_RECV_SIZE, page = sysconf(_SC_PAGESIZE);
	char *map;

	if (end)
		return end;
	map = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || mprotect(map + room, page, PROT_NONE))
		abort();
	end = map + room;
	return end;
}

/* The same message, at the edge. Its length is a multiple of 4 there. */
static inline struct nlmsghdr *at_edge(const struct nlmsghdr *nlh)
{
	const size_t len = MNL_ALIGN(nlh->nlmsg_len);

	return memcpy(edge() - len, nlh, len);
}

#endif
