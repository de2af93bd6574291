// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ending.h"
#include "events.h"
#include "format.h"

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define MAGENTA "\033[35m"
#define CYAN "\033[36m"
#define ALARM "\033[1;31m"

/* Where columns start: the time stands in the first ones. */
enum {
	AT_PID = EVENTCLOCK_WIDTH + 1,
	PID_WIDTH = 7,
	AT_EVENT = AT_PID + PID_WIDTH + 1,
	AT_COMM = AT_EVENT + 7,
	AT_WHAT = AT_COMM + KIN_COMM_LEN,
};

static void go_to(struct treeline *line, uint32_t column)
{
	treeline_pad(line, line->width < column ? column - line->width : 1);
}

static void put_duration(struct treeline *line, const char *what, uint64_t ns)
{
	if (ns == KIN_NONE64)
		return;
	treeline_ascii(line, what);
	treeline_duration(line, ns);
}

static void put_bytes(struct treeline *line, const char *what, uint64_t bytes)
{
	char text[KIN_FORMAT_MAX];
	size_t len;

	if (bytes == KIN_NONE64)
		return;
	len = kin_format_bytes(text, bytes);
	treeline_ascii(line, what);
	treeline_put(line, text, len, len);
	if (bytes < 1024)
		treeline_ascii(line, " bytes");
}

static void put_comm(struct treeline *line, const char *comm)
{
	treeline_foreign(line, comm, strnlen(comm, KIN_COMM_LEN));
}

/* ---- what happened, by kind ---- */

static void put_other_pid(struct treeline *line, const char *what, uint32_t pid)
{
	treeline_ascii(line, what);
	if (pid)
		treeline_number(line, pid);
	else
		treeline_ascii(line, "one outside this pid namespace");
}

static void put_fork(struct treeline *line, const struct kin_event_record *rec)
{
	const struct kin_event *ev = rec->base;
	const struct kin_event_fork *fork = rec->fork;

	treeline_ascii(line, "-> ");
	treeline_number(line, ev->pid);
	if (ev->flags & KIN_EVENT_THREAD)
		treeline_ascii(line, " (thread)");
	if (!fork)
		return;
	if (fork->creator_pid != fork->creator_tgid)
		put_other_pid(line, ", by thread ", fork->creator_pid);
	if (!(ev->flags & KIN_EVENT_THREAD) && ev->ppid != fork->creator_tgid)
		put_other_pid(line, ", child of ", ev->ppid);
}

static void put_exec(struct treeline *line, const struct kin_event_record *rec)
{
	if (rec->filename)
		treeline_word(line, rec->filename, strlen(rec->filename));
	else
		treeline_ascii(line, "-");
	if (!rec->exec)
		return;
	if (rec->exec->old_comm[0]) {
		treeline_ascii(line, ", was ");
		put_comm(line, rec->exec->old_comm);
	}
	if (rec->exec->old_pid != rec->base->pid)
		put_other_pid(line, ", by thread ", rec->exec->old_pid);
}

static void put_exit(struct treeline *line, const struct kin_event_record *rec)
{
	const struct kin_event_exit *exit = rec->exit;
	char text[KIN_ENDING_MAX];
	size_t len;

	if (rec->base->flags & KIN_EVENT_THREAD)
		put_other_pid(line, "thread of ", rec->base->tgid);
	if (!exit)
		return;
	if (rec->base->flags & KIN_EVENT_THREAD)
		treeline_ascii(line, ", ");
	len = kin_ending_put(text, exit->status, rec->base->flags);
	treeline_put(line, text, len, len);
	put_duration(line, "; lived ", kin_event_life_ns(rec->base));
	put_duration(line, ", CPU ", exit->runtime_ns);
	put_bytes(line, ", peak RSS ", exit->rss_peak_bytes);
}

static void put_renamed(struct treeline *line,
			const struct kin_event_record *rec)
{
	if (!rec->comm)
		return;
	treeline_ascii(line, "was ");
	put_comm(line, rec->comm->old_comm);
}

static void put_oom(struct treeline *line, const struct kin_event_record *rec)
{
	char text[KIN_FORMAT_MAX];
	size_t len;

	treeline_ascii(line, "chosen by the OOM killer");
	if (!rec->oom)
		return;
	put_bytes(line, "; RSS: anonymous ", rec->oom->rss_anon_bytes);
	put_bytes(line, ", files ", rec->oom->rss_file_bytes);
	put_bytes(line, ", shared ", rec->oom->rss_shmem_bytes);
	treeline_ascii(line, "; score adjusted by ");
	len = kin_format_i64(text, rec->oom->oom_score_adj);
	treeline_put(line, text, len, len);
}

