// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ending.h"
#include "events.h"

static void json_comm(struct kin_json *json, const char *key, const char *comm)
{
	kin_json_bytes(json, key, comm, strnlen(comm, KIN_COMM_LEN));
}

static void json_fork(struct kin_json *json, const struct kin_event_fork *fork)
{
	kin_json_u64(json, "creator_pid", fork->creator_pid);
	kin_json_u64(json, "creator_tgid", fork->creator_tgid);
	kin_json_known(json, "parent_start_boottime_ns",
		       fork->parent_start_boottime_ns);
	kin_json_u64(json, "pgid", fork->pgid);
	kin_json_u64(json, "sid", fork->sid);
	kin_json_i64(json, "exit_signal", fork->exit_signal);
	kin_json_known(json, "clone_flags", fork->clone_flags);
}

static void json_exec(struct kin_json *json, const struct kin_event_exec *exec,
		      const char *filename)
{
	if (filename)
		kin_json_str(json, "filename", filename);
	else
		kin_json_null(json, "filename");
	if (exec->old_comm[0])
		json_comm(json, "old_comm", exec->old_comm);
	else
		kin_json_null(json, "old_comm");
	kin_json_u64(json, "old_pid", exec->old_pid);
	kin_json_known(json, "exec_id", exec->exec_id);
}

static void json_exit(struct kin_json *json, const struct kin_event *ev,
		      const struct kin_event_exit *exit)
{
	kin_ending_json(json, exit->status, ev->flags);
	kin_json_known(json, "life_ns", kin_event_life_ns(ev));
	kin_json_known(json, "utime_ns", exit->utime_ns);
	kin_json_known(json, "stime_ns", exit->stime_ns);
	kin_json_known(json, "runtime_ns", exit->runtime_ns);
	kin_json_known(json, "min_flt", exit->min_flt);
	kin_json_known(json, "maj_flt", exit->maj_flt);
	kin_json_known(json, "nvcsw", exit->nvcsw);
	kin_json_known(json, "nivcsw", exit->nivcsw);
	kin_json_known(json, "rss_peak_bytes", exit->rss_peak_bytes);
	kin_json_known(json, "rchar_bytes", exit->rchar_bytes);
	kin_json_known(json, "wchar_bytes", exit->wchar_bytes);
	kin_json_known(json, "read_bytes", exit->read_bytes);
	kin_json_known(json, "write_bytes", exit->write_bytes);
}

static void json_oom(struct kin_json *json, const struct kin_event_oom *oom)
{
	kin_json_known(json, "rss_anon_bytes", oom->rss_anon_bytes);
	kin_json_known(json, "rss_file_bytes", oom->rss_file_bytes);
	kin_json_known(json, "rss_shmem_bytes", oom->rss_shmem_bytes);
	kin_json_i64(json, "oom_score_adj", oom->oom_score_adj);
}

static void json_base(struct kin_json *json, const struct eventclock *clock,
		      const struct kin_event *ev)
{
	kin_json_str(json, "event", kin_event_name(ev->kind));
	kin_json_u64(json, "seq", ev->seq);
	kin_json_i64(json, "time_ns",
		     (uint64_t)clock->boot_epoch_ns + ev->boottime_ns);
	kin_json_u64(json, "boottime_ns", ev->boottime_ns);
	kin_json_u64(json, "cpu", ev->cpu);
	kin_json_u64(json, "pid", ev->pid);
	kin_json_u64(json, "tgid", ev->tgid);
	kin_json_u64(json, "ppid", ev->ppid);
	kin_json_u64(json, "start_boottime_ns", ev->start_boottime_ns);
	kin_json_u64(json, "uid", ev->uid);
	kin_json_known(json, "cgroup_id", ev->cgroup_id);
	json_comm(json, "comm", ev->comm);
	kin_json_bool(json, "thread", ev->flags & KIN_EVENT_THREAD);
	kin_json_bool(json, "kthread", ev->flags & KIN_EVENT_KTHREAD);
}

static void json_event(struct kin_json *json, const struct eventclock *clock,
		       const struct kin_event_record *rec)
{
	json_base(json, clock, rec->base);
	if (rec->fork)
		json_fork(json, rec->fork);
	if (rec->exec)
		json_exec(json, rec->exec, rec->filename);
	if (rec->exit)
		json_exit(json, rec->base, rec->exit);
	if (rec->comm)
		json_comm(json, "old_comm", rec->comm->old_comm);
	if (rec->oom)
		json_oom(json, rec->oom);
}

void eventjson_put(FILE *out, const struct eventclock *clock,
		   const struct kin_event_record *rec)
{
	struct kin_json json;

	kin_json_begin(&json, out);
	kin_json_object_line(&json, NULL);
	if (rec->base) {
		json_event(&json, clock, rec);
	} else {
		kin_json_str(&json, "event", "lost");
		kin_json_u64(&json, "lost", rec->lost);
	}
	kin_json_object_end(&json);
	kin_json_end(&json);
}
