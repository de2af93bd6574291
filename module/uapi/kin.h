/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note)) */
/*
 * The wire format of kin: tasks of a running kernel over generic netlink.
 *
 * Family "kin", version KIN_ABI_VERSION. The same is told, for programs, in
 * kin.yaml beside this file (the kernel's netlink specification format).
 *
 *   KIN_CMD_TASK_GET   one task (do), or all that pass a scope (dump)
 *   KIN_CMD_HOST_GET   the host's summary (do)
 *   KIN_CMD_CPU_GET    the CPU times of each CPU that is online (dump)
 *   KIN_CMD_STATUS_GET the module's own version, limits and counters (do)
 *   KIN_CMD_FD_GET     the open descriptors of all tasks that pass a scope (dump)
 *   KIN_CMD_ENV_GET    the environment of one process (dump)
 *   KIN_CMD_EVENTS_SUBSCRIBE    have events sent to this socket (do)
 *   KIN_CMD_EVENTS_UNSUBSCRIBE  no more (do); closing the socket does it, too
 *   KIN_CMD_EVENTS_NTF          events (the kernel sends it to subscribers)
 *   KIN_CMD_EVENTS_END_NTF      the last one: the module is being unloaded
 *
 * KIN_CMD_TASK_GET request; every attribute is optional in a dump:
 *
 *   KIN_A_GROUPS   u32   which groups to read, enum kin_group; 0 if absent.
 *                        The base group always comes.
 *   KIN_A_KINDS    u32   enum kin_kind: one record a process (thread group),
 *                        one record a thread, or both; if absent: processes.
 *                        A process record speaks for its whole thread group,
 *                        a thread record (main threads have one too) for one
 *                        thread, as /proc/PID and /proc/PID/task/TID do.
 *   The scope. A task passes if it passes each kind of filter that is given,
 *   and a kind that is given more than once if one of its values matches:
 *   KIN_A_PID      u32   * task with this number (threads have numbers too)
 *   KIN_A_TGID     u32   * tasks of the thread group with this number
 *   KIN_A_SUBTREE  u32   * tasks of this process and of its descendants
 *   KIN_A_UID      u32   * tasks with this real user id
 *   KIN_A_CGROUP   u64   * tasks in the cgroup (v2) with this id or below it
 *   KIN_A_STATES   u32     tasks in one of these states, enum kin_state
 *
 * A do request takes exactly one KIN_A_PID (with KIN_A_GROUPS, KIN_A_KINDS:
 * process, the default, wants a thread group's number; thread, any task's; not
 * both) and no other filter. The attributes marked * may be repeated, up to
 * KIN_MAX_VALUES in one request all kinds together.
 *
 * KIN_CMD_TASK_GET reply: any number of messages of the same command, each with
 *
 *   KIN_A_TASK      nest  * one task; tasks come in the order of their pid, a
 *                           process before its main thread
 *     KIN_A_TASK_BASE     struct kin_base
 *     KIN_A_TASK_SCHED    struct kin_sched   if KIN_GROUP_SCHED was asked
 *     KIN_A_TASK_MEM      struct kin_mem     if KIN_GROUP_MEM was asked
 *     KIN_A_TASK_NSPIDS   u32[]  if the task lives in pid namespaces below the
 *                           caller's: its number in each, the caller's first
 *     KIN_A_TASK_CMDLINE  bytes  the arguments, each ended by NUL, as in
 *                           /proc/PID/cmdline; at most KIN_CMDLINE_MAX bytes;
 *                           absent for tasks without a command line (kernel
 *                           threads, zombies) or if it could not be had
 *     KIN_A_TASK_CGROUP_ID    u64     of the task's cgroup (v2); the inode
 *                                     number of its directory in cgroupfs
 *     KIN_A_TASK_CGROUP_PATH  string  seen from the caller's cgroup namespace
 *     KIN_A_TASK_FILES    struct kin_files +
 *     KIN_A_TASK_IO       struct kin_io +
 *     KIN_A_TASK_EXE      string + the file that it runs, its working directory
 *     KIN_A_TASK_CWD      string + and its root, as readlink(2) of /proc/PID/exe,
 *     KIN_A_TASK_ROOT     string + cwd and root tells whoever reads the answer, but
 *                           without " (deleted)", see KIN_A_TASK_DELETED
 *     KIN_A_TASK_NS       struct kin_ns +
 *     KIN_A_TASK_LIMITS   struct kin_limit[]  in the order of RLIMIT_*
 *     KIN_A_TASK_DELAY    struct kin_delay +  if the kernel accounts delays
 *     KIN_A_TASK_WAIT     struct kin_wait +
 *     KIN_A_TASK_STACK    string ++  of tasks in state D, in kernels that let
 *                           modules have it: where in the kernel it stands, a line
 *                           a frame, the innermost first, as in /proc/PID/stack
 *     KIN_A_TASK_BUSY     u32  groups that exist but could not be had without
 *                           waiting for another process, enum kin_group
 *     KIN_A_TASK_CUT      u32  groups that came cut to their limit; of paths:
 *                           longer than a path may be, and absent
 *     KIN_A_TASK_DENIED   u32  groups that the caller may not have of this task
 *     KIN_A_TASK_DELETED  u32  groups whose path was removed: EXE, CWD, ROOT
 *
 * Groups marked + are private: they take CAP_SYS_PTRACE over the user namespace
 * that owns the pid namespace of whoever asks, else the request is refused; and
 * over that of each task, else its record says that they are denied (do requests
 * are refused). ++ takes CAP_SYS_ADMIN in the first user namespace as well. A
 * process that a sandbox (Landlock, AppArmor) keeps from ptrace is refused,
 * whatever its capabilities. A group that does not exist for a task (a zombie has
 * no files, a kernel thread no program) is absent.
 *
 * A dump holds nothing between its messages but a position: tasks that come or
 * go meanwhile may be in it or not, all others are in it once. It ends with
 * NLMSG_DONE; look at the error inside it. A rejected request is answered by
 * NLMSG_ERROR or by an error in NLMSG_DONE; with NETLINK_EXT_ACK set, either
 * carries a sentence, and NLMSG_ERROR the offending attribute, too (NLMSG_DONE
 * does so in newer kernels). Receive with a buffer of KIN_RECV_SIZE bytes: most
 * messages of a large dump are nearly that long.
 *
 * KIN_CMD_FD_GET request: the scope and KIN_A_KINDS, as of KIN_CMD_TASK_GET, and
 *
 *   KIN_A_FD_PARTS u32     what to tell, enum kin_fd_part; 0 if absent: the tables
 *                          alone
 *   KIN_A_FD_TYPES u32     which types of descriptors to list, a mask of
 *                          1 << enum kin_fd_type; all if absent
 *
 * It takes the capability that private groups take. Reply: messages with
 *
 *   KIN_A_FD_TABLE  nest * a table of descriptors, or a further part of it
 *     KIN_A_FD_TABLE_BASE    struct kin_fd_table
 *     KIN_A_FD_TABLE_FD      nest * a descriptor, in the order of their numbers
 *       KIN_A_FD_BASE          struct kin_fd
 *       KIN_A_FD_PATH          string  as readlink(2) of /proc/PID/fd/N tells whoever
 *                              reads the answer, but without " (deleted)" where a
 *                              path was removed; not of pipes and sockets, whose
 *                              name is made of their type and inode
 *       KIN_A_FD_SOCK          struct kin_sock  of sockets, but of O_PATH
 *       KIN_A_FD_UNIX          bytes  of unix sockets with an address: sun_path as
 *                              it was bound, without a NUL at its end; an abstract
 *                              one begins with NUL
 *     KIN_A_FD_TABLE_COUNTS  u32[]  how many there are of each type, in the order of
 *                            enum kin_fd_type; with the last part of a table
 *
 * A table that does not fit into a message goes on in the next one, with its base
 * again, marked KIN_FD_TABLE_CONTINUED. It is not locked in between: a descriptor
 * that is open all the while is told once. If its task ends meanwhile, no further
 * part comes, and no counts. A table that several tasks use (threads, CLONE_FILES)
 * is told once, and with the others of them stands who has it; a dump remembers
 * more than a hundred of these, and may tell one again if there are more. A task
 * without a table (kernel threads, zombies) is not told of.
 *
 * KIN_CMD_ENV_GET request: exactly one KIN_A_PID, the number of a process. It takes
 * the capability that private groups take. Reply: messages with
 *
 *   KIN_A_ENV      bytes   the next part of the environment, as in
 *                          /proc/PID/environ; nothing for kernel threads, zombies
 *
 * It ends with -EBUSY if the next part cannot be had without waiting for another
 * process or a disk, with -ESTALE if the process has called exec meanwhile, with
 * -EIO if it lies where no process puts it, in a mapped file.
 *
 * KIN_CMD_HOST_GET reply:   KIN_A_HOST    struct kin_host
 * KIN_CMD_CPU_GET reply:    KIN_A_CPU     struct kin_cpu  *
 * KIN_CMD_STATUS_GET reply: KIN_A_STATUS  struct kin_status
 *                           KIN_A_VERSION string
 *
 * KIN_CMD_EVENTS_SUBSCRIBE request; every attribute is optional. An event
 * passes if it passes each kind of filter that is given, and a filter given more
 * than once if one of its values matches; filters look at the task the event is
 * about, as it is when the event happens:
 *
 *   KIN_A_EVENTS   u32     which events, enum kin_event_kind; all if absent
 *   KIN_A_KINDS    u32     enum kin_kind: events of processes, of threads, or
 *                          of both; processes if absent
 *   KIN_A_TGID     u32   * of the thread group with this number
 *   KIN_A_SUBTREE  u32   * of this process and of what descends from it: whoever
 *                          one of them creates belongs to it from birth to end,
 *                          whatever becomes of its parents
 *   KIN_A_UID      u32   * of tasks with this real user id
 *   KIN_A_CGROUP   u64   * of tasks in the cgroup (v2) with this id or below it
 *   KIN_A_COMM     string * of tasks with this name, before or after the event;
 *                          KIN_MAX_COMMS at most
 *   KIN_A_FAILED   flag    of exits, only those with a status that is not 0
 *
 * A socket has one subscription. It needs CAP_SYS_PTRACE over the user namespace
 * that owns the pid namespace of whoever asks; that pid namespace, and its
 * numbers, stay with the subscription. A process has one fork event and one exit
 * event; so has each further thread (with KIN_EVENT_THREAD). A main thread that
 * ends before others of its process has a thread's exit event, too. Events of a
 * process come after those of its threads that came before it.
 *
 * KIN_CMD_EVENTS_NTF: sent with sequence number 0 in its header, with
 *
 *   KIN_A_LOST     u64     how many events that passed the filters were lost
 *                          just here, before the event that follows: this reader
 *                          did not read in time, the oldest were overwritten
 *   KIN_A_EVENT    nest  * one event, in the order in which they happened
 *     KIN_A_EVENT_BASE      struct kin_event
 *     KIN_A_EVENT_FORK      struct kin_event_fork    if it is one
 *     KIN_A_EVENT_EXEC      struct kin_event_exec
 *     KIN_A_EVENT_EXIT      struct kin_event_exit
 *     KIN_A_EVENT_COMM      struct kin_event_comm
 *     KIN_A_EVENT_OOM       struct kin_event_oom
 *     KIN_A_EVENT_FILENAME  string  of an exec: the file, as execve() was given it
 *
 * seq counts the events that passed this subscription's filters, from 1; it has
 * no gaps but for the lost ones.
 *
 * Errors: EINVAL (a value is out of its range, missing or not allowed here),
 * ERANGE and EINVAL from the policy, E2BIG (too many values), EPERM (the
 * module's hidepid parameter asks for more privilege; events, private groups,
 * descriptors or an environment without CAP_SYS_PTRACE), ESRCH (no such task, or
 * not for you), EBUSY (this socket has a subscription; an environment that cannot
 * be had now), ESTALE and EIO (see above), ENOENT (no subscription), EUSERS (as many
 * subscriptions as there may be), ENOMEM, EOPNOTSUPP (unknown command; a kernel
 * without tracepoints).
 *
 * Rules for all structs below: host byte order; no padding, aligned to 4 bytes
 * (attributes are); they only ever grow at their end, so a reader takes the
 * smaller of the attribute's length and the struct's size and treats what is
 * missing as unknown; a number that the kernel does not know, or that does not
 * exist for this task, has all bits set (KIN_NONE32, KIN_NONE64) and is never 0.
 * Pids are numbers of the pid namespace of whoever asked, 0 where the other
 * task is outside it; uids and gids are numbers of its user namespace. Both
 * are fixed when the dump starts, whoever reads the answer.
 */
