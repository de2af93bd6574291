// SPDX-License-Identifier: GPL-2.0-or-later
/* Regular expressions of PCRE2, on bytes, with bounds on what one match may take. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <errno.h>
#include <pcre2.h>

#include "exprnode.h"

/* Steps of matching, and memory. What takes more is not known to match. */
#define MATCH_STEPS 100000
#define MATCH_KIB 256

struct expr_regex {
	struct expr_regex *next;
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

static struct expr_regex *no_memory(struct expr_parse *parse)
{
	parse->err = parse->err ? parse->err : -ENOMEM;
	return NULL;
}

/* (In the list first: whatever fails, it is freed with the expression.) */
static struct expr_regex *enlist(struct expr_whole *whole)
{
	struct expr_regex *regex = expr_alloc(whole, sizeof(*regex));

	if (regex) {
		regex->next = whole->regexes;
		whole->regexes = regex;
	}
	return regex;
}

/* What backslashes mean is PCRE2's to say: its own text, between the quotes. */
static pcre2_code *compile(struct expr_parse *parse, const struct expr_node *string)
{
	const char *s = parse->whole->text + string->at + 1;
	char message[128] = "";
	pcre2_code *code;
	PCRE2_SIZE at;
	int why = 0;

	code = pcre2_compile((PCRE2_SPTR)s, string->len - 2, PCRE2_NEVER_BACKSLASH_C,
			     &why, &at, NULL);
	if (why == PCRE2_ERROR_HEAP_FAILED)
		no_memory(parse);
	if (code || parse->err)
		return code;
	pcre2_get_error_message(why, (PCRE2_UCHAR *)message, sizeof(message));
	expr_fail(parse, s + at - parse->whole->text, 1, "regular expression: %s", message);
	return NULL;
}

struct expr_regex *expr_regex_new(struct expr_parse *parse, const struct expr_node *string)
{
	struct expr_regex *regex;

	if (string->len > EXPR_MAX_REGEX + 2) {
		expr_fail_at(parse, string, "a regular expression of more than %d bytes",
			     EXPR_MAX_REGEX);
		return NULL;
	}
	regex = enlist(parse->whole);
	if (!regex)
		return no_memory(parse);
	regex->code = compile(parse, string);
	if (!regex->code)
		return NULL;
	regex->data = pcre2_match_data_create(1, NULL);
	regex->context = pcre2_match_context_create(NULL);
	if (!regex->data || !regex->context)
		return no_memory(parse);
	pcre2_set_match_limit(regex->context, MATCH_STEPS);
	pcre2_set_heap_limit(regex->context, MATCH_KIB);
	/* where memory must not be made executable, it is slower */
	pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
	return regex;
}

enum kin_truth expr_regex_match(const struct expr_regex *regex, const char *s,
				size_t len)
{
	int found = pcre2_match(regex->code, (PCRE2_SPTR)s, len, 0, 0, regex->data,
				regex->context);

	if (found == PCRE2_ERROR_JIT_STACKLIMIT)
		found = pcre2_match(regex->code, (PCRE2_SPTR)s, len, 0, PCRE2_NO_JIT,
				    regex->data, regex->context);
	return found == PCRE2_ERROR_NOMATCH ? KIN_FALSE :
	       found < 0		    ? KIN_UNKNOWN :
					      KIN_TRUE;
}

void expr_regex_free(struct expr_regex *list)
{
	for (; list; list = list->next) {
		pcre2_code_free(list->code);
		pcre2_match_data_free(list->data);
		pcre2_match_context_free(list->context);
	}
}
