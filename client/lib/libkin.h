/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libkin: tasks of the running kernel, asked of the module kin over netlink.
 *
 * The library prints nothing, never exits and keeps no global state. Functions
 * that can fail return 0 (or what they say) on success and -errno on failure;
 * kin_error() then has a sentence for the user. A handle belongs to one thread
 * at a time; open one for each thread.
 *
 * Units are in the names (_ns: nanoseconds, _bytes); the meaning of each field,
 * and what KIN_NONE32 and KIN_NONE64 stand for, is told in the wire format,
 * kin.h (module/uapi).
 */
#ifndef LIBKIN_H
#define LIBKIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is declared here is for everyone; the rest of the library is hidden. */
#pragma GCC visibility push(default)

struct kin;

/*
 * kin_open - connect to the module
 * @kinp: receives the handle; kin_close() it. Receives a handle in case of
 *        failure too (for kin_error()), or NULL for -ENOMEM
 *
 * Returns 0, or -ENOENT: the module is not loaded; -EPROTO: it speaks another
 * version of the protocol than this library; -EPROTONOSUPPORT: the kernel has
 * no generic netlink; or another -errno of socket(), bind(), send(), recv().
 */
int kin_open(struct kin **kinp);

/* kin_close - close the connection and free the handle; NULL is allowed */
void kin_close(struct kin *kin);

/*
 * kin_error - what went wrong in the last call that failed
 *
 * Returns a sentence without a full stop, the kernel's own where it sent one,
 * never NULL. It belongs to the handle and is good until the next call.
 */
const char *kin_error(const struct kin *kin);

/*
 * Which tasks: each kind of filter given must pass, one of its values suffices;
 * all zero is every task. A number that nobody has matches nothing and is no
 * error. See the scope in kin.h (module/uapi).
 */
struct kin_scope {
	const uint32_t *pids;		/* task numbers */
	size_t n_pids;
	const uint32_t *tgids;		/* thread groups */
	size_t n_tgids;
	const uint32_t *subtrees;	/* a process and all its descendants */
	size_t n_subtrees;
	const uint32_t *uids;		/* real user ids */
	size_t n_uids;
	const uint64_t *cgroups;	/* cgroup ids, and what is below them */
	size_t n_cgroups;
	uint32_t states;		/* enum kin_state; 0: any */
};

/* What to ask: which groups of numbers, which kinds of records, which tasks. */
struct kin_query {
	uint32_t groups;		/* enum kin_group */
	uint32_t kinds;			/* enum kin_kind; 0: processes */
	struct kin_scope scope;
};

/*
 * A task as it came. All pointers lead into the receive buffer (or a scratch
 * copy): good until the callback returns. NULL: the kernel sent no such group.
 * Structs always have this library's size; a tail that the module does not know
 * yet reads as KIN_NONE (all bits set).
 */
struct kin_record {
	const struct kin_base *base;	/* never NULL */
	const struct kin_sched *sched;
	const struct kin_mem *mem;
	const uint32_t *nspids;		/* numbers in nested pid namespaces */
	uint32_t n_nspids;
	uint32_t cmdline_len;		/* bytes, the NULs included */
	const char *cmdline;		/* arguments, each ended by NUL */
	const char *cgroup_path;
	uint64_t cgroup_id;		/* KIN_NONE64 if not sent */
	const struct kin_files *files;
	const struct kin_io *io;
	const char *exe;		/* paths, without " (deleted)" */
	const char *cwd;
	const char *root;
	const struct kin_ns *ns;
	const struct kin_limit *limits;	/* in the order of RLIMIT_* */
	uint32_t n_limits;
	const struct kin_delay *delay;
	const struct kin_wait *wait;
	const char *stack;		/* a line a frame */
	uint32_t busy;			/* groups that could not be had now */
	uint32_t cut;			/* groups that came cut to their limit */
	uint32_t denied;		/* groups that the caller may not have */
	uint32_t deleted;		/* groups whose path was removed */
};

/* Returns 0 to go on; anything else ends the dump and is returned by it. */
typedef int kin_record_fn(const struct kin_record *rec, void *arg);

/*
 * kin_dump - all tasks that pass a scope, in the order of their pid
 *
 * Returns 0 after the last task, what @fn returned if that was not 0 (the rest
 * of the dump is read and dropped), or -errno: -EPERM: a private group is asked
 * for without CAP_SYS_PTRACE, or the module's hidepid parameter wants it;
 * -EINVAL, -ERANGE, -E2BIG: the query is not one the module takes; -EMSGSIZE: a
 * reply was cut; -EBADMSG: a reply that is not the protocol's; -ENODEV: the
 * module went away; -ENOMEM, -ENOBUFS.
 */
