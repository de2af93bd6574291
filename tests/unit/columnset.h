/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every set of columns has to be, and values as text. Include cmocka.h first. */
#ifndef TEST_COLUMNSET_H
#define TEST_COLUMNSET_H

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "column.h"

static inline void assert_column_complete(const struct kin_column *col)
{
	assert_non_null(col->id);
	assert_non_null(col->heading);
	assert_non_null(col->unit);
	assert_non_null(kin_type_name(col->type));
	for (const char *c = col->id; *c; c++)
		assert_true(islower(*c) || isdigit(*c) || *c == '_');
	/* a sentence */
	assert_true(strlen(col->help) > 10);
	assert_true(isupper(col->help[0]) || isdigit(col->help[0]));
	assert_int_equal(col->help[strlen(col->help) - 1], '.');
}

/* Each id and alias finds its own column. */
static inline void assert_column_found(const struct kin_column_set *set,
				       const struct kin_column *col)
{
	char words[256], *word, *rest;

	snprintf(words, sizeof(words), "%s %s", col->id, col->alias ?: "");
	for (word = strtok_r(words, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest))
		assert_ptr_equal(kin_column_find_in(set, word, strlen(word)),
				 col);
}

static inline void assert_set_complete(const struct kin_column_set *set)
{
	assert_true(set->n);
	for (size_t i = 0; i < set->n; i++) {
		assert_column_complete(&set->columns[i]);
		assert_column_found(set, &set->columns[i]);
	}
}

/* The value as people see it in tables, "-" if it is not known. */
static inline const char *row_text(const struct kin_column_set *set,
				   const char *id, const void *row)
{
	const struct kin_column *col =
		kin_column_find_in(set, id, strlen(id));
	static char text[1024];
	struct kin_value value;
	uint32_t width;
	size_t n;

	assert_non_null(col);
	kin_column_get_row(col, row, &value);
	assert_true(kin_value_room(col->type, &value) < sizeof(text));
	n = kin_value_put(text, col->type, &value, 0, UINT32_MAX, &width);
	text[n] = '\0';
	return text;
}

#endif /* TEST_COLUMNSET_H */