#ifndef _UAPI_LINUX_KIN_H
#define _UAPI_LINUX_KIN_H

#include <linux/types.h>

#define KIN_FAMILY_NAME "kin"
#define KIN_ABI_VERSION 1

#define KIN_RECV_SIZE	32768	/* bytes: a reader's buffer */
#define KIN_CMDLINE_MAX	16384	/* bytes of one command line */
#define KIN_MAX_VALUES	4096	/* repeated attributes in one request */
#define KIN_MAX_COMMS	64	/* of them, names */

#define KIN_NONE32	(~(__u32)0)
#define KIN_NONE64	(~(__u64)0)

#define KIN_COMM_LEN	16	/* with its NUL */

/* Structs lie in attributes, which are aligned to 4 bytes and not more. */
#define KIN_WIRE __attribute__((packed, aligned(4)))

enum kin_cmd {
	KIN_CMD_TASK_GET = 1,
	KIN_CMD_HOST_GET,
	KIN_CMD_CPU_GET,
	KIN_CMD_STATUS_GET,
	KIN_CMD_EVENTS_SUBSCRIBE,
	KIN_CMD_EVENTS_UNSUBSCRIBE,
	KIN_CMD_EVENTS_NTF,
	KIN_CMD_EVENTS_END_NTF,
	KIN_CMD_FD_GET,
	KIN_CMD_ENV_GET,

