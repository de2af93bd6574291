/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up events, for the tests of mirrors. */
#ifndef TEST_MIRROR_H
#define TEST_MIRROR_H

#include <string.h>

#include "family.h"
#include "nodes.h"

/* An event with all that it may have; point a record at what it is about. */
struct news {
	struct kin_event ev;
	struct kin_event_fork fork;
	struct kin_event_exec exec;
	struct kin_event_exit exit;
	struct kin_event_comm comm;
};

static inline struct news news_of(uint32_t kind, uint32_t pid, uint64_t start,
				  uint32_t tgid)
{
	struct news news = { 0 };

	news.ev.kind = kind;
	news.ev.pid = pid;
	news.ev.tgid = tgid;
	news.ev.start_boottime_ns = start;
	news.ev.cgroup_id = 1;
	strcpy(news.ev.comm, "news");
	if (pid != tgid)
		news.ev.flags = KIN_EVENT_THREAD;
	return news;
}

static inline struct kin_event_record news_record(const struct news *news)
{
	struct kin_event_record rec = { .base = &news->ev };

	if (news->ev.kind == KIN_EVENT_KIND_FORK)
		rec.fork = &news->fork;
	if (news->ev.kind == KIN_EVENT_KIND_EXEC)
		rec.exec = &news->exec;
	if (news->ev.kind == KIN_EVENT_KIND_EXIT)
		rec.exit = &news->exit;
	if (news->ev.kind == KIN_EVENT_KIND_COMM)
		rec.comm = &news->comm;
	return rec;
}

static inline int news_tell(struct kin_nodes *nodes, const struct news *news)
{
	const struct kin_event_record rec = news_record(news);

	return kin_nodes_apply(&rec, nodes);
}

/* A task as a dump would have it: base, and what of its groups is there. */
static inline struct kin_record news_task(const struct kin_task *task)
{
	return (struct kin_record){
		.base = &task->base,
		.sched = task->groups & KIN_GROUP_SCHED ? &task->sched : NULL,
		.mem = task->groups & KIN_GROUP_MEM ? &task->mem : NULL,
		.cgroup_id = task->cgroup_id ? task->cgroup_id : KIN_NONE64,
		.cmdline = task->cmdline,
		.cmdline_len = task->cmdline_len,
		.cgroup_path = task->cgroup_path,
		.files = task->groups & KIN_GROUP_FILES ? &task->files : NULL,
		.io = task->groups & KIN_GROUP_IO ? &task->io : NULL,
		.exe = task->exe,
		.stack = task->stack,
		.denied = task->denied,
		.busy = task->busy,
	};
}

#endif /* TEST_MIRROR_H */
