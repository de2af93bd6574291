// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "ruleread.h"

#define MS 1000000ull
#define SECOND (1000 * MS)

/* ---- what each kind has ---- */

/* Standard signals, without their SIG. */
static const char *signal_name(int signal)
{
	return signal < 32 ? sigabbrev_np(signal) : NULL;
}

static void read_signal(struct source *src, const struct field *field,
			const yaml_node_t *node, void *to)
{
	const char *text = field_text(src, field->key, node), *names[32];
	int n = 0;

	if (!text)
		return;
	if (!strncmp(text, "SIG", 3))
		text += 3;
	for (int i = 1; i < 32; i++) {
		if (!signal_name(i))
			continue;
		if (!strcmp(signal_name(i), text))
			*(int *)to = i;
		names[n++] = signal_name(i);
	}
	names[n] = NULL;
	if (!*(int *)to)
		field_unknown(src, node, "signal", names);
}

#define OF(name) offsetof(struct receiver, name)
#define LATE \
	{ "timeout", field_duration, OF(timeout_ns), 100 * MS, 600 * SECOND, NULL }, \
	{ "queue", field_size, OF(queue_bytes), 4096, 1ull << 30, NULL }
#define END { NULL, NULL, 0, 0, 0, NULL }

static const struct field none[] = { END };
static const struct field file[] = {
	{ "path", field_string, OF(path), 0, 0, NULL },
	END
};
static const struct field command[] = {
	{ "argv", field_strings, OF(argv), 0, 0, NULL },
	LATE,
	END
};
static const struct field server[] = {
	{ "url", field_url, OF(url), 0, 0, NULL },
	{ "headers", field_strings, OF(headers), 0, 0, NULL },
	LATE,
	END
};
static const struct field action[] = {
	{ "signal", read_signal, OF(signal), 0, 0, NULL },
	END
};

static const struct kind {
	const char *key;
	enum receiver_kind kind;
	const struct field *fields;
	const char *must;	/* the field it cannot be without */
} kinds[] = {
	{ "terminal", RECEIVER_TERMINAL, none, NULL },
	{ "json", RECEIVER_JSON, file, "path" },
	{ "journal", RECEIVER_JOURNAL, none, NULL },
	{ "command", RECEIVER_COMMAND, command, "argv" },
	{ "webhook", RECEIVER_WEBHOOK, server, "url" },
	{ "alertmanager", RECEIVER_ALERTMANAGER, server, "url" },
	{ "signal", RECEIVER_SIGNAL, action, "signal" },
};

#define N_KINDS (sizeof(kinds) / sizeof(*kinds))

/* ---- checks ---- */

/* "Name: value" on one line: more would be a second header, or the body. */
static bool is_header(const char *text)
{
	const size_t name = strcspn(text, ": \t\r\n");

	return name && text[name] == ':' && !strpbrk(text, "\r\n");
}

static void check_headers(struct source *src, const yaml_node_t *list)
{
	const yaml_node_t *item;

	if (!list || list->type != YAML_SEQUENCE_NODE)
		return;
	for (const int *i = list->data.sequence.items.start;
	     i < list->data.sequence.items.top; i++) {
		item = source_node(src, *i);
		if (item->type == YAML_SCALAR_NODE && !is_header(source_scalar(item)))
			complain(src, item, "a header is to be 'Name: value', on one line");
	}
}

/* @map: of the kind */
static void check_values(struct source *src, const yaml_node_t *map,
			 const struct receiver *receiver)
{
	const char *path = receiver->path;

	if (path && *path != '/' && strcmp(path, "-"))
		complain(src, source_value(src, map, "path"),
			 "'path' is to start with '/', or to be '-', standard output");
	if (receiver->argv && receiver->argv[0] && *receiver->argv[0] != '/')
		complain(src, source_item(src, source_value(src, map, "argv"), 0),
			 "the command's path is to start with '/': no shell looks for it");
	check_headers(src, source_value(src, map, "headers"));
}

/* ---- a receiver ---- */

static const struct kind *kind_of(const char *key)
{
	for (size_t i = 0; i < N_KINDS; i++)
		if (!strcmp(kinds[i].key, key))
			return &kinds[i];
	return NULL;
}

/* "journal:" is as good as "journal: {}". */
static bool is_nothing(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE && !node->data.scalar.length;
}

static void read_kind(struct source *src, const struct field *field,
		      const yaml_node_t *node, void *to)
{
	const struct kind *kind = kind_of(field->key);
	struct receiver *receiver = to;
	char of[32];

	receiver->kind = kind->kind;
	if (!kind->must && is_nothing(node))
		return;
	snprintf(of, sizeof(of), "'%s'", kind->key);
	if (!fields_read(src, node, kind->fields, of, receiver))
		return;
	if (kind->must && !source_value(src, node, kind->must))
		complain(src, node, "'%s' needs '%s'", kind->key, kind->must);
	check_values(src, node, receiver);
}

static const struct field fields[] = {
	{ "name", field_name, OF(name), 0, 0, NULL },
	{ "only_named", field_bool, OF(only_named), 0, 0, NULL },
	{ "terminal", read_kind, 0, 0, 0, NULL },
	{ "json", read_kind, 0, 0, 0, NULL },
	{ "journal", read_kind, 0, 0, 0, NULL },
	{ "command", read_kind, 0, 0, 0, NULL },
	{ "webhook", read_kind, 0, 0, 0, NULL },
	{ "alertmanager", read_kind, 0, 0, 0, NULL },
	{ "signal", read_kind, 0, 0, 0, NULL },
	END
};

static void check_kinds(struct source *src, const yaml_node_t *node)
{
	unsigned int n = 0;

	for (size_t i = 0; i < N_KINDS; i++)
		n += source_value(src, node, kinds[i].key) != NULL;
	if (n != 1)
		complain(src, node, "a receiver is one of terminal, json, journal, command, webhook, alertmanager, signal; this is %s",
			 n ? "more than one" : "none");
}

void receiver_read(struct source *src, const yaml_node_t *node, struct receiver *receiver)
{
	*receiver = (struct receiver){
		.timeout_ns = 10 * SECOND,
		.queue_bytes = 16 << 20,
		.line = node->start_mark.line + 1,
	};
	if (!fields_read(src, node, fields, "a receiver", receiver))
		return;
	if (!source_value(src, node, "name"))
		complain(src, node, "a receiver without a name");
	check_kinds(src, node);
	receiver->only_named |= receiver->kind == RECEIVER_SIGNAL;
}

void receiver_free(struct receiver *receiver)
{
	free(receiver->name);
	free(receiver->path);
	field_free_list(receiver->argv);
	free(receiver->url);
	field_free_list(receiver->headers);
}
