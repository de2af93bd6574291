// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "column.h"
#include "derive.h"
#include "text.h"

enum load {
	LOAD_U32 = 1,	/* all bits set: unknown */
	LOAD_U64,
	LOAD_S32,	/* every value is one: -1 is a priority like another */
};

#define FIELD(kind, field) \
	.load = LOAD_##kind, .offset = offsetof(struct kin_task, field)
#define NAMED(what) \
	.type = KIN_TYPE_STRING, .needs = KIN_NEED_NAMES, .get = kin_derive_##what
#define SCHED .needs = KIN_GROUP_SCHED
#define MEM .needs = KIN_GROUP_MEM
#define FILES .needs = KIN_GROUP_FILES
#define IO .needs = KIN_GROUP_IO
#define DELAY .needs = KIN_GROUP_DELAY
#define NS(field) .needs = KIN_GROUP_NS, FIELD(U32, ns.field)
#define PATH(GROUP, name) \
	.type = KIN_TYPE_STRING, .needs = KIN_GROUP_##GROUP, .get = kin_derive_##name

/* The groups that are numbers: a struct whose bits say what is unknown. */
#define NUMBERS \
	(KIN_GROUP_SCHED | KIN_GROUP_MEM | KIN_GROUP_FILES | KIN_GROUP_IO | \
	 KIN_GROUP_NS | KIN_GROUP_DELAY | KIN_GROUP_WAIT)

