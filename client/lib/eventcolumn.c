// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/wait.h>

#include "ending.h"
#include "eventcolumn.h"

#define NAMES "fork", "exec", "exit", "comm", "oom", "cgroup"
#define OTHER "other"	/* whatever a newer module knows */

const char *const kin_event_names[] = { NAMES, NULL };

_Static_assert(sizeof(kin_event_names) / sizeof(kin_event_names[0]) ==
		       KIN_EVENT_KIND_COUNT + 1, "a name for each kind");

unsigned int kin_event_index(uint32_t kind)
{
	const bool known = kind && !(kind & (kind - 1)) &&
			   kind <= KIN_EVENT_KINDS;

	return known ? __builtin_ctz(kind) : KIN_EVENT_KIND_COUNT;
}

const char *kin_event_name(uint32_t kind)
{
	const char *name = kin_event_names[kin_event_index(kind)];

	return name ? name : OTHER;
}

uint64_t kin_event_life_ns(const struct kin_event *ev)
{
	/* in a time namespace, either may lie before 0 */
	const int64_t ns = ev->boottime_ns - ev->start_boottime_ns;

	return ns < 0 ? KIN_NONE64 : (uint64_t)ns;
}

/* ---- of every event ---- */

static const char *const event_words[] = { NAMES, OTHER, NULL };

static void get_event(const void *from, struct kin_value *value)
{
	const struct kin_event_record *rec = from;
	const char *name = kin_event_name(rec->base->kind);

	kin_value_set_text(value, name, strlen(name));
}

#define GET_BASE(id, kind, field) \
	static void get_##id(const void *from, struct kin_value *value) \
	{ \
		const struct kin_event_record *rec = from; \
		kin_value_set_##kind(value, rec->base->field); \
	}

GET_BASE(time, u64, boottime_ns)
GET_BASE(start_boottime, u64, start_boottime_ns)
GET_BASE(cgroup_id, u64, cgroup_id)
GET_BASE(cpu, u32, cpu)
GET_BASE(pid, u32, pid)
GET_BASE(tgid, u32, tgid)
GET_BASE(ppid, u32, ppid)
GET_BASE(uid, u32, uid)
GET_BASE(comm, comm, comm)

static void set_mark(const struct kin_event_record *rec, uint32_t mark,
		     struct kin_value *value)
{
	kin_value_set_u64(value, !!(rec->base->flags & mark));
}

static void get_thread(const void *from, struct kin_value *value)
{
	set_mark(from, KIN_EVENT_THREAD, value);
}

static void get_kthread(const void *from, struct kin_value *value)
{
	set_mark(from, KIN_EVENT_KTHREAD, value);
}

/* Empty: the kernel does not know it. */
static void get_old_comm(const void *from, struct kin_value *value)
{
	const struct kin_event_record *rec = from;
	const char *comm = rec->exec ? rec->exec->old_comm :
			   rec->comm ? rec->comm->old_comm :
				       "";

	if (*comm)
		kin_value_set_comm(value, comm);
}

static void get_filename(const void *from, struct kin_value *value)
{
	const struct kin_event_record *rec = from;

	if (rec->filename)
		kin_value_set_text(value, rec->filename, strlen(rec->filename));
}

/* ---- of one kind ---- */

#define GET_PART(id, kind, part, field) \
	static void get_##id(const void *from, struct kin_value *value) \
	{ \
		const struct kin_event_record *rec = from; \
		if (rec->part) \
			kin_value_set_##kind(value, rec->part->field); \
	}

GET_PART(creator, u32, fork, creator_tgid)
GET_PART(creator_thread, u32, fork, creator_pid)
GET_PART(utime, u64, exit, utime_ns)
GET_PART(stime, u64, exit, stime_ns)
GET_PART(runtime, u64, exit, runtime_ns)
GET_PART(minflt, u64, exit, min_flt)
GET_PART(majflt, u64, exit, maj_flt)
GET_PART(nvcsw, u64, exit, nvcsw)
GET_PART(nivcsw, u64, exit, nivcsw)
GET_PART(rss_peak, u64, exit, rss_peak_bytes)
GET_PART(rchar, u64, exit, rchar_bytes)
GET_PART(wchar, u64, exit, wchar_bytes)
GET_PART(read_bytes, u64, exit, read_bytes)
GET_PART(write_bytes, u64, exit, write_bytes)
GET_PART(rss_anon, u64, oom, rss_anon_bytes)
GET_PART(rss_file, u64, oom, rss_file_bytes)
GET_PART(rss_shmem, u64, oom, rss_shmem_bytes)

/* Each value is one: -1 is not "unknown". */
static void get_oom_score_adj(const void *from, struct kin_value *value)
{
	const struct kin_event_record *rec = from;

	if (!rec->oom)
		return;
	value->i = rec->oom->oom_score_adj;
	value->known = true;
}

