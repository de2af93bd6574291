// SPDX-License-Identifier: GPL-2.0-or-later
/* kin export: the exporter alone. */
#include <errno.h>
#include <getopt.h>
#include <systemd/sd-daemon.h>

#include "daemon.h"
#include "exporter.h"
#include "guard.h"
#include "guardcmds.h"
#include "rulefile.h"
#include "waiting.h"

#define NS_PER_S 1000000000ull
#define TICK_NS NS_PER_S	/* at least so often connections are looked after */
#define RETRY_NS NS_PER_S	/* is the module back? */

/* Without rules nobody needs numbers but who asks for them. */
#define IDLE_NS (3600 * NS_PER_S)

/* A kind has so many groups at most, by each measure: beyond, Prometheus would suffer. */
#define TOP_MAX 1000

struct export {
	struct daemon_args book;	/* which rules */
	const char *listen;
	uint64_t top, duration_ns;
	struct rules rules;
	struct engine *engine;
	struct exporter *exporter;
	struct waiting waiting;
	uint64_t end_ns, retry_ns;	/* retry 0: the module is there */
};

/* ---- the loop ---- */

/* The module may be unloaded and loaded again; who asks meanwhile is told so. */
static int turn(struct export *ex)
{
	const bool away = ex->retry_ns;
	int err;

	if (away && waiting_now() < ex->retry_ns)
		return CMD_OK;
	err = away ? engine_reopen(ex->engine) : engine_turn(ex->engine);
	if (err == -ENODEV || (away && err == -ENOENT)) {
		if (!away)
			cmd_error("the module kin was unloaded; waiting for it");
		ex->retry_ns = waiting_now() + RETRY_NS;
		return CMD_OK;
	}
	if (!err && away)
		cmd_error("the module kin is back");
	ex->retry_ns = 0;
	if (!err || err == -EINTR)
		return CMD_OK;
	return cmd_failed_why(engine_error(ex->engine), err, "cannot watch");
}

static uint64_t wake_ns(const struct export *ex)
{
	const int ms = ex->retry_ns ? -1 : engine_timeout_ms(ex->engine);
	const uint64_t now = waiting_now();
	uint64_t wake = now + TICK_NS;

	if (ms >= 0 && now + ms * 1000000ull < wake)
		wake = now + ms * 1000000ull;
	return ex->end_ns && ex->end_ns < wake ? ex->end_ns : wake;
}

static int loop(struct export *ex)
{
	int status = CMD_OK;

	while (!status && !waiting_is_over()) {
		struct pollfd fds[] = {
			{ .fd = exporter_fd(ex->exporter), .events = POLLIN },
			{ .fd = ex->retry_ns ? -1 : engine_fd(ex->engine), .events = POLLIN },
		};

		waiting_poll(&ex->waiting, fds, sizeof(fds) / sizeof(*fds), wake_ns(ex));
		status = turn(ex);
		exporter_turn(ex->exporter);
		if (ex->end_ns && waiting_now() >= ex->end_ns)
			break;
	}
	return status;
}

/* ---- from start to end ---- */

static int open_engine(struct export *ex)
{
	const struct engine_options options = {
		.interval_ns = ex->book.interval_ns ? ex->book.interval_ns :
			       ex->book.n_files ? 0 : IDLE_NS,
		.groups = EXPORTER_GROUPS,
	};
	const int err = engine_open(&ex->engine, &ex->rules, &options);

	if (!err)
		return CMD_OK;
	return ex->engine ? cmd_events_failed(engine_error(ex->engine), err) : cmd_no_memory();
}

static int start(struct export *ex)
{
	int status = CMD_OK;

	if (ex->book.n_files)
		status = rulebook_read(&ex->book, &ex->rules);
	if (!status)
		status = open_engine(ex);
	if (!status)
		status = exporter_open(&ex->exporter, ex->engine, ex->listen);
	if (!status)
		status = exporter_set_top(ex->exporter, ex->top);
	return status;
}

static int serve(struct export *ex)
{
	int status;

	/* whoever asks may go before the answer */
	signal(SIGPIPE, SIG_IGN);
	waiting_begin(&ex->waiting, false);
	status = start(ex);
	if (!status) {
		printf("Serving %s\n", exporter_url(ex->exporter));
		fflush(stdout);
		sd_notify(0, "READY=1");
		if (ex->duration_ns)
			ex->end_ns = waiting_now() + ex->duration_ns;
		status = loop(ex);
	}
	exporter_close(ex->exporter);
	if (ex->engine)
		engine_close(ex->engine);
	rules_free(&ex->rules);
	return status;
}

/* ---- arguments ---- */

static int take_top(struct export *ex, const char *arg)
{
	if (cmd_number(arg, TOP_MAX, &ex->top) && ex->top)
		return CMD_OK;
	return cmd_usage(&export_cmd, "--top: '%s' is not a number of groups, 1 to %d", arg,
			 TOP_MAX);
}

static int take_option(struct export *ex, int key, const char *arg)
{
	switch (key) {
	case GUARD_KEY_LISTEN:
		ex->listen = arg;
		return CMD_OK;
	case GUARD_KEY_TOP:
		return take_top(ex, arg);
	case GUARD_KEY_RULES:
		return rulefile_take(&export_cmd, arg, ex->book.files, &ex->book.n_files);
	case GUARD_KEY_INTERVAL:
		return cmd_take_time(&export_cmd, "interval", arg, &ex->book.interval_ns);
	case GUARD_KEY_DURATION:
		return cmd_take_time(&export_cmd, "duration", arg, &ex->duration_ns);
	default:
		return cmd_getopt_status(key);
	}
}

int guard_export(int argc, char **argv)
{
	struct export ex = {
		.book.quiet = true, .listen = EXPORTER_LISTEN, .top = EXPORTER_TOP,
	};
	int key, status;

	while ((key = cmd_getopt(&export_cmd, argc, argv)) != -1) {
		status = take_option(&ex, key, optarg);
		if (status || key == CMD_KEY_HELP)
			return status;
	}
	status = cmd_no_operands(&export_cmd, argc, argv);
	return status ? status : serve(&ex);
}
