// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "members.h"

/* ---- the list and its index ---- */

static bool is_thread(const struct kin_member *member)
{
	return member->flags & KIN_MEMBER_THREAD;
}

/* Numbers are the kernel's choice, one after the other: no seed is needed. */
static size_t slot_of(const struct kin_members *m, uint32_t pid, bool thread)
{
	const uint64_t key = (uint64_t)pid << 1 | thread;
	size_t slot = (key * 0x9e3779b97f4a7c15ull >> 32) & (m->n_slots - 1);

	while (m->slots[slot]) {
		const struct kin_member *at = &m->list[m->slots[slot] - 1];

		if (at->pid == pid && is_thread(at) == thread)
			break;
		slot = (slot + 1) & (m->n_slots - 1);
	}
	return slot;
}

static void put_slot(struct kin_members *m, uint32_t index)
{
	const struct kin_member *member = &m->list[index];
	const size_t slot = slot_of(m, member->pid, is_thread(member));

	m->n_used += !m->slots[slot];
	m->slots[slot] = index + 1;
}

/* In the order of the list, so that of two with one number the latest stays. */
static bool grow_slots(struct kin_members *m)
{
	const size_t n_slots = m->n_slots ? 2 * m->n_slots : 256;
	uint32_t *slots = calloc(n_slots, sizeof(*slots));

	if (!slots)
		return false;
	free(m->slots);
	m->slots = slots;
	m->n_slots = n_slots;
	m->n_used = 0;
	for (size_t i = 0; i < m->n; i++)
		put_slot(m, i);
	return true;
}

/* @array, or what it has become, with room for @more behind the first @n of its
 * elements; NULL: no memory. */
static void *reserve(void *array, size_t *room, size_t n, size_t more,
		     size_t size)
{
	size_t wanted = n + more + 64;

	if (*room - n >= more)
		return array;
	if (wanted < 2 * n)
		wanted = 2 * n;
	array = reallocarray(array, wanted, size);
	if (array)
		*room = wanted;
	return array;
}

static struct kin_member *find(const struct kin_members *m, uint32_t pid,
			       bool thread)
{
	size_t slot;

	if (!m->n_slots)
		return NULL;
	slot = slot_of(m, pid, thread);
	return m->slots[slot] ? &m->list[m->slots[slot] - 1] : NULL;
}

struct kin_member *kin_members_leader(const struct kin_members *m)
{
	return m->leader ? &m->list[m->leader - 1] : NULL;
}

static bool is_alive(const struct kin_member *member)
{
	return member->end_boottime_ns == KIN_NONE64 &&
	       !(member->flags & KIN_MEMBER_MISSED);
}

/* Whoever creates, or is another's parent, lives. If nothing was lost the number
 * alone says who that is. */
static uint32_t find_parent(const struct kin_members *m, uint32_t pid)
{
	const struct kin_member *member = find(m, pid, false);

	if (!member || (m->n_lost && !is_alive(member)))
		return KIN_MEMBER_NONE;
	return member - m->list;
}

/* The number belongs to another now: the end of the last one was lost. */
static void miss(struct kin_members *m, uint32_t pid, bool thread)
{
	struct kin_member *last = find(m, pid, thread);

	if (!last || !is_alive(last))
		return;
	last->flags |= KIN_MEMBER_MISSED;
	m->n_alive -= !thread;
}

/* ---- births ---- */

static bool of_thread(const struct kin_event *base)
{
	return (base->flags & KIN_EVENT_THREAD) && base->pid != base->tgid;
}

static struct kin_member *add_member(struct kin_members *m,
				     const struct kin_event *base,
				     uint32_t ppid, uint32_t parent)
{
	const bool thread = of_thread(base);
	struct kin_member *member, *list;

	if (m->n == INT32_MAX || (2 * m->n_used >= m->n_slots && !grow_slots(m)))
		return NULL;
	list = reserve(m->list, &m->room, m->n, 1, sizeof(*list));
	if (!list)
		return NULL;
	m->list = list;
	miss(m, base->pid, thread);
	member = &m->list[m->n];
	*member = (struct kin_member){
		.start_boottime_ns = base->start_boottime_ns,
		.end_boottime_ns = KIN_NONE64,
		.pid = base->pid,
		.tgid = base->tgid,
		.ppid = ppid,
		.parent = parent,
		.flags = thread ? KIN_MEMBER_THREAD : 0,
		.first_exec = KIN_MEMBER_NONE,
		.last_exec = KIN_MEMBER_NONE,
	};
	memset(&member->end, 0xff, sizeof(member->end));
	put_slot(m, m->n++);
	m->n_alive += !thread;
	/* its number is not given out again before it was waited for */
	if (!m->leader && !thread && base->pid == m->leader_pid)
		m->leader = m->n;
	return member;
}

