// SPDX-License-Identifier: GPL-2.0-or-later
/* kin itself, through libkin: all events of all processes. */
#include <err.h>
#include <errno.h>
#include <string.h>

#include "libkin.h"
#include "look.h"
#include "source.h"

static struct kin_events *events;

static void kin_source_on(struct tally *tally)
{
	const struct kin_event_filter all = { 0 };
	const int error = kin_events_open(&events, &all);

	if (error)
		errx(1, "kin: %s",
		     events ? kin_events_error(events) : strerror(-error));
}

static void kin_source_off(struct tally *tally)
{
	kin_events_close(events);
}

static __u64 look(const struct kin_event_record *rec)
{
	__u64 sum = LOOK_BASE(rec->base);

	if (rec->fork)
		sum += rec->fork->clone_flags + LOOK_FORK(rec->fork);
	if (rec->exec)
		sum += LOOK_EXEC(rec->exec) + look_comm(rec->exec->old_comm);
	if (rec->filename)
		sum += strlen(rec->filename);
	if (rec->exit)
		sum += LOOK_EXIT(rec->exit);
	return sum;
}

static int take(const struct kin_event_record *rec, void *arg)
{
	struct tally *tally = arg;

	if (!rec->base) {
		tally_lost(tally, rec->lost);
		return 0;
	}
	tally->looked += look(rec);
	if (rec->base->ppid == tally->family)
		tally_add(tally);
	return 0;
}

static void kin_source_read(struct tally *tally)
{
	const int error = kin_events_read(events, -1, take, tally);

	if (error < 0 && error != -EINTR)
		errx(1, "kin: %s", kin_events_error(events));
}

const struct source kin_source = {
	.on = kin_source_on,
	.off = kin_source_off,
	.read = kin_source_read,
};
