// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "member.h"

/* clang-format off */
#define MEMBER(key_, member)						\
	{ .key = key_, .offset = offsetof(struct fd_told, member),	\
	  .size = sizeof(((struct fd_told *)NULL)->member) }
#define BIT(key_, member, bit_)						\
	{ .key = key_, .offset = offsetof(struct fd_told, member),	\
	  .size = sizeof(uint32_t), .bit = bit_ }

const struct fd_member_info fd_members[N_MEMBERS] = {
	[TOLD_INO] = MEMBER("ino", fd.ino),
	[TOLD_POS] = MEMBER("pos", fd.pos),
	[TOLD_SIZE] = MEMBER("size", fd.size),
	[TOLD_NUMBER] = MEMBER("fd", fd.fd),
	[TOLD_TYPE] = MEMBER("type", fd.type),
	[TOLD_OPEN_FLAGS] = MEMBER("open_flags", fd.open_flags),
	[TOLD_MODE] = MEMBER("mode", fd.mode),
	[TOLD_NLINK] = MEMBER("nlink", fd.nlink),
	[TOLD_DEV] = MEMBER("dev", fd.dev),
	[TOLD_RDEV] = MEMBER("rdev", fd.rdev),
	[TOLD_CLOEXEC] = BIT("cloexec", fd.flags, KIN_FD_CLOEXEC),
	[TOLD_READ] = BIT("read", fd.flags, KIN_FD_READ),
	[TOLD_WRITE] = BIT("write", fd.flags, KIN_FD_WRITE),
	[TOLD_DELETED] = BIT("deleted", fd.flags, KIN_FD_DELETED),
	[TOLD_LONG] = BIT("path_long", fd.flags, KIN_FD_PATH_LONG),
	[TOLD_SOCK_PEER] = MEMBER("peer_ino", sock.peer_ino),
	[TOLD_SOCK_RX] = MEMBER("rx_queue", sock.rx_queue),
	[TOLD_SOCK_TX] = MEMBER("tx_queue", sock.tx_queue),
	[TOLD_SOCK_NETNS] = MEMBER("netns", sock.netns),
	[TOLD_SOCK_FAMILY] = MEMBER("family", sock.family),
	[TOLD_SOCK_SOCKTYPE] = MEMBER("socktype", sock.type),
	[TOLD_SOCK_PROTOCOL] = MEMBER("protocol", sock.protocol),
	[TOLD_SOCK_STATE] = MEMBER("state", sock.state),
	[TOLD_SOCK_V6ONLY] = BIT("v6only", sock.flags, KIN_SOCK_V6ONLY),
	[TOLD_SOCK_IFINDEX] = MEMBER("ifindex", sock.ifindex),
	[TOLD_SOCK_LOCAL_PORT] = MEMBER("local_port", sock.local_port),
	[TOLD_SOCK_REMOTE_PORT] = MEMBER("remote_port", sock.remote_port),
	[TOLD_SOCK_LOCAL] = MEMBER("local", sock.local),
	[TOLD_SOCK_REMOTE] = MEMBER("remote", sock.remote),
	[TOLD_PATH] = { .key = "path" },
	[TOLD_UNIX] = { .key = "unix" },
};
/* clang-format on */

/* A member more in the header must become one more here. */
_Static_assert(sizeof(struct kin_fd) == 3 * 8 + 8 * 4, "members of struct kin_fd");
_Static_assert(sizeof(struct kin_sock) == 3 * 8 + 9 * 4 + 2 * 16, "members of struct kin_sock");

uint64_t fd_member_value(const struct fd_told *told, enum fd_member member)
{
	const struct fd_member_info *info = &fd_members[member];
	const char *at = (const char *)told + info->offset;
	uint64_t wide;
	uint32_t narrow;

	if (member >= TOLD_SOCK_PEER && !told->has_sock)
		return ABSENT;
	if (info->size == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	if (info->bit)
		return !!(narrow & info->bit);
	return narrow == KIN_NONE32 ? ABSENT : narrow;
}

static void change_string(char **string, uint32_t len)
{
	static char text[8192];

	if (!*string || !len) {
		*string = strdup("x");
		return;
	}
	memcpy(text, *string, len + 1);
	text[len - 1] ^= 1;
	*string = text;
}

void fd_member_change(struct fd_told *told, enum fd_member member)
{
	const struct fd_member_info *info = &fd_members[member];
	char *at = (char *)told + info->offset;
	uint32_t flags;

	if (member == TOLD_PATH) {
		change_string(&told->path, told->path ? strlen(told->path) : 0);
	} else if (member == TOLD_UNIX) {
		change_string(&told->unix_name, told->unix_len);
		told->has_unix = true;
		told->unix_len = told->unix_len ?: 1;
	} else if (info->bit) {
		memcpy(&flags, at, sizeof(flags));
		flags ^= info->bit;
		memcpy(at, &flags, sizeof(flags));
	} else {
		*at ^= 1;
	}
}