/*
 * Somebody whose birth was not told. If nothing was lost it is none of ours: a
 * child that the caller had before, or a descendant of one.
 */
static struct kin_member *add_found(struct kin_members *m,
				    const struct kin_event *base)
{
	const uint32_t ppid = of_thread(base) ? base->tgid : base->ppid;
	struct kin_member *member =
		add_member(m, base, ppid, find_parent(m, ppid));

	if (member)
		member->flags |= KIN_MEMBER_FOUND;
	return member;
}

static bool is_stranger(const struct kin_members *m,
			const struct kin_event *base)
{
	return !m->n_lost || base->pid == m->self ||
	       (int64_t)(base->start_boottime_ns - m->since_ns) < 0;
}

static bool is_same(const struct kin_member *member,
		    const struct kin_event *base)
{
	return member->start_boottime_ns == base->start_boottime_ns;
}

static int take_fork(struct kin_members *m, const struct kin_event_record *rec,
		     struct kin_member **member)
{
	const struct kin_event *base = rec->base;
	uint32_t ppid = base->ppid, parent = KIN_MEMBER_NONE;

	if (of_thread(base))
		ppid = base->tgid;
	else if (rec->fork)
		ppid = rec->fork->creator_tgid;
	*member = find(m, base->pid, of_thread(base));
	if (*member && is_same(*member, base))
		return 0;
	*member = NULL;
	if (ppid != m->self) {
		parent = find_parent(m, ppid);
		if (parent == KIN_MEMBER_NONE) {
			if (is_stranger(m, base))
				return 0;
			*member = add_found(m, base);
			return *member ? 0 : -ENOMEM;
		}
	}
	*member = add_member(m, base, ppid, parent);
	return *member ? 0 : -ENOMEM;
}

static int take_other(struct kin_members *m, const struct kin_event *base,
		      struct kin_member **member)
{
	*member = find(m, base->pid, of_thread(base));
	if (*member && is_same(*member, base))
		return 0;
	*member = NULL;
	if (is_stranger(m, base))
		return 0;
	*member = add_found(m, base);
	return *member ? 0 : -ENOMEM;
}

/* ---- lives and ends ---- */

static bool keep_file(struct kin_members *m, struct kin_member *member,
		      const char *file)
{
	const size_t len = strlen(file) + 1;
	const uint32_t exec = m->n_execs;
	struct kin_member_exec *execs;
	char *text;

	execs = reserve(m->execs, &m->room_execs, m->n_execs, 1,
			sizeof(*execs));
	if (!execs)
		return false;
	m->execs = execs;
	text = reserve(m->text, &m->room_text, m->n_text, len, 1);
	if (!text)
		return false;
	m->text = text;
	m->execs[m->n_execs++] = (struct kin_member_exec){ m->n_text,
							   KIN_MEMBER_NONE };
	memcpy(m->text + m->n_text, file, len);
	m->n_text += len;
	if (member->last_exec == KIN_MEMBER_NONE)
		member->first_exec = exec;
	else
		m->execs[member->last_exec].next = exec;
	member->last_exec = exec;
	return true;
}

/* The thread that called execve() is the main one from now on: no exit event of
 * its own comes. */
static void end_caller(struct kin_members *m, const struct kin_event *base,
		       uint32_t old_pid)
{
	struct kin_member *thread;

	if (old_pid == base->pid)
		return;
	thread = find(m, old_pid, true);
	if (!thread || thread->tgid != base->tgid || !is_alive(thread))
		return;
	thread->flags |= KIN_MEMBER_EXECED;
	thread->end_boottime_ns = base->boottime_ns;
}

static int take_exec(struct kin_members *m, struct kin_member *member,
		     const struct kin_event_record *rec)
{
	if (rec->exec)
		end_caller(m, rec->base, rec->exec->old_pid);
	if (member->n_execs++ < KIN_MEMBER_EXECS && rec->filename &&
	    !keep_file(m, member, rec->filename))
		return -ENOMEM;
	return 0;
}