int kin_dump(struct kin *kin, const struct kin_query *query,
	     kin_record_fn *fn, void *arg);

/*
 * kin_get - one task
 * @kind: KIN_KIND_PROCESS: @pid is a thread group; KIN_KIND_THREAD: any task
 *
 * Returns as kin_dump(); -ESRCH if there is no such task.
 */
int kin_get(struct kin *kin, uint32_t pid, uint32_t kind, uint32_t groups,
	    kin_record_fn *fn, void *arg);

/*
 * kin_host_get - the host's summary
 *
 * Fills what the module knows; a field it does not know is KIN_NONE, except
 * swap_total_bytes, which then comes from sysinfo(2). Returns 0 or -errno.
 */
int kin_host_get(struct kin *kin, struct kin_host *host);

/* Returns 0 to go on; anything else ends the dump and is returned by it. */
typedef int kin_cpu_fn(const struct kin_cpu *cpu, void *arg);

/* kin_cpu_dump - times of each CPU that is online, lowest number first */
int kin_cpu_dump(struct kin *kin, kin_cpu_fn *fn, void *arg);

/*
 * kin_status_get - the module's version, limits and counters
 * @version: receives the module's version, a string ended by NUL; may be NULL
 * @size: of @version, bytes; what does not fit is cut
 *
 * Returns 0 or -errno.
 */
int kin_status_get(struct kin *kin, struct kin_status *status,
		   char *version, size_t size);

/* ---- descriptors ---- */

/* What to ask: which tasks' tables, what of them, which types. */
struct kin_fd_query {
	struct kin_scope scope;
	uint32_t kinds;			/* enum kin_kind; 0: processes */
	uint32_t parts;			/* enum kin_fd_part; 0: the tables alone */
	uint32_t types;			/* 1 << enum kin_fd_type; 0: all */
};

/*
 * A table, or one of its descriptors, as it came; table is always there. A table
 * is told once with fd NULL, before its descriptors, and with KIN_FD_PART_COUNTS
 * a second time, with counts, behind them. (What is told in several messages is
 * put together here: the flags CONTINUED and MORE do not show.) All pointers lead
 * into the receive buffer: good until the callback returns.
 */
struct kin_fd_record {
	const struct kin_fd_table *table;
	const struct kin_fd *fd;
	const char *path;		/* NULL: not asked for, or it has none */
	const struct kin_sock *sock;	/* NULL: no socket, or not asked for */
	const char *unix_name;		/* NULL: none; may begin with NUL (abstract) */
	uint32_t unix_name_len;		/* bytes */
	const uint32_t *counts;		/* of each type, enum kin_fd_type */
	uint32_t n_counts;
};

/* Returns 0 to go on; anything else ends the dump and is returned by it. */
typedef int kin_fd_fn(const struct kin_fd_record *rec, void *arg);

/*
 * kin_fd_dump - the descriptors of all tasks that pass a scope, in the order of
 * their pid
 *
 * Returns as kin_dump(); -EPERM: without CAP_SYS_PTRACE over the owner of the pid
 * namespace.
 */
int kin_fd_dump(struct kin *kin, const struct kin_fd_query *query,
		kin_fd_fn *fn, void *arg);

/* kin_fd_type_name - "file", "epoll", ...; "other" for what is not known */
const char *kin_fd_type_name(uint32_t type);

/* ---- environment ---- */

/* A part of it: @len bytes, which may end amid a variable. Returns 0 to go on;
 * anything else ends the call and is returned by it. */
typedef int kin_env_fn(const char *part, size_t len, void *arg);

/*
 * kin_env_get - the environment of a process, in parts
 *
 * Returns 0 after the last part, what @fn returned if that was not 0, or -errno:
 * -ESRCH: no such process; -EPERM: as kin_fd_dump(); -EBUSY: the rest cannot be
 * had without waiting; -ESTALE: the process has called exec meanwhile; -EIO: it is
 * not in the memory of the process; or as kin_dump().
 */
int kin_env_get(struct kin *kin, uint32_t pid, kin_env_fn *fn, void *arg);

