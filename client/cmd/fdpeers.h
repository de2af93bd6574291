/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who has the other ends of pipes and unix sockets: an index of everybody's, by
 * inode. It is as old as its dump: an end that came to be since is not in it.
 */
#ifndef KIN_CMD_FDPEERS_H
#define KIN_CMD_FDPEERS_H

#include "cmd.h"

/* A process at an end, once however many descriptors it has there. */
struct fd_end {
	uint64_t ino;
	uint32_t dev;
	uint32_t task;		/* in tasks */
	uint32_t fd;		/* the lowest of them */
	uint32_t way;		/* enum in fdpeers.c */
};

struct fd_end_task {
	uint32_t pid;
	char comm[KIN_COMM_LEN];
};

/* All zero at first. Sorted, 24 bytes a descriptor, so that neither a pipe that
 * thousands inherited nor a million copies of one cost more to look up. */
struct fd_peers {
	struct fd_end *ends;
	size_t n, room;
	struct fd_end_task *tasks;
	size_t n_tasks, room_tasks;
};

/* The processes at the other end of one descriptor. */
struct fd_others {
	const struct fd_peers *peers;
	const struct fd_end *first;
	size_t n;		/* of them; @skip_pid is not counted */
	uint32_t skip_pid;	/* 0: nobody */
};

/* Which types the index is of, for the query. */
#define FD_PEERS_TYPES \
	(1u << KIN_FD_PIPE | 1u << KIN_FD_FIFO | 1u << KIN_FD_SOCKET)

/* fd_peers_add - take a record in, of any type; false: no memory */
bool fd_peers_add(struct fd_peers *peers, const struct kin_fd_record *rec);

/* fd_peers_sort - after the last one */
void fd_peers_sort(struct fd_peers *peers);

/* fd_peers_read - both, for all tasks there are; a status, after a message */
int fd_peers_read(struct fd_peers *peers, struct kin *kin, uint32_t kinds);

/* fd_peers_of - who has the other end; whoever has both ends in one descriptor is
 * not its own other end */
struct fd_others fd_peers_of(const struct fd_peers *peers,
			     const struct kin_fd_record *rec);

/* fd_others_at - the next one from *@i on, which it moves; NULL: no more */
const struct fd_end *fd_others_at(const struct fd_others *others, size_t *i);

/* fd_others_text - "12/cat, 13/sh and 3 more", raw bytes, ended by NUL; its length.
 * Empty: nobody has it. */
#define FD_OTHERS_MAX 160
size_t fd_others_text(char *to, const struct fd_others *others);

void fd_peers_free(struct fd_peers *peers);

#endif /* KIN_CMD_FDPEERS_H */
