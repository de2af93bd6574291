// SPDX-License-Identifier: GPL-2.0-or-later
/* What one pass over all processes brought, and the proof that it is right. */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

#define FNV_BASIS 14695981039346656037ull
#define FNV_PRIME 1099511628211ull

#define FIELD(id)                                                 \
	.name = #id, .offset = offsetof(struct bench_sample, id), \
	.size = sizeof(((struct bench_sample *)0)->id)

static const struct field {
	const char *name;
	size_t offset;
	size_t size;
} fields[] = {
	{ FIELD(pid) },		{ FIELD(ppid) },     { FIELD(pgrp) },
	{ FIELD(session) },	{ FIELD(tty) },	     { FIELD(state) },
	{ FIELD(num_threads) }, { FIELD(priority) }, { FIELD(nice) },
	{ FIELD(min_flt) },	{ FIELD(cmin_flt) }, { FIELD(maj_flt) },
	{ FIELD(cmaj_flt) },	{ FIELD(utime) },    { FIELD(stime) },
	{ FIELD(cutime) },	{ FIELD(cstime) },   { FIELD(start) },
	{ FIELD(vsize) },	{ FIELD(rss) },
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))
_Static_assert((1u << N_FIELDS) - 1 == SAMPLE_ALL, "a bit for each field");

void samples_init(struct samples *list, size_t room)
{
	list->at = calloc(room, sizeof(*list->at));
	if (!list->at)
		err(1, "room for %zu samples", room);
	/* No page of it is to be faulted in while instructions are counted. */
	memset(list->at, 0xff, room * sizeof(*list->at));
	list->n = 0;
	list->room = room;
}

void samples_free(struct samples *list)
{
	free(list->at);
	memset(list, 0, sizeof(*list));
}

struct bench_sample *samples_overflow(void)
{
	errx(1, "more processes than this run has room for");
}

static int compare_pids(const void *a, const void *b)
{
	const struct bench_sample *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

void samples_keep_children(struct samples *list, __u32 ppid)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++)
		if (list->at[i].ppid == ppid)
			list->at[n++] = list->at[i];
	list->n = n;
	qsort(list->at, n, sizeof(*list->at), compare_pids);
}

void samples_scale(struct samples *list, const struct sample_units *units)
{
	struct bench_sample *s;

	for (s = list->at; s < list->at + list->n; s++) {
		s->utime /= units->times_per_tick;
		s->stime /= units->times_per_tick;
		s->cutime /= units->times_per_tick;
		s->cstime /= units->times_per_tick;
		s->start /= units->times_per_tick;
		s->rss /= units->rss_per_page;
	}
}

static __u64 value(const struct bench_sample *s, const struct field *field)
{
	const char *at = (const char *)s + field->offset;
	__u64 wide;
	__u32 narrow;

	if (field->size == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

__u64 samples_checksum(const struct samples *list, __u32 mask)
{
	__u64 sum = FNV_BASIS;
	size_t i, f;

	for (i = 0; i < list->n; i++)
		for (f = 0; f < N_FIELDS; f++)
			if (mask & (1u << f))
				sum = (sum ^ value(&list->at[i], &fields[f])) *
				      FNV_PRIME;
	return sum;
}

bool samples_equal(const struct samples *a, const struct samples *b, __u32 mask)
{
	__u64 x, y;
	size_t i, f;

	if (a->n != b->n) {
		warnx("%zu processes, not %zu", b->n, a->n);
		return false;
	}
	for (i = 0; i < a->n; i++) {
		for (f = 0; f < N_FIELDS; f++) {
			x = value(&a->at[i], &fields[f]);
			y = value(&b->at[i], &fields[f]);
			if (x == y || !(mask & (1u << f)))
				continue;
			warnx("process %u: %s is %llu, not %llu", a->at[i].pid,
			      fields[f].name, (unsigned long long)y,
			      (unsigned long long)x);
			return false;
		}
	}
	return true;
}
