/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees drawn into memory. Include cmocka.h first. */
#ifndef TEST_DRAWING_H
#define TEST_DRAWING_H

#include <stdio.h>
#include <stdlib.h>

#include "treedraw.h"

/* The text of a tree; free() it. The snapshot ends with it. */
static inline char *draw(struct kin_snapshot *snap, struct treedraw options)
{
	struct kin_tree tree;
	char *text = NULL;
	size_t size;

	options.out = open_memstream(&text, &size);
	options.tree = &tree;
	assert_int_equal(kin_tree_build(&tree, snap), 0);
	assert_int_equal(treedraw_print(&options), 0);
	fclose(options.out);
	kin_tree_free(&tree);
	kin_snapshot_free(snap);
	return text;
}

static inline void assert_drawn(struct kin_snapshot *snap, struct treedraw options,
			 const char *expected)
{
	char *text = draw(snap, options);

	assert_string_equal(text, expected);
	free(text);
}

static const struct treedraw plain = { .fold = true };
static const struct treedraw utf8 = {
	.fold = true,
	.utf8 = true,
	.utf8_lines = true,
};

#endif /* TEST_DRAWING_H */
