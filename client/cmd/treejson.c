// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The list is flat: readers of JSON give up, or crash, at some hundred levels
 * of nesting. Depth, ppid and children tell the shape.
 */
#include <string.h>

#include "cmd.h"
#include "json.h"
#include "treejson.h"

static void put_column(struct kin_json *json, const struct treejson *tj,
		       const char *id, const struct kin_task *task)
{
	cmd_json_column(json, kin_column_find(id, strlen(id)), tj->view, task);
}

static void put_sum(struct kin_json *json, const struct kin_tree_sum *sum)
{
	static const char letters[] = KIN_STATE_LETTERS;
	char key[2] = "";

	kin_json_object_line(json, "subtree");
	kin_json_u64(json, "processes", sum->processes);
	kin_json_u64(json, "threads", sum->threads);
	kin_json_known(json, "rss_bytes", sum->rss_bytes);
	kin_json_known(json, "cpu_ns", sum->cpu_ns);
	kin_json_object_line(json, "states");
	for (unsigned int i = 0; i < KIN_STATE_COUNT; i++) {
		key[0] = letters[i];
		if (sum->states[i])
			kin_json_u64(json, key, sum->states[i]);
	}
	kin_json_object_end(json);
	kin_json_object_end(json);
}

static void put_thread(struct kin_json *json, const struct treejson *tj,
		       uint32_t node)
{
	const struct kin_task *task = kin_tree_task(tj->tree, node);

	kin_json_object_line(json, NULL);
	put_column(json, tj, "pid", task);
	put_column(json, tj, "comm", task);
	put_column(json, tj, "state", task);
	kin_json_known(json, "cpu_ns", tj->tree->sums[node].cpu_ns);
	kin_json_object_end(json);
}

static void put_lists(struct kin_json *json, const struct treejson *tj,
		      uint32_t node)
{
	const struct kin_tree_node *nodes = tj->tree->nodes;
	uint32_t i;

	if (tj->threads) {
		kin_json_array_line(json, "threads");
		for (i = nodes[node].first_thread; i != KIN_TREE_NONE;
		     i = nodes[i].next)
			put_thread(json, tj, i);
		kin_json_array_end(json);
	}
	kin_json_array_line(json, "children");
	for (i = nodes[node].first_child; i != KIN_TREE_NONE; i = nodes[i].next)
		kin_json_u64(json, NULL, kin_tree_task(tj->tree, i)->base.pid);
	kin_json_array_end(json);
}

/* @change: why it is told; NULL: it is in a list of all */
static void put_process(struct kin_json *json, const struct treejson *tj,
			uint32_t node, const char *change)
{
	static const char *const ids[] = { "pid",  "ppid", "comm",
					   "uid", "user", "state" };
	const struct kin_task *task = kin_tree_task(tj->tree, node);
	const uint32_t threads = task->base.num_threads;

	kin_json_object_line(json, NULL);
	if (change)
		kin_json_str(json, "change", change);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		put_column(json, tj, ids[i], task);
	kin_json_u64(json, "depth", tj->tree->nodes[node].depth);
	/* a thread that outlived its process in the snapshot */
	if (kin_tree_is_thread(tj->tree, node))
		put_column(json, tj, "tgid", task);
	kin_json_known(json, "num_threads",
		       threads == KIN_NONE32 ? KIN_NONE64 : threads);
	if (tj->args)
		put_column(json, tj, "args", task);
	if (tj->marked)
		kin_json_bool(json, "highlight", tj->marked[node]);
	put_lists(json, tj, node);
	put_sum(json, &tj->tree->sums[node]);
	kin_json_object_end(json);
}

/* A process, or a thread that was read without one. */
static bool is_listed(const struct kin_tree *tree, uint32_t node)
{
	return tree->nodes[node].parent == KIN_TREE_NONE ||
	       !kin_tree_is_thread(tree, node);
}

void treejson_print(const struct treejson *tj)
{
	const struct kin_tree *tree = tj->tree;
	struct kin_json json;

	kin_json_begin(&json, tj->out);
	kin_json_object(&json, NULL);
	kin_json_array(&json, "processes");
	for (size_t i = 0; i < tree->n_order; i++)
		if (is_listed(tree, tree->order[i]))
			put_process(&json, tj, tree->order[i], NULL);
	kin_json_array_end(&json);
	kin_json_object_end(&json);
	kin_json_end(&json);
}

void treejson_lines(const struct treejson *tj)
{
	const struct kin_tree *tree = tj->tree;
	struct kin_json json;

	for (size_t i = 0; i < tree->n_order; i++) {
		if (!is_listed(tree, tree->order[i]))
			continue;
		kin_json_begin(&json, tj->out);
		put_process(&json, tj, tree->order[i], "present");
		kin_json_end(&json);
	}
}