	__KIN_CMD_MAX,
	KIN_CMD_MAX = __KIN_CMD_MAX - 1
};

/* Attributes of a message. */
enum kin_a {
	KIN_A_GROUPS = 1,
	KIN_A_KINDS,
	KIN_A_PID,
	KIN_A_TGID,
	KIN_A_SUBTREE,
	KIN_A_UID,
	KIN_A_CGROUP,
	KIN_A_STATES,
	KIN_A_TASK,
	KIN_A_HOST,
	KIN_A_CPU,
	KIN_A_STATUS,
	KIN_A_VERSION,
	KIN_A_PAD,
	KIN_A_EVENTS,
	KIN_A_COMM,
	KIN_A_FAILED,
	KIN_A_LOST,
	KIN_A_EVENT,
	KIN_A_FD_PARTS,
	KIN_A_FD_TYPES,
	KIN_A_FD_TABLE,
	KIN_A_ENV,

	__KIN_A_MAX,
	KIN_A_MAX = __KIN_A_MAX - 1
};

/* Attributes inside KIN_A_TASK. */
enum kin_a_task {
	KIN_A_TASK_BASE = 1,
	KIN_A_TASK_SCHED,
	KIN_A_TASK_MEM,
	KIN_A_TASK_NSPIDS,
	KIN_A_TASK_CMDLINE,
	KIN_A_TASK_CGROUP_ID,
	KIN_A_TASK_CGROUP_PATH,
	KIN_A_TASK_BUSY,
	KIN_A_TASK_CUT,
	KIN_A_TASK_PAD,
	KIN_A_TASK_FILES,
	KIN_A_TASK_IO,
	KIN_A_TASK_EXE,
	KIN_A_TASK_CWD,
	KIN_A_TASK_ROOT,
	KIN_A_TASK_NS,
	KIN_A_TASK_LIMITS,
	KIN_A_TASK_DELAY,
	KIN_A_TASK_WAIT,
	KIN_A_TASK_STACK,
	KIN_A_TASK_DENIED,
	KIN_A_TASK_DELETED,

