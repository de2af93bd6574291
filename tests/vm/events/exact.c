// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../workload/task.h"
#include "../truth/tap.h"
#include "account.h"
#include "exact.h"
#include "match.h"
#include "story.h"

#define MAX_NOTES 20
#define TICK_NS	  10000000 /* of /proc/PID/stat: 100 in a second */

static const char *const aspect_names[N_ASPECTS] = {
	[ASPECT_FORK] = "forks tell who was made, by whom and how",
	[ASPECT_EXEC] = "execs tell the file, the names and the thread",
	[ASPECT_COMM] = "renamings tell both names",
	[ASPECT_EXIT] = "exits tell how it ended",
	[ASPECT_ACCOUNT] =
		"exits tell what was used, as wait4() and the process itself",
	[ASPECT_WHO] = "each tells who its task is",
	[ASPECT_ORDER] = "order: of each task, its process, its parents",
	[ASPECT_EXTRA] = "nothing that was not done",
	[ASPECT_MISSING] = "nothing that was done is missing",
	[ASPECT_SEQ] = "sequence without gap, time never goes back",
};

void story_wrong(struct story *st, enum aspect aspect, const struct seen *seen,
		 const char *fmt, ...)
{
	char what[256];
	va_list args;

	st->bad[aspect]++;
	if (st->notes++ >= MAX_NOTES)
		return;
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	tap_note("%s%s%s", what, seen ? ": " : "", seen ? seen_text(seen) : "");
}

#define CHECK(st, aspect, seen, ok, ...)                            \
	do {                                                        \
		if (!(ok))                                          \
			story_wrong(st, aspect, seen, __VA_ARGS__); \
	} while (0)

/* What is in the numbers of a life that was never in the log of itself. */
static uint32_t pid_of(uint32_t key)
{
	return LIFE(key)->pid;
}

/* ---- who it is ---- */

static bool is_ancestor(uint32_t pid, uint32_t key)
{
	while (key) {
		key = LIFE(key)->parent;
		if (pid_of(key) == pid)
			return true;
	}
	return false;
}

/* While its parent lives, it has no other. */
static void check_parent(struct story *st, uint32_t key,
			 const struct seen *seen)
{
	const uint32_t parent = LIFE(LIFE(key)->main)->parent;
	const uint32_t ppid = seen->base.ppid;

	if (!parent || !st->part[parent].ended)
		CHECK(st, ASPECT_WHO, seen, ppid == pid_of(parent),
		      "the parent %u lives", pid_of(parent));
	else
		CHECK(st, ASPECT_WHO, seen,
		      ppid == pid_of(parent) || is_ancestor(ppid, parent),
		      "no ancestor, whose parent was %u", pid_of(parent));
}

static void check_who(struct story *st, uint32_t key, const struct seen *seen,
		      uint32_t uid, const char *comm)
{
	const struct log_life *life = LIFE(key);
	const struct kin_event *base = &seen->base;

	CHECK(st, ASPECT_WHO, seen, base->tgid == pid_of(life->main),
	      "the process is %u", pid_of(life->main));
	CHECK(st, ASPECT_WHO, seen, !(base->flags & ~KIN_EVENT_THREAD),
	      "flags are %#x", base->flags);
	CHECK(st, ASPECT_WHO, seen, base->uid == uid, "uid is %u", uid);
	CHECK(st, ASPECT_WHO, seen, !memcmp(base->comm, comm, KIN_COMM_LEN),
	      "\"%s\" is \"%s\"", base->comm, comm);
	CHECK(st, ASPECT_WHO, seen,
	      base->start_boottime_ns / TICK_NS == life->start_ticks,
	      "started at tick %" PRIu64 ", not %" PRIu64, life->start_ticks,
	      (uint64_t)base->start_boottime_ns / TICK_NS);
	CHECK(st, ASPECT_WHO, seen,
	      base->boottime_ns >= base->start_boottime_ns,
	      "before it started");
	CHECK(st, ASPECT_WHO, seen,
	      base->start_boottime_ns == st->part[key].start_ns,
	      "another start than when it was born");
	CHECK(st, ASPECT_WHO, seen, base->cgroup_id == st->cgroup,
	      "cgroup %" PRIu64, (uint64_t)base->cgroup_id);
	check_parent(st, key, seen);
}