/* clang-format off */
/* By group, what is looked for first; a row is two lines, however long. */
const struct kin_column kin_columns[] = {
	/* ---- who it is ---- */
	{ "pid", "PID", NULL, "", "Number of the task: process id, or thread id in a thread record (task->pid).",
	  FIELD(U32, base.pid) },
	{ "tgid", "TGID", NULL, "", "Process (thread group) it belongs to: pid of the main thread (task->tgid).",
	  FIELD(U32, base.tgid) },
	{ "ppid", "PPID", "parent", "", "Process id of its parent; 0: none, or not visible from here (task->real_parent).",
	  FIELD(U32, base.ppid) },
	{ "pgid", "PGID", "pgrp", "", "Process group: what one job of a shell is (PIDTYPE_PGID).",
	  FIELD(U32, base.pgid) },
	{ "sid", "SID", "sess session", "", "Session: what shares a controlling terminal (PIDTYPE_SID).",
	  FIELD(U32, base.sid) },
	{ "tracer", "TRACER", "tracer_pid", "", "Process that traces it (ptrace); 0: nobody does.",
	  FIELD(U32, base.tracer_pid) },
	{ "comm", "COMM", "ucmd", "", "Name of the task, 15 bytes at most, which it may change (task->comm).",
	  .type = KIN_TYPE_STRING, .get = kin_derive_comm },
	{ "state", "S", "s stat", "", "R running, S sleeping, D disk sleep (uninterruptible), T stopped, t traced, X dead, Z zombie, P parked, I idle kernel thread (task->__state, exit_state).",
	  .type = KIN_TYPE_STATE, .get = kin_derive_state },
	{ "threads", "THREADS", "thr nlwp thcount num_threads", "", "Number of threads of its process (signal->nr_threads).",
	  FIELD(U32, base.num_threads) },
	{ "flags", "FLAGS", NULL, "", "Marks: thread (record of one thread), kthread (kernel thread), exiting, subreaper (adopts orphaned descendants).",
	  .type = KIN_TYPE_WORDS, .get = kin_derive_flags, .words = kin_flag_names },
	{ "nspid", "NSPID", "nspids", "", "Its numbers in the pid namespaces from the caller's down to its own; absent if both are the same.",
	  .type = KIN_TYPE_NUMBERS, .get = kin_derive_nspid },
	{ "tty", "TTY", "tname tt", "", "Controlling terminal (signal->tty).",
	  .type = KIN_TYPE_STRING, .get = kin_derive_tty },
	{ "tty_nr", "TTY-NR", NULL, "", "Device number of the controlling terminal; 0: it has none.",
	  FIELD(U32, base.tty) },
	{ "start", "STARTED", "lstart", "ns since 1970 UTC", "Date and time when it started, by today's clock.",
	  .type = KIN_TYPE_TIME, .get = kin_derive_start },
	{ "start_boottime", "START", NULL, "ns", "When it started, as time since boot; with the pid it names a task for good (task->start_boottime).",
	  .type = KIN_TYPE_DURATION, FIELD(U64, base.start_boottime_ns) },
	{ "etime", "ELAPSED", "elapsed", "ns", "Time since it started.",
	  .type = KIN_TYPE_DURATION, .get = kin_derive_etime },
	{ "exec_id", "EXEC-ID", NULL, "", "Changes whenever it executes a program (task->self_exec_id).",
	  FIELD(U64, base.exec_id) },
	{ "exit_signal", "EXIT-SIG", NULL, "", "Signal that its parent gets when it ends: 17 is SIGCHLD, 0 none; -1 in threads (task->exit_signal).",
	  .type = KIN_TYPE_INT, .get = kin_derive_exit_signal },

	/* ---- its owner ---- */
	{ "user", "USER", "ruser uname", "", "Real user, who started it, by name.", NAMED(user) },
	{ "uid", "UID", "ruid", "", "Real user id (cred->uid).", .type = KIN_TYPE_UID, FIELD(U32, base.uid) },
	{ "euser", "EUSER", NULL, "", "Effective user, whose rights it has, by name.", NAMED(euser) },
	{ "euid", "EUID", NULL, "", "Effective user id (cred->euid).", .type = KIN_TYPE_UID, FIELD(U32, base.euid) },
	{ "suser", "SUSER", NULL, "", "Saved user, to whom it may go back, by name.", NAMED(suser) },
	{ "suid", "SUID", NULL, "", "Saved user id (cred->suid).", .type = KIN_TYPE_UID, FIELD(U32, base.suid) },
	{ "fsuser", "FSUSER", NULL, "", "User for access to files, by name.", NAMED(fsuser) },
	{ "fsuid", "FSUID", NULL, "", "User id for access to files (cred->fsuid).", .type = KIN_TYPE_UID, FIELD(U32, base.fsuid) },
	{ "group", "GROUP", "rgroup", "", "Real group, by name.", NAMED(group) },
	{ "gid", "GID", "rgid", "", "Real group id (cred->gid).", .type = KIN_TYPE_GID, FIELD(U32, base.gid) },
	{ "egroup", "EGROUP", NULL, "", "Effective group, by name.", NAMED(egroup) },
	{ "egid", "EGID", NULL, "", "Effective group id (cred->egid).", .type = KIN_TYPE_GID, FIELD(U32, base.egid) },
	{ "sgroup", "SGROUP", NULL, "", "Saved group, by name.", NAMED(sgroup) },
	{ "sgid", "SGID", NULL, "", "Saved group id (cred->sgid).", .type = KIN_TYPE_GID, FIELD(U32, base.sgid) },
	{ "fsgroup", "FSGROUP", NULL, "", "Group for access to files, by name.", NAMED(fsgroup) },
	{ "fsgid", "FSGID", NULL, "", "Group id for access to files (cred->fsgid).", .type = KIN_TYPE_GID, FIELD(U32, base.fsgid) },

	/* ---- CPU ---- */
	{ "pcpu", "%CPU", "%cpu", "%", "Share of one CPU over its life: cputime / etime; above 100 with busy threads.",
	  .type = KIN_TYPE_PERCENT, SCHED, .get = kin_derive_pcpu },
	{ "cputime", "CPUTIME", "time", "ns", "CPU time, user and kernel mode together: utime + stime.",
	  .type = KIN_TYPE_DURATION, SCHED, .get = kin_derive_cputime },
	{ "utime", "UTIME", NULL, "ns", "CPU time in user mode, of all threads, ended ones too (task->utime, scaled).",
	  .type = KIN_TYPE_DURATION, SCHED, FIELD(U64, sched.utime_ns) },
	{ "stime", "STIME", NULL, "ns", "CPU time in kernel mode (task->stime, scaled).",
	  .type = KIN_TYPE_DURATION, SCHED, FIELD(U64, sched.stime_ns) },
	{ "cutime", "CUTIME", NULL, "ns", "User-mode CPU time of its children that ended and were waited for (signal->cutime).",
	  .type = KIN_TYPE_DURATION, SCHED, FIELD(U64, sched.cutime_ns) },
	{ "cstime", "CSTIME", NULL, "ns", "Kernel-mode CPU time of its children that ended and were waited for (signal->cstime).",
	  .type = KIN_TYPE_DURATION, SCHED, FIELD(U64, sched.cstime_ns) },
	{ "runtime", "RUNTIME", NULL, "ns", "Exact time on a CPU (se.sum_exec_runtime); cputime is this, split into modes.",
	  .type = KIN_TYPE_DURATION, SCHED, FIELD(U64, sched.runtime_ns) },
	{ "run_delay", "RUNDELAY", NULL, "ns", "Time in which it could run but waited for a CPU, living threads only (sched_info.run_delay).",
	  .type = KIN_TYPE_DURATION, SCHED, FIELD(U64, sched.run_delay_ns) },
	{ "nvcsw", "NVCSW", NULL, "", "Voluntary context switches: it waited for something (task->nvcsw).",
	  SCHED, FIELD(U64, sched.nvcsw) },
	{ "nivcsw", "NIVCSW", NULL, "", "Involuntary context switches: another took the CPU (task->nivcsw).",
	  SCHED, FIELD(U64, sched.nivcsw) },
	{ "prio", "PRIO", "pri priority", "", "The kernel's priority, small is urgent: 20 + nice, or below 0 if real-time.",
	  .type = KIN_TYPE_INT, SCHED, FIELD(S32, sched.prio) },
	{ "nice", "NICE", "ni", "", "How nice it is to others: -20 (not) to 19 (very).",
	  .type = KIN_TYPE_INT, SCHED, FIELD(S32, sched.nice) },
	{ "policy", "POLICY", "sched class cls", "", "How it is scheduled: SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_FIFO, SCHED_RR, SCHED_DEADLINE, SCHED_EXT (task->policy).",
	  .type = KIN_TYPE_STRING, SCHED, .get = kin_derive_policy },
	{ "rtprio", "RTPRIO", "rt_priority", "", "Real-time priority, 1 to 99; 0: not real-time (task->rt_priority).",
	  SCHED, FIELD(U32, sched.rt_priority) },
	{ "cpu", "CPU", "psr processor", "", "CPU it runs on, or ran on last.",
	  SCHED, FIELD(U32, sched.cpu) },
	{ "cpus_allowed", "CPUS", "cpus", "", "Number of CPUs it may run on (task->nr_cpus_allowed).",
	  SCHED, FIELD(U32, sched.cpus_allowed) },

	/* ---- memory ---- */
	{ "rss", "RSS", "rssize rsz", "bytes", "Resident memory: rss_anon + rss_file + rss_shmem; shared pages count in everyone who has them.",
	  .type = KIN_TYPE_BYTES, MEM, .get = kin_derive_rss },
	{ "pmem", "%MEM", "%mem", "%", "Resident memory as a share of the host's memory.",
	  .type = KIN_TYPE_PERCENT, .needs = KIN_GROUP_MEM | KIN_NEED_HOST, .get = kin_derive_pmem },
	{ "vsz", "VSZ", "vsize vm", "bytes", "Size of its address space, used or not (mm->total_vm).",
	  .type = KIN_TYPE_BYTES, MEM, FIELD(U64, mem.vm_bytes) },
	{ "rss_anon", "RSS-ANON", NULL, "bytes", "Resident anonymous memory: heap, stacks (MM_ANONPAGES).",
	  .type = KIN_TYPE_BYTES, MEM, FIELD(U64, mem.rss_anon_bytes) },
	{ "rss_file", "RSS-FILE", NULL, "bytes", "Resident pages of files: programs, libraries, mappings (MM_FILEPAGES).",
	  .type = KIN_TYPE_BYTES, MEM, FIELD(U64, mem.rss_file_bytes) },
	{ "rss_shmem", "RSS-SHMEM", NULL, "bytes", "Resident shared memory: shm, tmpfs, memfd (MM_SHMEMPAGES).",
	  .type = KIN_TYPE_BYTES, MEM, FIELD(U64, mem.rss_shmem_bytes) },
	{ "rss_peak", "RSS-PEAK", "hwm", "bytes", "The most resident memory it ever had (mm->hiwater_rss).",
	  .type = KIN_TYPE_BYTES, MEM, FIELD(U64, mem.rss_peak_bytes) },
	{ "swap", "SWAP", NULL, "bytes", "Anonymous memory swapped out (MM_SWAPENTS).",
	  .type = KIN_TYPE_BYTES, MEM, FIELD(U64, mem.swap_bytes) },
	{ "pgtables", "PGTABLES", NULL, "bytes", "Memory that its page tables take (mm->pgtables_bytes).",
	  .type = KIN_TYPE_BYTES, MEM, FIELD(U64, mem.pgtables_bytes) },
	{ "minflt", "MINFLT", "min_flt", "", "Page faults that needed no I/O (task->min_flt).",
	  MEM, FIELD(U64, mem.min_flt) },
	{ "majflt", "MAJFLT", "maj_flt", "", "Page faults that waited for I/O (task->maj_flt).",
	  MEM, FIELD(U64, mem.maj_flt) },
	{ "cminflt", "CMINFLT", "cmin_flt", "", "Page faults without I/O of its children that ended and were waited for.",
	  MEM, FIELD(U64, mem.cmin_flt) },
	{ "cmajflt", "CMAJFLT", "cmaj_flt", "", "Page faults with I/O of its children that ended and were waited for.",
	  MEM, FIELD(U64, mem.cmaj_flt) },
	{ "oom_score_adj", "OOM-ADJ", "oom", "", "Whom the OOM killer takes: -1000 never, 0 by size, 1000 first (signal->oom_score_adj).",
	  .type = KIN_TYPE_INT, MEM, FIELD(S32, mem.oom_score_adj) },

	/* ---- its descriptors ---- */
	{ "open", "OPEN", "files fds", "", "Descriptors that are open, and that are just being opened (files->fdt->open_fds).",
	  FILES, FIELD(U64, files.open) },
	{ "files_pct", "%FILES", "%files", "%", "Open descriptors as a share of the soft limit: open / files_limit.",
	  .type = KIN_TYPE_PERCENT, FILES, .get = kin_derive_files_pct },
	{ "files_limit", "FILES-LIM", "nofile fd_limit", "", "As many as it may open: soft limit RLIMIT_NOFILE (signal->rlim).",
	  FILES, FIELD(U64, files.limit_soft) },
	{ "files_hard", "FILES-HARD", NULL, "", "How far it may raise that limit: hard limit RLIMIT_NOFILE (signal->rlim).",
	  FILES, FIELD(U64, files.limit_hard) },
	{ "files_table", "FILES-TAB", "fdsize", "", "Room in its table of descriptors, which only grows (files->fdt->max_fds).",
	  FILES, FIELD(U64, files.table_size) },
	{ "files_users", "FILES-USR", NULL, "", "Tasks that share this table: its threads, and what was made with CLONE_FILES (files->count).",
	  FILES, FIELD(U32, files.users) },

	/* ---- input and output ---- */
	{ "rchar", "RCHAR", NULL, "bytes", "Bytes that it has read, from files, pipes, sockets, terminals (ioac.rchar).",
	  .type = KIN_TYPE_BYTES, IO, FIELD(U64, io.rchar_bytes) },
	{ "wchar", "WCHAR", NULL, "bytes", "Bytes that it has written, to anything (ioac.wchar).",
	  .type = KIN_TYPE_BYTES, IO, FIELD(U64, io.wchar_bytes) },
	{ "syscr", "SYSCR", NULL, "", "System calls that read: read(2) and the like (ioac.syscr).",
	  IO, FIELD(U64, io.syscr) },
	{ "syscw", "SYSCW", NULL, "", "System calls that wrote: write(2) and the like (ioac.syscw).",
	  IO, FIELD(U64, io.syscw) },
	{ "read_bytes", "READ", "rbytes", "bytes", "Bytes that it had read from storage (ioac.read_bytes).",
	  .type = KIN_TYPE_BYTES, IO, FIELD(U64, io.read_bytes) },
	{ "write_bytes", "WRITE", "wbytes", "bytes", "Bytes that it made ready to be written to storage (ioac.write_bytes).",
	  .type = KIN_TYPE_BYTES, IO, FIELD(U64, io.write_bytes) },
	{ "cancelled_write_bytes", "CANCELLED", "cancelled", "bytes", "Bytes of these that were never written, since it removed the file (ioac.cancelled_write_bytes).",
	  .type = KIN_TYPE_BYTES, IO, FIELD(U64, io.cancelled_write_bytes) },

	/* ---- waiting ---- */
	{ "since_cpu", "SINCE-CPU", NULL, "ns", "Time since it last got onto a CPU; in state D, it is in it at most so long (sched_info.last_arrival).",
	  .type = KIN_TYPE_DURATION, .needs = KIN_GROUP_WAIT, FIELD(U64, wait.since_cpu_ns) },
	{ "delay_blkio", "D-BLKIO", NULL, "ns", "Time in which it waited for block I/O (delays->blkio_delay).",
	  .type = KIN_TYPE_DURATION, DELAY, FIELD(U64, delay.blkio_ns) },
	{ "delay_blkio_count", "N-BLKIO", NULL, "", "How often it waited for block I/O (delays->blkio_count).",
	  DELAY, FIELD(U64, delay.blkio_count) },
	{ "delay_swapin", "D-SWAPIN", NULL, "ns", "Time in which it waited for swapped-out pages (delays->swapin_delay).",
	  .type = KIN_TYPE_DURATION, DELAY, FIELD(U64, delay.swapin_ns) },
	{ "delay_swapin_count", "N-SWAPIN", NULL, "", "How often it waited for swapped-out pages (delays->swapin_count).",
	  DELAY, FIELD(U64, delay.swapin_count) },
	{ "delay_freepages", "D-FREEPAGES", NULL, "ns", "Time in which it waited for memory to be reclaimed (delays->freepages_delay).",
	  .type = KIN_TYPE_DURATION, DELAY, FIELD(U64, delay.freepages_ns) },
	{ "delay_freepages_count", "N-FREEPAGES", NULL, "", "How often it waited for memory to be reclaimed (delays->freepages_count).",
	  DELAY, FIELD(U64, delay.freepages_count) },
	{ "delay_thrashing", "D-THRASHING", NULL, "ns", "Time in which it waited for pages that were reclaimed too soon (delays->thrashing_delay).",
	  .type = KIN_TYPE_DURATION, DELAY, FIELD(U64, delay.thrashing_ns) },
	{ "delay_thrashing_count", "N-THRASHING", NULL, "", "How often it waited for pages that were reclaimed too soon (delays->thrashing_count).",
	  DELAY, FIELD(U64, delay.thrashing_count) },
	{ "delay_compact", "D-COMPACT", NULL, "ns", "Time in which it waited for memory to be compacted (delays->compact_delay).",
	  .type = KIN_TYPE_DURATION, DELAY, FIELD(U64, delay.compact_ns) },
	{ "delay_compact_count", "N-COMPACT", NULL, "", "How often it waited for memory to be compacted (delays->compact_count).",
	  DELAY, FIELD(U64, delay.compact_count) },
	{ "delay_wpcopy", "D-WPCOPY", NULL, "ns", "Time that copying pages on write took (delays->wpcopy_delay).",
	  .type = KIN_TYPE_DURATION, DELAY, FIELD(U64, delay.wpcopy_ns) },
	{ "delay_wpcopy_count", "N-WPCOPY", NULL, "", "How often pages were copied on write (delays->wpcopy_count).",
	  DELAY, FIELD(U64, delay.wpcopy_count) },
	{ "delay_irq", "D-IRQ", NULL, "ns", "Time that interrupts took from it (delays->irq_delay).",
	  .type = KIN_TYPE_DURATION, DELAY, FIELD(U64, delay.irq_ns) },
	{ "delay_irq_count", "N-IRQ", NULL, "", "How often interrupts took time from it (delays->irq_count).",
	  DELAY, FIELD(U64, delay.irq_count) },
	{ "stack", "STACK", NULL, "", "Where in the kernel it stands, innermost first; only in state D, and where the kernel lets modules have it.",
	  .type = KIN_TYPE_LINES, .needs = KIN_GROUP_STACK, .get = kin_derive_stack },

	/* ---- its namespaces ---- */
	{ "cgroupns", "CGROUPNS", NULL, "", "Number of its cgroup namespace: an inode, as lsns(8) shows it.", NS(cgroup) },
	{ "ipcns", "IPCNS", NULL, "", "Number of its namespace of System V IPC and message queues.", NS(ipc) },
	{ "mntns", "MNTNS", NULL, "", "Number of its mount namespace.", NS(mnt) },
	{ "netns", "NETNS", NULL, "", "Number of its network namespace.", NS(net) },
	{ "pidns", "PIDNS", NULL, "", "Number of its pid namespace.", NS(pid) },
	{ "pidns_children", "PIDNS-CH", NULL, "", "Number of the pid namespace that its children will be in.", NS(pid_for_children) },
	{ "timens", "TIMENS", NULL, "", "Number of its time namespace.", NS(time) },
	{ "timens_children", "TIMENS-CH", NULL, "", "Number of the time namespace that its children will be in.", NS(time_for_children) },
	{ "userns", "USERNS", NULL, "", "Number of its user namespace.", NS(user) },
	{ "utsns", "UTSNS", NULL, "", "Number of its namespace of host and domain names.", NS(uts) },

	/* ---- what it runs, where ---- */
	{ "cgroup", "CGROUP", "cgroup_path", "", "Control group (v2), seen from the caller's cgroup namespace.",
	  .type = KIN_TYPE_STRING, .needs = KIN_GROUP_CGROUP, .get = kin_derive_cgroup },
	{ "cgroup_id", "CGROUP-ID", NULL, "", "Number of its control group: inode of the directory in the cgroup file system.",
	  .needs = KIN_GROUP_CGROUP, FIELD(U64, cgroup_id) },
	{ "exe", "EXE", NULL, "", "The file that it runs, seen from the caller's root (mm->exe_file).", PATH(EXE, exe) },
	{ "cwd", "CWD", NULL, "", "Its working directory (fs->pwd).", PATH(CWD, cwd) },
	{ "root", "ROOT", NULL, "", "Its root directory (fs->root).", PATH(ROOT, root) },
	{ "deleted", "DELETED", NULL, "", "Which of exe, cwd and root were removed (those of them that are asked for).",
	  .type = KIN_TYPE_WORDS, .get = kin_derive_deleted, .words = kin_group_names },
	{ "busy", "BUSY", NULL, "", "Groups that could not be had now without waiting for another process.",
	  .type = KIN_TYPE_WORDS, .get = kin_derive_busy, .words = kin_group_names },
	{ "cut", "CUT", NULL, "", "Groups that came cut to their limit (a command line longer than 16 KiB).",
	  .type = KIN_TYPE_WORDS, .get = kin_derive_cut, .words = kin_group_names },
	{ "denied", "DENIED", NULL, "", "Groups that the caller may not have of this task.",
	  .type = KIN_TYPE_WORDS, .get = kin_derive_denied, .words = kin_group_names },
	{ "args", "ARGS", "argv", "", "Arguments, as a list; absent in kernel threads and zombies.",
	  .type = KIN_TYPE_ARGS, .needs = KIN_GROUP_CMDLINE, .get = kin_derive_args },
	{ "command", "COMMAND", "cmd cmdline", "", "Arguments joined by blanks; the [comm] in brackets if there are none or they are busy.",
	  .type = KIN_TYPE_COMMAND, .needs = KIN_GROUP_CMDLINE, .get = kin_derive_command },
};
/* clang-format on */

