/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told of a descriptor, one thing at a time: each member of struct kin_fd and
 * struct kin_sock (of flags, each bit), and the two strings.
 */
#ifndef FD_MEMBER_H
#define FD_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libkin.h"
#include "../truth/field.h"

/* A descriptor as kin told it, kept. */
struct fd_told {
	struct kin_fd fd;
	struct kin_sock sock;
	bool has_sock;
	bool has_unix;
	char *path; /* NULL: none */
	char *unix_name;
	uint32_t unix_len;
};

enum fd_member {
	TOLD_INO,
	TOLD_POS,
	TOLD_SIZE,
	TOLD_NUMBER,
	TOLD_TYPE,
	TOLD_OPEN_FLAGS,
	TOLD_MODE,
	TOLD_NLINK,
	TOLD_DEV,
	TOLD_RDEV,
	TOLD_CLOEXEC,
	TOLD_READ,
	TOLD_WRITE,
	TOLD_DELETED,
	TOLD_LONG,
	TOLD_SOCK_PEER,
	TOLD_SOCK_RX,
	TOLD_SOCK_TX,
	TOLD_SOCK_NETNS,
	TOLD_SOCK_FAMILY,
	TOLD_SOCK_SOCKTYPE,
	TOLD_SOCK_PROTOCOL,
	TOLD_SOCK_STATE,
	TOLD_SOCK_V6ONLY,
	TOLD_SOCK_IFINDEX,
	TOLD_SOCK_LOCAL_PORT,
	TOLD_SOCK_REMOTE_PORT,
	TOLD_SOCK_LOCAL,
	TOLD_SOCK_REMOTE,
	TOLD_PATH,
	TOLD_UNIX,
	N_MEMBERS
};

/* Of the members, these are told of every descriptor. */
#define N_NUMBERS TOLD_SOCK_PEER

struct fd_member_info {
	const char *key; /* in the zoo's lines, and in results */
	size_t offset, size; /* in struct fd_told; size 0: a string */
	uint32_t bit;
};

extern const struct fd_member_info fd_members[N_MEMBERS];

/* The value of a member that is a number; ABSENT: all bits set, or no socket. */
uint64_t fd_member_value(const struct fd_told *told, enum fd_member member);

/* Make it another: the number by its lowest bit, the string by its last byte. */
void fd_member_change(struct fd_told *told, enum fd_member member);

#endif /* FD_MEMBER_H */
