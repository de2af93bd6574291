// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of kin fd --count. */
#include "fdcounts.h"
#include "name.h"

#define GET(id, kind, field) \
	static void get_##id(const void *from, struct kin_value *value) \
	{ \
		const struct fdcount_row *row = from; \
		kin_value_set_##kind(value, row->table->base.field); \
	}

GET(pid, u32, pid)
GET(tgid, u32, tgid)
GET(comm, comm, comm)
GET(uid, u32, uid)
GET(open, u64, open)
GET(limit, u64, limit_soft)
GET(limit_hard, u64, limit_hard)
GET(table, u64, table_size)
GET(tasks, u32, users)

static void get_user(const void *from, struct kin_value *value)
{
	const struct fdcount_row *row = from;

	kin_names_user_value(row->names, row->table->base.uid, value);
}

static void get_use(const void *from, struct kin_value *value)
{
	const struct fdcount_row *row = from;

	kin_value_set_u64(value, fdtable_use_milli(&row->table->base));
}

static void get_shared(const void *from, struct kin_value *value)
{
	const struct fdcount_row *row = from;

	if (row->table->base.shared_pid)
		kin_value_set_u32(value, row->table->base.shared_pid);
}

#define GET_TYPE(name, type) \
	static void get_##name(const void *from, struct kin_value *value) \
	{ \
		const struct fdcount_row *row = from; \
		if (row->table->counted) \
			kin_value_set_u64(value, row->table->counts[type]); \
	}

GET_TYPE(file, KIN_FD_FILE)
GET_TYPE(dir, KIN_FD_DIR)
GET_TYPE(chr, KIN_FD_CHR)
GET_TYPE(blk, KIN_FD_BLK)
GET_TYPE(fifo, KIN_FD_FIFO)
GET_TYPE(link, KIN_FD_LINK)
GET_TYPE(pipe, KIN_FD_PIPE)
GET_TYPE(socket, KIN_FD_SOCKET)
GET_TYPE(memfd, KIN_FD_MEMFD)
GET_TYPE(epoll, KIN_FD_EPOLL)
GET_TYPE(eventfd, KIN_FD_EVENTFD)
GET_TYPE(timerfd, KIN_FD_TIMERFD)
GET_TYPE(signalfd, KIN_FD_SIGNALFD)
GET_TYPE(inotify, KIN_FD_INOTIFY)
GET_TYPE(fanotify, KIN_FD_FANOTIFY)
GET_TYPE(pidfd, KIN_FD_PIDFD)
GET_TYPE(io_uring, KIN_FD_IO_URING)
GET_TYPE(perf, KIN_FD_PERF)
GET_TYPE(bpf, KIN_FD_BPF)
GET_TYPE(userfaultfd, KIN_FD_USERFAULTFD)
GET_TYPE(ns, KIN_FD_NS)
GET_TYPE(mqueue, KIN_FD_MQUEUE)
GET_TYPE(other, KIN_FD_OTHER)

#define COLUMN(what) .get_row = get_##what
#define TEXT(what) .type = KIN_TYPE_STRING, COLUMN(what)
#define TYPE(what) .needs = KIN_FD_PART_COUNTS, COLUMN(what)