const size_t kin_n_columns = sizeof(kin_columns) / sizeof(kin_columns[0]);

const struct kin_column_set kin_task_columns = {
	kin_columns, sizeof(kin_columns) / sizeof(kin_columns[0])
};

static bool has_word(const char *words, const char *id, size_t len)
{
	size_t word;

	for (; words && *words; words += word + (words[word] == ' ')) {
		word = strcspn(words, " ");
		if (word == len && !strncasecmp(words, id, len))
			return true;
	}
	return false;
}

const struct kin_column *kin_column_find_in(const struct kin_column_set *set,
					    const char *id, size_t len)
{
	for (size_t i = 0; i < set->n; i++)
		if (has_word(set->columns[i].id, id, len) ||
		    has_word(set->columns[i].alias, id, len))
			return &set->columns[i];
	return NULL;
}

const struct kin_column *kin_column_nearest_in(const struct kin_column_set *set,
					       const char *id)
{
	const struct kin_column *nearest = NULL;
	unsigned int best = 1 + strlen(id) / 2, apart;

	for (size_t i = 0; i < set->n; i++) {
		apart = kin_text_distance(id, set->columns[i].id);
		if (apart < best) {
			best = apart;
			nearest = &set->columns[i];
		}
	}
	return nearest;
}

const struct kin_column *kin_column_find(const char *id, size_t len)
{
	return kin_column_find_in(&kin_task_columns, id, len);
}

