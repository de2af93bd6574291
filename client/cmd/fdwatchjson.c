// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd --watch as JSON: an object a line. */
#include "fdwatch.h"

static void json_types(struct kin_json *json, const char *key,
		       const struct fdwatch *watch,
		       const struct fdgrowth *growth, bool all)
{
	struct fdgrown grown[KIN_FD_TYPE_COUNT];
	const size_t n = fdgrowth_types(&watch->growths, growth, all, grown);

	kin_json_object(json, key);
	for (size_t i = 0; i < n; i++)
		kin_json_u64(json, kin_fd_type_name(grown[i].type),
			     grown[i].more);
	kin_json_object_end(json);
}

/* Nobody shrinks by so many a second: null. */
static void json_rate(struct kin_json *json, int64_t n, uint64_t ns)
{
	if (n < 0)
		kin_json_null(json, "grew_per_second");
	else
		kin_json_milli(json, "grew_per_second", cmd_rate_milli(n, ns));
}

static void json_begin(struct kin_json *json, const struct fdwatch *watch,
		       const char *record, FILE *out)
{
	const uint64_t now_ns = watch->growths.now_ns;

	kin_json_begin(json, out);
	kin_json_object_line(json, NULL);
	kin_json_str(json, "record", record);
	kin_json_i64(json, "time_ns",
		     (uint64_t)watch->clock.boot_epoch_ns + now_ns);
	kin_json_u64(json, "boottime_ns", now_ns);
}

static void json_end(struct kin_json *json)
{
	kin_json_object_end(json);
	kin_json_end(json);
}

void fdwatchjson_begin(const struct fdwatch *watch, FILE *out)
{
	struct kin_json json;

	json_begin(&json, watch, "begin", out);
	kin_json_u64(&json, "interval_ns", watch->options->watch_ns);
	kin_json_u64(&json, "processes",
		     fdgrowths_watched(&watch->growths));
	kin_json_u64(&json, "num_denied", watch->growths.denied);
	json_end(&json);
}

static void json_table(struct kin_json *json, const struct kin_fd_table *table)
{
	fdtable_json_who(json, table);
	kin_json_u64(json, "open", table->open);
	kin_json_known(json, "limit_soft", table->limit_soft);
	kin_json_known(json, "limit_hard", table->limit_hard);
	fdtable_json_use(json, table);
}

static void json_all(struct kin_json *json, const struct fdwatch *watch,
		     const struct fdgrowth *growth, uint64_t seen_ns)
{
	kin_json_i64(json, "grew_in_all", fdgrowth_all(growth));
	kin_json_u64(json, "watched_ns", seen_ns - growth->first_ns);
	json_types(json, "types_in_all", watch, growth, true);
}

static void json_verdict(struct kin_json *json, const struct fdwatch *watch,
			 const struct fdgrowth *growth)
{
	kin_json_bool(json, "steadily", fdgrowth_is_steady(growth));
	kin_json_known(json, "limit_in_ns",
		       fdgrowth_limit_ns(&watch->growths, growth));
}

static void put_row(const struct fdwatch *watch, const struct fdgrowth *growth,
		    FILE *out)
{
	const struct fdgrowths *growths = &watch->growths;
	const uint64_t interval_ns = growths->now_ns - growths->last_ns;
	const int64_t last = fdgrowth_last(growth);
	struct kin_json json;

	json_begin(&json, watch, "growth", out);
	json_table(&json, &growth->now.base);
	kin_json_u64(&json, "interval_ns", interval_ns);
	kin_json_i64(&json, "grew", last);
	json_rate(&json, last, interval_ns);
	json_types(&json, "types", watch, growth, false);
	json_all(&json, watch, growth, growths->now_ns);
	json_verdict(&json, watch, growth);
	json_end(&json);
}

static void put_ended(const struct fdwatch *watch,
		      const struct fdgrowth *growth, FILE *out)
{
	struct kin_json json;

	json_begin(&json, watch, "ended", out);
	json_table(&json, &growth->now.base);
	json_all(&json, watch, growth, watch->growths.last_ns);
	json_end(&json);
}

void fdwatchjson_rows(const struct fdwatch *watch, FILE *out)
{
	size_t i = 0;

	for (; i < watch->n_rows; i++)
		put_row(watch, watch->rows[i], out);
	for (; i < watch->n_rows + watch->n_ended; i++)
		put_ended(watch, watch->rows[i], out);
}

/* ---- the summary ---- */

static void json_watched(struct kin_json *json, const struct fdwatch *watch,
			 const struct fdwatched *watched)
{
	const struct fdgrowth *growth = &watched->growth;

	kin_json_object(json, NULL);
	json_table(json, &growth->now.base);
	json_all(json, watch, growth, watched->seen_ns);
	json_rate(json, fdgrowth_all(growth),
		  watched->seen_ns - growth->first_ns);
	if (!watched->ended)
		json_verdict(json, watch, growth);
	kin_json_bool(json, "ended", watched->ended);
	kin_json_object_end(json);
}

bool fdwatchjson_summary(const struct fdwatch *watch, FILE *out)
{
	const struct fdgrowths *growths = &watch->growths;
	struct fdwatched most[FDWATCH_MOST];
	const int n = fdwatch_most(watch, most);
	struct kin_json json;

	json_begin(&json, watch, "summary", out);
	kin_json_u64(&json, "duration_ns",
		     growths->now_ns - growths->first_ns);
	kin_json_u64(&json, "intervals", fdgrowths_intervals(growths));
	kin_json_u64(&json, "processes", fdgrowths_watched(growths));
	kin_json_u64(&json, "new", growths->began);
	kin_json_u64(&json, "ended", growths->ended);
	kin_json_u64(&json, "num_denied", growths->denied);
	kin_json_array(&json, "grew_most");
	for (int i = 0; i < n; i++)
		json_watched(&json, watch, &most[i]);
	kin_json_array_end(&json);
	json_end(&json);
	return n >= 0;
}