	__KIN_A_TASK_MAX,
	KIN_A_TASK_MAX = __KIN_A_TASK_MAX - 1
};

/* Attributes inside KIN_A_EVENT. */
enum kin_a_event {
	KIN_A_EVENT_BASE = 1,
	KIN_A_EVENT_FORK,
	KIN_A_EVENT_EXEC,
	KIN_A_EVENT_EXIT,
	KIN_A_EVENT_COMM,
	KIN_A_EVENT_OOM,
	KIN_A_EVENT_FILENAME,
	KIN_A_EVENT_PAD,

	__KIN_A_EVENT_MAX,
	KIN_A_EVENT_MAX = __KIN_A_EVENT_MAX - 1
};

/* Attributes inside KIN_A_FD_TABLE. */
enum kin_a_fd_table {
	KIN_A_FD_TABLE_BASE = 1,
	KIN_A_FD_TABLE_FD,
	KIN_A_FD_TABLE_COUNTS,

	__KIN_A_FD_TABLE_MAX,
	KIN_A_FD_TABLE_MAX = __KIN_A_FD_TABLE_MAX - 1
};

/* Attributes inside KIN_A_FD_TABLE_FD. */
enum kin_a_fd {
	KIN_A_FD_BASE = 1,
	KIN_A_FD_PATH,
	KIN_A_FD_SOCK,
	KIN_A_FD_UNIX,

	__KIN_A_FD_MAX,
	KIN_A_FD_MAX = __KIN_A_FD_MAX - 1
};

/* Groups of numbers (a bit mask). */
enum kin_group {
	KIN_GROUP_SCHED		= 1 << 0,
	KIN_GROUP_MEM		= 1 << 1,
	KIN_GROUP_CMDLINE	= 1 << 2,
	KIN_GROUP_CGROUP	= 1 << 3,
	KIN_GROUP_FILES		= 1 << 4,	/* private */
	KIN_GROUP_IO		= 1 << 5,	/* private */
	KIN_GROUP_EXE		= 1 << 6,	/* private */
	KIN_GROUP_CWD		= 1 << 7,	/* private */
	KIN_GROUP_ROOT		= 1 << 8,	/* private */
	KIN_GROUP_NS		= 1 << 9,	/* private */
	KIN_GROUP_LIMITS	= 1 << 10,
	KIN_GROUP_DELAY		= 1 << 11,	/* private */
	KIN_GROUP_WAIT		= 1 << 12,	/* private */
	KIN_GROUP_STACK		= 1 << 13,	/* private, and CAP_SYS_ADMIN */
};
#define KIN_GROUPS 0x3fff
#define KIN_GROUPS_PRIVATE						\
	(KIN_GROUP_FILES | KIN_GROUP_IO | KIN_GROUP_EXE | KIN_GROUP_CWD | \
	 KIN_GROUP_ROOT | KIN_GROUP_NS | KIN_GROUP_DELAY | KIN_GROUP_WAIT | \
	 KIN_GROUP_STACK)

/* Kinds of records (a bit mask). */
enum kin_kind {
	KIN_KIND_PROCESS	= 1 << 0,
	KIN_KIND_THREAD		= 1 << 1,
};
#define KIN_KINDS (KIN_KIND_PROCESS | KIN_KIND_THREAD)

/* Task states (a bit mask, in the order of the kernel's own state index). */
enum kin_state {
	KIN_STATE_RUNNING	= 1 << 0,	/* R */
	KIN_STATE_SLEEPING	= 1 << 1,	/* S */
	KIN_STATE_DISK_SLEEP	= 1 << 2,	/* D */
	KIN_STATE_STOPPED	= 1 << 3,	/* T */
	KIN_STATE_TRACED	= 1 << 4,	/* t */
	KIN_STATE_DEAD		= 1 << 5,	/* X */
	KIN_STATE_ZOMBIE	= 1 << 6,	/* Z */
	KIN_STATE_PARKED	= 1 << 7,	/* P */
	KIN_STATE_IDLE		= 1 << 8,	/* I */
};
#define KIN_STATES 0x1ff
#define KIN_STATE_LETTERS "RSDTtXZPI"
#define KIN_STATE_COUNT 9

