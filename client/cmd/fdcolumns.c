// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "fdrow.h"
#include "fdsock.h"
#include "fdtype.h"
#include "name.h"

/* ---- what values are made of ---- */

/* What was written into the value's own room. */
static void set_scratch(struct kin_value *value, size_t len)
{
	kin_value_set_text(value, value->scratch, len);
}

static void set_dev(struct kin_value *value, uint32_t dev)
{
	if (dev == KIN_NONE32)
		return;
	set_scratch(value, sprintf(value->scratch, "%u:%u", dev >> 8 & 0xfff,
				   (dev & 0xff) | (dev >> 12 & 0xfff00)));
}

/* ---- of any descriptor ---- */

static void get_fd(const void *from, struct kin_value *value)
{
	static const char modes[] = "-rwu";
	const struct fd_row *row = from;
	const struct kin_fd *fd = row->rec.fd;

	if (row->place)
		kin_value_set_text(value, row->place, strlen(row->place));
	else if (fd)
		set_scratch(value, sprintf(value->scratch, "%u%c", fd->fd,
					   modes[!!(fd->flags & KIN_FD_READ) +
						 2 * !!(fd->flags &
							KIN_FD_WRITE)]));
}

static void get_number(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	if (row->rec.fd)
		kin_value_set_u32(value, row->rec.fd->fd);
}

static void get_type(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;
	const char *name;

	if (!row->rec.fd)
		return;
	name = kin_fd_type_name(row->rec.fd->type);
	kin_value_set_text(value, name, strlen(name));
}

static void get_name(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	if (row->name_len)
		kin_value_set_text(value, row->name, row->name_len);
}

static void get_path(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	if (row->rec.path)
		kin_value_set_text(value, row->rec.path, strlen(row->rec.path));
}

static void get_deleted(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	if (row->rec.fd)
		kin_value_set_u64(value, !!(row->rec.fd->flags & KIN_FD_DELETED));
}

/* ---- the table that it is in ---- */

static void get_comm(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	kin_value_set_comm(value, row->rec.table->comm);
}

static void get_user(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	kin_names_user_value(row->names, row->rec.table->uid, value);
}

#define GET_TABLE(field, kind) \
	static void get_##field(const void *from, struct kin_value *value) \
	{ \
		const struct fd_row *row = from; \
		kin_value_set_##kind(value, row->rec.table->field); \
	}

GET_TABLE(pid, u32)
GET_TABLE(tgid, u32)
GET_TABLE(uid, u32)
GET_TABLE(users, u32)

/* ---- the file behind it ---- */

#define GET_FD(field, kind) \
	static void get_##field(const void *from, struct kin_value *value) \
	{ \
		const struct fd_row *row = from; \
		if (row->rec.fd) \
			kin_value_set_##kind(value, row->rec.fd->field); \
	}

GET_FD(ino, u64)
GET_FD(pos, u64)
GET_FD(size, u64)
GET_FD(nlink, u32)

static void get_dev(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	if (row->rec.fd)
		set_dev(value, row->rec.fd->dev);
}

static void get_rdev(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	if (row->rec.fd && row->rec.fd->rdev)
		set_dev(value, row->rec.fd->rdev);
}

static void get_perm(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	if (row->rec.fd && row->rec.fd->mode != KIN_NONE32)
		set_scratch(value, sprintf(value->scratch, "%04o",
					   row->rec.fd->mode & 07777));
}

/* How it may be accessed; what else was asked for, as in extra[] below; cloexec. */
static const char *const flag_words[] = {
	"rdonly", "wronly", "rdwr",  "ioctl",	"append", "nonblock", "direct",
	"sync",	  "dsync",  "async", "noatime", "path",	  "cloexec",  NULL,
};

