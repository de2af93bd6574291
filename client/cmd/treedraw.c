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
	const struct treecolumns *columns; /* NULL: none */
	struct treeline line;
	struct treecells cells;
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

static char sign_of(const struct walk *walk, uint32_t i)
{
	const struct treemark *marks = walk->draw->marks;

	return marks ? marks[walk->fold->nodes[i].node].sign : 0;
}

/* What stands on a line has the one sign in front of it. */
static bool has_sign_of_own(const struct walk *walk, uint32_t i)
{
	const struct kin_fold *fold = walk->fold;

	for (; fold->nodes[i].count == 1; i = fold->nodes[i].first)
		if (sign_of(walk, fold->nodes[i].first) != sign_of(walk, i))
			return true;
	return false;
}

/*
 * Whether what is below stands on the same line: threads that look alike, if
 * there is nothing else, and all of a folded branch if that is a short chain.
 */
static bool is_inline(const struct walk *walk, uint32_t i)
{
	const struct kin_fold *fold = walk->fold;
	const struct kin_fold_node *at = &fold->nodes[i];
	unsigned int length = 1;

	if (at->count != 1 || walk->draw->nodes || has_sign_of_own(walk, i))
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

static void put_label(struct walk *walk, const struct kin_fold_node *at)
{
	const struct treedraw_nodes *nodes = walk->draw->nodes;

	if (nodes)
		nodes->put_label(&walk->line, walk->fold, at, nodes->arg);
	else
		treelabel_put(walk->draw, &walk->line, at);
}

/* The label of a node, and of those below it that go on its line. */
static void put_labels(struct walk *walk, uint32_t i, bool inside)
{
	const struct kin_fold *fold = walk->fold;
	unsigned int open = 0;

	for (;; i = fold->nodes[i].first) {
		open += put_times(&walk->line, fold->nodes[i].times);
		put_label(walk, &fold->nodes[i]);
		if (!inside || !fold->nodes[i].count)
			break;
		put_glyph(&walk->line, &walk->glyphs->inside);
	}
	while (open--)
		treeline_put(&walk->line, "]", 1, 1);
}

/* In colours, what is marked is bold. */
static void put_margin(struct walk *walk, uint32_t i)
{
	const struct treedraw *draw = walk->draw;
	char text[] = "  ";

	text[0] = sign_of(walk, i);
	if (!text[0])
		text[0] = draw->marked && !draw->color &&
				  draw->marked[walk->fold->nodes[i].node] ?
				  '*' : ' ';
	treeline_ascii(&walk->line, text);
}

static void draw_line(struct walk *walk, uint32_t i, bool inside)
{
	const struct kin_fold_node *at = &walk->fold->nodes[i];

	if (walk->margin)
		put_margin(walk, i);
	if (walk->columns)
		treecells_put_row(&walk->cells, &walk->line);
	walk->bars[at->depth] = !is_last(walk->fold, i);
	put_branch(walk, at->depth);
	put_labels(walk, i, inside);
	if (!treeline_end(&walk->line))
		walk->no_memory = true;
}

static void add_row(struct walk *walk, uint32_t i, bool inside)
{
	const struct treedraw_nodes *nodes = walk->draw->nodes;

	if (!treecells_add_row(&walk->cells, walk->fold, &walk->fold->nodes[i],
			       nodes ? nodes->arg : NULL))
		walk->no_memory = true;
}

/* Do something with each node that has a line of its own, from top to bottom. */
static void each_line(struct walk *walk,
		      void (*act)(struct walk *walk, uint32_t i, bool inside))
{
	const struct kin_fold *fold = walk->fold;
	uint32_t i = fold->n_roots ? 0 : KIN_TREE_NONE;

	while (i != KIN_TREE_NONE) {
		const bool inside = is_inline(walk, i);

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
	treecells_put_headings(&walk->cells, &walk->line);
	if (!treeline_end(&walk->line))
		walk->no_memory = true;
}

static void draw_all(struct walk *walk)
{
	if (walk->columns) {
		treecells_init(&walk->cells, walk->columns);
		each_line(walk, add_row);
		if (!walk->no_memory)
			draw_headings(walk);
	}
	if (!walk->no_memory)
		each_line(walk, draw_line);
	treecells_free(&walk->cells);
}

static const struct treecolumns *choose_columns(const struct treedraw *draw)
{
	if (draw->nodes)
		return draw->nodes->columns;
	return draw->sums ? &treesums_columns : NULL;
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
		.columns = choose_columns(draw),
		.line = { .out = draw->out,
			  .limit = draw->width,
			  .utf8 = draw->utf8 },
		.levels = choose_levels(draw),
		.digits = kin_format_u64(digits, draw->tree->max_depth),
		.margin = draw->marks || (draw->marked && !draw->color),
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
	else if (draw->nodes)
		err = kin_fold_build(&fold, draw->tree, draw->nodes->look,
				     draw->nodes->arg);
	else if (treelook_init(&look, draw))
		err = kin_fold_build(&fold, draw->tree, treelook_get, &look);
	free(look.bytes);
	if (err)
		return err;
	err = draw_fold(draw, &fold);
	kin_fold_free(&fold);
	return err;
}
