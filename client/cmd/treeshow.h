/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kin tree was asked for, and showing a tree that was read. */
#ifndef KIN_TREESHOW_H
#define KIN_TREESHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd.h"
#include "column.h"
#include "treedraw.h"
#include "treeread.h"

struct treeshow {
	bool pids, users, args, sums, json, uncut;
	bool fold, no_fold, utf8, ascii;
	bool scoped;		/* not all that there is was asked for */
	int color;		/* as cmd_color() */
	enum kin_tree_key key;
	struct treeread read;
	struct cmd_scope highlight;
	struct kin_view view;
	bool *marked;		/* by node; NULL: none */
	/* for follow.c */
	bool follow;
	uint64_t interval_ns;
	uint64_t duration_ns;	/* 0: without end */
	uint64_t count;		/* end after so many changes; 0: do not */
};

/* treeshow_groups - what must be read for it, enum kin_group */
uint32_t treeshow_groups(const struct treeshow *show);

/* treeshow_view - the clocks and names that it takes; a status */
int treeshow_view(struct treeshow *show, struct kin *kin);

/* treeshow_sort - as was asked for; a status */
int treeshow_sort(struct treeshow *show);

/*
 * treeshow_mark - find what is to be highlighted
 * @complain: with a message for each that is not there
 *
 * Returns a status; CMD_FAILED: no memory.
 */
int treeshow_mark(struct treeshow *show, bool complain);

/* treeshow_drawing - how it is to be drawn */
void treeshow_drawing(const struct treeshow *show, struct treedraw *draw);

/* treeshow_print - as text or as JSON; a status */
int treeshow_print(const struct treeshow *show);

/* treeshow_lines - as JSON, a process a line */
void treeshow_lines(const struct treeshow *show);

void treeshow_free(struct treeshow *show);

#endif /* KIN_TREESHOW_H */
