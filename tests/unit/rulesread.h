/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules read from texts, for tests: what came of it, and what was said. */
#ifndef RULESREAD_H
#define RULESREAD_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rulefile.h"

struct rulesread {
	struct rules rules;
	char *said;
	int err;
};

/* @text is copied to a place of just its size: a byte beyond it is noticed. */
static inline void rulesread_text(struct rulesread *read, const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);
	size_t size;
	FILE *errors = open_memstream(&read->said, &size);

	assert_non_null(copy);
	assert_non_null(errors);
	memcpy(copy, text, len);
	read->err = rules_load_text(&read->rules, "t", copy, len, errors);
	assert_int_equal(fclose(errors), 0);
	free(copy);
}

static inline void rulesread_free(struct rulesread *read)
{
	rules_free(&read->rules);
	free(read->said);
}

/* What is good, or else the test fails with what was said. */
static inline void rulesread_good(struct rulesread *read, const char *text)
{
	rulesread_text(read, text, strlen(text));
	if (read->err)
		fail_msg("%s", read->said);
	assert_string_equal(read->said, "");
}

/* What is bad, with just these messages. */
static inline void rulesread_bad(const char *text, size_t len, const char *said)
{
	struct rulesread read;

	rulesread_text(&read, text, len);
	assert_string_equal(read.said, said);
	assert_int_equal(read.err, -EINVAL);
	assert_int_equal(read.rules.n, 0);
	assert_null(read.rules.list);
	rulesread_free(&read);
}

#endif /* RULESREAD_H */
