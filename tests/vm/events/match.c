// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../truth/tap.h"
#include "match.h"

#define NUMBERS (1 << 22) /* more than there are pids */

void match_start(struct match *m, const struct kin_event_filter *filter)
{
	memset(m, 0, sizeof(*m));
	m->filter = filter;
	m->family = calloc(NUMBERS, 1);
	if (!m->family)
		tap_bail("out of memory");
	for (size_t i = 0; i < filter->scope.n_subtrees; i++)
		m->family[filter->scope.subtrees[i]] = 1;
}

void match_end(struct match *m)
{
	free(m->family);
	m->family = NULL;
}

/* A child belongs to the family of who made it, until its own end. */
static bool is_family(struct match *m, const struct seen *seen)
{
	const bool thread = seen->base.flags & KIN_EVENT_THREAD;
	unsigned char *at = &m->family[seen->base.tgid];
	bool was;

	if (seen->base.kind == KIN_EVENT_KIND_FORK && !thread)
		*at = m->family[seen->part.fork.creator_tgid];
	was = *at;
	if (seen->base.kind == KIN_EVENT_KIND_EXIT && !thread)
		*at = 0;
	return was || !m->filter->scope.n_subtrees;
}

static bool passes_ids(const struct match *m, const struct kin_event *base)
{
	const struct kin_scope *scope = &m->filter->scope;
	bool tgid = !scope->n_tgids, uid = !scope->n_uids;
	bool cgroup = !scope->n_cgroups;

	for (size_t i = 0; i < scope->n_tgids; i++)
		tgid |= scope->tgids[i] == base->tgid;
	for (size_t i = 0; i < scope->n_uids; i++)
		uid |= scope->uids[i] == base->uid;
	for (size_t i = 0; i < scope->n_cgroups; i++)
		cgroup |= scope->cgroups[i] == base->cgroup_id ||
			  (m->below &&
			   m->below(base->cgroup_id, scope->cgroups[i]));
	return tgid && uid && cgroup;
}

static const char *old_comm(const struct seen *seen)
{
	if (seen->base.kind == KIN_EVENT_KIND_EXEC)
		return seen->part.exec.old_comm;
	if (seen->base.kind == KIN_EVENT_KIND_COMM)
		return seen->part.comm.old_comm;
	return seen->base.comm;
}

static bool passes_comm(const struct match *m, const struct seen *seen)
{
	bool comm = !m->filter->n_comms;

	for (size_t i = 0; i < m->filter->n_comms; i++)
		comm |= !strncmp(m->filter->comms[i], seen->base.comm,
				 KIN_COMM_LEN) ||
			!strncmp(m->filter->comms[i], old_comm(seen),
				 KIN_COMM_LEN);
	return comm;
}

bool match_passes(struct match *m, const struct seen *seen)
{
	const uint32_t kinds = m->filter->kinds ?: KIN_KIND_PROCESS;
	const bool thread = seen->base.flags & KIN_EVENT_THREAD;
	const bool family = is_family(m, seen);

	if (!(kinds & (thread ? KIN_KIND_THREAD : KIN_KIND_PROCESS)))
		return false;
	if (m->filter->events && !(m->filter->events & seen->base.kind))
		return false;
	if (m->filter->failed && seen->base.kind == KIN_EVENT_KIND_EXIT &&
	    !seen->part.exit.status)
		return false;
	return family && passes_ids(m, &seen->base) && passes_comm(m, seen);
}

bool seen_equal(const struct seen *a, const struct seen *b)
{
	struct kin_event base = a->base;

	base.seq = b->base.seq;
	return !memcmp(&base, &b->base, sizeof(base)) &&
	       !memcmp(&a->part, &b->part, sizeof(a->part)) &&
	       a->has_part == b->has_part &&
	       !strcmp(a->filename ?: "", b->filename ?: "");
}

const char *seen_text(const struct seen *seen)
{
	static const char *const kinds[] = { "fork", "exec", "exit",
					     "comm", "oom",  "cgroup" };
	static char text[160];
	const char *kind = "?";

	for (size_t i = 0; i < KIN_EVENT_KIND_COUNT; i++) {
		if (seen->base.kind == UINT32_C(1) << i)
			kind = kinds[i];
	}
	snprintf(text, sizeof(text),
		 "%" PRIu64 " %s%s of %u/%u, ppid %u, uid %u, at %" PRIu64,
		 (uint64_t)seen->base.seq,
		 seen->base.flags & KIN_EVENT_THREAD ? "thread " : "", kind,
		 seen->base.tgid, seen->base.pid, seen->base.ppid,
		 seen->base.uid, (uint64_t)seen->base.boottime_ns);
	return text;
}

/* The next one from @at on, in that time. */
static const struct seen *next_seen(const struct reader *r, size_t *at,
				    uint64_t from_ns, uint64_t to_ns)
{
	for (; *at < r->n; ++*at) {
		const struct seen *seen = &r->seen[*at];

		if (seen->base.boottime_ns < from_ns)
			continue;
		if (seen->base.boottime_ns > to_ns)
			return NULL;
		++*at;
		return seen;
	}
	return NULL;
}

bool match_compare(struct match *m, const struct reader *all,
		   const struct reader *some, uint64_t from_ns, uint64_t to_ns,
		   size_t *n)
{
	size_t i, at = 0;
	const struct seen *have;

	*n = 0;
	for (i = 0; i < all->n; i++) {
		const struct seen *want = &all->seen[i];

		if (!match_passes(m, want) ||
		    want->base.boottime_ns < from_ns ||
		    want->base.boottime_ns > to_ns)
			continue;
		++*n;
		have = next_seen(some, &at, from_ns, to_ns);
		if (have && seen_equal(want, have))
			continue;
		tap_note("%s wants %s", some->name, seen_text(want));
		tap_note("%s has %s", some->name,
			 have ? seen_text(have) : "nothing");
		return false;
	}
	have = next_seen(some, &at, from_ns, to_ns);
	if (have)
		tap_note("%s has more: %s", some->name, seen_text(have));
	return !have;
}
