// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "ending.h"
#include "events.h"
#include "format.h"

/* ---- adding up ---- */

static void keep_life(struct eventsum *sum, const struct kin_event_record *rec)
{
	const struct kin_event *ev = rec->base;
	const uint64_t life = kin_event_life_ns(ev);
	struct eventlife *lives = sum->lives;
	size_t i = sum->n_lives;

	if (life == KIN_NONE64)
		return;
	if (i == EVENTSUM_LIVES && life >= lives[--i].life_ns)
		return;
	for (; i && lives[i - 1].life_ns > life; i--)
		lives[i] = lives[i - 1];
	lives[i] = (struct eventlife){
		.life_ns = life, .pid = ev->pid, .flags = ev->flags,
		.status = rec->exit->status,
	};
	memcpy(lives[i].comm, ev->comm, KIN_COMM_LEN);
	if (sum->n_lives < EVENTSUM_LIVES)
		sum->n_lives++;
}

void eventsum_add(struct eventsum *sum, const struct kin_event_record *rec)
{
	unsigned int i;

	if (!rec->base) {
		sum->lost += rec->lost;
		return;
	}
	i = kin_event_index(rec->base->kind);
	if (i < KIN_EVENT_KIND_COUNT)
		sum->kinds[i]++;
	else
		sum->others++;
	if (rec->exit && !(rec->base->flags & KIN_EVENT_THREAD)) {
		sum->failed += rec->exit->status != 0;
		keep_life(sum, rec);
	}
}

static uint64_t count_all(const struct eventsum *sum)
{
	uint64_t n = sum->others;

	for (size_t i = 0; i < KIN_EVENT_KIND_COUNT; i++)
		n += sum->kinds[i];
	return n;
}

/* ---- for people ---- */

static void print_life(const struct eventlife *life, FILE *out)
{
	char lived[KIN_FORMAT_MAX], ended[KIN_ENDING_MAX];
	const size_t n_lived = kin_format_duration(lived, life->life_ns);
	const size_t n_ended = kin_ending_put(ended, life->status,
					      life->flags);
	unsigned int width;

	fprintf(out, "%7u ", life->pid);
	width = cmd_safe(out, life->comm, strnlen(life->comm, KIN_COMM_LEN));
	fprintf(out, "%*s lived %.*s, %.*s\n",
		width < KIN_COMM_LEN ? (int)(KIN_COMM_LEN - 1 - width) : 0, "",
		(int)n_lived, lived, (int)n_ended, ended);
}

static void print_kinds(const struct eventsum *sum, FILE *out)
{
	for (size_t i = 0; i < KIN_EVENT_KIND_COUNT; i++)
		fprintf(out, "%s%s %" PRIu64, i ? ", " : "", kin_event_names[i],
			sum->kinds[i]);
	if (sum->others)
		fprintf(out, ", other %" PRIu64, sum->others);
	fputc('\n', out);
}

void eventsum_print(const struct eventsum *sum, uint64_t ns, FILE *out)
{
	const uint64_t n = count_all(sum);
	char time[KIN_FORMAT_MAX], rate[KIN_FORMAT_MAX];
	const size_t n_time = kin_format_duration(time, ns);
	const size_t n_rate = kin_format_milli(rate, cmd_rate_milli(n, ns), 1);

	fprintf(out, "%" PRIu64 " event%s in %.*s, %.*s a second, %" PRIu64 " lost\n",
		n, n == 1 ? "" : "s", (int)n_time, time, (int)n_rate, rate,
		sum->lost);
	print_kinds(sum, out);
	fprintf(out, "exits of processes with a status other than 0: %" PRIu64 "\n",
		sum->failed);
	if (sum->n_lives)
		fputs("shortest lives:\n", out);
	for (size_t i = 0; i < sum->n_lives; i++)
		print_life(&sum->lives[i], out);
}

/* ---- for programs ---- */

static void json_life(struct kin_json *json, const struct eventlife *life)
{
	kin_json_object(json, NULL);
	kin_json_u64(json, "pid", life->pid);
	kin_json_bytes(json, "comm", life->comm,
		       strnlen(life->comm, KIN_COMM_LEN));
	kin_json_u64(json, "life_ns", life->life_ns);
	kin_ending_json(json, life->status, life->flags);
	kin_json_object_end(json);
}

void eventsum_json(const struct eventsum *sum, uint64_t ns, FILE *out)
{
	const uint64_t n = count_all(sum);
	struct kin_json json;

	kin_json_begin(&json, out);
	kin_json_object_line(&json, NULL);
	kin_json_str(&json, "event", "summary");
	kin_json_u64(&json, "duration_ns", ns);
	kin_json_u64(&json, "events", n);
	kin_json_milli(&json, "events_per_second", cmd_rate_milli(n, ns));
	kin_json_u64(&json, "lost", sum->lost);
	for (size_t i = 0; i < KIN_EVENT_KIND_COUNT; i++)
		kin_json_u64(&json, kin_event_names[i], sum->kinds[i]);
	kin_json_u64(&json, "other", sum->others);
	kin_json_u64(&json, "failed", sum->failed);
	kin_json_array(&json, "shortest_lives");
	for (size_t i = 0; i < sum->n_lives; i++)
		json_life(&json, &sum->lives[i]);
	kin_json_array_end(&json);
	kin_json_object_end(&json);
	kin_json_end(&json);
}
