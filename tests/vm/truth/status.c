// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's own numbers: each counter moves by what was asked. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "parameter.h"
#include "proc.h"
#include "quiet.h"
#include "tap.h"

static void get_status(struct kin *kin, struct kin_status *status)
{
	if (kin_status_get(kin, status, NULL, 0))
		tap_bail("status: %s", kin_error(kin));
}

static int nothing(const struct kin_record *rec, void *arg)
{
	return 0;
}

static void check_constants(struct kin *kin)
{
	struct kin_status status;
	char version[64], text[64] = "?";

	if (kin_status_get(kin, &status, version, sizeof(version)))
		tap_bail("status: %s", kin_error(kin));
	tap_ok(status.abi_version == KIN_ABI_VERSION &&
		       status.max_values == KIN_MAX_VALUES &&
		       status.cmdline_max_bytes == KIN_CMDLINE_MAX,
	       "status: abi_version, max_values, cmdline_max_bytes");
	proc_file("/sys/module/kin/parameters/hidepid", text, sizeof(text));
	tap_ok(status.hidepid == strtoul(text, NULL, 10),
	       "status.hidepid is the module's parameter, %.1s", text);
	proc_file("/sys/module/kin/version", text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	tap_ok(!strcmp(version, text), "the version is the module's, %s",
	       version);
}

static void check_dump(struct kin *kin)
{
	const uint32_t pids[] = { getpid(), 1, 4000000 };
	const struct kin_query query = { .scope = { .pids = pids,
						    .n_pids = 3 } };
	struct kin_status a, b;

	get_status(kin, &a);
	kin_dump(kin, &query, nothing, NULL);
	get_status(kin, &b);
	tap_ok(b.dumps_started == a.dumps_started + 1 &&
		       b.dumps_done == a.dumps_done + 1 &&
		       b.tasks_sent == a.tasks_sent + 2 && b.gets == a.gets,
	       "status.dumps_started, dumps_done, tasks_sent: a dump of two");
	kin_get(kin, 1, KIN_KIND_PROCESS, 0, nothing, NULL);
	get_status(kin, &a);
	tap_ok(a.gets == b.gets + 1 && a.tasks_sent == b.tasks_sent + 1 &&
		       a.dumps_started == b.dumps_started,
	       "status.gets, tasks_sent: a get");
	tap_ok(a.cmdlines_busy <= a.tasks_sent,
	       "status.cmdlines_busy: %" PRIu64, (uint64_t)a.cmdlines_busy);
}

static void check_refusals(struct kin *kin)
{
	static uint32_t pids[KIN_MAX_VALUES + 1];
	const struct kin_query bad = {
		.scope = { .pids = pids, .n_pids = KIN_MAX_VALUES + 1 },
	};
	struct kin_status a, b;
	int ret;

	for (ret = 0; ret <= KIN_MAX_VALUES; ret++)
		pids[ret] = 1 + ret;
	get_status(kin, &a);
	ret = kin_dump(kin, &bad, nothing, NULL);
	tap_note("%d, %s", ret, kin_error(kin));
	get_status(kin, &b);
	tap_ok(ret == -E2BIG && b.requests_rejected == a.requests_rejected + 1,
	       "status.requests_rejected: too many values");
	tap_ok(b.requests_denied == a.requests_denied &&
		       b.tasks_hidden == a.tasks_hidden,
	       "status.requests_denied, tasks_hidden: nobody was");
}

/* ---- events ---- */

#define CHILDREN     150
#define MANY	     64 /* more than may subscribe */
#define SMALLEST     "16"
#define PATIENCE_MS  20000

struct tally {
	uint64_t events, lost;
};

static int count_event(const struct kin_event_record *rec, void *arg)
{
	struct tally *tally = arg;

	tally->events += rec->base != NULL;
	tally->lost += rec->lost;
	return 0;
}

static struct kin_events *subscribe(void)
{
	const uint32_t self = getpid();
	const struct kin_event_filter filter = {
		.scope = { .subtrees = &self, .n_subtrees = 1 },
	};
	const int least = 1;
	struct kin_events *ev;

	if (kin_events_open(&ev, &filter))
		tap_bail("events: %s", ev ? kin_events_error(ev) : "no memory");
	setsockopt(kin_events_fd(ev), SOL_SOCKET, SO_RCVBUF, &least, sizeof(least));
	return ev;
}

static void make_children(unsigned int n)
{
	while (n--) {
		const pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			tap_bail("fork: %s", strerror(errno));
	}
}

static void read_all(struct kin_events *ev, struct tally *tally)
{
	int err = 1;

	while (err > 0 && tally->events + tally->lost < 2 * CHILDREN)
		err = kin_events_read(ev, PATIENCE_MS, count_event, tally);
	if (err < 0)
		tap_bail("events: %s", kin_events_error(ev));
}

/* The smallest ring, and a socket with no more room than it must have. */
static void check_loss(struct kin *kin)
{
	struct kin_status before, during, after;
	struct tally tally = { 0 };
	struct kin_events *ev;
	char kib[16];

	parameter_get("ring_kib", kib, sizeof(kib));
	if (!quiet_wait() || parameter_set("ring_kib", SMALLEST))
		tap_bail("somebody has a subscription, or ring_kib cannot be set");
	get_status(kin, &before);
	ev = subscribe();
	get_status(kin, &during);
	make_children(CHILDREN);
	read_all(ev, &tally);
	get_status(kin, &after);
	kin_events_close(ev);
	parameter_set("ring_kib", kib);
	tap_ok(!before.subscribers && !before.probes && during.subscribers == 1 &&
		       during.probes && quiet_wait(),
	       "status.subscribers, probes: 0, then 1 and %u, then 0 again",
	       during.probes);
	tap_ok(tally.lost && tally.events + tally.lost == 2 * CHILDREN &&
		       after.events_sent - before.events_sent == tally.events &&
		       after.events_lost - before.events_lost == tally.lost,
	       "status.events_sent, events_lost: %" PRIu64 " and %" PRIu64,
	       tally.events, tally.lost);
	tap_ok(before.ring_kib == strtoul(SMALLEST, NULL, 10),
	       "status.ring_kib is the module's parameter, " SMALLEST);
}

static void check_limit(struct kin *kin)
{
	const struct kin_event_filter filter = { 0 };
	struct kin_events *ev[MANY];
	struct kin_status status;
	unsigned int n = 0;
	int err = 0;

	get_status(kin, &status);
	while (!err && n < MANY)
		err = kin_events_open(&ev[n++], &filter);
	tap_ok(err == -EUSERS && n == status.max_subscribers + 1,
	       "status.max_subscribers: of %u the last is refused", n);
	while (n)
		kin_events_close(ev[--n]);
}

/* ---- descriptors ---- */

static int count_fd(const struct kin_fd_record *rec, void *arg)
{
	*(uint64_t *)arg += rec->fd != NULL;
	return 0;
}

/* A machine whose TSC could not be calibrated may have nothing but ticks. */
static bool clock_is_fine(void)
{
	struct timespec res;

	clock_getres(CLOCK_MONOTONIC, &res);
	return !res.tv_sec && res.tv_nsec == 1;
}

static void check_descriptors(struct kin *kin)
{
	const uint32_t self = getpid();
	const struct kin_fd_query query = { .scope = { .tgids = &self, .n_tgids = 1 },
					    .parts = KIN_FD_PART_LIST };
	struct kin_status before, after;
	uint64_t n = 0;

	get_status(kin, &before);
	if (kin_fd_dump(kin, &query, count_fd, &n))
		tap_bail("descriptors: %s", kin_error(kin));
	get_status(kin, &after);
	tap_ok(n && after.fds_sent == before.fds_sent + n, "status.fds_sent: %" PRIu64 " more", n);
	tap_ok(after.fds_lock_max_ns >= before.fds_lock_max_ns &&
		       (after.fds_lock_max_ns || !clock_is_fine()),
	       "status.fds_lock_max_ns only grows: %" PRIu64, (uint64_t)after.fds_lock_max_ns);
}

/* What the kernel says that it exports, or accounts. */
static void check_features(struct kin *kin)
{
	static char symbols[1 << 24];
	struct kin_status status;
	bool delays;

	get_status(kin, &status);
	proc_file("/proc/kallsyms", symbols, sizeof(symbols));
	delays = strstr(symbols, " delayacct_on\n") || strstr(symbols, " delayacct_key\n");
	tap_ok(!!(status.features & KIN_FEATURE_EVENTS) ==
		       !!strstr(symbols, " __tracepoint_sched_process_fork\n"),
	       "status.features: events");
	tap_ok(!!(status.features & KIN_FEATURE_STACK) ==
		       !!strstr(symbols, " __ksymtab_stack_trace_save_tsk\n"),
	       "status.features: stacks, if the kernel lets modules have them");
	tap_ok(!!(status.features & KIN_FEATURE_DELAY) == delays,
	       "status.features: delays, if the kernel can account them");
}

static void check_delay(struct kin *kin)
{
	struct kin_status status;
	char ms[16] = "?";

	get_status(kin, &status);
	parameter_get("batch_ms", ms, sizeof(ms));
	tap_ok(status.batch_ms == strtoul(ms, NULL, 10),
	       "status.batch_ms is the module's parameter, %s", ms);
}

void status_check(struct kin *kin)
{
	check_loss(kin);
	check_limit(kin);
	check_delay(kin);
	check_constants(kin);
	check_dump(kin);
	check_descriptors(kin);
	check_features(kin);
	check_refusals(kin);
}
