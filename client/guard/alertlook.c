// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alertlook.h"

/* Terminal columns of one value: more of it is no message. */
#define LIMIT 160

/* All that is no KIN_NEED_*. */
#define GROUPS (~(KIN_NEED_HOST | KIN_NEED_NAMES))

void alertlook_init(struct alertlook *look, struct judge *judge, const struct tracked *tracked,
	       const struct kin_node *node)
{
	*look = (struct alertlook){ .judge = judge, .tracked = tracked, .node = node };
}

void alertlook_free(struct alertlook *look)
{
	kin_snapshot_free(&look->fetched);
}

void alertlook_needs(struct alertlook *look, uint32_t needs)
{
	const struct judge_source *source = &look->judge->source;
	const uint32_t missing = needs & GROUPS & ~look->judge->groups;

	if (!look->node || !source->fetch || look->node->life != KIN_LIFE_ALIVE ||
	    !(missing & ~look->asked))
		return;
	kin_snapshot_free(&look->fetched);
	look->asked |= missing;
	if (source->fetch(look->node->task.base.pid, look->asked, &look->fetched,
			  source->arg))
		kin_snapshot_free(&look->fetched);
}

/* The number may belong to somebody else by now. */
static const struct kin_task *task_for(const struct alertlook *look, uint32_t needs)
{
	const struct kin_task *task = look->fetched.tasks;

	if (!(needs & GROUPS & look->asked))
		return &look->node->task;
	if (!look->fetched.n || task->base.start_boottime_ns !=
				      look->node->task.base.start_boottime_ns)
		return &look->node->task;
	return task;
}

/* ---- text ---- */

static int put_text(char *to, size_t room, const char *text)
{
	const size_t len = strlen(text);
	size_t some = len < room ? len : room;

	/* not amid a character */
	while (some && some < len && (text[some] & 0xc0) == 0x80)
		some--;
	memcpy(to, text, some);
	return some;
}

static int put_value(char *to, size_t room, enum kin_type type,
		     const struct kin_value *value)
{
	const size_t need = kin_value_room(type, value);
	char *text = value->known ? malloc(need + 1) : NULL;
	uint32_t width;
	int len;

	if (!text)
		return -1;
	text[kin_value_put(text, type, value, KIN_STYLE_UTF8, LIMIT, &width)] = '\0';
	len = put_text(to, room, text);
	free(text);
	return len;
}

static bool is_whole(double number)
{
	return number == floor(number);
}

/* As a column of that type holds it. */
static bool to_value(double number, enum kin_type *type, struct kin_value *value)
{
	if (*type == KIN_TYPE_PERCENT)
		number *= 100000;
	if (*type == KIN_TYPE_UINT && number < 0)
		*type = KIN_TYPE_INT;
	if (*type == KIN_TYPE_UINT && !is_whole(number))
		*type = KIN_TYPE_MILLI;
	if (*type == KIN_TYPE_MILLI)
		number *= 1000;
	*value = (struct kin_value){ .known = isfinite(number) && fabs(number) < 0x1p63 };
	if (!value->known)
		return false;
	if (*type == KIN_TYPE_INT || *type == KIN_TYPE_TIME)
		value->i = (int64_t)number;
	else if (number < 0)
		value->known = false;
	else
		value->u = (uint64_t)(number + 0.5);
	return value->known;
}

/* What shrank is told with its sign. */
static int put_number(char *to, size_t room, enum kin_type type, double number, bool known)
{
	const bool minus = number < 0 && type != KIN_TYPE_TIME && type != KIN_TYPE_INT;
	struct kin_value value;
	int len;

	if (!known || room < 2 || !to_value(minus ? -number : number, &type, &value))
		return -1;
	*to = '-';
	len = put_value(to + minus, room - minus, type, &value);
	if (len < 0)
		return -1;
	len += minus;
	if (type == KIN_TYPE_PERCENT)
		len += put_text(to + len, room - len, " %");
	return len;
}

static int put_duration(char *to, size_t room, uint64_t ns)
{
	const struct kin_value value = { .known = true, .u = ns };

	return put_value(to, room, KIN_TYPE_DURATION, &value);
}

static int put_known(char *to, size_t room, const char *text)
{
	return text ? put_text(to, room, text) : -1;
}

/* ---- names ---- */

static int put_own(const struct alertlook *look, const char *name, char *to, size_t room)
{
	const struct alert *alert = &look->tracked->alert;
	char time[ALERT_TIME_ROOM];

	if (!strcmp(name, "value"))
		return put_number(to, room, alert->type, alert->value, alert->has_value);
	if (!strcmp(name, "bar"))
		return put_number(to, room, alert->type, alert->bar, alert->has_bar);
	if (!strcmp(name, "key"))
		return put_known(to, room, alert->subject.key);
	if (!strcmp(name, "rule"))
		return put_text(to, room, alert->rule);
	if (!strcmp(name, "severity"))
		return put_text(to, room, severity_names[alert->severity]);
	if (!strcmp(name, "for"))
		return put_duration(to, room, look->judge->now_ns - alert->since_ns);
	if (!strcmp(name, "family"))
		return put_known(to, room, alert->family);
	if (!strcmp(name, "more"))
		return put_number(to, room, KIN_TYPE_UINT, alert->more, true);
	if (strcmp(name, "since"))
		return -1;
	alert_rfc3339(alert_wall_ns(alert->since_ns), time);
	return put_text(to, room, time);
}

static int put_host(const struct alertlook *look, const char *name, char *to, size_t room)
{
	const struct kin_column *col =
		kin_column_find_in(&kin_host_columns, name, strlen(name));
	struct kin_value value;

	if (!col)
		return -1;
	kin_column_get_row(col, &look->judge->host, &value);
	return put_value(to, room, col->type, &value);
}

static int put_column(struct alertlook *look, const char *name, char *to, size_t room)
{
	const struct kin_column *col = kin_column_find(name, strlen(name));
	struct kin_value value;

	if (!col || !look->node)
		return -1;
	alertlook_needs(look, col->needs);
	kin_column_get(col, &look->judge->view, task_for(look, col->needs), &value);
	return put_value(to, room, col->type, &value);
}

int alertlook_up(const char *name, size_t len, char *to, size_t room, void *arg)
{
	static const char host[] = "host.";
	struct alertlook *look = arg;
	char word[64];
	int got;

	if (len >= sizeof(word))
		return -1;
	memcpy(word, name, len);
	word[len] = '\0';
	if (!strncmp(word, host, sizeof(host) - 1))
		return put_host(look, word + sizeof(host) - 1, to, room);
	got = put_own(look, word, to, room);
	return got >= 0 ? got : put_column(look, word, to, room);
}
