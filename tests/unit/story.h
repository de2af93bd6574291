/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up events of a family whose first member is created by SELF. */
#ifndef TEST_STORY_H
#define TEST_STORY_H

#include <string.h>

#include "members.h"

#define STORY_SELF 100
#define STORY_MS 1000000ull

struct story {
	struct kin_members members;
	uint64_t now_ns;	/* each event takes a millisecond */
};

static inline void story_begin(struct story *story, uint32_t leader_pid)
{
	memset(story, 0, sizeof(*story));
	story->now_ns = 1000 * STORY_MS;
	story->members.self = STORY_SELF;
	story->members.leader_pid = leader_pid;
	story->members.since_ns = story->now_ns;
}

/* A process starts at 1 s + its pid in us, unless a test says otherwise. */
static inline uint64_t story_start(uint32_t pid)
{
	return 1000 * STORY_MS + pid * 1000ull;
}

static inline struct kin_event story_base(struct story *story, uint32_t kind,
					  uint32_t pid, const char *comm)
{
	struct kin_event base = {
		.seq = story->members.n_events + 1,
		.boottime_ns = story->now_ns += STORY_MS,
		.start_boottime_ns = story_start(pid),
		.kind = kind,
		.pid = pid,
		.tgid = pid,
	};

	for (size_t i = 0; i < KIN_COMM_LEN - 1 && comm[i]; i++)
		base.comm[i] = comm[i];
	return base;
}

static inline int story_tell(struct story *story, const struct kin_event *base,
			     const struct kin_event_fork *fork,
			     const struct kin_event_exec *exec,
			     const struct kin_event_exit *end,
			     const char *filename)
{
	const struct kin_event_record rec = {
		.base = base,
		.fork = fork,
		.exec = exec,
		.exit = end,
		.filename = filename,
	};

	return kin_members_add(&rec, &story->members);
}

static inline void story_lose(struct story *story, uint64_t lost)
{
	const struct kin_event_record rec = { .lost = lost };

	kin_members_add(&rec, &story->members);
}

static inline void story_fork_at(struct story *story, uint32_t pid,
				 uint32_t creator, const char *comm,
				 uint64_t start_ns)
{
	struct kin_event base =
		story_base(story, KIN_EVENT_KIND_FORK, pid, comm);
	const struct kin_event_fork fork = { .creator_pid = creator,
					     .creator_tgid = creator };

	base.ppid = creator;
	base.start_boottime_ns = start_ns;
	story_tell(story, &base, &fork, NULL, NULL, NULL);
}

static inline void story_fork(struct story *story, uint32_t pid,
			      uint32_t creator, const char *comm)
{
	story_fork_at(story, pid, creator, comm, story_start(pid));
}

static inline void story_thread(struct story *story, uint32_t tid,
				uint32_t tgid, const char *comm)
{
	struct kin_event base =
		story_base(story, KIN_EVENT_KIND_FORK, tid, comm);
	const struct kin_event_fork fork = { .creator_pid = tgid,
					     .creator_tgid = tgid };

	base.tgid = tgid;
	base.flags = KIN_EVENT_THREAD;
	story_tell(story, &base, &fork, NULL, NULL, NULL);
}

static inline void story_exec(struct story *story, uint32_t pid,
			      uint32_t old_pid, const char *file,
			      const char *comm)
{
	const struct kin_event base =
		story_base(story, KIN_EVENT_KIND_EXEC, pid, comm);
	const struct kin_event_exec exec = { .old_pid = old_pid };

	story_tell(story, &base, NULL, &exec, NULL, file);
}

/* What a process has used is told by its pid: pid ms of CPU, pid KiB of RSS. */
static inline struct kin_event_exit story_end(uint32_t pid, uint32_t status)
{
	return (struct kin_event_exit){
		.runtime_ns = pid * STORY_MS,
		.rss_peak_bytes = pid * 1024ull,
		.status = status,
	};
}

static inline void story_exit_at(struct story *story, uint32_t pid,
				 const char *comm, uint32_t status,
				 uint64_t start_ns)
{
	const struct kin_event_exit end = story_end(pid, status);
	struct kin_event base =
		story_base(story, KIN_EVENT_KIND_EXIT, pid, comm);

	base.start_boottime_ns = start_ns;
	story_tell(story, &base, NULL, NULL, &end, NULL);
}

static inline void story_exit(struct story *story, uint32_t pid,
			      const char *comm, uint32_t status)
{
	story_exit_at(story, pid, comm, status, story_start(pid));
}

static inline void story_thread_exit(struct story *story, uint32_t tid,
				     uint32_t tgid, const char *comm)
{
	struct kin_event_exit end = story_end(tid, 0);
	struct kin_event base =
		story_base(story, KIN_EVENT_KIND_EXIT, tid, comm);

	base.tgid = tgid;
	base.flags = KIN_EVENT_THREAD;
	end.rss_peak_bytes = KIN_NONE64;
	story_tell(story, &base, NULL, NULL, &end, NULL);
}

#endif /* TEST_STORY_H */
