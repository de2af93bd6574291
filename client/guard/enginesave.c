// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Alerts over a restart: a line of JSON that says of which boot they are, then one for
 * each. Times are CLOCK_BOOTTIME; the first line says what that was by the wall clock.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>

#include "engineself.h"
#include "tracked.h"

#define FORMAT 1

/* ---- what is kept, by name ---- */

enum kind { U64, U32, ENUM, BOOL, REAL, TEXT, BYTES };

#define OF(kind, name, member) { name, kind, offsetof(struct tracked, member) }

static const struct {
	const char *name;
	enum kind kind;
	size_t offset;
} members[] = {
	OF(U64, "id", alert.id),
	OF(TEXT, "rule", alert.rule),
	OF(ENUM, "severity", alert.severity),
	OF(ENUM, "state", alert.state),
	OF(ENUM, "kind", alert.subject.kind),
	OF(ENUM, "by", alert.subject.by),
	OF(U32, "pid", alert.subject.pid),
	OF(U64, "start", alert.subject.start_boottime_ns),
	OF(TEXT, "key", alert.subject.key),
	OF(U64, "key_a", key.a),
	OF(U64, "key_b", key.b),
	OF(BYTES, "path", path),
	OF(TEXT, "summary", alert.summary),
	OF(TEXT, "description", alert.description),
	OF(TEXT, "cause", alert.cause),
	OF(TEXT, "family", alert.family),
	OF(TEXT, "comm", alert.comm),
	OF(REAL, "value", alert.value),
	OF(REAL, "bar", alert.bar),
	OF(ENUM, "type", alert.type),
	OF(BOOL, "has_value", alert.has_value),
	OF(BOOL, "has_bar", alert.has_bar),
	OF(U64, "since", alert.since_ns),
	OF(U64, "fired", alert.fired_ns),
	OF(U64, "told", alert.told_ns),
	OF(U32, "times_told", alert.times_told),
	OF(U64, "more", alert.more),
	OF(U64, "seen", seen_ns),
	OF(U64, "clear", clear_ns),
	OF(BOOL, "held", held),
};

#define N_MEMBERS (sizeof(members) / sizeof(*members))

/* ---- writing ---- */

/* Whatever bytes a path has: JSON has only those that are UTF-8. */
static json_t *hex_to_json(const char *text)
{
	const size_t len = text ? strlen(text) : 0;
	char *hex = text ? malloc(2 * len + 1) : NULL;
	json_t *value;

	if (!hex)
		return json_null();
	for (size_t i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)text[i]);
	hex[2 * len] = '\0';
	value = json_string(hex);
	free(hex);
	return value;
}

/* A number of 64 bits keeps them: JSON's are signed here. */
static json_t *to_json(enum kind kind, const void *at)
{
	switch (kind) {
	case U64:
		return json_integer((json_int_t) * (const uint64_t *)at);
	case U32:
		return json_integer(*(const uint32_t *)at);
	case ENUM:
		return json_integer(*(const unsigned int *)at);
	case BOOL:
		return json_boolean(*(const bool *)at);
	case REAL:
		return json_real(*(const double *)at);
	case BYTES:
		return hex_to_json(*(char *const *)at);
	case TEXT:
		break;
	}
	return *(char *const *)at ? json_string(*(char *const *)at) : json_null();
}

static json_t *list_to_json(const struct alert *alert)
{
	json_t *list = json_array();

	for (size_t i = 0; i < alert->n_next; i++)
		json_array_append_new(list, json_string(alert->next[i]));
	return list;
}

static json_t *labels_to_json(const struct alert *alert)
{
	json_t *labels = json_object();

	for (size_t i = 0; i < alert->n_labels; i++)
		json_object_set_new(labels, alert->labels[i].name,
				    json_string(alert->labels[i].value));
	return labels;
}

/* Takes over @line. */
static int put_line(FILE *out, json_t *line)
{
	int err = line ? json_dumpf(line, out, JSON_COMPACT) : -1;

	json_decref(line);
	if (err || fputc('\n', out) == EOF)
		return ferror(out) ? -EIO : -ENOMEM;
	return 0;
}

