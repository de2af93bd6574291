// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../truth/tap.h"
#include "reader.h"
#include "storm.h"

#define PATIENCE_NS UINT64_C(60000000000)

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

void reader_open(struct reader *r)
{
	if (kin_events_open(&r->ev, &r->filter))
		tap_bail("%s: %s", r->name, kin_events_error(r->ev));
	r->next_seq = 1;
}

static void drop_seen(struct reader *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->seen[i].filename);
	r->n = 0;
}

void reader_close(struct reader *r)
{
	kin_events_close(r->ev);
	drop_seen(r);
	free(r->seen);
	*r = (struct reader){ .name = r->name, .filter = r->filter };
}

static struct seen *add_seen(struct reader *r)
{
	if (r->count_only)
		drop_seen(r);
	if (r->n == r->room) {
		r->room = r->room ? r->room * 2 : 64;
		r->seen = realloc(r->seen, r->room * sizeof(*r->seen));
		if (!r->seen)
			tap_bail("out of memory");
	}
	memset(&r->seen[r->n], 0, sizeof(*r->seen));
	return &r->seen[r->n++];
}

static void copy_part(struct seen *seen, const void *part, size_t size)
{
	if (!part)
		return;
	memcpy(&seen->part, part, size);
	seen->has_part = true;
}

static void note_mark(struct reader *r, const struct seen *seen)
{
	if (seen->base.kind != KIN_EVENT_KIND_EXIT ||
	    seen->base.flags & KIN_EVENT_THREAD ||
	    seen->part.exit.status != MARK_STATUS << 8)
		return;
	r->mark = seen->base;
	r->received_then = r->received;
	r->lost_then = r->lost;
}

static int keep(const struct kin_event_record *rec, void *arg)
{
	struct reader *r = arg;
	struct seen *seen;

	if (!rec->base) {
		r->lost += rec->lost;
		r->next_seq += rec->lost;
		r->losses++;
		return 0;
	}
	seen = add_seen(r);
	seen->base = *rec->base;
	copy_part(seen, rec->fork, sizeof(*rec->fork));
	copy_part(seen, rec->exec, sizeof(*rec->exec));
	copy_part(seen, rec->exit, sizeof(*rec->exit));
	copy_part(seen, rec->comm, sizeof(*rec->comm));
	copy_part(seen, rec->oom, sizeof(*rec->oom));
	if (rec->filename)
		seen->filename = strdup(rec->filename);
	r->received++;
	note_mark(r, seen);
	r->odd_seqs += rec->base->seq != r->next_seq;
	r->next_seq = rec->base->seq + 1;
	return 0;
}

void reader_take(struct reader *r, int timeout_ms)
{
	int ret = 0;

	if (!r->ended)
		ret = kin_events_read(r->ev, timeout_ms, keep, r);
	if (ret < 0 && ret != -EINTR)
		r->ended = ret;
}

static uint32_t mark_uid;
static const char *mark_comm;

void mark_dress(uint32_t uid, const char *comm)
{
	mark_uid = uid;
	mark_comm = comm;
}

static void be_mark(void)
{
	if (mark_comm)
		storm_become(mark_uid, mark_comm);
	syscall(SYS_exit_group, MARK_STATUS);
}

struct mark mark_make(void)
{
	struct mark mark = { .after_ns = now_ns() };
	int status;

	mark.pid = storm_fork();
	if (!mark.pid)
		be_mark();
	waitpid(mark.pid, &status, 0);
	return mark;
}

bool mark_has(const struct mark *mark, const struct seen *seen)
{
	return seen->base.pid == mark->pid &&
	       seen->base.boottime_ns >= mark->after_ns;
}

bool mark_reached(const struct mark *mark, const struct reader *r)
{
	return r->mark.pid == mark->pid &&
	       r->mark.boottime_ns >= mark->after_ns;
}

void reader_until(struct reader *r, const struct mark *mark)
{
	const uint64_t give_up = now_ns() + PATIENCE_NS;

	while (!mark_reached(mark, r)) {
		if (r->ended || now_ns() > give_up)
			tap_bail("%s: the mark %u has not come: %zu events, %d",
				 r->name, mark->pid, r->n, r->ended);
		reader_take(r, 1000);
	}
}