/* ---- fork ---- */

static void check_fork(struct story *st, uint32_t key, const struct seen *seen)
{
	const struct log_life *life = LIFE(key);
	const struct kin_event_fork *fork = &seen->part.fork;
	const bool thread = life->main != key;

	CHECK(st, ASPECT_FORK, seen, seen->has_part, "has no part");
	CHECK(st, ASPECT_FORK, seen,
	      !(seen->base.flags & KIN_EVENT_THREAD) == !thread,
	      "is %sa thread", thread ? "" : "not ");
	CHECK(st, ASPECT_FORK, seen,
	      fork->creator_pid == pid_of(life->creator) &&
		      fork->creator_tgid == pid_of(LIFE(life->creator)->main),
	      "made by %u, not %u of %u", pid_of(life->creator),
	      fork->creator_pid, fork->creator_tgid);
	CHECK(st, ASPECT_FORK, seen, fork->clone_flags == life->clone_flags,
	      "flags %#" PRIx64 ", not %#" PRIx64, life->clone_flags,
	      (uint64_t)fork->clone_flags);
	CHECK(st, ASPECT_FORK, seen, fork->exit_signal == life->exit_signal,
	      "exit signal %d, not %d", life->exit_signal, fork->exit_signal);
	CHECK(st, ASPECT_FORK, seen,
	      fork->pgid == life->pgid && fork->sid == life->sid,
	      "process group %u, session %u; not %u, %u", life->pgid, life->sid,
	      fork->pgid, fork->sid);
	if (LIFE(life->main)->parent)
		CHECK(st, ASPECT_FORK, seen,
		      fork->parent_start_boottime_ns ==
			      st->part[LIFE(life->main)->parent].start_ns,
		      "its parent did not start at %" PRIu64,
		      (uint64_t)fork->parent_start_boottime_ns);
}

/* A creator's children come in the order in which it made them. */
static void take_fork(struct story *st, uint32_t key, const struct seen *seen)
{
	const struct log_life *life = LIFE(key);
	struct part *creator = &st->part[life->creator];
	struct part *part = &st->part[key];

	CHECK(st, ASPECT_ORDER, seen,
	      !life->creator || (creator->forked && !creator->ended),
	      "the creator %u does not live", pid_of(life->creator));
	CHECK(st, ASPECT_ORDER, seen, creator->last_child < key,
	      "the creator has made it before others");
	creator->last_child = key;
	part->forked = true;
	part->next_act = life->first_act;
	part->start_ns = seen->base.start_boottime_ns;
	st->part[life->main].living++;
	check_fork(st, key, seen);
	check_who(st, key, seen, life->born_uid, life->born_comm);
}

/* ---- what it does ---- */

static const struct log_act *next_act(struct story *st, uint32_t key,
				      enum log_act_kind kind)
{
	struct part *part = &st->part[key];
	const struct log_act *act = &task_log->act[part->next_act];

	if (!part->next_act || act->kind != kind)
		return NULL;
	part->next_act = act->next;
	return act;
}

static void take_exec(struct story *st, uint32_t key, const struct seen *seen)
{
	const struct kin_event_exec *exec = &seen->part.exec;
	const struct log_act *act = next_act(st, key, LOG_ACT_EXEC);
	struct part *part = &st->part[key];
	const char *file;

	if (!act) {
		story_wrong(st, ASPECT_EXTRA, seen, "did not do that then");
		return;
	}
	file = task_log->bytes + act->file;
	CHECK(st, ASPECT_EXEC, seen,
	      seen->filename && !strcmp(seen->filename, file),
	      "\"%.40s\" is \"%.40s\"", seen->filename ?: "", file);
	CHECK(st, ASPECT_EXEC, seen,
	      !memcmp(exec->old_comm, act->old_comm, KIN_COMM_LEN),
	      "was \"%s\", not \"%s\"", act->old_comm, exec->old_comm);
	CHECK(st, ASPECT_EXEC, seen, exec->old_pid == act->old_pid,
	      "the thread was %u, not %u", act->old_pid, exec->old_pid);
	CHECK(st, ASPECT_EXEC, seen, !(seen->base.flags & KIN_EVENT_THREAD),
	      "is a process's");
	CHECK(st, ASPECT_EXEC, seen,
	      !part->exec_id || exec->exec_id == part->exec_id + 1,
	      "exec_id %" PRIu64 " after %" PRIu64, (uint64_t)exec->exec_id,
	      part->exec_id);
	part->exec_id = exec->exec_id;
	/* Whoever called it is the main thread now, and the only one. */
	CHECK(st, ASPECT_ORDER, seen, part->living == 1,
	      "%u threads live, whoever called it is one", part->living);
	part->main_ended = false;
	check_who(st, key, seen, act->uid, act->comm);
}

