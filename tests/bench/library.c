// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kin itself, through libkin. Asked for its groups it reads three times as many
 * numbers as the others do; those that all have are picked out of each record.
 */
#include <err.h>
#include <string.h>

#include "contender.h"
#include "libkin.h"

static struct kin *kin;

static void library_open(const struct contender *self)
{
	const int error = kin_open(&kin);

	if (error)
		errx(1, "kin: %s", kin ? kin_error(kin) : strerror(-error));
}

static inline void pick_base(struct bench_sample *s, const struct kin_base *b)
{
	s->pid = b->pid;
	s->ppid = b->ppid;
	s->pgrp = b->pgid;
	s->session = b->sid;
	s->tty = b->tty;
	s->state = b->state;
	s->num_threads = b->num_threads;
	s->start = b->start_boottime_ns;
}

static int pick(const struct kin_record *rec, void *arg)
{
	struct bench_sample *s = samples_add(arg);

	pick_base(s, rec->base);
	s->priority = rec->sched->prio;
	s->nice = rec->sched->nice;
	s->utime = rec->sched->utime_ns;
	s->stime = rec->sched->stime_ns;
	s->cutime = rec->sched->cutime_ns;
	s->cstime = rec->sched->cstime_ns;
	s->min_flt = rec->mem->min_flt;
	s->cmin_flt = rec->mem->cmin_flt;
	s->maj_flt = rec->mem->maj_flt;
	s->cmaj_flt = rec->mem->cmaj_flt;
	s->vsize = rec->mem->vm_bytes;
	s->rss = kin_rss_bytes(rec->mem);
	return 0;
}

static int pick_base_only(const struct kin_record *rec, void *arg)
{
	pick_base(samples_add(arg), rec->base);
	return 0;
}

static int pick_nothing(const struct kin_record *rec, void *arg)
{
	return 0;
}

struct detail {
	struct kin_query query;
	kin_record_fn *fn;
};

static void library_read(const struct contender *self, struct samples *list)
{
	const struct detail *detail = self->detail;

	if (kin_dump(kin, &detail->query, detail->fn, list))
		errx(1, "kin: %s", kin_error(kin));
}

static void library_close(const struct contender *self)
{
	kin_close(kin);
}

#define LIBRARY                                                        \
	.units = { .times_per_tick = 10000000, .rss_per_page = 4096 }, \
	.open = library_open, .read = library_read, .close = library_close

#define BOTH (KIN_GROUP_SCHED | KIN_GROUP_MEM)

const struct contender library_all = {
	.goal = "numbers",
	.name = "kin",
	LIBRARY,
	.fields = SAMPLE_ALL,
	.detail = &(const struct detail){ { .groups = BOTH }, pick },
};

const struct contender library_base = {
	.goal = "base",
	.name = "kin",
	LIBRARY,
	.fields = SAMPLE_BASE,
	.detail = &(const struct detail){ { .groups = 0 }, pick_base_only },
};

const struct contender library_threads = {
	.goal = "threads",
	.name = "kin",
	LIBRARY,
	.detail =
		&(const struct detail){ { .groups = BOTH, .kinds = KIN_KINDS },
					pick },
};

const struct contender library_decoded = {
	.goal = "wire",
	.name = "decoded",
	LIBRARY,
	.on_demand = true,
	.detail = &(const struct detail){ { .groups = BOTH }, pick_nothing },
};