/* A task that is kept. Strings belong to the snapshot. */
struct kin_task {
	struct kin_base base;
	struct kin_sched sched;		/* all bits set if not asked for */
	struct kin_mem mem;		/* all bits set if not asked for */
	const uint32_t *nspids;		/* NULL: none */
	const char *cmdline;		/* NULL: none, or not asked for, or busy */
	const char *cgroup_path;	/* NULL: not asked for */
	uint64_t cgroup_id;
	uint32_t n_nspids;
	uint32_t cmdline_len;		/* bytes, the NULs included */
	uint32_t groups;		/* that this task really has */
	uint32_t busy;
	uint32_t cut;
	struct kin_files files;		/* these, too: all bits set if not asked for */
	struct kin_io io;
	struct kin_ns ns;
	struct kin_delay delay;
	struct kin_wait wait;
	uint32_t n_limits;
	const struct kin_limit *limits;	/* NULL: not asked for */
	const char *exe;		/* NULL: none, or not asked for, or denied ... */
	const char *cwd;
	const char *root;
	const char *stack;
	uint32_t denied;
	uint32_t deleted;
};

/*
 * All tasks of one dump, in the order of their pid, a process before its main
 * thread. Read the fields, leave the order alone: find uses it.
 */
struct kin_snapshot {
	struct kin_task *tasks;
	size_t n;
	/* the rest is the library's */
	size_t room;
	struct kin_chunk *strings;
};

/*
 * kin_snapshot_take - dump into memory
 * @snap: receives the tasks; kin_snapshot_free() it, also before it is taken
 *        again. Empty if the call fails.
 *
 * Returns as kin_dump().
 */
int kin_snapshot_take(struct kin *kin, const struct kin_query *query,
		      struct kin_snapshot *snap);

/* kin_snapshot_add - copy one record to the end (a kin_record_fn; arg: the
 * snapshot, zeroed before the first). Returns 0 or -ENOMEM. */
int kin_snapshot_add(const struct kin_record *rec, void *snap);

/* kin_snapshot_free - free all tasks; the struct is empty then, as zeroed */
void kin_snapshot_free(struct kin_snapshot *snap);

/* kin_snapshot_find - by number and kind, KIN_KIND_PROCESS or KIN_KIND_THREAD;
 * NULL if it is not in the snapshot */
const struct kin_task *kin_snapshot_find(const struct kin_snapshot *snap,
					 uint32_t pid, uint32_t kind);

/* kin_rss_bytes - resident set: the sum of its three parts; KIN_NONE64 for a
 * task without an address space, or if the group was not asked for */
static inline uint64_t kin_rss_bytes(const struct kin_mem *mem)
{
	if (mem->rss_anon_bytes == KIN_NONE64)
		return KIN_NONE64;
	return mem->rss_anon_bytes + mem->rss_file_bytes +
	       mem->rss_shmem_bytes;
}

/* ---- events ---- */

/*
 * Which events: each kind of filter given must pass, one of its values suffices;
 * all zero is every event of every process. See KIN_CMD_EVENTS_SUBSCRIBE in kin.h
 * (module/uapi).
 */
struct kin_event_filter {
	uint32_t events;		/* enum kin_event_kind; 0: all */
	uint32_t kinds;			/* enum kin_kind; 0: processes */
	struct kin_scope scope;		/* tgids, subtrees, uids, cgroups */
	const char *const *comms;	/* names of tasks, 15 bytes at most */
	size_t n_comms;			/* KIN_MAX_COMMS at most */
	bool failed;			/* of exits, only those not with status 0 */
};

/*
 * An event as it came, or a loss: then base is NULL, and so many events are
 * missing just here. All pointers lead into the receive buffer: good until the
 * callback returns. Of the five parts, the one is there that base->kind calls
 * for (but for CGROUP, which has none); NULL if the module sent none.
 */
struct kin_event_record {
	const struct kin_event *base;
	const struct kin_event_fork *fork;
	const struct kin_event_exec *exec;
	const struct kin_event_exit *exit;
	const struct kin_event_comm *comm;
	const struct kin_event_oom *oom;
	const char *filename;		/* of an exec; may be NULL */
	uint64_t lost;			/* 0 where base is not NULL */
};

/* A subscription, on a socket of its own. It belongs to one thread at a time. */
struct kin_events;

/*
 * kin_events_open - subscribe
 * @evp: receives the subscription; kin_events_close() it. Receives it in case of
 *       failure too (for kin_events_error()), or NULL for -ENOMEM
 *
 * What happens after this has returned comes; some of what happened just before
 * may come, too. Returns 0 or -errno as kin_open(), and: -EPERM: it takes
 * CAP_SYS_PTRACE over the owner of the pid namespace; -EINVAL, -ERANGE, -E2BIG:
 * the filter is not one the module takes; -EUSERS: there are as many subscribers
 * as may be; -EOPNOTSUPP: a kernel without the tracepoints.
 */
int kin_events_open(struct kin_events **evp,
		    const struct kin_event_filter *filter);