static int put_tracked(FILE *out, const struct tracked *tracked)
{
	json_t *line = json_object();

	/* (a number that is none, as of 0 / 0, is left out) */
	for (size_t i = 0; i < N_MEMBERS; i++)
		json_object_set_new(line, members[i].name,
				    to_json(members[i].kind,
					    (const char *)tracked + members[i].offset));
	json_object_set_new(line, "next", list_to_json(&tracked->alert));
	json_object_set_new(line, "labels", labels_to_json(&tracked->alert));
	return put_line(out, line);
}

static void this_boot(char text[SD_ID128_STRING_MAX])
{
	sd_id128_t id;

	text[0] = '\0';
	if (!sd_id128_get_boot(&id))
		sd_id128_to_string(id, text);
}

int judge_save(const struct judge *judge, FILE *out)
{
	char boot[SD_ID128_STRING_MAX];
	struct kin_view view;
	int err;

	this_boot(boot);
	if (kin_view_now(&view))
		return -errno;
	err = put_line(out, json_pack("{si ss sI sI}", "kin_alerts", FORMAT, "boot", boot,
				      "boot_epoch_ns", (json_int_t)view.boot_epoch_ns,
				      "next_id", (json_int_t)judge->next_id));
	for (const struct tracked *tracked = judge->alerts; tracked && !err;
	     tracked = tracked->next)
		if (tracked->alert.state != ALERT_RESOLVED)
			err = put_tracked(out, tracked);
	return err;
}

/* ---- reading ---- */

static const char hex_digits[] = "0123456789abcdef";

static unsigned int digit(char c)
{
	return strchr(hex_digits, c) - hex_digits;
}

static bool hex_from_json(char **text, const json_t *value)
{
	const char *hex = json_string_value(value);
	const size_t len = hex ? strlen(hex) : 0;

	if (!hex || len % 2 || strspn(hex, hex_digits) != len)
		return !value || json_is_null(value);
	free(*text);
	*text = calloc(len / 2 + 1, 1);
	for (size_t i = 0; *text && i < len / 2; i++)
		(*text)[i] = digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]);
	return *text;
}

static bool from_json(enum kind kind, void *at, const json_t *value)
{
	switch (kind) {
	case U64:
		*(uint64_t *)at = json_integer_value(value);
		return json_is_integer(value);
	case U32:
		*(uint32_t *)at = json_integer_value(value);
		return json_is_integer(value);
	case ENUM:
		*(unsigned int *)at = json_integer_value(value);
		return json_is_integer(value);
	case BOOL:
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value);
	case REAL:
		*(double *)at = json_number_value(value);
		return json_is_number(value) || !value;
	case BYTES:
		return hex_from_json(at, value);
	case TEXT:
		break;
	}
	if (!json_is_string(value))
		return !value || json_is_null(value);
	free(*(char **)at);
	*(char **)at = strdup(json_string_value(value));
	return *(char **)at;
}

static void read_next(struct alert *alert, const json_t *list)
{
	const size_t n = json_array_size(list);

	alert->next = calloc(n + 1, sizeof(*alert->next));
	for (size_t i = 0; alert->next && i < n; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		char *copy = text ? strdup(text) : NULL;

		if (copy)
			alert->next[alert->n_next++] = copy;
	}
}

static void read_labels(struct alert *alert, json_t *labels)
{
	const char *name;
	json_t *value;

	alert->labels = calloc(json_object_size(labels) + 1, sizeof(*alert->labels));
	json_object_foreach(labels, name, value) {
		const char *text = json_string_value(value);
		struct label label = { strdup(name), text ? strdup(text) : NULL };

		if (alert->labels && label.name && label.value) {
			alert->labels[alert->n_labels++] = label;
			continue;
		}
		free(label.name);
		free(label.value);
	}
}

static bool is_sound(const struct alert *alert)
{
	return alert->severity <= SEVERITY_CRITICAL && alert->state <= ALERT_FIRING &&
	       alert->subject.kind <= KIN_EXPR_GROUP &&
	       alert->subject.by <= KIN_BY_EXE && alert->type < KIN_TYPE_COUNT &&
	       alert->rule;
}