/* All of them together fit into a value's own room. */
size_t fd_row_flags(char *to, const struct kin_fd *fd)
{
	static const uint32_t extra[] = { O_APPEND, O_NONBLOCK, O_DIRECT,  O_SYNC,
					  O_DSYNC,  O_ASYNC,	O_NOATIME, O_PATH };
	const char *const *word = flag_words + O_ACCMODE + 1;
	uint32_t left = fd->open_flags;
	char *at = stpcpy(to, flag_words[left & O_ACCMODE]);

	for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]); i++, word++) {
		if ((left & extra[i]) != extra[i])
			continue;
		left &= ~extra[i];
		at = stpcpy(stpcpy(at, ","), *word);
	}
	if (fd->flags & KIN_FD_CLOEXEC)
		at = stpcpy(stpcpy(at, ","), *word);
	return at - to;
}

static void get_flags(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	if (row->rec.fd && row->rec.fd->open_flags != KIN_NONE32)
		set_scratch(value, fd_row_flags(value->scratch, row->rec.fd));
}

/* ---- sockets ---- */

#define GET_SOCK_WORD(name) \
	static void get_##name(const void *from, struct kin_value *value) \
	{ \
		const struct fd_row *row = from; \
		if (row->rec.sock) \
			set_scratch(value, fdsock_##name(value->scratch, \
							 row->rec.sock)); \
	}

GET_SOCK_WORD(family)
GET_SOCK_WORD(protocol)
GET_SOCK_WORD(state)

static void get_sock_type(const void *from, struct kin_value *value)
{
	const struct fd_row *row = from;

	if (row->rec.sock)
		set_scratch(value, fdsock_type(value->scratch, row->rec.sock));
}

static void get_end(const struct fd_row *row, enum fdsock_side side,
		    struct kin_value *value)
{
	size_t len = row->rec.sock ? fdsock_end(value->scratch, row->rec.sock,
						side) : 0;

	if (len)
		set_scratch(value, len);
}

static void get_local(const void *from, struct kin_value *value)
{
	get_end(from, FDSOCK_LOCAL, value);
}

static void get_remote(const void *from, struct kin_value *value)
{
	get_end(from, FDSOCK_REMOTE, value);
}

#define GET_SOCK(field, kind) \
	static void get_##field(const void *from, struct kin_value *value) \
	{ \
		const struct fd_row *row = from; \
		if (row->rec.sock) \
			kin_value_set_##kind(value, row->rec.sock->field); \
	}

GET_SOCK(rx_queue, u64)
GET_SOCK(tx_queue, u64)
GET_SOCK(netns, u32)

#define TEXT .type = KIN_TYPE_STRING
#define SOCK .needs = KIN_FD_PART_SOCK
#define NAME \
	.needs = FD_NEED_NAME | FD_NEED_PEERS | KIN_FD_PART_PATH | \
		 KIN_FD_PART_SOCK

