// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "family.h"

/* More relatives than these do not help a reader; the count tells the rest. */
#define MAX_SHOWN 12
#define MAX_ANCESTORS 4096

static const struct kin_task *task_at(const struct family *family,
				      uint32_t node)
{
	return kin_tree_task(family->tree, node);
}

static uint32_t parent_of(const struct family *family, uint32_t node)
{
	return family->tree->nodes[node].parent;
}

/* From the eldest down; returns how many. */
static size_t ancestors(const struct family *family, uint32_t *list)
{
	uint32_t node = parent_of(family, family->node);
	size_t n = 0;

	for (; node != KIN_TREE_NONE && n < MAX_ANCESTORS;
	     node = parent_of(family, node))
		list[n++] = node;
	for (size_t i = 0; i < n / 2; i++) {
		uint32_t swap = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = swap;
	}
	return n;
}

static void put_person(const struct kin_task *task)
{
	size_t len = strnlen(task->base.comm, KIN_COMM_LEN);

	if (len)
		cmd_safe(stdout, task->base.comm, len);
	else
		fputs("\"\"", stdout);
	printf("(%u)", task->base.pid);
}

static void print_path(const struct family *family)
{
	uint32_t list[MAX_ANCESTORS];
	size_t n = ancestors(family, list);
	size_t first = n > MAX_SHOWN ? n - MAX_SHOWN : 0;

	fputs("  path       ", stdout);
	if (first)
		printf("(%zu older) > ", first);
	for (size_t i = first; i < n; i++) {
		put_person(task_at(family, list[i]));
		fputs(" > ", stdout);
	}
	put_person(task_at(family, family->node));
	fputs("\n", stdout);
}

static void print_parent(const struct family *family)
{
	uint32_t parent = parent_of(family, family->node);

	fputs("  parent     ", stdout);
	if (parent == KIN_TREE_NONE)
		fputs("none, or not visible from here", stdout);
	else
		put_person(task_at(family, parent));
	fputs("\n", stdout);
}

/* Children of @parent but @without, which may be none. */
static size_t count_children(const struct family *family, uint32_t parent,
			     uint32_t without)
{
	const struct kin_tree_node *nodes = family->tree->nodes;
	size_t n = 0;

	for (uint32_t at = nodes[parent].first_child; at != KIN_TREE_NONE;
	     at = nodes[at].next)
		n += at != without;
	return n;
}

static void print_children(const struct family *family, const char *label,
			   uint32_t parent, uint32_t without)
{
	const struct kin_tree_node *nodes = family->tree->nodes;
	size_t n = 0, shown = 0;
	uint32_t at;

	if (parent != KIN_TREE_NONE)
		n = count_children(family, parent, without);
	printf("  %-10s %zu", label, n);
	at = n ? nodes[parent].first_child : KIN_TREE_NONE;
	for (; at != KIN_TREE_NONE && shown < MAX_SHOWN; at = nodes[at].next) {
		if (at == without)
			continue;
		fputs(shown++ ? ", " : ": ", stdout);
		put_person(task_at(family, at));
	}
	if (n > shown)
		printf(", and %zu more", n - shown);
	fputs("\n", stdout);
}

static void print_threads(const struct family *family)
{
	const struct kin_snapshot *threads = family->threads;

	printf("  %-10s %zu", "threads", threads->n);
	for (size_t i = 0; i < threads->n && i < MAX_SHOWN; i++) {
		fputs(i ? ", " : ": ", stdout);
		put_person(&threads->tasks[i]);
	}
	if (threads->n > MAX_SHOWN)
		printf(", and %zu more", threads->n - MAX_SHOWN);
	fputs("\n", stdout);
}

void family_print(const struct family *family)
{
	if (family->node == KIN_TREE_NONE) {
		puts("  it ended meanwhile");
		return;
	}
	print_path(family);
	print_parent(family);
	print_children(family, "siblings", parent_of(family, family->node),
		       family->node);
	print_children(family, "children", family->node, KIN_TREE_NONE);
	print_threads(family);
}

static void json_person(struct kin_json *json, const char *key,
			const struct kin_task *task)
{
	kin_json_object_line(json, key);
	kin_json_u64(json, "pid", task->base.pid);
	kin_json_bytes(json, "comm", task->base.comm,
		       strnlen(task->base.comm, KIN_COMM_LEN));
	kin_json_object_end(json);
}

static void json_children(const struct family *family, struct kin_json *json,
			  const char *key, uint32_t parent, uint32_t without)
{
	const struct kin_tree_node *nodes = family->tree->nodes;
	uint32_t at = KIN_TREE_NONE;

	if (parent != KIN_TREE_NONE)
		at = nodes[parent].first_child;
	kin_json_array(json, key);
	for (; at != KIN_TREE_NONE; at = nodes[at].next)
		if (at != without)
			json_person(json, NULL, task_at(family, at));
	kin_json_array_end(json);
}

void family_json(const struct family *family, struct kin_json *json)
{
	uint32_t list[MAX_ANCESTORS];
	uint32_t parent;
	size_t n;

	if (family->node == KIN_TREE_NONE) {
		kin_json_null(json, "family");
		return;
	}
	parent = parent_of(family, family->node);
	n = ancestors(family, list);
	kin_json_object(json, "family");
	kin_json_array(json, "ancestors");
	for (size_t i = 0; i < n; i++)
		json_person(json, NULL, task_at(family, list[i]));
	kin_json_array_end(json);
	json_children(family, json, "siblings", parent, family->node);
	json_children(family, json, "children", family->node, KIN_TREE_NONE);
	kin_json_array(json, "threads");
	for (size_t i = 0; i < family->threads->n; i++)
		json_person(json, NULL, &family->threads->tasks[i]);
	kin_json_array_end(json);
	kin_json_object_end(json);
}