/* Marks of a task, in struct kin_base.flags. */
enum kin_task_flag {
	KIN_TASK_THREAD		= 1 << 0,	/* a thread record, not a process */
	KIN_TASK_KTHREAD	= 1 << 1,	/* a kernel thread: PF_KTHREAD */
	KIN_TASK_EXITING	= 1 << 2,	/* on its way out: PF_EXITING */
	KIN_TASK_SUBREAPER	= 1 << 3,	/* PR_SET_CHILD_SUBREAPER */
};

/* KIN_A_TASK_BASE: who it is. pid and start_boottime_ns together name a task. */
struct kin_base {
	__u32	pid;
	__u32	tgid;			/* thread group: the process's pid */
	__u32	ppid;			/* thread group of its parent */
	__u32	pgid;			/* process group */
	__u32	sid;			/* session */
	__u32	tracer_pid;		/* ptrace: 0 if nobody traces it */
	__u32	flags;			/* enum kin_task_flag */
	__u32	num_threads;		/* of its thread group */
	__u64	start_boottime_ns;	/* CLOCK_BOOTTIME of the caller's time namespace */
	__u64	exec_id;		/* changes at each exec: task->self_exec_id */
	__u32	uid;			/* real */
	__u32	gid;
	__u32	suid;			/* saved */
	__u32	sgid;
	__u32	euid;			/* effective */
	__u32	egid;
	__u32	fsuid;			/* for file access */
	__u32	fsgid;
	__u32	tty;			/* device, as in st_rdev of 32 bits; 0: none */
	__s32	exit_signal;		/* what its parent gets; -1 for threads */
	__u8	state;			/* one of KIN_STATE_LETTERS */
	__u8	reserved[3];		/* 0 */
	char	comm[KIN_COMM_LEN];	/* raw bytes, any but NUL, ended by NUL */
} KIN_WIRE;

/*
 * KIN_A_TASK_SCHED: what it ran. In a process record the additive numbers are
 * sums over all threads, those that have ended included (but run_delay_ns,
 * which the kernel keeps for living threads only); the others are the main
 * thread's.
 */
struct kin_sched {
	__u64	utime_ns;		/* user mode, scaled as /proc does */
	__u64	stime_ns;		/* kernel mode, scaled as /proc does */
	__u64	cutime_ns;		/* of children that were waited for */
	__u64	cstime_ns;
	__u64	runtime_ns;		/* on a CPU, exact: se.sum_exec_runtime */
	__u64	run_delay_ns;		/* runnable, waiting for a CPU */
	__u64	nvcsw;			/* voluntary context switches */
	__u64	nivcsw;			/* involuntary context switches */
	__s32	prio;			/* as field 18 of /proc/PID/stat */
	__s32	nice;			/* -20 to 19 */
	__u32	policy;			/* SCHED_* */
	__u32	rt_priority;		/* 1 to 99, 0 if not real-time */
	__u32	cpu;			/* the one it last ran on */
	__u32	cpus_allowed;		/* how many it may run on */
} KIN_WIRE;

/*
 * KIN_A_TASK_MEM. What has the unit bytes is KIN_NONE64 for tasks without an
 * address space of their own: kernel threads, zombies.
 */
struct kin_mem {
	__u64	vm_bytes;		/* virtual size */
	__u64	rss_anon_bytes;		/* resident: anonymous, */
	__u64	rss_file_bytes;		/* file mappings, */
	__u64	rss_shmem_bytes;	/* shared memory; their sum is RSS */
	__u64	rss_peak_bytes;		/* largest RSS so far */
	__u64	swap_bytes;		/* anonymous, swapped out */
	__u64	pgtables_bytes;		/* page tables */
	__u64	min_flt;		/* page faults without I/O */
	__u64	maj_flt;		/* page faults with I/O */
	__u64	cmin_flt;		/* of children that were waited for */
	__u64	cmaj_flt;
	__s32	oom_score_adj;		/* -1000 to 1000 */
} KIN_WIRE;

/* KIN_A_TASK_FILES: its table of descriptors. */
struct kin_files {
	__u64	open;			/* descriptors; what is just being opened, too */
	__u64	table_size;		/* room for so many, FDSize of /proc/PID/status */
	__u64	limit_soft;		/* RLIMIT_NOFILE; as in struct kin_limit */
	__u64	limit_hard;
	__u32	users;			/* tasks that use this table */
} KIN_WIRE;

/*
 * KIN_A_TASK_IO, as /proc/PID/io. In a process record sums over all threads,
 * those that have ended included.
 */
struct kin_io {
	__u64	rchar_bytes;		/* by read() and the like, */
	__u64	wchar_bytes;		/* by write() and the like, */
	__u64	syscr;			/* and how many calls these were */
	__u64	syscw;
	__u64	read_bytes;		/* from storage */
	__u64	write_bytes;		/* to storage, when it is dirtied */
	__u64	cancelled_write_bytes;	/* dirtied, and then thrown away */
} KIN_WIRE;

/* KIN_A_TASK_NS: the inode numbers of its namespaces, as /proc/PID/ns. */
struct kin_ns {
	__u32	cgroup;
	__u32	ipc;
	__u32	mnt;
	__u32	net;
	__u32	pid;
	__u32	pid_for_children;
	__u32	time;
	__u32	time_for_children;
	__u32	user;
	__u32	uts;
} KIN_WIRE;

