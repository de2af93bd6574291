// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd --watch as lines. */
#include <string.h>

#include "fdwatch.h"
#include "format.h"

/* Numbers stand at the right of so many columns; wider ones push the rest. */
enum {
	PID_WIDTH = 7,
	COMM_WIDTH = KIN_COMM_LEN - 1,
	NUMBER_WIDTH = 8,
	USE_WIDTH = 6,
};

static const char unknown[] = "-";

/* ---- cells ---- */

static void put_right(struct treeline *line, const char *text, size_t len,
		      uint32_t width)
{
	if (len < width)
		treeline_pad(line, width - len);
	treeline_put(line, text, len, len);
	treeline_ascii(line, " ");
}

static void put_word(struct treeline *line, const char *word, uint32_t width)
{
	put_right(line, word, strlen(word), width);
}

static void put_number(struct treeline *line, uint64_t n, uint32_t width)
{
	char text[KIN_FORMAT_MAX];

	put_right(line, text, kin_format_u64(text, n), width);
}

static void put_growth(struct treeline *line, int64_t n)
{
	char text[KIN_FORMAT_MAX + 1] = "+";

	if (n > 0)
		put_right(line, text, 1 + kin_format_u64(text + 1, n),
			  NUMBER_WIDTH);
	else
		put_right(line, text, kin_format_i64(text, n), NUMBER_WIDTH);
}

static void put_rate(struct treeline *line, int64_t n, uint64_t ns)
{
	char text[KIN_FORMAT_MAX];

	if (n < 0)
		put_word(line, unknown, NUMBER_WIDTH);
	else
		put_right(line, text,
			  kin_format_milli(text, cmd_rate_milli(n, ns), 1),
			  NUMBER_WIDTH);
}

static void put_use(struct treeline *line, const struct kin_fd_table *table)
{
	const uint64_t use = fdtable_use_milli(table);
	char text[KIN_FORMAT_MAX];

	if (use == KIN_NONE64)
		put_word(line, unknown, USE_WIDTH);
	else
		put_right(line, text, kin_format_milli(text, use, 1),
			  USE_WIDTH);
}

static void put_who(struct treeline *line, const struct kin_fd_table *table)
{
	uint32_t from, used;

	put_number(line, table->pid, PID_WIDTH);
	from = line->width;
	treeline_foreign(line, table->comm,
			 strnlen(table->comm, KIN_COMM_LEN));
	used = line->width - from;
	treeline_pad(line, 1 + (used < COMM_WIDTH ? COMM_WIDTH - used : 0));
	put_number(line, table->open, NUMBER_WIDTH);
}

/* ---- what grew, and where it leads ---- */

static void put_types(const struct fdwatch *watch, struct treeline *line,
		      const struct fdgrowth *growth, bool all)
{
	struct fdgrown grown[KIN_FD_TYPE_COUNT];
	const size_t n = fdgrowth_types(&watch->growths, growth, all, grown);

	if (!n)
		treeline_ascii(line, unknown);
	for (size_t i = 0; i < n; i++) {
		treeline_ascii(line, i ? ", +" : "+");
		treeline_number(line, grown[i].more);
		treeline_ascii(line, " ");
		treeline_ascii(line, kin_fd_type_name(grown[i].type));
	}
}

static void put_about(struct treeline *line, uint64_t ns)
{
	char text[KIN_FORMAT_MAX];
	const size_t len = kin_format_about(text, ns);

	treeline_put(line, text, len, len);
}

static void put_verdict(const struct fdwatch *watch, struct treeline *line,
			const struct fdgrowth *growth)
{
	const uint64_t ns = fdgrowth_limit_ns(&watch->growths, growth);

	if (!fdgrowth_is_steady(growth))
		return;
	treeline_ascii(line, "; ");
	if (watch->color)
		treeline_color(line, TREELINE_RED);
	treeline_ascii(line, "steadily");
	if (!ns) {
		treeline_ascii(line, ", at its limit");
	} else if (ns != KIN_NONE64) {
		treeline_ascii(line, ", limit in ");
		put_about(line, ns);
	}
	if (watch->color)
		treeline_color(line, "");
}

/* ---- rows ---- */

static void put_time(struct fdwatch *watch, struct treeline *line)
{
	char time[KIN_FORMAT_MAX];
	const size_t len = eventclock_put(&watch->clock, time,
					  watch->growths.now_ns);

	put_right(line, time, len, EVENTCLOCK_WIDTH);
}

