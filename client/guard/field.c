// SPDX-License-Identifier: GPL-2.0-or-later
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "field.h"
#include "format.h"

#define MAX_FIELDS 24

/* ---- keys ---- */

/* "one, two"; false: there are none, or too many to be told. */
static bool list_words(const char *const *words, char *all, size_t room)
{
	size_t len = 0;

	for (size_t i = 0; words[i]; i++) {
		len += snprintf(all + len, room - len, "%s%s", i ? ", " : "", words[i]);
		if (len >= room)
			return false;
	}
	return len;
}

void field_unknown(struct source *src, const yaml_node_t *node, const char *what,
		   const char *const *words)
{
	const char *name = source_scalar(node), *nearest = cmd_nearest(name, words);
	char all[128];

	if (nearest)
		complain(src, node, "unknown %s '%s'; did you mean '%s'?", what, name,
			 nearest);
	else if (list_words(words, all, sizeof(all)))
		complain(src, node, "unknown %s '%s': one of %s is expected", what, name,
			 all);
	else
		complain(src, node, "unknown %s '%s'", what, name);
}

static void unknown_key(struct source *src, const yaml_node_t *key,
			const struct field *fields, const char *of)
{
	const char *names[MAX_FIELDS + 1];
	char what[64];
	size_t n = 0;

	for (; n < MAX_FIELDS && fields[n].key; n++)
		names[n] = fields[n].key;
	names[n] = NULL;
	snprintf(what, sizeof(what), "key of %s:", of);
	field_unknown(src, key, what, names);
}

static const struct field *find(const struct field *fields, const yaml_node_t *key)
{
	for (; fields->key; fields++)
		if (key->type == YAML_SCALAR_NODE &&
		    !strcmp(fields->key, source_scalar(key)))
			return fields;
	return NULL;
}

static void read_pair(struct source *src, const yaml_node_pair_t *pair,
		      const struct field *fields, const char *of, void *to)
{
	const yaml_node_t *key = source_node(src, pair->key);
	const yaml_node_t *value = source_node(src, pair->value);
	const struct field *field = find(fields, key);

	if (key->type != YAML_SCALAR_NODE)
		complain(src, key, "expected a key of %s, not a %s", of,
			 key->type == YAML_MAPPING_NODE ? "mapping" : "list");
	else if (!field)
		unknown_key(src, key, fields, of);
	else
		field->read(src, field, value, (char *)to + field->offset);
}

bool field_again(struct source *src, const yaml_node_t *map, const yaml_node_pair_t *pair)
{
	const yaml_node_t *key = source_node(src, pair->key), *other;
	const yaml_node_pair_t *before = map->data.mapping.pairs.start;

	for (; before < pair; before++) {
		other = source_node(src, before->key);
		if (key->type != YAML_SCALAR_NODE || other->type != YAML_SCALAR_NODE ||
		    strcmp(source_scalar(key), source_scalar(other)))
			continue;
		complain(src, key, "'%s' is there already, in line %u",
			 source_scalar(key), source_line(src, source_start(src, other)));
		return true;
	}
	return false;
}

#define MAX_KEYS 64	/* each is compared with those before it */

bool fields_read(struct source *src, const yaml_node_t *map, const struct field *fields,
		 const char *of, void *to)
{
	const yaml_node_pair_t *pair;

	if (map->type != YAML_MAPPING_NODE) {
		complain(src, map, "expected %s: keys with values", of);
		return false;
	}
	pair = map->data.mapping.pairs.start;
	if (map->data.mapping.pairs.top - pair > MAX_KEYS) {
		complain(src, map, "%s has more than %d keys", of, MAX_KEYS);
		return false;
	}
	for (; pair < map->data.mapping.pairs.top; pair++)
		if (!field_again(src, map, pair))
			read_pair(src, pair, fields, of, to);
	return true;
}

/* ---- texts ---- */

const char *field_text(struct source *src, const char *key, const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE) {
		complain(src, node, "'%s' is to be text, not a %s", key,
			 node->type == YAML_MAPPING_NODE ? "mapping" : "list");
		return NULL;
	}
	if (!node->data.scalar.length) {
		complain(src, node, "'%s' is empty", key);
		return NULL;
	}
	if (strlen(source_scalar(node)) != node->data.scalar.length) {
		complain(src, node, "'%s' has a NUL character", key);
		return NULL;
	}
	return source_scalar(node);
}

char *field_copy(struct source *src, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		src->said->no_memory = true;
	return copy;
}

void field_string(struct source *src, const struct field *field,
		  const yaml_node_t *node, void *to)
{
	const char *text = field_text(src, field->key, node);

	if (!text)
		return;
	free(*(char **)to);
	*(char **)to = field_copy(src, text);
}

static bool is_url(const char *text)
{
	char *scheme = NULL;
	CURLU *url = curl_url();
	bool good;

	good = url && !curl_url_set(url, CURLUPART_URL, text, 0) &&
	       !curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) &&
	       (!strcmp(scheme, "http") || !strcmp(scheme, "https"));
	curl_free(scheme);
	curl_url_cleanup(url);
	return good;
}

/* Servers that are given one are stricter than curl is. */
static bool has_blanks(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return true;
	return false;
}