/* KIN_A_TASK_LIMITS: one of them; all bits set: unlimited. */
struct kin_limit {
	__u64	soft;
	__u64	hard;
} KIN_WIRE;

/*
 * KIN_A_TASK_DELAY: how long it had to wait, and how often. In a process record
 * sums over the threads that live. What a kernel does not account is unknown.
 */
struct kin_delay {
	__u64	blkio_ns;		/* for block I/O */
	__u64	blkio_count;
	__u64	swapin_ns;		/* for pages that were swapped out */
	__u64	swapin_count;
	__u64	freepages_ns;		/* for memory to be reclaimed */
	__u64	freepages_count;
	__u64	thrashing_ns;		/* for pages that were needed again too soon */
	__u64	thrashing_count;
	__u64	compact_ns;		/* for memory to be compacted */
	__u64	compact_count;
	__u64	wpcopy_ns;		/* for pages to be copied on write */
	__u64	wpcopy_count;
	__u64	irq_ns;			/* for interrupts to be done */
	__u64	irq_count;
} KIN_WIRE;

/* KIN_A_TASK_WAIT. In a process record: of its main thread. */
struct kin_wait {
	__u64	since_cpu_ns;		/* since it last got onto a CPU. Of a task that
					   sleeps: since when it does, and how long it
					   ran before. sched_info.last_arrival */
} KIN_WIRE;

/* What to tell of descriptors (a bit mask). */
enum kin_fd_part {
	KIN_FD_PART_LIST	= 1 << 0,	/* each one: KIN_A_FD_TABLE_FD, */
	KIN_FD_PART_PATH	= 1 << 1,	/* with its path, */
	KIN_FD_PART_SOCK	= 1 << 2,	/* or, of a socket, its addresses */
	KIN_FD_PART_COUNTS	= 1 << 3,	/* KIN_A_FD_TABLE_COUNTS */
};
#define KIN_FD_PARTS 0xf

/* Types of descriptors. */
enum kin_fd_type {
	KIN_FD_OTHER,		/* none of those below; its path has a name */
	KIN_FD_FILE,		/* a regular file */
	KIN_FD_DIR,
	KIN_FD_CHR,		/* a character device */
	KIN_FD_BLK,		/* a block device */
	KIN_FD_FIFO,		/* a pipe with a path */
	KIN_FD_LINK,		/* a symbolic link itself (O_PATH) */
	KIN_FD_PIPE,
	KIN_FD_SOCKET,
	KIN_FD_MEMFD,
	KIN_FD_EPOLL,
	KIN_FD_EVENTFD,
	KIN_FD_TIMERFD,
	KIN_FD_SIGNALFD,
	KIN_FD_INOTIFY,
	KIN_FD_FANOTIFY,
	KIN_FD_PIDFD,
	KIN_FD_IO_URING,
	KIN_FD_PERF,
	KIN_FD_BPF,		/* a program, map, link or type information */
	KIN_FD_USERFAULTFD,
	KIN_FD_NS,		/* a namespace */
	KIN_FD_MQUEUE,		/* a POSIX message queue */

	__KIN_FD_TYPES
};
#define KIN_FD_TYPES 0x7fffff
#define KIN_FD_TYPE_COUNT 23

/* Marks of a table, in struct kin_fd_table.flags. */
enum kin_fd_table_flag {
	KIN_FD_TABLE_THREAD	= 1 << 0,	/* of a thread record, not of a process */
	KIN_FD_TABLE_CONTINUED	= 1 << 1,	/* its begin was in an earlier message */
	KIN_FD_TABLE_MORE	= 1 << 2,	/* it goes on in the next message */
	KIN_FD_TABLE_DENIED	= 1 << 3,	/* not for you; numbers below are unknown */
};

/* KIN_A_FD_TABLE_BASE: whose it is. */
struct kin_fd_table {
	__u64	start_boottime_ns;	/* with pid: whose it is, as in struct kin_base */
	__u64	open;			/* as in struct kin_files, when it was begun */
	__u64	table_size;
	__u64	limit_soft;
	__u64	limit_hard;
	__u32	pid;
	__u32	tgid;
	__u32	uid;			/* real */
	__u32	flags;			/* enum kin_fd_table_flag */
	__u32	users;			/* tasks that use this table */
	__u32	shared_pid;		/* who was told of before, with the same table: its
					   descriptors are there and not here; 0: nobody */
	char	comm[KIN_COMM_LEN];	/* as in struct kin_base */
} KIN_WIRE;

/* Marks of a descriptor, in struct kin_fd.flags. */
enum kin_fd_flag {
	KIN_FD_CLOEXEC		= 1 << 0,	/* closed by exec */
	KIN_FD_READ		= 1 << 1,	/* may be read: FMODE_READ */
	KIN_FD_WRITE		= 1 << 2,
	KIN_FD_DELETED		= 1 << 3,	/* its path was removed */
	KIN_FD_PATH_LONG	= 1 << 4,	/* longer than a path may be, and absent */
};

