/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A row of kin fd: a descriptor, or another place where a process holds a file. */
#ifndef KIN_CMD_FDROW_H
#define KIN_CMD_FDROW_H

#include "column.h"
#include "fdpeers.h"

struct fd_row {
	struct kin_fd_record rec;	/* fd may be NULL: a whole table */
	const char *place;	/* instead of a number: "cwd"; NULL: there is one */
	const struct fd_peers *peers;	/* NULL: not looked for */
	struct kin_names *names;	/* NULL: users stay numbers */
	uint32_t netns;		/* our own: names of interfaces are known there */
	const char *name;	/* what is open, as people read it; raw bytes */
	size_t name_len;	/* 0: nothing is known of it */
};

/* What a column needs: enum kin_fd_part, and */
#define FD_NEED_NAME (1u << 8)	/* the row's name */
#define FD_NEED_PEERS (1u << 9)	/* the index of other ends */

/* The columns of rows; get_row takes a struct fd_row (fdcolumns.c). */
extern const struct kin_column_set fd_columns;

/* fd_row_name - write what is open: its path, the ends of a socket, who has the
 * other end of a pipe. Returns its length. */
#define FD_NAME_MAX 8192
size_t fd_row_name(char *to, const struct fd_row *row);

/* fd_row_unix - the name of a unix socket, @ before an abstract one; its length,
 * 0: it has none */
size_t fd_row_unix(char *to, const struct kin_fd_record *rec);

/* fd_row_flags - words with commas between: "rdwr,append,cloexec"; its length */
#define FD_FLAGS_MAX 64
size_t fd_row_flags(char *to, const struct kin_fd *fd);

/* fd_row_json - all that is known, as an object on one line */
void fd_row_json(struct kin_json *json, const struct fd_row *row);

#endif /* KIN_CMD_FDROW_H */