static void take_comm(struct story *st, uint32_t key, const struct seen *seen)
{
	const struct log_act *act = next_act(st, key, LOG_ACT_COMM);

	if (!act) {
		story_wrong(st, ASPECT_EXTRA, seen, "did not do that then");
		return;
	}
	CHECK(st, ASPECT_COMM, seen,
	      !memcmp(seen->part.comm.old_comm, act->old_comm, KIN_COMM_LEN),
	      "was \"%s\", not \"%s\"", act->old_comm,
	      seen->part.comm.old_comm);
	CHECK(st, ASPECT_COMM, seen,
	      !(seen->base.flags & KIN_EVENT_THREAD) ==
		      (LIFE(key)->main == key),
	      "process or thread");
	check_who(st, key, seen, act->uid, act->comm);
}

/* ---- its end ---- */

static void check_last(struct story *st, uint32_t key, const struct seen *seen)
{
	struct part *part = &st->part[key];

	CHECK(st, ASPECT_ORDER, seen, !part->next_act,
	      "has not done all that it did");
	CHECK(st, ASPECT_ORDER, seen,
	      !LIFE(key)->reaped || !st->part[LIFE(key)->reaper].ended,
	      "after who waited for it");
	part->ended = true;
}

/* Two that end at a time on two processors may be told in either order: then the
 * last of the others has just been told. */
#define AT_A_TIME_NS 1000000000

static bool others_live(const struct part *part, const struct seen *seen)
{
	return part->living > 1 ||
	       (part->thread_ended_ns &&
		seen->base.boottime_ns - part->thread_ended_ns < AT_A_TIME_NS);
}

/* Of its own will, by an exec, or because the whole process was ended. */
static void take_main_end(struct story *st, uint32_t key,
			  const struct seen *seen)
{
	const struct log_act *act = next_act(st, key, LOG_ACT_MAIN_END);
	struct part *part = &st->part[key];

	CHECK(st, ASPECT_EXTRA, seen,
	      !part->main_ended && others_live(part, seen) &&
		      (act || !part->next_act),
	      "the main thread did not end");
	part->main_ended = true;
	part->living--;
	CHECK(st, ASPECT_EXIT, seen,
	      !act || act->code == LOG_NO_CODE ||
		      seen->part.exit.status == act->code % 256 << 8,
	      "the main thread's status is %#x", seen->part.exit.status);
	check_who(st, key, seen, act ? act->uid : LIFE(key)->uid,
		  act ? act->comm : LIFE(key)->comm);
}

static void take_thread_end(struct story *st, uint32_t key,
			    const struct seen *seen)
{
	const struct log_life *life = LIFE(key);
	const struct kin_event_exit *exit = &seen->part.exit;

	st->part[life->main].living--;
	st->part[life->main].thread_ended_ns = seen->base.boottime_ns;
	CHECK(st, ASPECT_EXTRA, seen, life->end != LOG_BECAME_MAIN,
	      "became the main thread");
	CHECK(st, ASPECT_ORDER, seen, !st->part[life->main].ended,
	      "after its process");
	CHECK(st, ASPECT_EXIT, seen,
	      life->end != LOG_EXIT_THREAD || exit->status == life->code % 256
								      << 8,
	      "status %#x is %#x", exit->status, life->code % 256 << 8);
	CHECK(st, ASPECT_ACCOUNT, seen, exit->rss_peak_bytes == KIN_NONE64,
	      "a thread has no memory of its own");
	check_last(st, key, seen);
	check_who(st, key, seen, life->uid, life->comm);
}