/* KIN_A_FD_BASE: a descriptor, and the open file behind it. */
struct kin_fd {
	__u64	ino;			/* inode */
	__u64	pos;			/* bytes, as in /proc/PID/fdinfo */
	__u64	size;			/* bytes, of the inode */
	__u32	fd;
	__u32	type;			/* enum kin_fd_type */
	__u32	flags;			/* enum kin_fd_flag */
	__u32	open_flags;		/* O_*, as fcntl(F_GETFL), without O_CLOEXEC */
	__u32	mode;			/* of the inode: type and permissions */
	__u32	nlink;			/* of the inode */
	__u32	dev;			/* of the file system, as in /proc/PID/maps: stat(2)
					   may have another one, on btrfs and overlayfs */
	__u32	rdev;			/* of a device: as st_rdev of 32 bits; else 0 */
} KIN_WIRE;

/* Marks of a socket, in struct kin_sock.flags. */
enum kin_sock_flag {
	KIN_SOCK_V6ONLY		= 1 << 0,	/* IPV6_V6ONLY */
};

/*
 * KIN_A_FD_SOCK. The queues count bytes; of a socket that listens, connections
 * that wait to be accepted (rx_queue) and how many may (tx_queue), as ss shows it.
 * What a family has not got is 0 in the addresses and ports, else unknown.
 */
struct kin_sock {
	__u64	peer_ino;		/* unix: inode of the other end; 0: none */
	__u64	rx_queue;
	__u64	tx_queue;
	__u32	netns;			/* inode number of its network namespace */
	__u32	family;			/* AF_* */
	__u32	type;			/* SOCK_* */
	__u32	protocol;		/* IPPROTO_*, NETLINK_*, host order of ETH_P_* */
	__u32	state;			/* as in tcp_states.h, for all families: 1
					   established, 7 closed, 10 listens ... */
	__u32	flags;			/* enum kin_sock_flag */
	__u32	ifindex;		/* bound to this interface; 0: to none */
	__u32	local_port;		/* netlink: port ids */
	__u32	remote_port;
	__u8	local[16];		/* address, network order; of IPv4 the first 4 */
	__u8	remote[16];
} KIN_WIRE;

/* Kinds of events (a bit mask). */
enum kin_event_kind {
	KIN_EVENT_KIND_FORK	= 1 << 0,	/* a process or a thread came to be */
	KIN_EVENT_KIND_EXEC	= 1 << 1,	/* a process runs another program */
	KIN_EVENT_KIND_EXIT	= 1 << 2,	/* a process or a thread ended */
	KIN_EVENT_KIND_COMM	= 1 << 3,	/* another name, not by exec */
	KIN_EVENT_KIND_OOM	= 1 << 4,	/* chosen by the OOM killer */
	KIN_EVENT_KIND_CGROUP	= 1 << 5,	/* moved to another cgroup (v2) */
};
#define KIN_EVENT_KINDS 0x3f
#define KIN_EVENT_KIND_COUNT 6

/* Marks of an event, in struct kin_event.flags. */
enum kin_event_flag {
	KIN_EVENT_THREAD	= 1 << 0,	/* of a thread, not of a process */
	KIN_EVENT_KTHREAD	= 1 << 1,	/* of a kernel thread: PF_KTHREAD */
	KIN_EVENT_OOM_VICTIM	= 1 << 2,	/* the OOM killer had chosen it */
};

/*
 * KIN_A_EVENT_BASE: what happened, when, and to whom. Of a process's event the
 * task is its main thread. pid and start_boottime_ns name it, as in struct
 * kin_base.
 */
struct kin_event {
	__u64	seq;			/* of this subscription */
	__u64	boottime_ns;		/* when: CLOCK_BOOTTIME, as start_boottime_ns */
	__u64	start_boottime_ns;	/* CLOCK_BOOTTIME of the reader's time namespace */
	__u64	cgroup_id;		/* of its cgroup (v2), after the event */
	__u32	kind;			/* one of enum kin_event_kind */
	__u32	flags;			/* enum kin_event_flag */
	__u32	cpu;			/* on which it happened */
	__u32	pid;
	__u32	tgid;			/* thread group: the process's pid */
	__u32	ppid;			/* thread group of its parent */
	__u32	uid;			/* real */
	char	comm[KIN_COMM_LEN];	/* after the event; as in struct kin_base */
} KIN_WIRE;

/* KIN_A_EVENT_FORK: the new task is the one in the base. */
struct kin_event_fork {
	__u64	clone_flags;		/* CLONE_*, without the exit signal */
	__u64	parent_start_boottime_ns; /* of the process ppid */
	__u32	creator_pid;		/* the thread that called clone(), */
	__u32	creator_tgid;		/* and its process */
	__u32	pgid;
	__u32	sid;
	__s32	exit_signal;		/* what the parent gets; -1 for threads */
} KIN_WIRE;

/* KIN_A_EVENT_EXEC: all other threads of the process have ended before. */
struct kin_event_exec {
	__u64	exec_id;		/* as in struct kin_base */
	__u32	old_pid;		/* of the thread that called execve() */
	char	old_comm[KIN_COMM_LEN];	/* empty: not known */
} KIN_WIRE;

