// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Alertmanager, by its API v2. It takes an alert for resolved when its end has come: so
 * one that fires is told with an end some minutes ahead, and again every minute; should
 * kin end for good, its alerts do soon after.
 *
 * A message is a line for each alert, an object each. That of one that fires lacks its
 * end and its last brace: both are put there when it is sent, which may be much later.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "http.h"
#include "json.h"
#include "sinkfields.h"
#include "sinkkind.h"

/* As Prometheus does: four times as long as it takes to be told again. */
#define FIRES_ON_NS (4 * 60 * 1000000000ll)

static int alertmanager_open(struct sink *sink)
{
	struct http *http;
	int err = http_open(&http, sink, "/api/v2/alerts");

	if (!err)
		sink->own = http;
	return err;
}

static void alertmanager_close(struct sink *sink)
{
	http_close(sink->own);
}

/* ---- write ---- */

static bool has_label(const struct alert *alert, const char *name)
{
	for (size_t i = 0; i < alert->n_labels; i++)
		if (!strcmp(alert->labels[i].name, name))
			return true;
	return false;
}

/* What the rule says goes first. */
static void put_label(struct kin_json *json, const struct alert *alert, const char *name,
		      const char *value)
{
	if (value && *value && !has_label(alert, name))
		kin_json_str(json, name, value);
}

/* Labels say which alert it is: nothing that changes while it fires. */
static void put_labels(struct kin_json *json, const struct alert *alert)
{
	const struct subject *subject = &alert->subject;
	char host[SINK_HOST_ROOM], pid[16];

	sink_host(host);
	kin_json_object_line(json, "labels");
	for (size_t i = 0; i < alert->n_labels; i++)
		if (strcmp(alert->labels[i].name, "alertname"))
			kin_json_str(json, alert->labels[i].name, alert->labels[i].value);
	kin_json_str(json, "alertname", alert->rule);
	put_label(json, alert, "severity", severity_names[alert->severity]);
	put_label(json, alert, "instance", host);
	if (subject->pid) {
		snprintf(pid, sizeof(pid), "%" PRIu32, subject->pid);
		put_label(json, alert, "pid", pid);
		put_label(json, alert, "comm", alert->comm);
	}
	if (subject->kind == KIN_EXPR_GROUP && subject->key)
		put_label(json, alert, alert_by_names[subject->by], subject->key);
	kin_json_object_end(json);
}

static void put_text(struct kin_json *json, const char *name, const char *text)
{
	if (text)
		kin_json_str(json, name, text);
}

static void put_next(struct kin_json *json, const struct alert *alert)
{
	char *text = NULL;
	size_t len;
	FILE *out = alert->n_next ? open_memstream(&text, &len) : NULL;

	if (!out)
		return;
	for (size_t i = 0; i < alert->n_next; i++)
		fprintf(out, "%s%s", i ? "\n" : "", alert->next[i]);
	if (!fclose(out))
		kin_json_str(json, "next", text);
	free(text);
}

static void put_annotations(struct kin_json *json, const struct alert *alert)
{
	char value[32];

	kin_json_object_line(json, "annotations");
	put_text(json, "summary", alert->summary);
	put_text(json, "description", alert->description);
	put_text(json, "cause", alert->cause);
	put_text(json, "family", alert->family);
	put_next(json, alert);
	if (alert->has_value) {
		snprintf(value, sizeof(value), "%.15g", alert->value);
		kin_json_str(json, "value", value);
	}
	kin_json_object_end(json);
}

static void put_time(struct kin_json *json, const char *name, uint64_t boottime_ns)
{
	char text[ALERT_TIME_ROOM];

	alert_rfc3339(alert_wall_ns(boottime_ns), text);
	kin_json_str(json, name, text);
}

static void put_alert(const struct sink *sink, const struct alert *alert, FILE *out)
{
	struct kin_json json;

	kin_json_begin(&json, out);
	kin_json_object_line(&json, NULL);
	put_labels(&json, alert);
	put_annotations(&json, alert);
	put_time(&json, "startsAt", alert->fired_ns ? alert->fired_ns : alert->since_ns);
	put_text(&json, "generatorURL", sink->external_url);
	if (alert->state == ALERT_RESOLVED) {
		put_time(&json, "endsAt", alert->resolved_ns);
		kin_json_object_end(&json);
	}
	fputc('\n', out);
}

static void alertmanager_encode(const struct sink *sink, const struct alert *alert,
				enum alert_news news, FILE *out)
{
	put_alert(sink, alert, out);
}

static void alertmanager_encode_firing(const struct sink *sink,
				       const struct alert *const *firing, size_t n,
				       FILE *out)
{
	for (size_t i = 0; i < n; i++)
		put_alert(sink, firing[i], out);
}

/* ---- send ---- */

static void put_line(FILE *out, const char *line, size_t len, const char *ends_at)
{
	fwrite(line, 1, len, out);
	if (line[len - 1] != '}')
		fprintf(out, ", \"endsAt\": \"%s\"}", ends_at);
}

static void put_body(FILE *out, const char *text)
{
	char ends_at[ALERT_TIME_ROOM];
	size_t len;

	alert_rfc3339(kin_clock_ns(CLOCK_REALTIME) + FIRES_ON_NS, ends_at);
	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (!len)
			continue;
		put_line(out, text, len, ends_at);
		if (text[len] && text[len + 1])
			fputs(",\n", out);
	}
}

static enum outcome alertmanager_deliver(struct sink *sink, struct attempt *try)
{
	enum outcome outcome = OUTCOME_LATER;
	char *body = NULL;
	size_t len;
	FILE *out = open_memstream(&body, &len);

	snprintf(try->why, sizeof(try->why), "%s", strerror(ENOMEM));
	if (!out)
		return outcome;
	fputc('[', out);
	put_body(out, try->text);
	fputc(']', out);
	if (!fclose(out))
		outcome = http_post(sink->own, body, len, try);
	free(body);
	return outcome;
}

const struct sink_kind sink_alertmanager = {
	.name = "alertmanager",
	.keeps = true,
	.open = alertmanager_open,
	.close = alertmanager_close,
	.encode = alertmanager_encode,
	.encode_firing = alertmanager_encode_firing,
	.deliver = alertmanager_deliver,
};
