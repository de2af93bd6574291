// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Read with libyaml: its documents keep where each node starts and ends. What could
 * make a small file large (an alias stands for a whole branch, and even for one that
 * it is in) or its reader recurse deeply is refused by a first pass over its events.
 */
#include <errno.h>
#include <string.h>

#include "source.h"

static void start(struct source *src, yaml_parser_t *parser)
{
	yaml_parser_set_input_string(parser, (const unsigned char *)src->text, src->len);
	/* places are counted in it */
	yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
}

/* What libyaml could not read. */
static int bad_syntax(struct source *src, const yaml_parser_t *parser)
{
	const char *problem = parser->problem ? parser->problem : "it cannot be read";
	size_t at = source_byte(src, parser->problem_mark.index);

	if (parser->error == YAML_MEMORY_ERROR) {
		src->said->no_memory = true;
		return -ENOMEM;
	}
	if (parser->error == YAML_READER_ERROR)
		at = parser->problem_offset;
	if (at > src->len)
		at = src->len;
	if (parser->error == YAML_READER_ERROR || !parser->context)
		complain_at(src, at, 1, "this is not YAML: %s", problem);
	else
		complain_at(src, at, 1, "this is not YAML: %s (%s from line %zu)", problem,
			    parser->context, parser->context_mark.line + 1);
	return -EINVAL;
}

/* ---- the first pass ---- */

struct shape {
	unsigned int documents, depth, nodes;
};

static int refuse(struct source *src, const yaml_event_t *event, const char *why)
{
	complain_at(src, source_byte(src, event->start_mark.index), 1, "%s", why);
	return -EINVAL;
}

static int check_properties(struct source *src, const yaml_event_t *event,
			    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		return refuse(src, event, "anchors (&) are not taken here");
	if (tag)
		return refuse(src, event, "tags (!) are not taken here");
	return 0;
}

static int check_node(struct source *src, const yaml_event_t *event, struct shape *shape)
{
	if (++shape->nodes > SOURCE_MAX_NODES)
		return refuse(src, event, "too many keys and values");
	if (shape->depth > SOURCE_MAX_DEPTH)
		return refuse(src, event, "lists and mappings in one another, too deep");
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return check_properties(src, event, event->data.scalar.anchor,
					event->data.scalar.tag);
	case YAML_SEQUENCE_START_EVENT:
		return check_properties(src, event, event->data.sequence_start.anchor,
					event->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return check_properties(src, event, event->data.mapping_start.anchor,
					event->data.mapping_start.tag);
	default:
		return 0;
	}
}

static int check_event(struct source *src, const yaml_event_t *event, struct shape *shape)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return ++shape->documents > 1 ?
			       refuse(src, event, "a second document: a file has one") : 0;
	case YAML_ALIAS_EVENT:
		return refuse(src, event, "aliases (*) are not taken here");
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		shape->depth++;
		return check_node(src, event, shape);
	case YAML_SCALAR_EVENT:
		return check_node(src, event, shape);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		shape->depth--;
		return 0;
	default:
		return 0;
	}
}

static int check_shape(struct source *src)
{
	struct shape shape = { 0 };
	yaml_parser_t parser;
	yaml_event_t event;
	bool more = true;
	int err = 0;

	if (!yaml_parser_initialize(&parser))
		return -ENOMEM;
	start(src, &parser);
	while (more && !err) {
		if (!yaml_parser_parse(&parser, &event)) {
			err = bad_syntax(src, &parser);
			break;
		}
		err = check_event(src, &event, &shape);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return err;
}

/* ---- the document ---- */

static int load(struct source *src)
{
	yaml_parser_t parser;
	int err = 0;

	if (!yaml_parser_initialize(&parser))
		return -ENOMEM;
	start(src, &parser);
	if (!yaml_parser_load(&parser, &src->document)) {
		err = bad_syntax(src, &parser);
		memset(&src->document, 0, sizeof(src->document));
	}
	yaml_parser_delete(&parser);
	return err;
}

static int check_root(struct source *src)
{
	const yaml_node_t *root = source_root(src);

	if (!root) {
		complain_of(src->said, src->name,
			    "nothing in it: 'rules:' or 'receivers:' is expected");
		return -EINVAL;
	}
	if (root->type != YAML_MAPPING_NODE) {
		complain(src, root,
			 "expected keys with values: 'rules:', 'receivers:', 'interval:'");
		return -EINVAL;
	}
	return 0;
}

int source_open(struct source *src, const char *name, const char *text, size_t len,
		struct complaints *said)
{
	int err;

	*src = (struct source){ .name = name, .text = text, .len = len, .said = said };
	if (len > SOURCE_MAX_BYTES) {
		complain_of(said, name, "larger than %u KiB", SOURCE_MAX_BYTES >> 10);
		return -EINVAL;
	}
	err = check_shape(src);
	if (!err)
		err = load(src);
	if (!err)
		err = check_root(src);
	return err;
}

void source_close(struct source *src)
{
	yaml_document_delete(&src->document);
}

const yaml_node_t *source_root(struct source *src)
{
	return yaml_document_get_root_node(&src->document);
}

const yaml_node_t *source_node(struct source *src, int index)
{
	return yaml_document_get_node(&src->document, index);
}

const yaml_node_t *source_value(struct source *src, const yaml_node_t *map,
				const char *key)
{
	const yaml_node_pair_t *pair = map->data.mapping.pairs.start;
	const yaml_node_t *name;

	for (; pair < map->data.mapping.pairs.top; pair++) {
		name = source_node(src, pair->key);
		if (name->type == YAML_SCALAR_NODE && !strcmp(source_scalar(name), key))
			return source_node(src, pair->value);
	}
	return NULL;
}

const yaml_node_t *source_item(struct source *src, const yaml_node_t *list, size_t i)
{
	return source_node(src, list->data.sequence.items.start[i]);
}
