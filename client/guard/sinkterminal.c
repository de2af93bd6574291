// SPDX-License-Identifier: GPL-2.0-or-later
/* For people: standard output. */
#include <string.h>
#include <time.h>

#include "clock.h"
#include "cmd.h"
#include "format.h"
#include "outfile.h"
#include "sinkkind.h"

static const char *const colors[] = {
	[SEVERITY_INFO] = "\033[1;36m",
	[SEVERITY_WARNING] = "\033[1;33m",
	[SEVERITY_CRITICAL] = "\033[1;31m",
};

#define COLOR_RESOLVED	"\033[1;32m"
#define COLOR_END	"\033[0m"

static int terminal_open(struct sink *sink)
{
	struct outfile *file;
	int err = outfile_open(&file, "-");

	if (err)
		sink_say(sink, "cannot be set up: %s", strerror(-err));
	else
		sink->own = file;
	return err;
}

static void terminal_close(struct sink *sink)
{
	outfile_close(sink->own);
}

static void put_word(const struct sink *sink, const struct alert *alert,
		     enum alert_news news, FILE *out)
{
	const bool resolved = news == ALERT_NEWS_RESOLVED;

	if (sink->color)
		fputs(resolved ? COLOR_RESOLVED : colors[alert->severity], out);
	fputs(resolved ? "resolved" : severity_names[alert->severity], out);
	if (news == ALERT_NEWS_AGAIN)
		fputs(" (still)", out);
	if (sink->color)
		fputs(COLOR_END, out);
}

static void put_safe(FILE *out, const char *before, const char *text)
{
	if (!text)
		return;
	fputs(before, out);
	cmd_safe(out, text, strlen(text));
}

static void put_lasted(FILE *out, const struct alert *alert)
{
	char text[KIN_FORMAT_MAX];

	if (!alert->fired_ns || alert->resolved_ns < alert->fired_ns)
		return;
	fprintf(out, " (after %.*s)",
		(int)kin_format_duration(text, alert->resolved_ns - alert->fired_ns), text);
}

static bool tells_family(const char *text, const struct alert *alert)
{
	return text && alert->family && strstr(text, alert->family);
}

/* The end needs no more than a line. */
static void put_details(FILE *out, const struct alert *alert)
{
	put_safe(out, "\n    ", alert->description);
	if (!tells_family(alert->summary, alert) && !tells_family(alert->description, alert))
		put_safe(out, "\n    Family: ", alert->family);
	if (alert->more)
		fprintf(out, "\n    and %llu more", (unsigned long long)alert->more);
}

static void terminal_encode(const struct sink *sink, const struct alert *alert,
			    enum alert_news news, FILE *out)
{
	char text[KIN_FORMAT_MAX];
	fprintf(out, "%.*s ",
		(int)kin_format_time(text, kin_clock_ns(CLOCK_REALTIME)), text);
	put_word(sink, alert, news, out);
	put_safe(out, " ", alert->rule);
	put_safe(out, ": ", alert->summary);
	if (news == ALERT_NEWS_RESOLVED)
		put_lasted(out, alert);
	else
		put_details(out, alert);
	fputc('\n', out);
}

static enum outcome terminal_deliver(struct sink *sink, struct attempt *try)
{
	return outfile_write(sink->own, sink->abort_fd, try);
}

const struct sink_kind sink_terminal = {
	.name = "terminal",
	.open = terminal_open,
	.close = terminal_close,
	.encode = terminal_encode,
	.deliver = terminal_deliver,
};