static void take_exit(struct kin_members *m, struct kin_member *member,
		      const struct kin_event_record *rec)
{
	if (is_alive(member))
		m->n_alive -= !is_thread(member);
	if (rec->base->flags & KIN_EVENT_OOM_VICTIM)
		member->flags |= KIN_MEMBER_OOM;
	member->end_boottime_ns = rec->base->boottime_ns;
	if (rec->exit)
		member->end = *rec->exit;
}

static int take(struct kin_members *m, const struct kin_event_record *rec)
{
	const struct kin_event *base = rec->base;
	const bool fork = base->kind == KIN_EVENT_KIND_FORK;
	struct kin_member *member;
	int err;

	/* a main thread that ends before the others: the process lives on */
	if (base->kind == KIN_EVENT_KIND_EXIT && base->pid == base->tgid &&
	    (base->flags & KIN_EVENT_THREAD))
		return 0;
	err = fork ? take_fork(m, rec, &member) : take_other(m, base, &member);
	if (err || !member)
		return err;
	memcpy(member->comm, base->comm, sizeof(member->comm));
	member->uid = base->uid;
	if (base->kind == KIN_EVENT_KIND_EXEC)
		return take_exec(m, member, rec);
	if (base->kind == KIN_EVENT_KIND_EXIT)
		take_exit(m, member, rec);
	else if (base->kind == KIN_EVENT_KIND_OOM)
		member->flags |= KIN_MEMBER_OOM;
	return 0;
}

int kin_members_add(const struct kin_event_record *rec, void *members)
{
	struct kin_members *m = members;

	if (!rec->base) {
		m->n_lost += rec->lost;
		return 0;
	}
	m->n_events++;
	m->last_ns = rec->base->boottime_ns;
	return take(m, rec);
}

void kin_members_ended(struct kin_members *m, struct kin_member *member,
		       uint32_t status, uint64_t boottime_ns)
{
	if (!is_alive(member))
		return;
	m->n_alive -= !is_thread(member);
	member->end_boottime_ns = boottime_ns;
	member->end.status = status;
}

void kin_members_free(struct kin_members *m)
{
	free(m->list);
	free(m->slots);
	free(m->execs);
	free(m->text);
	memset(m, 0, sizeof(*m));
}

/* ---- what came of it ---- */

const char *kin_members_file(const struct kin_members *m, uint32_t exec)
{
	return m->text + m->execs[exec].file;
}

enum kin_fate kin_member_fate(const struct kin_members *m,
			      const struct kin_member *member)
{
	if (member->flags & KIN_MEMBER_EXECED)
		return KIN_FATE_EXECED;
	if (member->end_boottime_ns != KIN_NONE64)
		return KIN_FATE_ENDED;
	if (m->n_lost || m->cut || (member->flags & KIN_MEMBER_MISSED))
		return KIN_FATE_UNKNOWN;
	return KIN_FATE_RUNNING;
}

uint64_t kin_member_life_ns(const struct kin_member *member)
{
	const uint64_t life_ns =
		member->end_boottime_ns - member->start_boottime_ns;

	if (member->end_boottime_ns == KIN_NONE64 ||
	    member->start_boottime_ns == KIN_NONE64)
		return KIN_NONE64;
	/* in a time namespace, either may lie before 0 */
	return (int64_t)life_ns < 0 ? 0 : life_ns;
}

static void sum_process(const struct kin_members *m, uint32_t index,
			struct kin_members_sum *sum)
{
	const struct kin_member *member = &m->list[index];
	const struct kin_event_exit *end = &member->end;
	const enum kin_fate fate = kin_member_fate(m, member);

	sum->processes++;
	sum->execs += member->n_execs;
	sum->running += fate == KIN_FATE_RUNNING;
	sum->unknown += fate == KIN_FATE_UNKNOWN;
	sum->failed += end->status && end->status != KIN_NONE32;
	if (end->runtime_ns != KIN_NONE64)
		sum->cpu_ns += end->runtime_ns;
	if (end->rss_peak_bytes != KIN_NONE64 &&
	    (sum->largest == KIN_MEMBER_NONE ||
	     end->rss_peak_bytes > sum->rss_peak_bytes)) {
		sum->rss_peak_bytes = end->rss_peak_bytes;
		sum->largest = index;
	}
}

void kin_members_sum(const struct kin_members *m, struct kin_members_sum *sum)
{
	memset(sum, 0, sizeof(*sum));
	sum->rss_peak_bytes = KIN_NONE64;
	sum->largest = KIN_MEMBER_NONE;
	for (size_t i = 0; i < m->n; i++) {
		if (is_thread(&m->list[i]))
			sum->threads++;
		else
			sum_process(m, i, sum);
	}
}