/*
 * KIN_A_EVENT_EXIT: how it ended, and what it had used by then. Of a process's
 * event the numbers are sums over all its threads.
 */
struct kin_event_exit {
	__u64	utime_ns;		/* as in struct kin_sched */
	__u64	stime_ns;
	__u64	runtime_ns;		/* on a CPU, up to this event */
	__u64	min_flt;		/* page faults without I/O */
	__u64	maj_flt;		/* page faults with I/O */
	__u64	nvcsw;			/* voluntary context switches */
	__u64	nivcsw;			/* involuntary context switches */
	__u64	rss_peak_bytes;		/* largest RSS, of each program it ran; */
					/* KIN_NONE64 of a thread */
	__u64	rchar_bytes;		/* as in /proc/PID/io */
	__u64	wchar_bytes;
	__u64	read_bytes;
	__u64	write_bytes;
	__u32	status;			/* as wait(2) tells it: WEXITSTATUS() ... */
} KIN_WIRE;

/* KIN_A_EVENT_COMM */
struct kin_event_comm {
	char	old_comm[KIN_COMM_LEN];
} KIN_WIRE;

/* KIN_A_EVENT_OOM: at that moment. */
struct kin_event_oom {
	__u64	rss_anon_bytes;
	__u64	rss_file_bytes;
	__u64	rss_shmem_bytes;
	__s32	oom_score_adj;		/* -1000 to 1000 */
} KIN_WIRE;

/* CPU times, ns since boot, as the columns of /proc/stat. */
struct kin_cputimes {
	__u64	user_ns;
	__u64	nice_ns;
	__u64	system_ns;
	__u64	idle_ns;
	__u64	iowait_ns;
	__u64	irq_ns;
	__u64	softirq_ns;
	__u64	steal_ns;
	__u64	guest_ns;
	__u64	guest_nice_ns;
} KIN_WIRE;

/* KIN_A_CPU */
struct kin_cpu {
	struct kin_cputimes times;
	__u32	cpu;
} KIN_WIRE;

/*
 * KIN_A_HOST. Tasks (processes and threads) are those that the caller may see.
 * swap_total_bytes and forks are kept where no module can read them, so far in
 * every kernel, and are KIN_NONE64.
 */
struct kin_host {
	__u64	boottime_ns;		/* since boot, in the caller's time namespace */
	__u64	load1_milli;		/* load averages over 1, 5, 15 minutes: */
	__u64	load5_milli;		/* thousandths */
	__u64	load15_milli;
	struct kin_cputimes cpu;	/* all CPUs together */
	__u64	mem_total_bytes;
	__u64	mem_free_bytes;
	__u64	mem_available_bytes;	/* an estimate: si_mem_available() */
	__u64	mem_buffers_bytes;
	__u64	mem_shared_bytes;
	__u64	swap_total_bytes;
	__u64	swap_free_bytes;
	__u64	forks;			/* since boot */
	__u32	last_pid;		/* the pid given out last */
	__u32	cpus_online;
	__u32	processes;
	__u32	threads;		/* main threads included */
	__u32	states[KIN_STATE_COUNT];/* threads in each, order of the letters */
} KIN_WIRE;

/* KIN_A_STATUS. Counters count since the module was loaded. */
struct kin_status {
	__u32	abi_version;		/* KIN_ABI_VERSION of the module */
	__u32	hidepid;		/* the module parameter, see its help */
	__u32	max_values;		/* KIN_MAX_VALUES of the module */
	__u32	cmdline_max_bytes;	/* KIN_CMDLINE_MAX of the module */
	__u64	dumps_started;
	__u64	dumps_done;		/* read to their end */
	__u64	gets;			/* single tasks asked for */
	__u64	tasks_sent;		/* records, in dumps and gets */
	__u64	tasks_hidden;		/* not sent because of hidepid */
	__u64	requests_denied;	/* answered EPERM */
	__u64	requests_rejected;	/* by the module itself: EINVAL, E2BIG */
	__u64	cmdlines_busy;		/* that could not be had without waiting */
	__u64	events_sent;		/* to all subscribers together */
	__u64	events_lost;		/* overwritten, and told to subscribers */
	__u32	subscribers;		/* now, in all pid namespaces */
	__u32	max_subscribers;	/* of one pid namespace */
	__u32	probes;			/* tracepoints probed now; 0: nobody listens */
	__u32	batch_ms;		/* the module parameter, see its help */
	__u32	ring_kib;		/* the module parameter, see its help */
	__u32	features;		/* enum kin_feature */
	__u64	fds_sent;		/* descriptors */
	__u64	fds_lock_max_ns;	/* longest time that a table was locked, by
					   the monotonic clock */
} KIN_WIRE;

/* What this kernel lets the module have, in struct kin_status.features. */
enum kin_feature {
	KIN_FEATURE_EVENTS	= 1 << 0,	/* the tracepoints are there */
	KIN_FEATURE_STACK	= 1 << 1,	/* KIN_GROUP_STACK */
	KIN_FEATURE_DELAY	= 1 << 2,	/* CONFIG_TASK_DELAY_ACCT */
};

#endif /* _UAPI_LINUX_KIN_H */