static void take_process_end(struct story *st, uint32_t key,
			     const struct seen *seen)
{
	const struct log_life *life = LIFE(key);
	struct part *part = &st->part[key];

	CHECK(st, ASPECT_ORDER, seen,
	      part->living == (part->main_ended ? 0 : 1),
	      "%u of its threads are not told to have ended",
	      part->living - !part->main_ended);
	CHECK(st, ASPECT_EXIT, seen, life->reaped, "nobody waited for it");
	CHECK(st, ASPECT_EXIT, seen, seen->part.exit.status == life->status,
	      "status %#x is %#x", seen->part.exit.status, life->status);
	account_check(st, key, seen);
	check_last(st, key, seen);
	check_who(st, key, seen, life->uid, life->comm);
}

static void take_exit(struct story *st, uint32_t key, const struct seen *seen)
{
	const bool thread = seen->base.flags & KIN_EVENT_THREAD;

	CHECK(st, ASPECT_EXIT, seen, seen->has_part, "has no part");
	if (!thread)
		take_process_end(st, key, seen);
	else if (seen->base.pid == seen->base.tgid)
		take_main_end(st, key, seen);
	else
		take_thread_end(st, key, seen);
}

/* ---- all of it ---- */

static void take(struct story *st, const struct seen *seen)
{
	const bool fork = seen->base.kind == KIN_EVENT_KIND_FORK;
	const uint32_t key = fork ? story_born(st, seen->base.pid) :
				    story_living(st, seen->base.pid);

	if (!key) {
		story_wrong(st, ASPECT_EXTRA, seen, "nobody did that");
		return;
	}
	st->told[seen->base.kind]++;
	switch (seen->base.kind) {
	case KIN_EVENT_KIND_FORK:
		take_fork(st, key, seen);
		break;
	case KIN_EVENT_KIND_EXEC:
		take_exec(st, key, seen);
		break;
	case KIN_EVENT_KIND_COMM:
		take_comm(st, key, seen);
		break;
	case KIN_EVENT_KIND_EXIT:
		take_exit(st, key, seen);
		break;
	default:
		story_wrong(st, ASPECT_EXTRA, seen, "nobody did that");
	}
}

static void check_seq(struct story *st, const struct reader *r)
{
	for (size_t i = 1; i < r->n; i++)
		CHECK(st, ASPECT_SEQ, &r->seen[i],
		      r->seen[i].base.boottime_ns >=
			      r->seen[i - 1].base.boottime_ns,
		      "time goes back by %" PRIu64 " ns",
		      (uint64_t)(r->seen[i - 1].base.boottime_ns -
				 r->seen[i].base.boottime_ns));
	CHECK(st, ASPECT_SEQ, NULL, !r->odd_seqs && !r->lost,
	      "%u gaps, %" PRIu64 " lost", r->odd_seqs, r->lost);
}

static void check_missing(struct story *st)
{
	for (uint32_t key = 1; key < task_log->lives; key++) {
		const struct log_life *life = LIFE(key);
		const struct part *part = &st->part[key];
		const bool ends = life->end != LOG_BECAME_MAIN;

		CHECK(st, ASPECT_MISSING, NULL,
		      part->forked && part->ended == ends && !part->next_act,
		      "%u of %u:%s%s%s", life->pid, pid_of(life->main),
		      part->forked ? "" : " no fork",
		      part->ended == ends ? "" : " no exit",
		      part->next_act ? " not all it did" : "");
	}
}

void exact_check(const struct reader *r, const struct mark *mark)
{
	struct story st;

	story_start(&st, r->n ? r->seen[0].base.cgroup_id : 0);
	for (size_t i = 0; i < r->n; i++) {
		if (!mark_has(mark, &r->seen[i]))
			take(&st, &r->seen[i]);
	}
	check_missing(&st);
	check_seq(&st, r);
	account_check_sum(&st);
	tap_note("%u tasks: %u forks, %u execs, %u renamings, %u ends",
		 task_log->lives - 1, st.told[KIN_EVENT_KIND_FORK],
		 st.told[KIN_EVENT_KIND_EXEC], st.told[KIN_EVENT_KIND_COMM],
		 st.told[KIN_EVENT_KIND_EXIT]);
	tap_note("%u of them ran %" PRIu64 " us, wait4() says %" PRIu64,
		 st.accounts, st.run_ns / 1000, st.waited_run_ns / 1000);
	for (int i = 0; i < N_ASPECTS; i++)
		tap_ok(!st.bad[i], "%s", aspect_names[i]);
	story_end(&st);
}