/* clang-format off */
/* A row is two lines, however long. */
static const struct kin_column columns[] = {
	{ "pid", "PID", NULL, "", "Process whose table of descriptors it is (with --threads: or thread with a table of its own).",
	  COLUMN(pid) },
	{ "comm", "COMMAND", "command", "", "Name of the process, 15 bytes at most (task->comm).",
	  TEXT(comm) },
	{ "user", "USER", NULL, "", "Real user of the process: name, or number if it has none.",
	  TEXT(user), .needs = KIN_NEED_NAMES },
	{ "open", "OPEN", "fds", "", "Descriptors that are open, and that are just being opened (files->fdt->open_fds).",
	  COLUMN(open) },
	{ "limit", "LIMIT", "fd_limit limit_soft", "", "As many as it may open: soft limit RLIMIT_NOFILE; absent if there is none (signal->rlim).",
	  COLUMN(limit) },
	{ "use", "USE%", "use_percent", "%", "Open descriptors as a share of the soft limit: open / limit.",
	  .type = KIN_TYPE_PERCENT, COLUMN(use) },
	{ "table", "TABLE", "table_size", "", "Room in the table, which only grows (files->fdt->max_fds).",
	  COLUMN(table) },
	{ "tasks", "TASKS", "users", "", "Tasks that use the table: threads, and what was made with CLONE_FILES (files->count).",
	  COLUMN(tasks) },
	{ "shared", "SHARED-WITH", "shared_pid", "", "Process that was told of before with the same table; absent if none was.",
	  COLUMN(shared) },
	{ "tgid", "TGID", NULL, "", "Process it belongs to: of a thread, its main thread's number.",
	  COLUMN(tgid) },
	{ "uid", "UID", NULL, "", "Real user of the process: number.",
	  .type = KIN_TYPE_UID, COLUMN(uid) },
	{ "limit_hard", "HARD", NULL, "", "How far it may raise that limit: hard limit RLIMIT_NOFILE (signal->rlim).",
	  COLUMN(limit_hard) },
	/* ---- how many of each type ---- */
	{ "file", "FILE", NULL, "", "Open regular files.", TYPE(file) },
	{ "dir", "DIR", NULL, "", "Open directories.", TYPE(dir) },
	{ "chr", "CHR", NULL, "", "Open character devices: terminals, /dev/null.", TYPE(chr) },
	{ "blk", "BLK", NULL, "", "Open block devices.", TYPE(blk) },
	{ "fifo", "FIFO", NULL, "", "Open pipes with a path.", TYPE(fifo) },
	{ "link", "LINK", NULL, "", "Open symbolic links (O_PATH).", TYPE(link) },
	{ "pipe", "PIPE", NULL, "", "Open pipes without a path.", TYPE(pipe) },
	{ "socket", "SOCKET", NULL, "", "Open sockets.", TYPE(socket) },
	{ "memfd", "MEMFD", NULL, "", "Open files of memfd_create(2).", TYPE(memfd) },
	{ "epoll", "EPOLL", NULL, "", "Open instances of epoll(7).", TYPE(epoll) },
	{ "eventfd", "EVENTFD", NULL, "", "Open counters of eventfd(2).", TYPE(eventfd) },
	{ "timerfd", "TIMERFD", NULL, "", "Open timers of timerfd_create(2).", TYPE(timerfd) },
	{ "signalfd", "SIGNALFD", NULL, "", "Open descriptors of signalfd(2).", TYPE(signalfd) },
	{ "inotify", "INOTIFY", NULL, "", "Open instances of inotify(7).", TYPE(inotify) },
	{ "fanotify", "FANOTIFY", NULL, "", "Open groups of fanotify(7).", TYPE(fanotify) },
	{ "pidfd", "PIDFD", NULL, "", "Open processes: pidfd_open(2).", TYPE(pidfd) },
	{ "io_uring", "IO_URING", NULL, "", "Open rings of io_uring(7).", TYPE(io_uring) },
	{ "perf", "PERF", NULL, "", "Open counters of perf_event_open(2).", TYPE(perf) },
	{ "bpf", "BPF", NULL, "", "Open programs, maps, links and type information of bpf(2).", TYPE(bpf) },
	{ "userfaultfd", "USERFAULTFD", NULL, "", "Open descriptors of userfaultfd(2).", TYPE(userfaultfd) },
	{ "ns", "NS", NULL, "", "Open namespaces.", TYPE(ns) },
	{ "mqueue", "MQUEUE", NULL, "", "Open message queues of mq_open(3).", TYPE(mqueue) },
	{ "other", "OTHER", NULL, "", "Whatever else is open.", TYPE(other) },
};
/* clang-format on */

const struct kin_column_set fdcount_columns = {
	columns, sizeof(columns) / sizeof(columns[0])
};