void field_url(struct source *src, const struct field *field,
	       const yaml_node_t *node, void *to)
{
	const char *text = field_text(src, field->key, node);

	if (!text)
		return;
	if (has_blanks(text))
		complain(src, node, "'%s' has blanks or control characters: write %%20 for a blank",
			 field->key);
	else if (!is_url(text))
		complain(src, node, "'%s' is to start with http:// or https:// and a host",
			 field->key);
	else
		field_string(src, field, node, to);
}

/* It stands in labels, in names of files, and on command lines. */
static bool is_name(const char *text)
{
	static const char first[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	return strspn(text, first) && strlen(text) <= FIELD_NAME_MAX &&
	       text[strspn(text, "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

void field_name(struct source *src, const struct field *field,
		const yaml_node_t *node, void *to)
{
	const char *text = field_text(src, field->key, node);

	if (text && !is_name(text))
		complain(src, node, "'%s' is to be letters, digits, '-', '_' and '.', at most %d, a letter or digit first",
			 field->key, FIELD_NAME_MAX);
	else if (text)
		*(char **)to = field_copy(src, text);
}

void field_free_list(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

void field_strings(struct source *src, const struct field *field,
		   const yaml_node_t *node, void *to)
{
	char **list;
	const char *text;
	size_t n, kept = 0;

	if (node->type != YAML_SEQUENCE_NODE) {
		complain(src, node, "'%s' is to be a list: [one, two]", field->key);
		return;
	}
	n = node->data.sequence.items.top - node->data.sequence.items.start;
	list = calloc(n + 1, sizeof(*list));
	src->said->no_memory |= !list;
	for (size_t i = 0; list && i < n; i++) {
		text = field_text(src, field->key, source_item(src, node, i));
		list[kept] = text ? field_copy(src, text) : NULL;
		kept += list[kept] != NULL;
	}
	if (!n)
		complain(src, node, "'%s' is an empty list", field->key);
	field_free_list(*(char ***)to);
	*(char ***)to = list;
}

/* ---- numbers and words ---- */

typedef size_t format_fn(char *to, uint64_t n);

static size_t format_seconds(char *to, uint64_t ns)
{
	return snprintf(to, KIN_FORMAT_MAX, "%.10g s", ns / 1e9);
}

static bool in_range(struct source *src, const struct field *field,
		     const yaml_node_t *node, uint64_t n, format_fn *format)
{
	char least[KIN_FORMAT_MAX], most[KIN_FORMAT_MAX];
	const uint64_t bound = n < field->least ? field->least : field->most;

	if (n >= field->least && n <= field->most)
		return true;
	least[format(least, field->least)] = '\0';
	most[format(most, field->most)] = '\0';
	complain(src, node, "'%s' is to be %s %s, not %s", field->key,
		 bound == field->least ? "at least" : "at most",
		 bound == field->least ? least : most, source_scalar(node));
	return false;
}

void field_duration(struct source *src, const struct field *field,
		    const yaml_node_t *node, void *to)
{
	const char *text = field_text(src, field->key, node);
	uint64_t ns;

	if (!text)
		return;
	if (!cmd_duration(text, &ns))
		complain(src, node, "'%s' is to be a time: a number with us, ms, s, m, h or d, as 200ms, 10s, 1h30m; not '%s'",
			 field->key, text);
	else if (in_range(src, field, node, ns, format_seconds))
		*(uint64_t *)to = ns;
}

void field_size(struct source *src, const struct field *field,
		const yaml_node_t *node, void *to)
{
	const char *text = field_text(src, field->key, node);
	uint64_t bytes;

	if (!text)
		return;
	if (!cmd_size(text, &bytes))
		complain(src, node, "'%s' is to be a size: a number of bytes, or with K, M, G or T, as 512K, 16MiB; not '%s'",
			 field->key, text);
	else if (in_range(src, field, node, bytes, kin_format_bytes))
		*(uint64_t *)to = bytes;
}

void field_count(struct source *src, const struct field *field,
		 const yaml_node_t *node, void *to)
{
	const char *text = field_text(src, field->key, node);
	uint64_t n;

	if (!text)
		return;
	if (!cmd_number(text, UINT32_MAX, &n))
		complain(src, node, "'%s' is to be a number, not '%s'", field->key, text);
	else if (in_range(src, field, node, n, kin_format_u64))
		*(uint32_t *)to = n;
}

void field_bool(struct source *src, const struct field *field,
		const yaml_node_t *node, void *to)
{
	const char *text = field_text(src, field->key, node);

	if (!text)
		return;
	if (strcmp(text, "true") && strcmp(text, "false"))
		complain(src, node, "'%s' is to be true or false, not '%s'", field->key,
			 text);
	else
		*(bool *)to = !strcmp(text, "true");
}

void field_word(struct source *src, const struct field *field,
		const yaml_node_t *node, void *to)
{
	const char *text = field_text(src, field->key, node);

	for (int i = 0; text && field->words[i]; i++) {
		if (strcmp(text, field->words[i]))
			continue;
		*(int *)to = i;
		return;
	}
	if (text)
		field_unknown(src, node, field->key, field->words);
}

void field_later(struct source *src, const struct field *field,
		 const yaml_node_t *node, void *to)
{
}
