// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sinkfields.h"

static void put(FILE *out, const char *name, const char *value)
{
	if (value)
		fprintf(out, "KIN_%s=%s%c", name, value, '\0');
}

static void put_u64(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, "KIN_%s=%" PRIu64 "%c", name, value, '\0');
}

/* In base units, with all digits that it has. */
static void put_double(FILE *out, const char *name, double value)
{
	fprintf(out, "KIN_%s=%.15g%c", name, value, '\0');
}

static void put_time(FILE *out, const char *name, uint64_t boottime_ns)
{
	char text[ALERT_TIME_ROOM];

	if (!boottime_ns)
		return;
	alert_rfc3339(alert_wall_ns(boottime_ns), text);
	put(out, name, text);
}

static void put_subject(FILE *out, const struct alert *alert)
{
	const struct subject *subject = &alert->subject;

	put(out, "SUBJECT", subject_kind_name(subject));
	if (subject->kind == KIN_EXPR_GROUP)
		put(out, "BY", alert_by_names[subject->by]);
	put(out, "KEY", subject->key);
	if (subject->pid) {
		put_u64(out, "PID", subject->pid);
		put_u64(out, "START_BOOTTIME_NS", subject->start_boottime_ns);
	}
	put(out, "COMM", alert->comm);
	put(out, "FAMILY", alert->family);
}

static void put_value(FILE *out, const struct alert *alert)
{
	if (alert->has_value)
		put_double(out, "VALUE", alert->value);
	if (alert->has_bar)
		put_double(out, "BAR", alert->bar);
	if (alert->has_value || alert->has_bar)
		put(out, "TYPE", kin_type_name(alert->type));
}

static void put_next(FILE *out, const struct alert *alert)
{
	if (!alert->n_next)
		return;
	fputs("KIN_NEXT=", out);
	for (size_t i = 0; i < alert->n_next; i++)
		fprintf(out, "%s%s", i ? "\n" : "", alert->next[i]);
	fputc('\0', out);
}

/* Both variables and fields of the journal are of capitals, digits and _ alone. */
static void put_label(FILE *out, const struct label *label)
{
	fputs("KIN_LABEL_", out);
	for (const char *c = label->name; *c; c++)
		fputc(isascii((unsigned char)*c) && isalnum((unsigned char)*c) ?
			      toupper((unsigned char)*c) : '_', out);
	fprintf(out, "=%s%c", label->value, '\0');
}

void sinkfields_write(FILE *out, const struct alert *alert, enum alert_news news)
{
	put_u64(out, "ALERT", alert->id);
	put(out, "NEWS", alert_news_names[news]);
	put(out, "STATE", alert_state_names[alert->state]);
	put(out, "RULE", alert->rule);
	put(out, "SEVERITY", severity_names[alert->severity]);
	put_subject(out, alert);
	put(out, "SUMMARY", alert->summary);
	put(out, "DESCRIPTION", alert->description);
	put(out, "CAUSE", alert->cause);
	put_next(out, alert);
	put_value(out, alert);
	put_time(out, "SINCE", alert->since_ns);
	put_time(out, "FIRED", alert->fired_ns);
	put_time(out, "RESOLVED", alert->resolved_ns);
	put_u64(out, "TIMES_TOLD", alert->times_told);
	put_u64(out, "MORE", alert->more);
	for (size_t i = 0; i < alert->n_labels; i++)
		put_label(out, &alert->labels[i]);
}

char **sinkfields_split(const char *text, size_t len, size_t *n, size_t *used)
{
	const char *at, *end = text + len;
	char **list;

	*n = 0;
	for (at = text; at < end && *at; at += strlen(at) + 1)
		++*n;
	if (used)
		*used = at < end ? at + 1 - text : (ptrdiff_t)len;
	list = calloc(*n + 1, sizeof(*list));
	at = text;
	for (size_t i = 0; list && i < *n; i++, at += strlen(at) + 1)
		list[i] = (char *)at;
	return list;
}

void sink_line(FILE *out, const struct alert *alert, enum alert_news news)
{
	fprintf(out, "%s %s%s%s", alert->rule, alert_news_names[news],
		alert->summary ? ": " : "", alert->summary ? alert->summary : "");
}

void sink_host(char name[SINK_HOST_ROOM])
{
	if (gethostname(name, SINK_HOST_ROOM))
		name[0] = '\0';
	name[SINK_HOST_ROOM - 1] = '\0';
}
