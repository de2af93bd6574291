/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of rules as YAML: its nodes, and messages that say where in it. */
#ifndef GUARD_SOURCE_H
#define GUARD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <yaml.h>

/* What is said about all files of a set. */
struct complaints {
	FILE *out;
	bool excerpts;		/* below a message the line, and ^~~~ */
	unsigned int n;		/* so far; of too many, the rest is not printed */
	bool no_memory;
};

struct source {
	const char *name;	/* of the file, for messages */
	const char *text;
	size_t len;
	yaml_document_t document;
	struct complaints *said;
};

/* Bounds, so that nothing that reads a source needs more. */
#define SOURCE_MAX_BYTES (1u << 20)
#define SOURCE_MAX_DEPTH 16
#define SOURCE_MAX_NODES 100000

/*
 * source_open - parse a text
 * @name, @text: the caller's, to be kept until source_close()
 *
 * Returns 0, -EINVAL with messages in @said, or -ENOMEM. What passes has one document
 * of UTF-8 without anchors, aliases and tags, whose root is a mapping: its nodes are a
 * tree.
 */
int source_open(struct source *src, const char *name, const char *text, size_t len,
		struct complaints *said);
void source_close(struct source *src);

/* source_root - the mapping that the file is */
const yaml_node_t *source_root(struct source *src);

/* source_node - by its number; not NULL */
const yaml_node_t *source_node(struct source *src, int index);

/* source_value - what a mapping has under @key; NULL: nothing */
const yaml_node_t *source_value(struct source *src, const yaml_node_t *map,
				const char *key);

/* source_item - of a sequence; not NULL */
const yaml_node_t *source_item(struct source *src, const yaml_node_t *list, size_t i);

/* source_scalar - its text; it may have NULs */
static inline const char *source_scalar(const yaml_node_t *node)
{
	return (const char *)node->data.scalar.value;
}

/* ---- sourceplace.c ---- */

/* source_start - the byte of the text at which a node starts */
size_t source_start(const struct source *src, const yaml_node_t *node);

/* source_within - the byte of the text that byte @at of a scalar's value comes from */
size_t source_within(const struct source *src, const yaml_node_t *node, size_t at);

/* source_byte - the byte of the text at which its character @index starts */
size_t source_byte(const struct source *src, size_t index);

/* source_line - in which line a byte is, from 1 */
unsigned int source_line(const struct source *src, size_t at);

/* ---- complaint.c ---- */

/* complain_at - NAME:LINE:COLUMN: error: ...; about @len bytes of the text at @at.
 * What others chose is made safe. */
void complain_at(const struct source *src, size_t at, size_t len, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* complain - the same about a node */
void complain(const struct source *src, const yaml_node_t *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* complaints_are_many - no more is printed: looking for the place of one, which takes
 * long in a long text, is not worth it */
bool complaints_are_many(const struct complaints *said);

/* complain_of - the same about a file that cannot be read: NAME: error: ... */
void complain_of(struct complaints *said, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* GUARD_SOURCE_H */
