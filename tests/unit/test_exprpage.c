// SPDX-License-Identifier: GPL-2.0-or-later
/* The examples of kin-filter(7) are taken, each where it says that it is of use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exprmade.h"

#define PAGE "client/man/kin-filter.7.scd"

/* What scdoc makes of it: bold, and backslashes before what would be a mark. */
static void unmark(char *line)
{
	char *to = line;

	for (char *from = line + strlen("\t*"); *from; from++) {
		if (*from == '\\')
			from++;
		*to++ = *from;
	}
	/* the closing star, and the newline */
	assert_true(to - line > 2 && to[-2] == '*');
	to[-2] = '\0';
}

static const struct kin_expr_place *place_of(const char *heading)
{
	return !strncmp(heading, "Rules:", 6)  ? &made_rules :
	       !strncmp(heading, "Events:", 7) ? &made_events :
						 &made_filter;
}

static void must_parse(const struct kin_expr_place *place, const char *text)
{
	struct kin_expr_error error;
	struct kin_expr *expr;

	if (kin_expr_parse(place, text, &expr, &error))
		fail_msg("%s: at %u: %s", text, error.at, error.message);
	kin_expr_free(expr);
}

static void test_examples(void **state)
{
	const struct kin_expr_place *place = NULL;
	FILE *page = fopen(PAGE, "r");
	unsigned int n[3] = { 0 };
	char line[400];

	assert_non_null(page);
	while (fgets(line, sizeof(line), page) && strcmp(line, "# EXAMPLES\n"))
		;
	while (fgets(line, sizeof(line), page) && *line != '#') {
		if (*line != '\t') {
			place = place_of(line);
			continue;
		}
		assert_true(place && line[1] == '*');
		unmark(line);
		must_parse(place, line);
		n[place == &made_rules ? 0 : place == &made_events ? 1 : 2]++;
	}
	fclose(page);
	assert_true(n[0] >= 4 && n[1] >= 1 && n[2] >= 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_examples) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