static void put_cgroup(struct treeline *line,
		       const struct kin_event_record *rec)
{
	if (rec->base->cgroup_id == KIN_NONE64)
		return;
	treeline_ascii(line, "-> cgroup ");
	treeline_number(line, rec->base->cgroup_id);
}

static void put_nothing(struct treeline *line,
			const struct kin_event_record *rec)
{
}

static const struct look {
	uint32_t kind;
	const char *color;
	void (*put)(struct treeline *line, const struct kin_event_record *rec);
} looks[] = {
	{ KIN_EVENT_KIND_FORK, GREEN, put_fork },
	{ KIN_EVENT_KIND_EXEC, CYAN, put_exec },
	{ KIN_EVENT_KIND_EXIT, "", put_exit },
	{ KIN_EVENT_KIND_COMM, YELLOW, put_renamed },
	{ KIN_EVENT_KIND_OOM, ALARM, put_oom },
	{ KIN_EVENT_KIND_CGROUP, MAGENTA, put_cgroup },
	{ 0, "", put_nothing },
};

static const struct look *find_look(uint32_t kind)
{
	const struct look *look = looks;

	while (look->kind && look->kind != kind)
		look++;
	return look;
}

/* ---- the line ---- */

static const char *pick_color(const struct look *look,
			      const struct kin_event_record *rec)
{
	if (rec->exit && rec->exit->status)
		return RED;
	return look->color;
}

/* Who did it: who created, or whom it happened to. */
static uint32_t pick_pid(const struct kin_event_record *rec)
{
	return rec->fork ? rec->fork->creator_tgid : rec->base->pid;
}

static void put_pid(struct treeline *line, uint32_t pid)
{
	char text[KIN_FORMAT_MAX] = "-";
	const size_t len = pid ? kin_format_u64(text, pid) : 1;

	go_to(line, len < PID_WIDTH ? AT_PID + PID_WIDTH - len : AT_PID);
	treeline_put(line, text, len, len);
}

static void put_name(struct eventtext *text, const char *name,
		     const char *color)
{
	const bool colored = text->color && *color;

	go_to(&text->line, AT_EVENT);
	if (colored)
		treeline_color(&text->line, color);
	treeline_ascii(&text->line, name);
	if (colored)
		treeline_color(&text->line, "");
	go_to(&text->line, AT_COMM);
}

static void put_loss(struct eventtext *text, uint64_t lost)
{
	put_pid(&text->line, 0);
	put_name(text, "lost", ALARM);
	treeline_ascii(&text->line, "-");
	go_to(&text->line, AT_WHAT);
	treeline_number(&text->line, lost);
	treeline_ascii(&text->line, lost == 1 ?
			       " event is missing here" :
			       " events are missing here");
	treeline_ascii(&text->line, ": not read in time");
}

static void put_event(struct eventtext *text,
		      const struct kin_event_record *rec)
{
	const struct look *look = find_look(rec->base->kind);
	struct treeline *line = &text->line;
	char time[KIN_FORMAT_MAX];
	size_t len = eventclock_put(text->clock, time, rec->base->boottime_ns);

	treeline_put(line, time, len, len);
	put_pid(line, pick_pid(rec));
	put_name(text, kin_event_name(rec->base->kind), pick_color(look, rec));
	put_comm(line, rec->base->comm);
	go_to(line, AT_WHAT);
	look->put(line, rec);
}

void eventtext_put_headings(struct eventtext *text)
{
	struct treeline *line = &text->line;

	treeline_ascii(line, text->clock->boottime ? "     SINCE BOOT" :
						     "TIME");
	go_to(line, AT_PID + PID_WIDTH - 3);
	treeline_ascii(line, "PID");
	put_name(text, "EVENT", "");
	treeline_ascii(line, "COMM");
	go_to(line, AT_WHAT);
	treeline_ascii(line, "WHAT HAPPENED");
	treeline_end(line);
}

bool eventtext_put(struct eventtext *text, const struct kin_event_record *rec)
{
	if (rec->base)
		put_event(text, rec);
	else
		put_loss(text, rec->lost);
	return treeline_end(&text->line);
}
