/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mappings of a file of rules, read into structs by tables of their keys. */
#ifndef GUARD_FIELD_H
#define GUARD_FIELD_H

#include "source.h"

struct field {
	const char *key;
	/* puts the value at @to, or complains */
	void (*read)(struct source *src, const struct field *field,
		     const yaml_node_t *node, void *to);
	size_t offset;			/* of what is read, in the struct */
	uint64_t least, most;		/* of numbers, durations, sizes */
	const char *const *words;	/* of field_word, ended by NULL */
};

/*
 * fields_read - read a mapping into a struct
 * @fields: ended by a key of NULL; the reader gets @to + offset
 * @of: what the mapping is, for messages: "a rule"
 *
 * Complains about keys that are unknown or come twice. Returns false if it is no
 * mapping.
 */
bool fields_read(struct source *src, const yaml_node_t *map, const struct field *fields,
		 const char *of, void *to);

/* field_text - its value; NULL, with a complaint, unless it is text and not empty */
const char *field_text(struct source *src, const char *key, const yaml_node_t *node);

/* field_again - a complaint, and true, if a key of @map was there before this one */
bool field_again(struct source *src, const yaml_node_t *map, const yaml_node_pair_t *pair);

/* field_copy - a copy of text, to be freed; NULL (and no_memory set): no memory */
char *field_copy(struct source *src, const char *text);

/* Readers: what they put is what their name says, strings are copies. */
void field_string(struct source *src, const struct field *field,
		  const yaml_node_t *node, void *to);		/* char * */
#define FIELD_NAME_MAX 64
void field_name(struct source *src, const struct field *field,
		const yaml_node_t *node, void *to);		/* char *, of an identifier */
void field_url(struct source *src, const struct field *field,
	       const yaml_node_t *node, void *to);		/* char *, of a server's page */
void field_strings(struct source *src, const struct field *field,
		   const yaml_node_t *node, void *to);		/* char **, ended by NULL */
void field_free_list(char **list);				/* of such strings */
void field_duration(struct source *src, const struct field *field,
		    const yaml_node_t *node, void *to);		/* uint64_t, ns */
void field_size(struct source *src, const struct field *field,
		const yaml_node_t *node, void *to);		/* uint64_t, bytes */
void field_count(struct source *src, const struct field *field,
		 const yaml_node_t *node, void *to);		/* uint32_t */
void field_bool(struct source *src, const struct field *field,
		const yaml_node_t *node, void *to);		/* bool */
void field_word(struct source *src, const struct field *field,
		const yaml_node_t *node, void *to);		/* int: index into words */

/* What is read elsewhere; any value is taken here. */
void field_later(struct source *src, const struct field *field,
		 const yaml_node_t *node, void *to);

/* field_unknown - a complaint that a word is none of @words, with the nearest */
void field_unknown(struct source *src, const yaml_node_t *node, const char *what,
		   const char *const *words);

#endif /* GUARD_FIELD_H */
