// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "follow.h"
#include "format.h"

/* The end of the @n-th line, or of all. Sets @n to the lines there were. */
static size_t find_line(const char *text, size_t len, size_t *n)
{
	const size_t most = *n;
	size_t at = 0;

	for (*n = 0; *n < most && at < len; ++*n) {
		const char *end = memchr(text + at, '\n', len - at);

		at = end ? (size_t)(end - text) + 1 : len;
	}
	return at;
}

static void put_count(struct treeline *line, const char *before, size_t n,
		      const char *one, const char *more)
{
	treeline_ascii(line, before);
	treeline_number(line, n);
	treeline_ascii(line, n == 1 ? one : more);
}

/* What the tree above does not tell. */
static bool put_foot(const struct follow *follow, FILE *out, size_t unseen)
{
	struct treeline line = { .out = out,
				 .limit = cmd_columns(),
				 .utf8 = cmd_utf8() };
	bool enough;

	if (follow->color)
		treeline_color(&line, TREELINE_BOLD);
	if (unseen)
		put_count(&line, "... ", unseen, " line not shown; ",
			  " lines not shown; ");
	put_count(&line, "", follow->n_processes, " process", " processes");
	if (follow->show->read.threads)
		put_count(&line, ", ", follow->n_threads,
			  " thread but main ones", " threads but main ones");
	if (follow->lost)
		put_count(&line, "; ", follow->lost,
			  " event lost, tree read anew",
			  " events lost, tree read anew");
	treeline_ascii(&line, follow->screen.raw ? "; q: end" : "; ^C: end");
	if (follow->color)
		treeline_color(&line, "");
	enough = treeline_end(&line);
	treeline_free(&line);
	return enough;
}

static int cut(const struct follow *follow, const char *tree, size_t len,
	       unsigned int rows, FILE *out)
{
	size_t shown = rows ? rows - 1 : 0, all = SIZE_MAX;
	const size_t end = find_line(tree, len, &shown);

	find_line(tree, len, &all);
	fwrite(tree, 1, end, out);
	return put_foot(follow, out, all - shown) ? 0 : -ENOMEM;
}

static int draw_tree(const struct follow *follow, FILE *out)
{
	struct treedraw draw;

	treeshow_drawing(follow->show, &draw);
	draw.out = out;
	draw.marks = follow->marks;
	return treedraw_print(&draw);
}

/* Into memory; free() @text. */
static int finish(FILE *out, int err, char **text)
{
	if (fclose(out) && !err)
		err = -ENOMEM;
	if (!err)
		return 0;
	free(*text);
	*text = NULL;
	return err;
}

int followframe_compose(const struct follow *follow, unsigned int rows,
			char **text, size_t *len)
{
	char *tree = NULL;
	size_t size;
	FILE *out = open_memstream(&tree, &size);
	int err;

	if (!out)
		return -ENOMEM;
	err = finish(out, draw_tree(follow, out), &tree);
	if (err)
		return err;
	out = open_memstream(text, len);
	err = out ? finish(out, cut(follow, tree, size, rows, out), text) :
		    -ENOMEM;
	free(tree);
	return err;
}

int followframe_draw(struct follow *follow)
{
	char *text = NULL;
	size_t len;
	int err = followframe_compose(follow, screen_rows(&follow->screen),
				      &text, &len);

	if (!err)
		err = screen_draw(&follow->screen, text, len);
	free(text);
	return err;
}