/* clang-format off */
/* A row is two lines, however long. */
static const struct kin_column columns[] = {
	{ "pid", "PID", NULL, "", "Process that has it open (with --threads: or thread with a table of its own).",
	  .get_row = get_pid },
	{ "tgid", "TGID", NULL, "", "Process it belongs to: of a thread, its main thread's number.",
	  .get_row = get_tgid },
	{ "user", "USER", NULL, "", "Real user of the process: name, or number if it has none.",
	  TEXT, .needs = KIN_NEED_NAMES, .get_row = get_user },
	{ "uid", "UID", NULL, "", "Real user of the process: number.",
	  .type = KIN_TYPE_UID, .get_row = get_uid },
	{ "fd", "FD", NULL, "", "Number of the descriptor, with r (for reading), w (for writing), u (for both) or - (for neither: O_PATH); or exe, cwd, rtd: the program, the working and the root directory.",
	  TEXT, .get_row = get_fd },
	{ "number", "NR", "nr", "", "Number of the descriptor alone.",
	  .get_row = get_number },
	{ "type", "TYPE", NULL, "", "What is open: file, dir, pipe, socket, epoll ... (--type takes the same names).",
	  TEXT, .get_row = get_type, .words = kin_fd_type_names },
	{ "flags", "FLAGS", NULL, "", "How it was opened: the flags of open(2), and cloexec.",
	  .type = KIN_TYPE_WORDS, .get_row = get_flags, .words = flag_words },
	{ "dev", "DEV", "device", "", "Device of the file system that it is on, major:minor (sb->s_dev).",
	  TEXT, .get_row = get_dev },
	{ "rdev", "RDEV", NULL, "", "Device that it is, major:minor: of character and block devices (inode->i_rdev).",
	  TEXT, .get_row = get_rdev },
	{ "ino", "INO", "inode node", "", "Inode number; of a socket or a pipe, what its name is made of (inode->i_ino).",
	  .get_row = get_ino },
	{ "nlink", "LINKS", NULL, "", "Names that the inode has; 0: it was removed (inode->i_nlink).",
	  .get_row = get_nlink },
	{ "perm", "PERM", NULL, "", "Permissions of the inode, octal (inode->i_mode).",
	  TEXT, .get_row = get_perm },
	{ "size", "SIZE", NULL, "bytes", "Size of the file (inode->i_size).",
	  .type = KIN_TYPE_BYTES, .get_row = get_size },
	{ "pos", "POS", "offset", "bytes", "Position at which it is read or written next (file->f_pos).",
	  .type = KIN_TYPE_BYTES, .get_row = get_pos },
	{ "deleted", "DEL", NULL, "", "1 if its path was removed, else 0.",
	  .get_row = get_deleted },
	{ "shared", "SHARED", NULL, "", "Tasks that use the table of descriptors that it is in: threads, and what was made with CLONE_FILES (files->count).",
	  .get_row = get_users },
	{ "family", "FAMILY", NULL, "", "Of sockets: inet, inet6, unix, netlink, packet ... (sk->sk_family).",
	  TEXT, SOCK, .get_row = get_family },
	{ "socktype", "SOCKTYPE", NULL, "", "Of sockets: stream, dgram, raw, seqpacket ... (sk->sk_type).",
	  TEXT, SOCK, .get_row = get_sock_type },
	{ "proto", "PROTO", "protocol", "", "Of sockets: TCP, UDP ...; of netlink ones ROUTE, GENERIC ...; of packet ones what they take (sk->sk_protocol).",
	  TEXT, SOCK, .get_row = get_protocol },
	{ "state", "STATE", NULL, "", "Of sockets: ESTABLISHED, LISTEN ... (sk->sk_state).",
	  TEXT, SOCK, .get_row = get_state },
	{ "local", "LOCAL", NULL, "", "Of sockets: its own address and port, * for any address; of netlink ones the port id.",
	  TEXT, SOCK, .get_row = get_local },
	{ "remote", "REMOTE", "peer", "", "Of sockets: address and port that it is connected to.",
	  TEXT, SOCK, .get_row = get_remote },
	{ "rxq", "RECV-Q", "rx_queue", "bytes", "Of sockets: what was received and not read; of those that listen, not bytes, but connections that wait to be accepted.",
	  SOCK, .get_row = get_rx_queue },
	{ "txq", "SEND-Q", "tx_queue", "bytes", "Of sockets: what was written and not sent, or not acknowledged; of those that listen, how many connections may wait.",
	  SOCK, .get_row = get_tx_queue },
	{ "netns", "NETNS", NULL, "", "Of sockets: inode number of the network namespace (net->ns.inum).",
	  SOCK, .get_row = get_netns },
	{ "path", "PATH", NULL, "", "Path alone, as the reader sees it; without (deleted).",
	  TEXT, .needs = KIN_FD_PART_PATH, .get_row = get_path },
	{ "comm", "COMM", "command", "", "Name of the process, 15 bytes at most (task->comm).",
	  TEXT, .get_row = get_comm },
	{ "name", "NAME", NULL, "", "What is open: its path; of a socket what it is, its ends and its state; -> of pipes and unix sockets: who has the other end, pid/name.",
	  TEXT, NAME, .get_row = get_name },
};
/* clang-format on */

const struct kin_column_set fd_columns = {
	columns, sizeof(columns) / sizeof(columns[0])
};