static void get_rss(const void *from, struct kin_value *value)
{
	const struct kin_event_record *rec = from;
	const struct kin_event_oom *oom = rec->oom;

	if (oom && oom->rss_anon_bytes != KIN_NONE64)
		kin_value_set_u64(value, oom->rss_anon_bytes +
						 oom->rss_file_bytes +
						 oom->rss_shmem_bytes);
}

/* ---- how it ended ---- */

/* False: it has not, or the status is not known. */
static bool ending(const void *from, uint32_t *status)
{
	const struct kin_event_record *rec = from;

	*status = rec->exit ? rec->exit->status : KIN_NONE32;
	return *status != KIN_NONE32;
}

static void get_status(const void *from, struct kin_value *value)
{
	uint32_t status;

	if (ending(from, &status))
		kin_value_set_u64(value, kin_ending_code(status));
}

static void get_code(const void *from, struct kin_value *value)
{
	uint32_t status;

	if (ending(from, &status) && WIFEXITED(status))
		kin_value_set_u64(value, WEXITSTATUS(status));
}

static void get_signal(const void *from, struct kin_value *value)
{
	uint32_t status;

	if (ending(from, &status) && !WIFEXITED(status))
		kin_value_set_u64(value, WTERMSIG(status));
}

_Static_assert(sizeof(((struct kin_value *)0)->scratch) >= KIN_SIGNAL_MAX,
	       "room for the name of a signal");

static void get_signal_name(const void *from, struct kin_value *value)
{
	uint32_t status;

	if (ending(from, &status) && !WIFEXITED(status))
		kin_value_set_text(value, value->scratch,
				   kin_signal_name(value->scratch,
						   WTERMSIG(status)));
}

static void get_core(const void *from, struct kin_value *value)
{
	uint32_t status;

	if (ending(from, &status))
		kin_value_set_u64(value, !WIFEXITED(status) &&
						 WCOREDUMP(status));
}

static void get_oom_kill(const void *from, struct kin_value *value)
{
	const struct kin_event_record *rec = from;
	uint32_t status;

	if (ending(from, &status))
		kin_value_set_u64(value, kin_ending_is_oom(status,
							   rec->base->flags));
}

static void get_lifetime(const void *from, struct kin_value *value)
{
	const struct kin_event_record *rec = from;

	if (rec->exit)
		kin_value_set_u64(value, kin_event_life_ns(rec->base));
}

static void get_cputime(const void *from, struct kin_value *value)
{
	const struct kin_event_record *rec = from;
	const struct kin_event_exit *end = rec->exit;

	if (end && end->utime_ns != KIN_NONE64 && end->stime_ns != KIN_NONE64)
		kin_value_set_u64(value, end->utime_ns + end->stime_ns);
}

#define COLUMN(what) .get_row = get_##what
#define TEXT(what) .type = KIN_TYPE_STRING, COLUMN(what)
#define NUMBER(what) .type = KIN_TYPE_UINT, COLUMN(what)
#define BYTES(what) .type = KIN_TYPE_BYTES, COLUMN(what)
#define TIME(what) .type = KIN_TYPE_DURATION, COLUMN(what)

