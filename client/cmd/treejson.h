/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A family tree as JSON. */
#ifndef KIN_TREEJSON_H
#define KIN_TREEJSON_H

#include <stdbool.h>
#include <stdio.h>

#include "column.h"
#include "tree.h"

struct treejson {
	FILE *out;
	const struct kin_tree *tree;
	const struct kin_view *view;
	const bool *marked;	/* by node; NULL: nothing was asked for */
	bool threads;
	bool args;
};

/* treejson_print - an object with a list of all processes, in tree order */
void treejson_print(const struct treejson *tj);

/* treejson_lines - an object a line for each, "change": "present" in front */
void treejson_lines(const struct treejson *tj);

#endif /* KIN_TREEJSON_H */
