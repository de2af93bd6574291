/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two clients write of the same message must be the same text, whatever
 * library decoded it: "task base.pid=1 base.tgid=1 ... comm in hexadecimal".
 * Names are those of kin.yaml. What did not come is "-".
 */
#ifndef INTEROP_CANON_H
#define INTEROP_CANON_H

#include <stddef.h>
#include <stdint.h>

/* Where the parts of a task lie, as they came; NULL: not sent. */
struct canon_part {
	const void *data;
	size_t len;
};

struct canon_task {
	struct canon_part base, sched, mem, nspids, cmdline, cgroup_id,
		cgroup_path, busy, cut;
	struct canon_part files, io, exe, cwd, root, ns, limits, delay, wait,
		stack, denied, deleted;
};

struct canon_fd {
	struct canon_part base, path, sock, unix_name;
};

struct canon_event {
	struct canon_part base, fork, exec, exit, filename;
};

/* The events can happen now. */
void canon_ready(void);
void canon_event(const struct canon_event *event);
void canon_task(const struct canon_task *task);
/* What is told in parts is one table: "table", "fd"..., "counts". */
void canon_table(const void *base, size_t len);
void canon_fd(const struct canon_fd *fd);
void canon_counts(const void *counts, size_t len);
void canon_env(const void *part, size_t len);
void canon_struct(const char *name, const void *data, size_t len);

/* What both programs are told: PROGRAM tasks GROUPS KINDS | get PID KIND GROUPS
 * | host | cpus | status | events SUBTREE COUNT | fds PARTS PID (0: of all)
 * | env PID */
struct canon_request {
	enum { CANON_TASKS, CANON_GET, CANON_HOST, CANON_CPUS, CANON_STATUS,
	       CANON_EVENTS, CANON_FDS, CANON_ENV } what;
	uint32_t pid, kinds, groups, subtree, events, parts;
};

struct canon_request canon_parse(int argc, char **argv);

#endif
