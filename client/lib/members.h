/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All members of a family that ever lived, however short: processes and threads,
 * collected from the events of a subscription on their subtree. Each stands below
 * who created it, whoever looks after it later. Memory grows with the number of
 * members (some 200 bytes each, and the names of the files they executed).
 */
#ifndef KIN_MEMBERS_H
#define KIN_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libkin.h"

/* Members are named by their index; this is none. */
#define KIN_MEMBER_NONE UINT32_MAX

/* So many files of a member's execs are kept, the first ones. */
#define KIN_MEMBER_EXECS 16

enum kin_member_flag {
	KIN_MEMBER_THREAD	= 1 << 0,	/* a thread, not a process */
	KIN_MEMBER_OOM		= 1 << 1,	/* the OOM killer had chosen it */
	KIN_MEMBER_EXECED	= 1 << 2,	/* a thread that became the main one: execve() */
	KIN_MEMBER_FOUND	= 1 << 3,	/* its birth was lost: below its ppid */
	KIN_MEMBER_MISSED	= 1 << 4,	/* its number was given out again: its end was lost */
};

struct kin_member {
	uint64_t start_boottime_ns;	/* with pid, its identity */
	uint64_t end_boottime_ns;	/* KIN_NONE64: not seen to end */
	struct kin_event_exit end;	/* all bits set: not known */
	uint32_t pid, tgid;
	uint32_t ppid;			/* process that created it; of a thread: its own */
	uint32_t parent;		/* the same as a member; none: a root */
	uint32_t uid;			/* real */
	uint32_t flags;			/* enum kin_member_flag */
	uint32_t n_execs;
	uint32_t first_exec, last_exec;	/* of those that are kept */
	char comm[KIN_COMM_LEN];	/* the last one */
};

struct kin_member_exec {
	size_t file;			/* where it starts in text */
	uint32_t next;			/* KIN_MEMBER_NONE: the last one */
};

struct kin_members {
	/* set by the caller, all else zeroed */
	uint32_t self;			/* creates the first ones, and is none */
	uint32_t leader_pid;		/* the one of them whose end is waited for */
	uint64_t since_ns;		/* who started before this is none */
	/* to be read */
	struct kin_member *list;	/* in the order of their birth */
	size_t n;
	size_t n_alive;			/* processes not seen to end */
	uint64_t n_events;
	uint64_t n_lost;
	uint64_t last_ns;		/* when the last event happened */
	bool cut;			/* the caller's: events ended too early */
	/* the rest is members.c's */
	size_t leader;			/* index + 1 */
	size_t room;
	uint32_t *slots;		/* index + 1 of the latest with a number */
	size_t n_slots, n_used;
	struct kin_member_exec *execs;
	size_t n_execs, room_execs;
	char *text;
	size_t n_text, room_text;
};

/* kin_members_add - take an event, or a loss; a kin_event_fn, @members: a struct
 * kin_members. What is not about a member is nothing. Returns 0 or -ENOMEM. */
int kin_members_add(const struct kin_event_record *rec, void *members);

/* kin_members_free - the struct is empty then; zeroed ones may come */
void kin_members_free(struct kin_members *members);

/* kin_members_leader - who was given as such; NULL: nothing was told of it */
struct kin_member *kin_members_leader(const struct kin_members *members);

/* kin_members_ended - what somebody else knows of the end of a process; its end
 * remains unless it was not known */
void kin_members_ended(struct kin_members *members, struct kin_member *member,
		       uint32_t status, uint64_t boottime_ns);

/* kin_members_file - the file of an exec that is kept; NULL: not known */
const char *kin_members_file(const struct kin_members *members, uint32_t exec);

enum kin_fate {
	KIN_FATE_ENDED,
	KIN_FATE_RUNNING,
	KIN_FATE_EXECED,	/* see KIN_MEMBER_EXECED */
	KIN_FATE_UNKNOWN,	/* no end was seen, but events are missing */
};

/* kin_member_fate - what has become of a member, by all events so far */
enum kin_fate kin_member_fate(const struct kin_members *members,
			      const struct kin_member *member);

/* kin_member_life_ns - from its start to its end; KIN_NONE64: not known */
uint64_t kin_member_life_ns(const struct kin_member *member);

struct kin_members_sum {
	size_t processes, threads;	/* threads but main ones */
	size_t running, unknown;	/* processes, by their fate */
	size_t failed;			/* processes with a status that is not 0 */
	uint64_t execs;
	uint64_t cpu_ns;		/* of processes that have ended */
	uint64_t rss_peak_bytes;	/* of the largest; KIN_NONE64: none known */
	uint32_t largest;		/* which that is */
};

void kin_members_sum(const struct kin_members *members,
		     struct kin_members_sum *sum);

#endif /* KIN_MEMBERS_H */
