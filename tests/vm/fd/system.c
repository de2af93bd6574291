// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every process: its descriptors by kin between two readings of /proc, again and again
 * until they fit or patience ends: what is wrong stays wrong.
 */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../truth/proc.h"
#include "../truth/tap.h"
#include "same.h"

#define PATIENCE      30
#define MUCH_WRONG    8 /* processes; then patience finds no more of it */
#define MAX_EXPLAINED 12

/* What one look at a process found. */
struct look {
	struct seen before, after;
	struct told told;
	size_t missing, made_up, doubled, miscounted, differ;
	bool counts; /* whether it goes into the tally; what differs is explained then */
};

/* The directory of /proc that is being read is open meanwhile. */
static bool of_reading(const struct fd_seen *seen, uint32_t pid)
{
	return pid == (uint32_t)getpid() && seen->link && !strncmp(seen->link, "/proc/", 6);
}

static void explain(uint32_t pid, const struct fd_told *told, const struct fd_seen *seen,
		    uint64_t differ)
{
	for (enum fd_member m = 0; m < N_NUMBERS; m++) {
		if (differ & 1ull << m)
			tap_note("%u fd %u (%s): %s: kin %lld, /proc %lld", pid, seen->fd,
				 seen->link ?: "?", fd_members[m].key,
				 (long long)fd_member_value(told, m),
				 (long long)seen->values[m]);
	}
	if (differ & 1ull << TOLD_PATH)
		tap_note("%u fd %u: kin '%s'%s, /proc '%s'", pid, seen->fd,
			 told->path ?: "(none)",
			 told->fd.flags & KIN_FD_DELETED ? ", deleted" : "",
			 seen->link ?: "(too long)");
}

static void compare_one(struct look *look, uint32_t pid, const struct fd_told *told,
			const struct fd_seen *before, const struct fd_seen *after,
			struct same_tally *tally)
{
	const uint64_t differ = same_fd(told, before, after);

	look->differ += differ != 0;
	if (!look->counts)
		return;
	tally->fds++;
	for (enum fd_member m = 0; m < N_NUMBERS; m++) {
		tally->compared[m] += after->values[m] != ABSENT;
		tally->differ[m] += differ >> m & 1;
	}
	tally->compared[TOLD_PATH]++;
	tally->differ[TOLD_PATH] += differ >> TOLD_PATH & 1;
	if (differ && tally->retried <= MAX_EXPLAINED)
		explain(pid, told, after, differ);
}

/* Those that /proc showed both times, unless it was a number used twice. */
static void compare_seen(struct look *look, uint32_t pid, const struct told_table *table,
			 struct same_tally *tally)
{
	for (size_t i = 0; i < look->after.n; i++) {
		const struct fd_seen *after = &look->after.fds[i];
		const struct fd_seen *before = seen_fd(&look->before, after->fd);
		const struct fd_told *told = table ? told_fd(table, after->fd) : NULL;

		if (!before || of_reading(after, pid))
			continue;
		if (told) {
			compare_one(look, pid, told, before, after, tally);
			continue;
		}
		look->missing++;
		if (look->counts)
			tap_note("%u fd %u (%s) is missing", pid, after->fd, after->link ?: "?");
	}
}

static void compare_told(struct look *look, uint32_t pid, const struct told_table *table)
{
	size_t types[KIN_FD_TYPE_COUNT] = { 0 };

	for (size_t i = 0; i < table->n; i++) {
		const struct fd_told *told = &table->fds[i];

		look->doubled += i && told[-1].fd.fd >= told->fd.fd;
		if (told->fd.type < KIN_FD_TYPE_COUNT)
			types[told->fd.type]++;
		if (seen_fd(&look->before, told->fd.fd) || seen_fd(&look->after, told->fd.fd))
			continue;
		look->made_up++;
		if (look->counts)
			tap_note("%u fd %u (%s) is made up", pid, told->fd.fd,
				 told->path ?: "?");
	}
	for (size_t t = 0; t < KIN_FD_TYPE_COUNT; t++)
		look->miscounted += !table->has_counts || table->counts[t] != types[t];
	look->miscounted += table->base.open != table->n;
}

static bool fits(const struct look *look)
{
	return !look->missing && !look->made_up && !look->doubled && !look->miscounted &&
	       !look->differ;
}

static void add_up(const struct look *look, struct same_tally *tally)
{
	tally->missing += look->missing;
	tally->made_up += look->made_up;
	tally->doubled += look->doubled + look->told.stray;
	tally->miscounted += look->miscounted;
	tally->processes++;
}

/* A table that /proc shows may be told of as somebody else's only, where more than one
 * process is asked for: here it is not. Who has died meanwhile has none. */
static bool judge(struct look *look, uint32_t pid, bool counts, struct same_tally *tally)
{
	const struct told_table *table = told_find(&look->told, pid, false);

	look->counts = counts;
	look->missing = look->made_up = look->doubled = look->miscounted = look->differ = 0;
	compare_seen(look, pid, table, tally);
	if (table)
		compare_told(look, pid, table);
	if (counts)
		add_up(look, tally);
	return fits(look);
}

/* False if it did not fit; then nothing of it is counted, but for the last time. */
static bool look_at(struct kin *kin, uint32_t pid, bool last, struct same_tally *tally)
{
	struct look look = { 0 };
	bool there, good;

	there = seen_read_process(&look.before, pid);
	told_take_process(kin, pid, &look.told);
	there = seen_read_process(&look.after, pid) && there;
	good = !there || judge(&look, pid, false, tally);
	if (there && (good || last))
		judge(&look, pid, true, tally);
	seen_drop(&look.before);
	seen_drop(&look.after);
	told_drop(&look.told);
	return good;
}

void same_process(struct kin *kin, uint32_t pid, struct same_tally *tally)
{
	const int tries = tally->retried < MUCH_WRONG ? PATIENCE : 2;

	for (int i = 1; !look_at(kin, pid, i == tries, tally) && i < tries; i++) {
		tally->retried += i == 1;
		sched_yield();
	}
}

void same_system(struct kin *kin, struct same_tally *tally)
{
	uint32_t *pids;
	const size_t n = proc_pids(0, &pids);

	for (size_t i = 0; i < n; i++)
		same_process(kin, pids[i], tally);
	free(pids);
}

void same_report(const struct same_tally *tally, const char *of)
{
	tap_note("%s: %zu processes, %zu descriptors; looked again at %zu processes", of,
		 tally->processes, tally->fds, tally->retried);
	tap_ok(tally->fds && !tally->missing && !tally->made_up && !tally->doubled,
	       "%s: each descriptor once, in order (missing %zu, made up %zu, doubled %zu)", of,
	       tally->missing, tally->made_up, tally->doubled);
	tap_ok(tally->fds && !tally->miscounted,
	       "%s: open and the counts of types are those of the list (not: %zu)", of,
	       tally->miscounted);
	for (enum fd_member m = 0; m < N_MEMBERS; m++) {
		if (m == TOLD_DELETED || (m >= N_NUMBERS && m != TOLD_PATH))
			continue;
		tap_ok(tally->compared[m] && !tally->differ[m],
		       "%s: %s: %zu compared with /proc, %zu differ", of, fd_members[m].key,
		       tally->compared[m], tally->differ[m]);
	}
}
