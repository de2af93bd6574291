// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "../../workload/task.h"
#include "account.h"

/*
 * Interrupts that came while it ran are in the event's run time, and not in
 * what who waited is told: of one process they may be much, of all of them
 * together less than one part in so many. (And that is told in whole
 * microseconds.)
 */
#define INTERRUPTS_PART 8

static void between(struct story *st, const struct seen *seen, const char *what,
		    uint64_t low, uint64_t value, uint64_t high)
{
	if (value < low || value > high)
		story_wrong(st, ASPECT_ACCOUNT, seen,
			    "%s %" PRIu64 " is not in %" PRIu64 " to %" PRIu64,
			    what, value, low, high);
}

/*
 * It ran after it had looked, and until it was waited for; but did not touch
 * memory any more when the event happened. (Newer kernels tell of the end before
 * the memory is given back: the kernel may write to one page of it after that,
 * for CLONE_CHILD_CLEARTID.)
 */
static void check_run(struct story *st, const struct seen *seen,
		      const struct log_usage *low, const struct log_usage *high)
{
	const struct kin_event_exit *exit = &seen->part.exit;

	between(st, seen, "runtime_ns", low->runtime_ns, exit->runtime_ns,
		exit->runtime_ns);
	between(st, seen, "utime_ns + stime_ns", low->runtime_ns,
		exit->utime_ns + exit->stime_ns, exit->runtime_ns);
	st->run_ns += exit->runtime_ns;
	st->waited_run_ns += high->runtime_ns;
	between(st, seen, "min_flt",
		high->min_flt - (high->min_flt > low->min_flt), exit->min_flt,
		high->min_flt);
	between(st, seen, "maj_flt", high->maj_flt, exit->maj_flt,
		high->maj_flt);
	between(st, seen, "nvcsw", low->nvcsw, exit->nvcsw, high->nvcsw);
	between(st, seen, "nivcsw", low->nivcsw, exit->nivcsw, high->nivcsw);
	between(st, seen, "rss_peak_bytes", high->maxrss_bytes,
		exit->rss_peak_bytes, high->maxrss_bytes);
}

/* It read nothing but this since it looked, and wrote nothing. */
static void check_io(struct story *st, const struct seen *seen,
		     const struct log_usage *self)
{
	const struct kin_event_exit *exit = &seen->part.exit;
	const uint64_t rchar = self->rchar_bytes + self->looked_bytes;

	if (self->rchar_bytes == LOG_NONE)
		return;
	between(st, seen, "rchar_bytes", rchar, exit->rchar_bytes, rchar);
	between(st, seen, "wchar_bytes", self->wchar_bytes, exit->wchar_bytes,
		self->wchar_bytes);
}

void account_check(struct story *st, uint32_t key, const struct seen *seen)
{
	static const struct log_usage nothing;
	const struct log_life *life = LIFE(key);

	if (!life->reaped || life->n_reaped)
		return;
	st->accounts++;
	check_run(st, seen, life->looked ? &life->self : &nothing,
		  &life->waited);
	if (life->looked)
		check_io(st, seen, &life->self);
}

void account_check_sum(struct story *st)
{
	if (st->run_ns >
	    st->waited_run_ns + st->waited_run_ns / INTERRUPTS_PART)
		story_wrong(st, ASPECT_ACCOUNT, NULL,
			    "all together ran %" PRIu64 " ns, not %" PRIu64,
			    st->run_ns, st->waited_run_ns);
}
