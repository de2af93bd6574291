// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "alert.h"
#include "json.h"

#define NS_PER_SEC 1000000000ll

const char *const alert_state_names[] = { "pending", "firing", "resolved", NULL };
const char *const alert_news_names[] = { "firing", "still firing", "resolved", NULL };

const char *const alert_by_names[] = {
	[KIN_BY_NONE] = "none",	    [KIN_BY_COMM] = "comm",
	[KIN_BY_UID] = "uid",	    [KIN_BY_CGROUP] = "cgroup",
	[KIN_BY_PARENT] = "parent", [KIN_BY_SUBTREE] = "subtree",
	[KIN_BY_EXE] = "exe",
};

int64_t alert_wall_ns(uint64_t boottime_ns)
{
	struct kin_view view;

	if (kin_view_now(&view))
		return 0;
	return view.boot_epoch_ns + (int64_t)boottime_ns;
}

void alert_rfc3339(int64_t wall_ns, char text[ALERT_TIME_ROOM])
{
	/* down, before 1970 too */
	const int64_t ms = wall_ns / 1000000 - (wall_ns % 1000000 < 0);
	time_t second = ms / 1000 - (ms % 1000 < 0);
	struct tm tm;
	size_t len;

	text[0] = '\0';
	if (!gmtime_r(&second, &tm))
		return;
	len = strftime(text, ALERT_TIME_ROOM, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + len, ALERT_TIME_ROOM - len, ".%03dZ",
		 (int)(ms - second * 1000));
}

static void put_time(struct kin_json *json, const char *key, uint64_t boottime_ns)
{
	char text[ALERT_TIME_ROOM];

	if (!boottime_ns) {
		kin_json_null(json, key);
		return;
	}
	alert_rfc3339(alert_wall_ns(boottime_ns), text);
	kin_json_str(json, key, text);
}

static void put_text(struct kin_json *json, const char *key, const char *text)
{
	if (text)
		kin_json_str(json, key, text);
	else
		kin_json_null(json, key);
}

/* Base units. Thousandths are what a threshold is ever written in; of very great numbers
 * they are not known. */
static void put_number(struct kin_json *json, const char *key, double value,
		       bool known)
{
	const double size = fabs(value);

	if (!known || !(size < 0x1p63))
		kin_json_null(json, key);
	else if (size < 0x1p53 / 1000)
		kin_json_smilli(json, key, llround(value * 1000));
	else
		kin_json_i64(json, key, llround(value));
}

const char *subject_kind_name(const struct subject *subject)
{
	if (subject->kind == KIN_EXPR_HOST)
		return "host";
	return subject->pid ? "process" : "group";
}

static void put_subject(struct kin_json *json, const struct alert *alert)
{
	const struct subject *subject = &alert->subject;

	kin_json_object_line(json, "subject");
	kin_json_str(json, "kind", subject_kind_name(subject));
	if (subject->kind == KIN_EXPR_GROUP)
		kin_json_str(json, "by", alert_by_names[subject->by]);
	if (subject->key)
		kin_json_str(json, "key", subject->key);
	if (subject->pid) {
		kin_json_u64(json, "pid", subject->pid);
		kin_json_u64(json, "start_boottime_ns", subject->start_boottime_ns);
		put_text(json, "comm", alert->comm);
		put_text(json, "family", alert->family);
	}
	kin_json_object_end(json);
}

static void put_labels(struct kin_json *json, const struct alert *alert)
{
	kin_json_object_line(json, "labels");
	for (size_t i = 0; i < alert->n_labels; i++)
		kin_json_str(json, alert->labels[i].name, alert->labels[i].value);
	kin_json_object_end(json);
}

void alert_json_members(struct kin_json *json, const struct alert *alert,
			enum alert_news news)
{
	kin_json_u64(json, "id", alert->id);
	kin_json_str(json, "news", alert_news_names[news]);
	kin_json_str(json, "state", alert_state_names[alert->state]);
	kin_json_str(json, "rule", alert->rule);
	kin_json_str(json, "severity", severity_names[alert->severity]);
	put_subject(json, alert);
	put_text(json, "summary", alert->summary);
	put_text(json, "description", alert->description);
	put_text(json, "cause", alert->cause);
	kin_json_array_line(json, "next");
	for (size_t i = 0; i < alert->n_next; i++)
		kin_json_str(json, NULL, alert->next[i]);
	kin_json_array_end(json);
	put_labels(json, alert);
	put_number(json, "value", alert->value, alert->has_value);
	put_number(json, "bar", alert->bar, alert->has_bar);
	kin_json_str(json, "type", kin_type_name(alert->type));
	put_time(json, "since", alert->since_ns);
	put_time(json, "fired", alert->fired_ns);
	put_time(json, "resolved", alert->resolved_ns);
	kin_json_u64(json, "times_told", alert->times_told);
	kin_json_u64(json, "more", alert->more);
}

void alert_json(struct kin_json *json, const char *key, const struct alert *alert,
		enum alert_news news)
{
	kin_json_object_line(json, key);
	alert_json_members(json, alert, news);
	kin_json_object_end(json);
}
