// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "name.h"
#include "treejson.h"
#include "treeshow.h"

uint32_t treeshow_groups(const struct treeshow *show)
{
	uint32_t groups = 0;

	if (show->json || show->sums || show->key == KIN_TREE_BY_RSS)
		groups |= KIN_GROUP_MEM;
	if (show->json || show->sums || show->key == KIN_TREE_BY_CPU)
		groups |= KIN_GROUP_SCHED;
	if (show->args)
		groups |= KIN_GROUP_CMDLINE;
	return groups;
}

int treeshow_view(struct treeshow *show, struct kin *kin)
{
	const uint32_t needs = show->users || show->json ? KIN_NEED_NAMES : 0;

	return cmd_view(kin, needs, &show->view);
}

int treeshow_sort(struct treeshow *show)
{
	if (show->key == KIN_TREE_BY_PID ||
	    !kin_tree_sort(&show->read.tree, show->key))
		return CMD_OK;
	return cmd_no_memory();
}

static uint32_t find_node(const struct kin_tree *tree, uint32_t pid)
{
	uint32_t node = kin_tree_find(tree, pid);

	for (size_t i = 0; node == KIN_TREE_NONE && i < tree->n_order; i++)
		if (kin_tree_task(tree, tree->order[i])->base.pid == pid)
			node = tree->order[i];
	return node;
}

static int missing(const struct treeshow *show, uint32_t pid)
{
	if (!show->scoped)
		return cmd_no_pid(pid);
	cmd_error("pid %u is not in this tree", pid);
	return CMD_NO_PID;
}

int treeshow_mark(struct treeshow *show, bool complain)
{
	const struct kin_tree *tree = &show->read.tree;
	int status = CMD_OK;

	free(show->marked);
	show->marked = NULL;
	if (!show->highlight.n_pids)
		return CMD_OK;
	show->marked = calloc(show->read.snap.n + 1, sizeof(*show->marked));
	if (!show->marked)
		return cmd_no_memory();
	for (size_t i = 0; i < show->highlight.n_pids; i++) {
		const uint32_t pid = show->highlight.pids[i];
		uint32_t node = find_node(tree, pid);

		if (node == KIN_TREE_NONE && complain)
			status = missing(show, pid);
		for (; node != KIN_TREE_NONE; node = tree->nodes[node].parent)
			show->marked[node] = true;
	}
	return status;
}

void treeshow_drawing(const struct treeshow *show, struct treedraw *draw)
{
	*draw = (struct treedraw){
		.out = stdout,
		.tree = &show->read.tree,
		.marked = show->marked,
		.names = show->users ? show->view.names : NULL,
		.width = show->uncut ? 0 : cmd_columns(),
		.utf8 = cmd_utf8(),
		.utf8_lines = !show->ascii && cmd_utf8(),
		.color = cmd_use_color(show->color),
		.pids = show->pids,
		.args = show->args,
		.fold = show->fold || !(show->no_fold || show->pids),
		.sums = show->sums,
	};
}

static struct treejson json_of(const struct treeshow *show)
{
	return (struct treejson){
		.out = stdout,
		.tree = &show->read.tree,
		.view = &show->view,
		.marked = show->marked,
		.threads = show->read.threads,
		.args = show->args,
	};
}

int treeshow_print(const struct treeshow *show)
{
	struct treedraw draw;

	if (show->json) {
		const struct treejson tj = json_of(show);

		treejson_print(&tj);
		return CMD_OK;
	}
	treeshow_drawing(show, &draw);
	return treedraw_print(&draw) ? cmd_no_memory() : CMD_OK;
}

void treeshow_lines(const struct treeshow *show)
{
	const struct treejson tj = json_of(show);

	treejson_lines(&tj);
}

void treeshow_free(struct treeshow *show)
{
	treeread_free(&show->read);
	kin_names_free(show->view.names);
	cmd_scope_free(&show->highlight);
	free(show->marked);
}
