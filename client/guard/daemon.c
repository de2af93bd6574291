// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The main loop of kin alert. One thread, which never waits but here: for events, the
 * next sample, a signal, a request for metrics.
 *
 * News are told first and written into the state file then: whoever is killed in
 * between tells once more after the restart, and loses nothing.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "daemon.h"
#include "exporter.h"
#include "guard.h"
#include "statefile.h"

#define NS_PER_S	1000000000ull
#define TICK_NS		NS_PER_S	/* at least so often all are looked after */
#define SAVE_NS		(60 * NS_PER_S)	/* alerts that are pending */
#define RETRY_NS	NS_PER_S	/* is the module back? */
#define CLOSE_MS	3000

struct daemon {
	const struct daemon_args *args;
	struct sink_options sink_options;
	struct rules *rules;
	struct engine *engine;
	struct delivery delivery;
	struct exporter *exporter;	/* NULL: none */
	int signals;			/* a signalfd */
	uint64_t end_ns;		/* 0: none */
	uint64_t tick_ns;		/* when they are due: */
	uint64_t save_ns, retry_ns;	/* retry 0: the module is there */
	uint64_t watchdog_ns, watched_ns;
	bool news, ended, unread, save_failed, starved;
};

static uint64_t now_ns(void)
{
	return kin_clock_ns(CLOCK_BOOTTIME);
}

static void on_news(const struct alert *alert, const struct rule *rule,
		    enum alert_news news, void *arg)
{
	struct daemon *d = arg;

	delivery_tell(&d->delivery, alert, rule, news);
	d->news = true;
}

/* ---- what is kept ---- */

/* Told once, not at each attempt. */
static void save(struct daemon *d)
{
	int err;

	d->news = false;
	d->save_ns = now_ns() + SAVE_NS;
	if (!d->args->state)
		return;
	err = statefile_write(d->args->state, d->engine);
	if (err && !d->save_failed)
		cmd_error("cannot write the alerts to %s: %s; going on without",
			  d->args->state, strerror(-err));
	if (!err && d->save_failed)
		cmd_error("the alerts are written to %s again", d->args->state);
	d->save_failed = err;
}

/* ---- rules, once more ---- */

static struct rules *read_rules(const struct daemon_args *args, int *status)
{
	struct rules *rules = calloc(1, sizeof(*rules));

	*status = rules ? rulebook_read(args, rules) : cmd_no_memory();
	if (*status) {
		free(rules);
		return NULL;
	}
	return rules;
}

static void drop_rules(struct rules *rules)
{
	if (rules)
		rules_free(rules);
	free(rules);
}

/* Receivers first: what cannot be set up leaves everything as it was. Alerts of rules
 * that are no more are resolved while those who were told of them are still there. */
static int take_rules(struct daemon *d, struct rules *rules)
{
	int status = delivery_try(rules, &d->sink_options);

	if (status)
		return status;
	if (engine_set_rules(d->engine, rules)) {
		cmd_error("cannot use the new rules: %s", engine_error(d->engine));
		return CMD_FAILED;
	}
	delivery_change(&d->delivery, rules, &d->sink_options, CLOSE_MS);
	return CMD_OK;
}

static void reload(struct daemon *d)
{
	struct rules *rules;
	int status;

	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu",
		   (unsigned long long)kin_clock_ns(CLOCK_MONOTONIC) / 1000);
	rules = read_rules(d->args, &status);
	if (rules)
		status = take_rules(d, rules);
	if (status) {
		cmd_error("the rules are not taken; those from before stay");
		drop_rules(rules);
	} else {
		drop_rules(d->rules);
		d->rules = rules;
		cmd_error("%zu rules were read again", rules->n);
	}
	sd_notify(0, "READY=1");
}