const struct kin_column *kin_column_nearest(const char *id)
{
	return kin_column_nearest_in(&kin_task_columns, id);
}

/* What the whole group lacks is unknown, whatever bits stand there. */
static bool has_group(const struct kin_column *col, const struct kin_task *task)
{
	uint32_t numbers = col->needs & NUMBERS;

	return (task->groups & numbers) == numbers;
}

static void load_field(const struct kin_column *col,
		       const struct kin_task *task, struct kin_value *value)
{
	const char *at = (const char *)task + col->offset;
	uint32_t u32;

	/* the structs of the wire are aligned to 4 bytes only */
	if (col->load == LOAD_U64) {
		memcpy(&value->u, at, sizeof(value->u));
		value->known = value->u != KIN_NONE64;
		return;
	}
	memcpy(&u32, at, sizeof(u32));
	if (col->load == LOAD_U32) {
		value->u = u32;
		value->known = u32 != KIN_NONE32;
	} else {
		value->i = (int32_t)u32;
		value->known = true;
	}
}

void kin_column_get(const struct kin_column *col, const struct kin_view *view,
		    const struct kin_task *task, struct kin_value *value)
{
	value->known = false;
	value->bracket = false;
	value->deleted = false;
	value->busy = col->needs & task->busy;
	value->denied = col->needs & task->denied;
	value->cut = col->needs & task->cut;
	if (!has_group(col, task))
		return;
	if (col->get)
		col->get(view, task, value);
	else
		load_field(col, task, value);
}

void kin_column_get_row(const struct kin_column *col, const void *row,
			struct kin_value *value)
{
	value->known = false;
	value->bracket = false;
	value->deleted = false;
	value->busy = false;
	value->denied = false;
	value->cut = false;
	col->get_row(row, value);
}

bool kin_column_right(const struct kin_column *col)
{
	return col->type <= KIN_TYPE_MILLI && col->type != KIN_TYPE_TIME;
}

int kin_view_now(struct kin_view *view)
{
	struct timespec boot, real;

	if (clock_gettime(CLOCK_BOOTTIME, &boot) ||
	    clock_gettime(CLOCK_REALTIME, &real))
		return -errno;
	view->now_boottime_ns = boot.tv_sec * 1000000000ull + boot.tv_nsec;
	view->boot_epoch_ns = real.tv_sec * 1000000000ll + real.tv_nsec -
			      (int64_t)view->now_boottime_ns;
	view->mem_total_bytes = KIN_NONE64;
	view->names = NULL;
	return 0;
}
