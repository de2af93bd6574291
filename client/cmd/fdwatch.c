// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fdwatch.h"

/* ---- one sample ---- */

static int take(struct fdwatch *watch)
{
	int err = eventclock_sync(&watch->clock);

	if (!err)
		err = fdsample_take(watch->kin, &watch->query, &watch->sample);
	if (!err)
		err = fdwatch_add(watch);
	if (err)
		return err;
	watch->over |= watch->options->intervals &&
		       fdgrowths_intervals(&watch->growths) ==
			       watch->options->intervals;
	watch->over |= !watch->growths.n && fdwatch_by_pid(watch);
	return 0;
}

/* On a terminal the frame says how many are denied. */
static void tell_denied(struct fdwatch *watch)
{
	const struct cmd_scope none = { 0 };
	struct fd_gaps gaps = { .scope = &none,
				.n_denied = watch->growths.denied };

	if (watch->growths.denied <= watch->told_denied || watch->live)
		return;
	watch->told_denied = watch->growths.denied;
	fd_gaps_tell(&gaps, watch->kin);
}

static int draw(struct fdwatch *watch)
{
	const int err = fdwatchframe_draw(watch);

	/* a signal while the terminal took no more: it is looked at first */
	if (!err || err == -EINTR)
		return 0;
	if (err == -ENOMEM)
		return err;
	watch->output_err = err;
	watch->over = true;
	return 0;
}

static int tell(struct fdwatch *watch)
{
	tell_denied(watch);
	if (watch->live)
		return draw(watch);
	if (watch->options->json)
		fdwatchjson_rows(watch, stdout);
	else if (!fdwatchtext_rows(watch, &watch->line, SIZE_MAX))
		return -ENOMEM;
	fflush(stdout);
	watch->over |= ferror(stdout);
	return 0;
}

/* ---- between samples ---- */

static int check_terminal(struct fdwatch *watch)
{
	const unsigned int wanted = screen_attend(&watch->screen,
						  &watch->waiting);

	watch->over |= (wanted & SCREEN_END) != 0;
	return wanted & SCREEN_REDRAW ? draw(watch) : 0;
}

static int wait_once(struct fdwatch *watch)
{
	struct pollfd fd = {
		.fd = watch->live ? STDIN_FILENO : STDOUT_FILENO,
		.events = watch->live ? POLLIN : 0,
	};
	const nfds_t fds = watch->live && !watch->screen.raw ? 0 : 1;
	const int n = waiting_poll(&watch->waiting, &fd, fds, watch->next_ns);

	if (n < 0 && errno != EINTR)
		return -errno;
	watch->over |= waiting_is_over();
	if (watch->live)
		return check_terminal(watch);
	if (n > 0)
		watch->over |= waiting_lost_reader(fd.revents);
	return 0;
}

static int wait_for_next(struct fdwatch *watch)
{
	int err = 0;

	watch->next_ns = fdwatch_next_ns(watch, waiting_now());
	while (!err && !watch->over && waiting_now() < watch->next_ns)
		err = wait_once(watch);
	return err;
}

static int loop(struct fdwatch *watch)
{
	int err = watch->live ? draw(watch) : 0;

	while (!err && !watch->over) {
		err = wait_for_next(watch);
		if (err || watch->over)
			break;
		err = take(watch);
		if (!err)
			err = tell(watch);
		/* a signal came first: the next wait looks at it */
		if (err == -EINTR)
			err = 0;
	}
	return err;
}

/* ---- before and after ---- */

static void set_up(struct fdwatch *watch)
{
	const struct fd_options *options = watch->options;

	watch->live = screen_usable() && !options->json;
	watch->color = cmd_use_color(0);
	watch->screen.in = STDIN_FILENO;
	watch->screen.out = STDOUT_FILENO;
	watch->line.out = stdout;
	watch->line.utf8 = cmd_utf8();
	watch->line.limit = cmd_columns();
	watch->growths.types = options->filter.types;
	watch->query.kinds = options->kinds;
	watch->query.parts = KIN_FD_PART_COUNTS;
	cmd_scope_query(&options->scope, &watch->query.scope);
}

/* Of the first sample: who is not in it. A status. */
static int tell_gaps(struct fdwatch *watch)
{
	struct fd_gaps gaps = { .scope = &watch->options->scope };
	int status;

	for (size_t i = 0; i < watch->sample.n; i++)
		fd_gaps_table(&gaps, &watch->sample.tables[i].base);
	status = fd_gaps_tell(&gaps, watch->kin);
	watch->told_denied = gaps.n_denied;
	fd_gaps_free(&gaps);
	return status;
}

static int begin(struct fdwatch *watch)
{
	const struct fd_options *options = watch->options;

	bool enough = true;

	watch->begin_ns = watch->growths.first_ns;
	waiting_begin(&watch->waiting, watch->live);
	if (watch->live)
		screen_enter(&watch->screen);
	else if (options->json)
		fdwatchjson_begin(watch, stdout);
	else if (!options->no_headings)
		enough = fdwatchtext_headings(watch, &watch->line);
	fflush(stdout);
	return enough ? 0 : -ENOMEM;
}

static bool sum_up(struct fdwatch *watch)
{
	if (watch->options->json)
		return fdwatchjson_summary(watch, stdout);
	return fdwatchtext_summary(watch, &watch->line);
}

static int outcome(struct fdwatch *watch, int err)
{
	if (err == -ENOMEM || !sum_up(watch))
		return cmd_no_memory();
	if (err)
		return cmd_failed(watch->kin, err, "cannot count descriptors");
	if (!watch->output_err)
		return CMD_OK;
	cmd_error("cannot draw on the terminal: %s",
		  strerror(-watch->output_err));
	return CMD_FAILED;
}

static int run(struct fdwatch *watch)
{
	int err = take(watch), missing, status;

	if (err)
		return cmd_failed(watch->kin, err, "cannot count descriptors");
	missing = tell_gaps(watch);
	if (watch->over)
		return missing;
	err = begin(watch);
	if (!err)
		err = loop(watch);
	/* the rest is for the screen that stays */
	screen_leave(&watch->screen);
	status = outcome(watch, err);
	return status ? status : missing;
}

int fd_watch(const struct fd_options *options)
{
	struct fdwatch watch = { .options = options };
	int status;

	if (options->raw)
		return cmd_usage(&fd_cmd, "--watch has no --raw: take --json");
	set_up(&watch);
	status = cmd_open(&watch.kin);
	if (!status)
		status = run(&watch);
	fdwatch_free(&watch);
	kin_close(watch.kin);
	return status;
}
