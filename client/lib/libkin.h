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
	uint32_t busy;			/* groups that could not be had now */
	uint32_t cut;			/* groups that came cut to their limit */
};

/* Returns 0 to go on; anything else ends the dump and is returned by it. */
typedef int kin_record_fn(const struct kin_record *rec, void *arg);

/*
 * kin_dump - all tasks that pass a scope, in the order of their pid
 *
 * Returns 0 after the last task, what @fn returned if that was not 0 (the rest
 * of the dump is read and dropped), or -errno: -EPERM: the module's hidepid
 * parameter wants CAP_SYS_PTRACE; -EINVAL, -ERANGE, -E2BIG: the query is not
 * one the module takes; -EMSGSIZE: a reply was cut; -EBADMSG: a reply that is not the protocol's;
 * -ENODEV: the module went away; -ENOMEM, -ENOBUFS.
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

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif /* LIBKIN_H */
