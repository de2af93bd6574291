/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks as /proc tells them. */
#ifndef TRUTH_PROC_H
#define TRUTH_PROC_H

#include "field.h"
#include "private.h"

#define PROC_COMM_MAX 64
#define PROC_NSPIDS   32

/* A process, or a thread (main threads too), as kin has records for both. */
struct proc_task {
	uint32_t pid; /* of a thread: its own number */
	uint32_t tgid;
	bool thread;
	bool ended; /* a process: some of its threads have ended */
	uint64_t values[MAX_FIELDS];
	char comm[PROC_COMM_MAX + 1];
	char *cmdline;
	size_t cmdline_len;
	char *cgroup; /* its path in the v2 hierarchy, NULL: none */
	uint64_t cgroup_id;
	uint32_t nspids[PROC_NSPIDS];
	size_t n_nspids;
	struct proc_private private;
};

struct proc_list {
	struct proc_task *tasks; /* in kin's order */
	size_t n, room;
};

/* Read only who and where it is, not what it did: scopes need no more. */
extern bool proc_lightly;

/* Read all, processes and threads; what vanishes meanwhile is left out. */
void proc_read_all(struct proc_list *list);

/* Read one; false if it is gone. Free it with proc_drop() in either case. */
bool proc_read(struct proc_task *task, uint32_t pid, uint32_t tgid,
	       bool thread);

void proc_drop(struct proc_task *task);
void proc_free(struct proc_list *list);

const struct proc_task *proc_find(const struct proc_list *list, uint32_t pid,
				  bool thread);

/* All of a file, ended by NUL, in a buffer of the caller's; -1 if it is gone.
 */
long proc_file(const char *path, char *buf, size_t size);

/* The numbers of all processes; or of @tgid's threads. In order. */
size_t proc_pids(uint32_t tgid, uint32_t **pids);

#endif /* TRUTH_PROC_H */
