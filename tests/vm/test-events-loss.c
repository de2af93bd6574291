// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whoever does not read in time loses the oldest events and is told how many:
 * what came and what was told to be lost are all that happened, for each
 * filter. Who reads in time loses nothing while another one is stopped.
 *
 * Two storms of forks at the same time, of known size, with a user and a name
 * each. Counts are from one mark, before, to another, after them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "events/remote.h"
#include "events/storm.h"
#include "truth/module.h"
#include "truth/tap.h"

#define UID_ONE 4001
#define UID_TWO 4002

static struct storm one = { 1, 0, 3, UID_ONE, "one" };
static struct storm two = { 1, 0, 7, UID_TWO, "two" };
static uint32_t self;

/* What passes: of the storms, and of the mark, which has the first one's uid
 * and the second one's name. */
static uint64_t no_count(void)
{
	return 0;
}

static uint64_t count_family(void)
{
	return storm_events(&one) + storm_events(&two) + 3;
}

static uint64_t count_uid(void)
{
	return storm_events_uid(&one) + 2;
}

static uint64_t count_comm(void)
{
	return storm_events_comm(&two) + 2;
}

static uint64_t count_failed(void)
{
	return storm_failed(&one) + storm_failed(&two) + 1;
}

static const uint32_t uids[] = { UID_ONE, UID_TWO };
static const char *const comms[] = { "two" };

/* The first two see others, too: both see the same. */
enum { ALL_SLOW, ALL_FAST, N_ALL, FAMILY = N_ALL, N_READERS = 6 };

static const struct {
	const char *name;
	struct kin_event_filter filter;
	uint64_t (*count)(void);
} subscriptions[N_READERS] = {
	[ALL_SLOW] = { "all, slow", { 0 }, no_count },
	[ALL_FAST] = { "all, fast", { 0 }, no_count },
	[FAMILY] = { "a subtree",
		     { .scope = { .subtrees = &self, .n_subtrees = 1 } },
		     count_family },
	{ "a user", { .scope = { .uids = uids, .n_uids = 1 } }, count_uid },
	{ "a name", { .comms = comms, .n_comms = 1 }, count_comm },
	{ "failures",
	  { .events = KIN_EVENT_KIND_EXIT,
	    .failed = true,
	    .scope = { .uids = uids, .n_uids = 2 } },
	  count_failed },
};

static struct remote *remotes;
static struct {
	uint64_t received, lost;
} before[N_READERS], counts[N_READERS];

static void reload(const char *parameters)
{
	if (module_unload() || module_load(parameters))
		tap_bail("the module cannot be loaded with \"%s\"", parameters);
}

/* The smallest ring that the module takes. */
static void load_smallest(void)
{
	char parameters[32];
	unsigned int kib = 1;

	if (module_unload())
		tap_bail("the module is in use");
	do {
		snprintf(parameters, sizeof(parameters), "ring_kib=%u", kib);
		kib *= 2;
	} while (module_load(parameters) && kib < 1024);
	tap_note("%s", parameters);
}

static void start_readers(void)
{
	struct mark mark;

	for (int i = 0; i < N_READERS; i++) {
		remotes[i] = (struct remote){ 0 };
		remotes[i].r.name = subscriptions[i].name;
		remotes[i].r.filter = subscriptions[i].filter;
		remote_start(&remotes[i]);
	}
	mark = mark_make();
	for (int i = 0; i < N_READERS; i++) {
		remote_until(&remotes[i], &mark);
		before[i].received = remotes[i].r.received_then;
		before[i].lost = remotes[i].r.lost_then;
	}
}

static void play_storms(unsigned int forks)
{
	pid_t first, second;

	one.forks = two.forks = forks;
	first = storm_start(&one);
	second = storm_start(&two);
	storm_wait(first);
	storm_wait(second);
}

