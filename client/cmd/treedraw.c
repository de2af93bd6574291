// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Drawn here and not by libsmartcols: that walks its trees by recursion, keeps
 * a line and a cell object for each task and writes the whole indentation into
 * each cell, so that a chain of 5,000 costs 25 million cells' worth of blanks.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "treedraw.h"

/* Generations beyond this start again at the left, behind their number. */
#define LEVELS_MOST 40
#define LEVELS_LEAST 8
#define LEVEL_COLUMNS 3
#define LEVEL_BYTES 9	/* at most */

/* A folded branch of so many generations may stand on one line. */
#define INLINE_MOST 4

struct glyph {
	const char *text;
	uint32_t len, width;
};

struct glyphs {
	struct glyph bar, gap, child, last, inside, deep;
};

static const struct glyphs utf8_glyphs = {
	.bar = { "│  ", 5, 3 },
	.gap = { "   ", 3, 3 },
	.child = { "├─ ", 7, 3 },
	.last = { "└─ ", 7, 3 },
	.inside = { "───", 9, 3 },
	.deep = { "⋯ ", 4, 2 },
};

static const struct glyphs ascii_glyphs = {
	.bar = { "|  ", 3, 3 },
	.gap = { "   ", 3, 3 },
	.child = { "|- ", 3, 3 },
	.last = { "`- ", 3, 3 },
	.inside = { "---", 3, 3 },
	.deep = { "... ", 4, 4 },
};

struct walk {
	const struct treedraw *draw;
	const struct kin_fold *fold;
	const struct glyphs *glyphs;
	struct treeline line;
	struct treesums sums;
	bool *bars;		/* by depth: siblings follow on the way down */
	uint32_t levels;	/* of indentation */
	char *indent;		/* of the line above, and how much of it */
	uint32_t *indent_len;	/* belongs to each level */
	uint32_t page;		/* the levels it is for */
	uint32_t digits;	/* of the greatest depth */
	bool margin;		/* marks stand in front of the lines */
	bool no_memory;
};

static void put_glyph(struct treeline *line, const struct glyph *glyph)
{
	treeline_put(line, glyph->text, glyph->len, glyph->width);
}

static bool is_last(const struct kin_fold *fold, uint32_t i)
{
	const uint32_t parent = fold->nodes[i].parent;

	if (parent == KIN_TREE_NONE)
		return i + 1 == fold->n_roots;
	return i + 1 == fold->nodes[parent].first + fold->nodes[parent].count;
}

/*
 * Whether what is below stands on the same line: threads that look alike, if
 * there is nothing else, and all of a folded branch if that is a short chain.
 */
static bool is_inline(const struct kin_fold *fold, uint32_t i)
{
	const struct kin_fold_node *at = &fold->nodes[i];
	unsigned int length = 1;

	if (at->count != 1)
		return false;
	if (kin_tree_is_thread(fold->tree, fold->nodes[at->first].node))
		return true;
	if (at->times == 1)
		return false;
	for (; at->count == 1; at = &fold->nodes[at->first])
		if (++length > INLINE_MOST)
			return false;
	return at->count == 0;
}

/* The number in front of what has lost its indentation. */
static void put_depth(struct walk *walk, uint32_t depth)
{
	char digits[KIN_FORMAT_MAX];
	const size_t len = kin_format_u64(digits, depth);

	put_glyph(&walk->line, &walk->glyphs->deep);
	treeline_pad(&walk->line, walk->digits - len);
	treeline_put(&walk->line, digits, len, len);
	treeline_pad(&walk->line, 1);
}

static void indent_level(struct walk *walk, uint32_t level, bool bar)
{
	const struct glyph *glyph = bar ? &walk->glyphs->bar :
					  &walk->glyphs->gap;
	const uint32_t len = walk->indent_len[level];

	memcpy(walk->indent + len, glyph->text, glyph->len);
	walk->indent_len[level + 1] = len + glyph->len;
}

/*
 * Lines follow the tree down, so that the indentation of one is most of that of
 * the next; only where generations start again at the left it is made anew.
 */
static void put_branch(struct walk *walk, uint32_t depth)
{
	const struct glyphs *glyphs = walk->glyphs;
	uint32_t page, level;

	if (!depth)
		return;
	page = (depth - 1) / walk->levels;
	level = (depth - 1) % walk->levels;
	if (page != walk->page) {
		const bool *bars = &walk->bars[page * walk->levels + 1];

		for (uint32_t i = 0; i < level; i++)
			indent_level(walk, i, bars[i]);
		walk->page = page;
	}
	if (page)
		put_depth(walk, depth);
	treeline_put(&walk->line, walk->indent, walk->indent_len[level],
		     level * LEVEL_COLUMNS);
	put_glyph(&walk->line,
		  walk->bars[depth] ? &glyphs->child : &glyphs->last);
	indent_level(walk, level, walk->bars[depth]);
}

