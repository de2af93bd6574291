// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages are made by a worker of the kernel: half of what it allocates fails,
 * while processes come and go. That delays events and loses none but those that
 * a reader is told of.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "deliver.h"
#include "fault.h"
#include "libkin.h"
#include "parameter.h"
#include "quiet.h"
#include "tap.h"

#define CHILDREN   150 /* each with a fork and an exit */
#define EVENTS	   (2 * CHILDREN)
#define ROUND	   30 /* children, then workers are looked for again */
#define PERCENT	   50
#define PATIENCE_S 120
#define SMALLEST   "16"

struct listener {
	struct kin_events *ev;
	uint64_t received, lost, seq;
	unsigned int gaps; /* that nobody told of */
};

static void set_ring(const char *kib)
{
	const int err = parameter_set("ring_kib", kib);

	if (err)
		tap_bail("ring_kib: %s", strerror(-err));
}

static int take(const struct kin_event_record *rec, void *arg)
{
	struct listener *listener = arg;

	listener->lost += rec->lost;
	listener->seq += rec->lost;
	if (!rec->base)
		return 0;
	listener->received++;
	listener->gaps += rec->base->seq != ++listener->seq;
	return 0;
}

static void listener_open(struct listener *listener)
{
	const uint32_t self = getpid();
	const struct kin_event_filter filter = {
		.scope = { .subtrees = &self, .n_subtrees = 1 },
	};

	*listener = (struct listener){ 0 };
	if (kin_events_open(&listener->ev, &filter))
		tap_bail("events: %s", listener->ev ? kin_events_error(listener->ev) :
						      "no memory");
}

/* So that what is not read does not wait there instead of in the ring. */
static void shrink(struct listener *listener)
{
	const int least = 1;

	if (setsockopt(kin_events_fd(listener->ev), SOL_SOCKET, SO_RCVBUF, &least,
		       sizeof(least)))
		tap_bail("SO_RCVBUF: %s", strerror(errno));
}

static void listen_now(struct listener *listener, int timeout_ms)
{
	int err;

	do
		err = kin_events_read(listener->ev, timeout_ms, take, listener);
	while (err > 0 && !timeout_ms);
	if (err < 0)
		tap_bail("events: %s", kin_events_error(listener->ev));
}

static void listen_to_the_end(struct listener *listener)
{
	const time_t until = time(NULL) + PATIENCE_S;

	while (listener->received + listener->lost < EVENTS && time(NULL) < until)
		listen_now(listener, 1000);
	listen_now(listener, 0);
}

static void make_child(void)
{
	const pid_t pid = fork();

	if (!pid)
		_exit(0);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		tap_bail("fork: %s", strerror(errno));
}

/* They @listen all the time, or not at all. */
static void storm(struct listener *listeners, unsigned int n, bool listen)
{
	for (unsigned int i = 0; i < CHILDREN; i++) {
		if (i % ROUND == 0)
			fault_workers(PERCENT);
		make_child();
		for (unsigned int l = 0; listen && l < n; l++)
			listen_now(&listeners[l], 0);
	}
}

static bool exact(const struct listener *listener, bool losing)
{
	tap_note("%" PRIu64 " received, %" PRIu64 " told lost, %u untold gaps",
		 listener->received, listener->lost, listener->gaps);
	return listener->received + listener->lost == EVENTS && !listener->gaps &&
	       (losing ? listener->lost > 0 : !listener->lost);
}

static void check(const char *what, bool losing)
{
	const unsigned int before = fault_failures(NULL);
	struct listener listeners[2];
	unsigned int failures;
	bool good = true;

	for (int i = 0; i < 2; i++) {
		listener_open(&listeners[i]);
		if (losing)
			shrink(&listeners[i]);
	}
	storm(listeners, 2, !losing);
	for (int i = 0; i < 2; i++)
		listen_to_the_end(&listeners[i]);
	fault_workers(0);
	failures = fault_failures(NULL) - before;
	for (int i = 0; i < 2; i++) {
		good &= exact(&listeners[i], losing);
		kin_events_close(listeners[i].ev);
	}
	tap_ok(good && failures && quiet_wait(),
	       "%s: %u allocations for messages fail, each of %u events is received or told as lost",
	       what, failures, EVENTS);
}

void deliver_check(void)
{
	char kib[16];

	if (parameter_get("ring_kib", kib, sizeof(kib)))
		tap_bail("the module has no ring_kib");
	fault_pages(true);
	if (!quiet_wait())
		tap_bail("somebody has a subscription");
	check("readers that read", false);
	set_ring(SMALLEST);
	check("readers that do not, and the smallest ring", true);
	set_ring(kib);
}