/* @stopped: how many of the readers are, while the storms last. */
static void play(unsigned int forks, const bool *stopped)
{
	struct mark mark;

	for (int i = 0; i < N_READERS; i++)
		if (stopped[i])
			remote_stop(&remotes[i]);
	play_storms(forks);
	mark = mark_make();
	for (int i = 0; i < N_READERS; i++) {
		if (stopped[i])
			remote_continue(&remotes[i]);
		remote_until(&remotes[i], &mark);
		counts[i].received =
			remotes[i].r.received_then - before[i].received;
		counts[i].lost = remotes[i].r.lost_then - before[i].lost;
	}
}

static void check_counts(void)
{
	for (int i = N_ALL; i < N_READERS; i++) {
		const uint64_t want = subscriptions[i].count();
		const uint64_t have = counts[i].received + counts[i].lost;

		tap_ok(have == want,
		       "%s: %" PRIu64 " received, %" PRIu64
		       " told lost, of %" PRIu64,
		       subscriptions[i].name, counts[i].received,
		       counts[i].lost, want);
	}
	tap_ok(counts[ALL_SLOW].received + counts[ALL_SLOW].lost ==
			       counts[ALL_FAST].received +
				       counts[ALL_FAST].lost &&
		       counts[ALL_FAST].received + counts[ALL_FAST].lost >=
			       count_family(),
	       "all: %" PRIu64 " + %" PRIu64 " are as many as %" PRIu64
	       " + %" PRIu64,
	       counts[ALL_SLOW].received, counts[ALL_SLOW].lost,
	       counts[ALL_FAST].received, counts[ALL_FAST].lost);
}

static void check_lost(const bool *wanted, const char *what)
{
	unsigned int wrong = 0, odd = 0;

	for (int i = 0; i < N_READERS; i++) {
		if (!counts[i].lost == wanted[i]) {
			tap_note("%s: %" PRIu64 " lost", subscriptions[i].name,
				 counts[i].lost);
			wrong++;
		}
		odd += remotes[i].r.odd_seqs;
	}
	tap_ok(!wrong, "%s", what);
	tap_ok(!odd, "sequences have no gaps but those: %u", odd);
}

/* Readers may still be told of losses that are nobody's business here. */
static void check_status(void)
{
	struct kin_status status;
	uint64_t told = 0;
	struct kin *kin;

	if (kin_open(&kin) || kin_status_get(kin, &status, NULL, 0))
		tap_bail("status: %s", kin_error(kin));
	for (int i = 0; i < N_READERS; i++)
		told += remotes[i].r.lost;
	tap_ok(status.events_lost == told,
	       "the module has counted %" PRIu64 " lost, told %" PRIu64,
	       (uint64_t)status.events_lost, told);
	kin_close(kin);
}

static void end_readers(void)
{
	for (int i = 0; i < N_READERS; i++)
		remote_end(&remotes[i]);
}

static void check_small_ring(unsigned int forks)
{
	const bool stopped[N_READERS] = { true, false, true, true, true, true };
	bool lost[N_READERS];

	load_smallest();
	start_readers();
	play(forks, stopped);
	/* With so little room the fast one may be too slow; and who is told of
	 * few may have room for all of them in its socket. */
	for (int i = 0; i < N_READERS; i++)
		lost[i] = i == ALL_SLOW || i == FAMILY || counts[i].lost;
	check_counts();
	check_lost(lost, "a small ring: who is stopped loses some");
	check_status();
	end_readers();
}

static void check_default_ring(unsigned int forks)
{
	const bool none[N_READERS] = { false };
	const bool slow[N_READERS] = { [ALL_SLOW] = true };
	bool lost[N_READERS] = { false };

	reload("");
	start_readers();
	play(forks, none);
	check_counts();
	check_lost(none, "the default ring: who reads loses nothing");
	end_readers();
	start_readers();
	play(forks, slow);
	/* It may have room for all of it. */
	lost[ALL_SLOW] = counts[ALL_SLOW].lost;
	check_counts();
	check_lost(lost, "nor does it while another one is stopped");
	check_status();
	end_readers();
}

int main(void)
{
	const bool small = getenv("KIN_SMALL");

	self = getpid();
	mark_dress(UID_ONE, "two");
	remotes = remotes_make(N_READERS);
	check_small_ring(small ? 300 : 1000);
	check_default_ring(small ? 300 : 1200);
	return tap_done();
}