/* N*[ before a label; whether a bracket is open then. */
static bool put_times(struct treeline *line, uint32_t times)
{
	char digits[KIN_FORMAT_MAX];
	size_t len;

	if (times == 1)
		return false;
	len = kin_format_u64(digits, times);
	treeline_put(line, digits, len, len);
	treeline_put(line, "*[", 2, 2);
	return true;
}

/* The label of a node, and of those below it that go on its line. */
static void put_labels(struct walk *walk, uint32_t i, bool inside)
{
	const struct kin_fold *fold = walk->fold;
	unsigned int open = 0;

	for (;; i = fold->nodes[i].first) {
		open += put_times(&walk->line, fold->nodes[i].times);
		treelabel_put(walk->draw, &walk->line, &fold->nodes[i]);
		if (!inside || !fold->nodes[i].count)
			break;
		put_glyph(&walk->line, &walk->glyphs->inside);
	}
	while (open--)
		treeline_put(&walk->line, "]", 1, 1);
}

static void draw_line(struct walk *walk, uint32_t i, bool inside)
{
	const struct kin_fold_node *at = &walk->fold->nodes[i];

	if (walk->margin)
		treeline_ascii(&walk->line,
			       walk->draw->marked[at->node] ? "* " : "  ");
	if (walk->draw->sums)
		treesums_put_row(&walk->sums, &walk->line);
	walk->bars[at->depth] = !is_last(walk->fold, i);
	put_branch(walk, at->depth);
	put_labels(walk, i, inside);
	if (!treeline_end(&walk->line))
		walk->no_memory = true;
}

static void add_row(struct walk *walk, uint32_t i, bool inside)
{
	if (!treesums_add(&walk->sums, walk->fold, &walk->fold->nodes[i]))
		walk->no_memory = true;
}

/* Do something with each node that has a line of its own, from top to bottom. */
static void each_line(struct walk *walk,
		      void (*act)(struct walk *walk, uint32_t i, bool inside))
{
	const struct kin_fold *fold = walk->fold;
	uint32_t i = fold->n_roots ? 0 : KIN_TREE_NONE;

	while (i != KIN_TREE_NONE) {
		const bool inside = is_inline(fold, i);

		act(walk, i, inside);
		if (!inside && fold->nodes[i].count) {
			i = fold->nodes[i].first;
			continue;
		}
		while (i != KIN_TREE_NONE && is_last(fold, i))
			i = fold->nodes[i].parent;
		if (i != KIN_TREE_NONE)
			i++;
	}
}

static void draw_headings(struct walk *walk)
{
	if (walk->margin)
		treeline_pad(&walk->line, 2);
	treesums_put_headings(&walk->sums, &walk->line);
	if (!treeline_end(&walk->line))
		walk->no_memory = true;
}

static void draw_all(struct walk *walk)
{
	if (walk->draw->sums) {
		treesums_init(&walk->sums);
		each_line(walk, add_row);
		if (!walk->no_memory)
			draw_headings(walk);
	}
	if (!walk->no_memory)
		each_line(walk, draw_line);
	treesums_free(&walk->sums);
}

/* Half of the lines' width at most. */
static uint32_t choose_levels(const struct treedraw *draw)
{
	uint32_t levels = draw->width / 2 / LEVEL_COLUMNS;

	if (draw->levels)
		return draw->levels;
	if (!draw->width || levels > LEVELS_MOST)
		return LEVELS_MOST;
	return levels < LEVELS_LEAST ? LEVELS_LEAST : levels;
}

static int draw_fold(const struct treedraw *draw, const struct kin_fold *fold)
{
	char digits[KIN_FORMAT_MAX];
	struct walk walk = {
		.draw = draw,
		.fold = fold,
		.glyphs = draw->utf8_lines ? &utf8_glyphs : &ascii_glyphs,
		.line = { .out = draw->out,
			  .limit = draw->width,
			  .utf8 = draw->utf8 },
		.levels = choose_levels(draw),
		.digits = kin_format_u64(digits, draw->tree->max_depth),
		.margin = draw->marked && !draw->color,
	};

	walk.bars = calloc(draw->tree->max_depth + 2, sizeof(*walk.bars));
	walk.indent = calloc(walk.levels, LEVEL_BYTES);
	walk.indent_len = calloc(walk.levels + 1, sizeof(*walk.indent_len));
	walk.no_memory = !walk.bars || !walk.indent || !walk.indent_len;
	if (!walk.no_memory)
		draw_all(&walk);
	treeline_free(&walk.line);
	free(walk.bars);
	free(walk.indent);
	free(walk.indent_len);
	return walk.no_memory ? -ENOMEM : 0;
}

int treedraw_print(const struct treedraw *draw)
{
	struct treelook look = { 0 };
	struct kin_fold fold;
	int err = -ENOMEM;

	if (!draw->fold)
		err = kin_fold_build(&fold, draw->tree, NULL, NULL);
	else if (treelook_init(&look, draw))
		err = kin_fold_build(&fold, draw->tree, treelook_get, &look);
	free(look.bytes);
	if (err)
		return err;
	err = draw_fold(draw, &fold);
	kin_fold_free(&fold);
	return err;
}