/* On a list of its own, until all lines have turned out to be sound. */
static bool read_tracked(struct judge *judge, json_t *line)
{
	struct tracked *tracked = tracked_new(judge, "");
	bool sound = tracked && json_is_object(line);

	for (size_t i = 0; sound && i < N_MEMBERS; i++)
		sound = from_json(members[i].kind, (char *)tracked + members[i].offset,
				  json_object_get(line, members[i].name));
	if (!sound || !is_sound(&tracked->alert))
		return false;
	read_next(&tracked->alert, json_object_get(line, "next"));
	read_labels(&tracked->alert, json_object_get(line, "labels"));
	return true;
}

struct header {
	char boot[SD_ID128_STRING_MAX];
	int64_t boot_epoch_ns;
	uint64_t next_id;
};

static bool read_header(struct header *header, json_t *line)
{
	json_int_t epoch, id;
	const char *boot;
	int format;

	if (json_unpack(line, "{si ss sI sI}", "kin_alerts", &format, "boot", &boot,
			"boot_epoch_ns", &epoch, "next_id", &id) ||
	    format != FORMAT)
		return false;
	snprintf(header->boot, sizeof(header->boot), "%s", boot);
	header->boot_epoch_ns = epoch;
	header->next_id = id;
	return true;
}

/* NULL: the end, or no such line. */
static json_t *next_line(FILE *in, bool *end)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t len = getline(&text, &room, in);
	json_t *line = len > 0 ? json_loadb(text, len, 0, NULL) : NULL;

	*end = len <= 0;
	free(text);
	return line;
}

static int read_all(struct judge *judge, struct header *header, FILE *in)
{
	bool end, sound;
	json_t *line = next_line(in, &end);

	sound = line && read_header(header, line);
	while (sound) {
		json_decref(line);
		line = next_line(in, &end);
		if (end)
			return ferror(in) ? -EIO : 0;
		sound = line && read_tracked(judge, line);
	}
	json_decref(line);
	return -EBADMSG;
}

/* ---- what was read, and what is there now ---- */

static void move_time(uint64_t *ns, int64_t by_ns)
{
	if (*ns)
		*ns += by_ns;
}

/* Of another boot: what it says by the wall clock stays true. */
static void lose(struct tracked *tracked, int64_t by_ns)
{
	tracked->lost = true;
	move_time(&tracked->alert.since_ns, by_ns);
	move_time(&tracked->alert.fired_ns, by_ns);
	move_time(&tracked->alert.told_ns, by_ns);
}

static void take_over(struct judge *judge, struct tracked *tracked,
		      const struct header *header)
{
	char boot[SD_ID128_STRING_MAX];
	struct kin_view view;

	this_boot(boot);
	tracked->watched = NULL;
	if (strcmp(boot, header->boot) && !kin_view_now(&view))
		lose(tracked, header->boot_epoch_ns - view.boot_epoch_ns);
	if (tracked->lost)
		tracked->watched = judge_find_rule(judge, tracked->alert.rule);
	else
		tracked_bind_again(judge, tracked);
}

static void append(struct judge *judge, struct tracked *list)
{
	struct tracked *last = list;

	if (!list)
		return;
	while (last->next)
		last = last->next;
	last->next = judge->alerts;
	if (judge->alerts)
		judge->alerts->prev = last;
	judge->alerts = list;
}

int judge_restore(struct judge *judge, FILE *in)
{
	struct judge read = { .next_id = 1 };
	struct header header;
	int err = read_all(&read, &header, in);
	struct tracked *end = judge->alerts;

	if (err) {
		while (read.alerts)
			tracked_free(&read, read.alerts);
		return err;
	}
	append(judge, read.alerts);
	for (struct tracked *tracked = judge->alerts; tracked != end;
	     tracked = tracked->next) {
		take_over(judge, tracked, &header);
		if (tracked->alert.id >= judge->next_id)
			judge->next_id = tracked->alert.id + 1;
	}
	if (header.next_id > judge->next_id)
		judge->next_id = header.next_id;
	return 0;
}

int engine_save(const struct engine *engine, FILE *out)
{
	return judge_save(&engine->judge, out);
}

int engine_restore(struct engine *engine, FILE *in)
{
	return judge_restore(&engine->judge, in);
}