/* kin_events_close - unsubscribe and free; NULL is allowed */
void kin_events_close(struct kin_events *ev);

/* kin_events_error - as kin_error() */
const char *kin_events_error(const struct kin_events *ev);

/* kin_events_fd - for poll(2): readable when kin_events_read() has something to
 * tell. It may have so without, after @fn has ended a call before. */
int kin_events_fd(const struct kin_events *ev);

/* Returns 0 to go on; anything else ends the call and is returned by it. */
typedef int kin_event_fn(const struct kin_event_record *rec, void *arg);

/*
 * kin_events_read - hand over what has come
 * @timeout_ms: wait so long for the first; 0: do not; -1: without end
 *
 * One call hands over one message at most, which may hold hundreds of events; 0
 * with timeout 0 says that no more is there. Nothing is lost if @fn ends the call:
 * the next one goes on behind that event.
 *
 * Returns 1 if something came, 0 if nothing did in time, what @fn returned if
 * that was not 0, or -errno: -EINTR: a signal came first; -ENODEV: the module
 * was unloaded, there will be no more; -EBADMSG: a message that is not the
 * protocol's; or another of recv().
 */
int kin_events_read(struct kin_events *ev, int timeout_ms, kin_event_fn *fn,
		    void *arg);

/* ---- the mirror ---- */

/*
 * All tasks, kept up: a snapshot, and every event since. What events tell (which
 * tasks there are, who is whose parent, names, cgroups, ends) is exact as soon as
 * kin_mirror_read() has come to the end of what the module sent; all other
 * numbers are as of node->sampled_ns and are read anew by kin_mirror_sample().
 *
 * Where an event does not tell enough, the mirror asks: which parent the children
 * of a process that ended have got, whether somebody has waited for it. Until then
 * (some milliseconds) such a node is in doubt. If events are lost, it takes a new
 * snapshot by itself, tells what differs, and says that it did.
 */
struct kin_mirror;

enum kin_life {
	KIN_LIFE_ALIVE,
	KIN_LIFE_ENDED,		/* has ended; nobody is known to have waited for it yet */
	KIN_LIFE_GONE,		/* is no more, kept for a while: see keep_ns */
};

/*
 * A process, or a thread that is not its process's main thread. It stays at its
 * address until the callback @gone has returned. Read it, change nothing but
 * @user. What nobody has told of yet has all bits set, a state is 0; a process is so
 * between its fork and its first sample. While there are threads in the mirror,
 * base.num_threads counts them.
 */
struct kin_node {
	struct kin_task task;		/* pid and start_boottime_ns name it */
	enum kin_life life;
	bool doubt;			/* being asked about */
	bool has_end;			/* end and end_boottime_ns are known */
	uint64_t sampled_ns;		/* CLOCK_BOOTTIME; 0: only events told of it */
	uint64_t end_boottime_ns;
	struct kin_event_exit end;
	struct kin_node *parent;	/* of a process; NULL: a root */
	struct kin_node *process;	/* of a thread; of a process: itself */
	struct kin_node *first_child;	/* of a process: processes; in no order */
	struct kin_node *first_thread;	/* of a process: threads but the main one */
	struct kin_node *next, *prev;	/* in the list it is in */
	/* of a process with its descendants that are not gone, as of the samples: what
	 * is not known adds nothing; KIN_NONE64: its group was not asked for */
	uint32_t sum_processes, sum_threads;
	uint64_t sum_rss_bytes, sum_cpu_ns;
	void *user;			/* the caller's */
	/* the rest is the library's */
	struct kin_node *hash_next;
	struct kin_node *list_next, *list_prev;
	uint64_t due_ns;
	uint64_t told_exec_id;
	void *strings;
	uint32_t tries, level;
	uint32_t pass, changes;
	uint32_t n_threads;
	bool inherited, disputed, told_comm, told_cgroup;
	/* the caller's to read: another one whenever anything in task has changed, but for
	 * task.wait, which always does */
	uint32_t version;
	bool ahead;	/* the library's: the last answer knew of an end that no event has told */
};

/* What a change was about (a bit mask). */
enum kin_change {
	KIN_CHANGE_PARENT	= 1 << 0,
	KIN_CHANGE_EXEC		= 1 << 1,
	KIN_CHANGE_COMM		= 1 << 2,
	KIN_CHANGE_CGROUP	= 1 << 3,
	KIN_CHANGE_ENDED	= 1 << 4,	/* life became KIN_LIFE_ENDED */
	KIN_CHANGE_OOM		= 1 << 5,
	KIN_CHANGE_THREADS	= 1 << 6,	/* their number */
	KIN_CHANGE_SAMPLED	= 1 << 7,	/* all numbers were read anew */
};

