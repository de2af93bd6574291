/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes to standard output, as a string. */
#ifndef KIN_TEST_OUTPUT_H
#define KIN_TEST_OUTPUT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct output {
	FILE *real;
	char *text;
	size_t len;		/* bytes; there may be NULs among them */
};

/* output_begin - from now on standard output is kept; output_end() it */
static inline void output_begin(struct output *out)
{
	out->real = stdout;
	stdout = open_memstream(&out->text, &out->len);
	assert_non_null(stdout);
}

/* output_end - as before; out->text is there then, free() it */
static inline void output_end(struct output *out)
{
	fclose(stdout);
	stdout = out->real;
}

#define assert_output(out, expected)                                          \
	do {                                                                  \
		assert_string_equal((out)->text, expected);                   \
		free((out)->text);                                            \
	} while (0)

#endif /* KIN_TEST_OUTPUT_H */