static void put_row(const struct fdwatch *watch, struct treeline *line,
		    const struct fdgrowth *growth)
{
	const struct fdgrowths *growths = &watch->growths;
	const int64_t last = fdgrowth_last(growth);

	put_who(line, &growth->now.base);
	put_growth(line, last);
	put_growth(line, fdgrowth_all(growth));
	put_rate(line, last, growths->now_ns - growths->last_ns);
	put_use(line, &growth->now.base);
	put_types(watch, line, growth, false);
	put_verdict(watch, line, growth);
}

static void put_ended(struct treeline *line, const struct fdgrowth *growth)
{
	put_who(line, &growth->now.base);
	put_word(line, unknown, NUMBER_WIDTH);
	put_growth(line, fdgrowth_all(growth));
	put_word(line, unknown, NUMBER_WIDTH);
	put_use(line, &growth->now.base);
	treeline_ascii(line, "ended");
}

bool fdwatchtext_rows(struct fdwatch *watch, struct treeline *line, size_t most)
{
	const size_t n = watch->n_rows + watch->n_ended;
	bool enough = true;

	for (size_t i = 0; i < n && i < most; i++) {
		if (!watch->live)
			put_time(watch, line);
		if (i < watch->n_rows)
			put_row(watch, line, watch->rows[i]);
		else
			put_ended(line, watch->rows[i]);
		enough &= treeline_end(line);
	}
	return enough;
}

/* ---- headings ---- */

static void put_headings(struct treeline *line, bool all)
{
	put_word(line, "PID", PID_WIDTH);
	treeline_ascii(line, "COMMAND         ");
	put_word(line, "OPEN", NUMBER_WIDTH);
	put_word(line, "GREW", NUMBER_WIDTH);
	if (all)
		put_word(line, "IN-ALL", NUMBER_WIDTH);
	put_word(line, "PER-S", NUMBER_WIDTH);
	put_word(line, "USE%", USE_WIDTH);
	treeline_ascii(line, "WHAT GREW");
}

bool fdwatchtext_headings(struct fdwatch *watch, struct treeline *line)
{
	if (!watch->live) {
		treeline_ascii(line, "TIME");
		treeline_pad(line, EVENTCLOCK_WIDTH + 1 - strlen("TIME"));
	}
	put_headings(line, true);
	return treeline_end(line);
}

/* ---- the summary ---- */

static void put_count(struct treeline *line, uint64_t n, const char *what)
{
	treeline_number(line, n);
	treeline_ascii(line, what);
}

static bool put_sum(const struct fdgrowths *growths, struct treeline *line)
{
	const uint64_t intervals = fdgrowths_intervals(growths);
	const size_t n = fdgrowths_watched(growths);

	put_count(line, intervals,
		  intervals == 1 ? " interval within " : " intervals within ");
	treeline_duration(line, growths->now_ns - growths->first_ns);
	treeline_ascii(line, "; ");
	put_count(line, n, n == 1 ? " process, " : " processes, ");
	put_count(line, growths->began, " new, ");
	put_count(line, growths->ended, " ended, ");
	put_count(line, growths->denied, " denied");
	return treeline_end(line);
}

static void put_watched(const struct fdwatch *watch, struct treeline *line,
			const struct fdwatched *watched)
{
	const struct fdgrowth *growth = &watched->growth;
	const int64_t all = fdgrowth_all(growth);

	put_who(line, &growth->now.base);
	put_growth(line, all);
	put_rate(line, all, watched->seen_ns - growth->first_ns);
	put_use(line, &growth->now.base);
	put_types(watch, line, growth, true);
	if (watched->ended)
		treeline_ascii(line, "; ended");
	else
		put_verdict(watch, line, growth);
}

bool fdwatchtext_summary(struct fdwatch *watch, struct treeline *line)
{
	struct fdwatched most[FDWATCH_MOST];
	const int n = fdwatch_most(watch, most);
	bool enough = n >= 0;

	enough &= put_sum(&watch->growths, line);
	if (!n) {
		treeline_ascii(line, "no process has more descriptors than at first");
		return treeline_end(line) && enough;
	}
	put_headings(line, false);
	enough &= treeline_end(line);
	for (int i = 0; i < n; i++) {
		put_watched(watch, line, &most[i]);
		enough &= treeline_end(line);
	}
	return enough;
}
