// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "events.h"
#include "waiting.h"

#define NS_PER_MS 1000000ull

/* What happened before the end may be on its way: the module gathers events for
 * its batch_ms, and needs some time to send them. */
#define LINGER_MS 50

/* A batch is written at once: the largest that the kernel sends fits. */
#define OUTPUT_SIZE (256 * 1024)

struct events {
	struct eventargs args;
	struct eventclock clock;
	struct eventtext text;
	struct eventsum sum;
	uint64_t shown;
	uint64_t begin_ns;	/* CLOCK_BOOTTIME, as those of the events */
	uint64_t end_ns;	/* what happens later is not shown */
	uint64_t linger_ns;	/* so long is waited for what happened before */
	struct waiting waiting;
	bool over, no_memory;
};

/* ---- events ---- */

static int show(const struct kin_event_record *rec, void *arg)
{
	struct events *events = arg;

	if (rec->base && rec->base->boottime_ns > events->end_ns) {
		events->over = true;
		return 1;
	}
	if (rec->base && !where_row(&events->args.where, rec))
		return 0;
	eventsum_add(&events->sum, rec);
	if (events->args.json)
		eventjson_put(stdout, &events->clock, rec);
	else if (!eventtext_put(&events->text, rec))
		events->no_memory = true;
	if (rec->base)
		events->over |= ++events->shown == events->args.count;
	return events->over;
}

/* Until something has come, or nothing more will: what happened before the user
 * ended it is still waited for, and a second signal ends the program. */
static int poll_until(struct events *events, struct pollfd *fds, nfds_t n,
		      uint64_t until_ns)
{
	const uint64_t now = waiting_now();

	if (!waiting_is_over())
		return waiting_poll(&events->waiting, fds, n, until_ns);
	return poll(fds, n, now < until_ns ?
			    1 + (until_ns - now) / NS_PER_MS : 0);
}

static int wait_for_events(struct kin_events *ev, struct events *events)
{
	struct pollfd fds[] = {
		{ .fd = kin_events_fd(ev), .events = POLLIN },
		{ .fd = STDOUT_FILENO },
	};
	uint64_t until = WAITING_NEVER;
	int n;

	if (waiting_is_over() && waiting_now() < events->end_ns)
		events->end_ns = waiting_now();
	if (events->end_ns != WAITING_NEVER)
		until = events->end_ns + events->linger_ns;
	n = poll_until(events, fds, 2, until);
	if (n < 0 && errno != EINTR)
		return -errno;
	if (n > 0)
		events->over |= waiting_lost_reader(fds[1].revents);
	events->over |= n == 0 && waiting_now() >= until;
	return 0;
}

/* All that has come, written at once. */
static int read_batch(struct kin_events *ev, struct events *events)
{
	int err;

	do {
		err = eventclock_sync(&events->clock);
		if (!err)
			err = kin_events_read(ev, 0, show, events);
	} while (err > 0 && !events->over && !waiting_is_over());
	fflush(stdout);
	events->over |= ferror(stdout) || events->no_memory;
	return err > 0 || err == -EINTR ? 0 : err;
}

static int failed(const struct kin_events *ev, int err)
{
	if (err != -ENODEV)
		return cmd_failed_why(kin_events_error(ev), err,
				      "cannot read events");
	cmd_error("the kernel module was unloaded: there are no more events");
	return CMD_NOT_LOADED;
}

static int watch(struct kin_events *ev, struct events *events)
{
	int err = 0;

	waiting_begin(&events->waiting, false);
	while (!err && !events->over) {
		err = wait_for_events(ev, events);
		if (!err)
			err = read_batch(ev, events);
	}
	return err;
}

/* ---- before and after ---- */

/* Nothing would ever come of a process that is not there. */
static int check_pids(struct kin *kin, const struct cmd_scope *scope)
{
	const struct kin_snapshot none = { 0 };

	return cmd_scope_missing(kin, scope, KIN_KIND_PROCESS, &none);
}

static int ask_delay(struct kin *kin, struct events *events)
{
	struct kin_status module;
	int err = kin_status_get(kin, &module, NULL, 0);

	if (err)
		return cmd_failed(kin, err, "cannot read the module's status");
	events->linger_ns = LINGER_MS * NS_PER_MS;
	if (module.batch_ms != KIN_NONE32)
		events->linger_ns += module.batch_ms * NS_PER_MS;
	return CMD_OK;
}

static int prepare(struct events *events)
{
	struct kin *kin;
	int status = cmd_open(&kin);

	if (!status)
		status = check_pids(kin, &events->args.scope);
	if (!status)
		status = ask_delay(kin, events);
	kin_close(kin);
	return status;
}

static void set_up(struct events *events)
{
	static char buffer[OUTPUT_SIZE];
	const struct eventargs *args = &events->args;

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	events->clock.boottime = args->boottime;
	events->text.line.out = stdout;
	events->text.line.utf8 = cmd_utf8();
	events->text.clock = &events->clock;
	events->text.color = cmd_use_color(args->color);
	events->begin_ns = waiting_now();
	events->end_ns = WAITING_NEVER;
	if (args->duration_ns)
		events->end_ns = events->begin_ns + args->duration_ns;
	if (!args->json && !args->no_headings) {
		eventtext_put_headings(&events->text);
		fflush(stdout);
	}
}

static void sum_up(const struct events *events)
{
	const uint64_t now = waiting_now();
	const uint64_t end = now < events->end_ns ? now : events->end_ns;
	const uint64_t ns = end - events->begin_ns;

	if (!eventargs_summary(&events->args))
		return;
	if (events->args.json)
		eventsum_json(&events->sum, ns, stdout);
	else
		eventsum_print(&events->sum, ns, stderr);
}

static int run(struct events *events)
{
	struct kin_event_filter filter;
	struct kin_events *ev;
	int err, status = prepare(events);

	if (status)
		return status;
	eventargs_filter(&events->args, &filter);
	status = cmd_events_open(&ev, &filter);
	if (status)
		return status;
	set_up(events);
	err = watch(ev, events);
	sum_up(events);
	if (events->no_memory)
		status = cmd_no_memory();
	else if (err)
		status = failed(ev, err);
	kin_events_close(ev);
	return status;
}

int cmd_events(int argc, char **argv)
{
	struct events events = { 0 };
	int status;

	if (eventargs_parse(&events.args, argc, argv, &status))
		status = run(&events);
	treeline_free(&events.text.line);
	eventargs_free(&events.args);
	return status;
}