/* clang-format off */
/* A row is two lines, however long. */
static const struct kin_column columns[] = {
	/* ---- what, when, to whom ---- */
	{ "event", "EVENT", "kind", "", "What happened: fork, exec, exit, comm, oom, cgroup; other: what a newer module knows.",
	  TEXT(event), .words = event_words },
	{ "pid", "PID", NULL, "", "Task that it is about; of a fork the new one (task->pid).",
	  NUMBER(pid) },
	{ "tgid", "TGID", NULL, "", "Its process (task->tgid).",
	  NUMBER(tgid) },
	{ "ppid", "PPID", "parent", "", "Process id of its parent; 0: none, or not visible from here (task->real_parent).",
	  NUMBER(ppid) },
	{ "uid", "UID", "ruid", "", "Real user id (cred->uid).",
	  .type = KIN_TYPE_UID, COLUMN(uid) },
	{ "comm", "COMM", NULL, "", "Name of the task after the event, 15 bytes at most (task->comm).",
	  TEXT(comm) },
	{ "old_comm", "OLD-COMM", NULL, "", "Of exec and comm: its name before.",
	  TEXT(old_comm) },
	{ "cgroup_id", "CGROUP-ID", NULL, "", "Number of its control group after the event: inode of the directory in the cgroup file system.",
	  NUMBER(cgroup_id) },
	{ "time", "TIME", "boottime", "ns", "When it happened, as time since boot (CLOCK_BOOTTIME).",
	  TIME(time) },
	{ "start_boottime", "START", NULL, "ns", "When the task was created, as time since boot (task->start_boottime).",
	  TIME(start_boottime) },
	{ "cpu", "CPU", NULL, "", "CPU on which it happened.",
	  NUMBER(cpu) },
	{ "thread", "THREAD", NULL, "", "1 if it is of a thread, not of a process; else 0.",
	  NUMBER(thread) },
	{ "kthread", "KTHREAD", NULL, "", "1 if it is of a kernel thread, else 0 (PF_KTHREAD).",
	  NUMBER(kthread) },

	/* ---- fork, exec ---- */
	{ "creator", "CREATOR", NULL, "", "Of fork: the process that called fork or clone.",
	  NUMBER(creator) },
	{ "creator_thread", "CREATOR-TH", NULL, "", "Of fork: the thread of that process which called.",
	  NUMBER(creator_thread) },
	{ "filename", "FILENAME", "exe file", "", "Of exec: the file, as execve(2) was given it.",
	  TEXT(filename) },

	/* ---- exit ---- */
	{ "status", "STATUS", NULL, "", "Of exit: what a shell has in $?, 0 to 255: the exit code, or 128 and the number of the signal that killed it.",
	  NUMBER(status) },
	{ "code", "CODE", "exit_code", "", "Of exit: the exit code; absent if a signal killed it.",
	  NUMBER(code) },
	{ "signal", "SIGNAL", NULL, "", "Of exit: number of the signal that killed it; absent if it ended by itself.",
	  NUMBER(signal) },
	{ "signal_name", "SIGNAL-NAME", NULL, "", "The same by name: SIGKILL, SIGSEGV ...",
	  TEXT(signal_name) },
	{ "core", "CORE", "core_dumped", "", "Of exit: 1 if a core was dumped, else 0.",
	  NUMBER(core) },
	{ "oom_kill", "OOM-KILL", NULL, "", "Of exit: 1 if it was killed because the OOM killer had chosen it, else 0.",
	  NUMBER(oom_kill) },
	{ "lifetime", "LIFE", "life", "ns", "Of exit: how long it lived.",
	  TIME(lifetime) },
	{ "cputime", "CPUTIME", NULL, "ns", "Of exit: CPU time in user and kernel mode: utime + stime. Of a process, this and what follows are sums over its threads.",
	  TIME(cputime) },
	{ "utime", "UTIME", NULL, "ns", "Of exit: CPU time in user mode (task->utime, scaled).",
	  TIME(utime) },
	{ "stime", "STIME", NULL, "ns", "Of exit: CPU time in kernel mode (task->stime, scaled).",
	  TIME(stime) },
	{ "runtime", "RUNTIME", NULL, "ns", "Of exit: exact time on a CPU (se.sum_exec_runtime).",
	  TIME(runtime) },
	{ "rss_peak", "RSS-PEAK", NULL, "bytes", "Of exit: the most resident memory it ever had; absent of threads (mm->hiwater_rss).",
	  BYTES(rss_peak) },
	{ "minflt", "MINFLT", "min_flt", "", "Of exit: page faults that needed no I/O (task->min_flt).",
	  NUMBER(minflt) },
	{ "majflt", "MAJFLT", "maj_flt", "", "Of exit: page faults that waited for I/O (task->maj_flt).",
	  NUMBER(majflt) },
	{ "nvcsw", "NVCSW", NULL, "", "Of exit: voluntary context switches (task->nvcsw).",
	  NUMBER(nvcsw) },
	{ "nivcsw", "NIVCSW", NULL, "", "Of exit: involuntary context switches (task->nivcsw).",
	  NUMBER(nivcsw) },
	{ "rchar", "RCHAR", NULL, "bytes", "Of exit: bytes that it had read, from anything (ioac.rchar).",
	  BYTES(rchar) },
	{ "wchar", "WCHAR", NULL, "bytes", "Of exit: bytes that it had written, to anything (ioac.wchar).",
	  BYTES(wchar) },
	{ "read_bytes", "READ", NULL, "bytes", "Of exit: bytes that it had read from storage (ioac.read_bytes).",
	  BYTES(read_bytes) },
	{ "write_bytes", "WRITE", NULL, "bytes", "Of exit: bytes that it had made ready to be written to storage (ioac.write_bytes).",
	  BYTES(write_bytes) },

	/* ---- the OOM killer's choice ---- */
	{ "rss", "RSS", NULL, "bytes", "Of oom: resident memory of whom the OOM killer has chosen: rss_anon + rss_file + rss_shmem.",
	  BYTES(rss) },
	{ "rss_anon", "RSS-ANON", NULL, "bytes", "Of oom: its resident anonymous memory (MM_ANONPAGES).",
	  BYTES(rss_anon) },
	{ "rss_file", "RSS-FILE", NULL, "bytes", "Of oom: its resident pages of files (MM_FILEPAGES).",
	  BYTES(rss_file) },
	{ "rss_shmem", "RSS-SHMEM", NULL, "bytes", "Of oom: its resident shared memory (MM_SHMEMPAGES).",
	  BYTES(rss_shmem) },
	{ "oom_score_adj", "OOM-ADJ", NULL, "", "Of oom: -1000 to 1000, what was added to its score (signal->oom_score_adj).",
	  .type = KIN_TYPE_INT, COLUMN(oom_score_adj) },
};
/* clang-format on */

const struct kin_column_set kin_event_columns = {
	columns, sizeof(columns) / sizeof(columns[0])
};