static void take_signal(struct daemon *d)
{
	struct signalfd_siginfo info;

	while (read(d->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			reload(d);
		else
			d->ended = true;
	}
}

/* ---- the module may go and come back ---- */

static int turn(struct daemon *d)
{
	const bool away = d->retry_ns;
	int err;

	if (away && now_ns() < d->retry_ns)
		return CMD_OK;
	err = away ? engine_reopen(d->engine) : engine_turn(d->engine);
	if (!err && away)
		cmd_error("the module kin is back");
	if (err == -ENODEV || (away && err == -ENOENT)) {
		if (!away)
			cmd_error("the module kin was unloaded; waiting for it");
		d->retry_ns = now_ns() + RETRY_NS;
		return CMD_OK;
	}
	d->retry_ns = 0;
	if (err == -ENOMEM || err == -ENOBUFS) {
		if (!d->starved)
			cmd_error("out of memory for now; looking again");
		d->starved = true;
		return CMD_OK;
	}
	d->starved = false;
	if (!err || err == -EINTR)
		return CMD_OK;
	return cmd_failed_why(engine_error(d->engine), err, "cannot watch");
}

/* ---- the loop ---- */

static void tell_systemd(struct daemon *d)
{
	struct engine_stats stats;
	const uint64_t now = now_ns();

	if (d->watchdog_ns && now - d->watched_ns >= d->watchdog_ns / 2) {
		engine_stats(d->engine, &stats);
		sd_notifyf(0, "WATCHDOG=1\nSTATUS=%zu rules, %zu alerts firing%s",
			   d->rules->n, stats.alerts[ALERT_FIRING],
			   d->retry_ns ? ", the module is away" : "");
		d->watched_ns = now;
	}
}

static int timeout_ms(const struct daemon *d)
{
	const int engine_ms = d->retry_ns ? -1 : engine_timeout_ms(d->engine);
	const uint64_t now = now_ns();
	uint64_t wait = TICK_NS;

	if (d->end_ns)
		wait = d->end_ns <= now ? 0 : d->end_ns - now < wait ? d->end_ns - now : wait;
	wait = (wait + 999999) / 1000000;
	return engine_ms >= 0 && (uint64_t)engine_ms < wait ? engine_ms : (int)wait;
}

/* Whether who reads standard output is the only one who is told anything. */
static bool has_one_reader(const struct daemon *d)
{
	return !d->args->quiet && !d->args->journal && !d->args->listen &&
	       d->rules->n_receivers == 1;
}

static void wait_for_work(struct daemon *d)
{
	struct pollfd fds[] = {
		{ .fd = d->signals, .events = POLLIN },
		{ .fd = d->retry_ns ? -1 : engine_fd(d->engine), .events = POLLIN },
		{ .fd = d->exporter ? exporter_fd(d->exporter) : -1, .events = POLLIN },
		/* an error is told unasked: nobody reads it */
		{ .fd = has_one_reader(d) ? STDOUT_FILENO : -1 },
	};

	poll(fds, sizeof(fds) / sizeof(*fds), timeout_ms(d));
	d->unread = fds[3].revents & POLLERR;
	d->ended = d->unread;
}

static void tick(struct daemon *d)
{
	if (!d->news && now_ns() < d->tick_ns)
		return;
	delivery_tick(&d->delivery, d->engine);
	d->tick_ns = now_ns() + TICK_NS;
}

static int loop(struct daemon *d)
{
	int status = CMD_OK;

	while (!d->ended && !status) {
		wait_for_work(d);
		take_signal(d);
		status = turn(d);
		if (d->exporter)
			exporter_turn(d->exporter);
		tick(d);
		if (d->news || now_ns() >= d->save_ns)
			save(d);
		tell_systemd(d);
		if (d->end_ns && now_ns() >= d->end_ns)
			d->ended = true;
	}
	return status;
}

/* ---- from start to end ---- */

static int catch_signals(struct daemon *d)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* Who reads standard output may go; the others are still to be told. */
	signal(SIGPIPE, SIG_IGN);
	/* What the service may do, commands that it runs need not. */
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	d->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (d->signals < 0) {
		cmd_error("cannot wait for signals: %s", strerror(errno));
		return CMD_FAILED;
	}
	return CMD_OK;
}

static int open_engine(struct daemon *d)
{
	const struct engine_options options = {
		.interval_ns = d->args->interval_ns, .news = on_news, .arg = d,
		.groups = d->args->listen ? EXPORTER_GROUPS : 0,
	};
	int err = engine_open(&d->engine, d->rules, &options);

	if (!err)
		return CMD_OK;
	return d->engine ? cmd_events_failed(engine_error(d->engine), err) : cmd_no_memory();
}

static int open_exporter(struct daemon *d)
{
	int status;

	if (!d->args->listen)
		return CMD_OK;
	status = exporter_open(&d->exporter, d->engine, d->args->listen);
	if (status)
		return status;
	exporter_set_delivery(d->exporter, &d->delivery);
	/* standard output is for alerts */
	cmd_error("serving %s", exporter_url(d->exporter));
	return CMD_OK;
}

static int start(struct daemon *d)
{
	int status = catch_signals(d);

	if (!status)
		d->rules = read_rules(d->args, &status);
	if (!status)
		status = delivery_open(&d->delivery, d->rules, &d->sink_options);
	if (!status)
		status = open_engine(d);
	if (!status && d->args->state)
		status = statefile_read(d->args->state, d->engine);
	if (!status)
		status = open_exporter(d);
	return status;
}

/* Whoever stops is told nothing of: its alerts go on after the restart. */
static void stop(struct daemon *d)
{
	sd_notify(0, "STOPPING=1");
	if (d->engine && d->save_ns)
		save(d);
	if (d->exporter)
		exporter_close(d->exporter);
	if (d->delivery.sinks)
		delivery_close(&d->delivery, CLOSE_MS);
	if (d->engine)
		engine_close(d->engine);
	drop_rules(d->rules);
	if (d->signals >= 0)
		close(d->signals);
}

int daemon_run(const struct daemon_args *args)
{
	struct daemon d = {
		.args = args, .signals = -1,
		.sink_options = { .spool = args->spool, .color = args->color },
	};
	uint64_t watchdog_us = 0;
	int status = start(&d);

	if (!status) {
		if (sd_watchdog_enabled(0, &watchdog_us) > 0)
			d.watchdog_ns = watchdog_us * 1000;
		if (args->duration_ns)
			d.end_ns = now_ns() + args->duration_ns;
		sd_notifyf(0, "READY=1\nSTATUS=%zu rules", d.rules->n);
		save(&d);
		status = loop(&d);
	}
	stop(&d);
	/* as a write would have, had it not been for others */
	if (d.unread) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	return status;
}