/* The groups that a mirror keeps. */
#define KIN_MIRROR_GROUPS \
	(KIN_GROUP_SCHED | KIN_GROUP_MEM | KIN_GROUP_CMDLINE | KIN_GROUP_CGROUP | \
	 KIN_GROUP_FILES | KIN_GROUP_IO | KIN_GROUP_EXE | KIN_GROUP_DELAY | \
	 KIN_GROUP_WAIT | KIN_GROUP_STACK)

/* What to mirror, and who wants to be told. All callbacks may be NULL; they must
 * not call the mirror but for find and next. */
struct kin_mirror_options {
	uint32_t groups;		/* of samples: KIN_MIRROR_GROUPS or fewer */
	uint32_t kinds;			/* enum kin_kind; 0: processes */
	uint64_t keep_ns;		/* how long those that are gone are kept */
	size_t keep_max;		/* and how many; 0: none */
	void (*born)(const struct kin_node *node, void *arg);
	void (*changed)(const struct kin_node *node, uint32_t changes, void *arg);
	/* life is KIN_LIFE_GONE; from now on find does not find it */
	void (*gone)(const struct kin_node *node, void *arg);
	/* an event as it came, after it was applied; or a loss */
	void (*event)(const struct kin_event_record *rec, void *arg);
	/* a new snapshot has mended what @lost events left wrong */
	void (*healed)(uint64_t lost, void *arg);
	void *arg;
};

struct kin_mirror_stats {
	uint64_t events, lost, heals;	/* since it was opened */
	uint64_t asked;			/* tasks asked about, because of doubt */
	size_t processes, threads;	/* nodes that are not gone */
	size_t kept;			/* nodes that are gone */
	size_t doubts;
};

/*
 * kin_mirror_open - subscribe, and take the first snapshot
 * @mp: receives the mirror; kin_mirror_close() it. Receives it in case of failure
 *      too (for kin_mirror_error()), or NULL for -ENOMEM
 *
 * Tells @born of no task that is there already: look with kin_mirror_next().
 * Returns 0, or -errno as kin_events_open() and kin_dump(); -EINVAL for groups
 * that a mirror does not keep, too.
 */
int kin_mirror_open(struct kin_mirror **mp,
		    const struct kin_mirror_options *options);
void kin_mirror_close(struct kin_mirror *m);
const char *kin_mirror_error(const struct kin_mirror *m);

/* kin_mirror_fd - for poll(2) with kin_mirror_timeout(): call kin_mirror_read()
 * when it is readable, or the time is over */
int kin_mirror_fd(const struct kin_mirror *m);

/* kin_mirror_timeout - until when doubts want to be asked about: milliseconds
 * from now, -1: there are none */
int kin_mirror_timeout(const struct kin_mirror *m);

/*
 * kin_mirror_read - apply the events that have come, ask about doubts that are due
 * @timeout_ms: wait so long for the first; 0: do not; -1: without end
 *
 * Returns 1 if something was done, 0 if not, or -errno as kin_events_read() and
 * kin_dump(). After -ENODEV the mirror stays as it was.
 */
int kin_mirror_read(struct kin_mirror *m, int timeout_ms);

/* kin_mirror_settle - read until nothing has come for @quiet_ms and there is no
 * doubt but about tasks that have ended; at most @timeout_ms. Returns 0,
 * -ETIMEDOUT, or as kin_mirror_read(). */
int kin_mirror_settle(struct kin_mirror *m, int quiet_ms, int timeout_ms);

/* kin_mirror_sample - read the numbers of all tasks anew. Returns 0 or as
 * kin_dump(). */
int kin_mirror_sample(struct kin_mirror *m);

/* kin_mirror_find - by number: a process (KIN_KIND_PROCESS), or a thread that is
 * not the main one (KIN_KIND_THREAD); NULL: not there, or gone */
const struct kin_node *kin_mirror_find(const struct kin_mirror *m, uint32_t pid,
				       uint32_t kind);

/* kin_mirror_next - all that are not gone, in no order; NULL: the first, and
 * after the last. The mirror must not change in between. */
const struct kin_node *kin_mirror_next(const struct kin_mirror *m,
				       const struct kin_node *node);

/* kin_mirror_next_gone - those that are gone and kept, the last one first */
const struct kin_node *kin_mirror_next_gone(const struct kin_mirror *m,
					    const struct kin_node *node);

void kin_mirror_stats(const struct kin_mirror *m,
		      struct kin_mirror_stats *stats);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif /* LIBKIN_H */
