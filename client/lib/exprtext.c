// SPDX-License-Identifier: GPL-2.0-or-later
/* Conditions of text: as kin ps shows it, but for what is made safe there. */
#include <string.h>

#include "exprnode.h"

/* A text, and room for one that has to be written first. */
struct string {
	const char *s;
	size_t len;
	struct kin_value value;
	char joined[KIN_CMDLINE_MAX];
};

/* The arguments stand side by side, a blank between two of them. */
static bool join(struct string *string)
{
	if (!memchr(string->s, '\0', string->len))
		return true;
	if (string->len > sizeof(string->joined))
		return false;
	for (size_t i = 0; i < string->len; i++)
		string->joined[i] = string->s[i] ? string->s[i] : ' ';
	string->s = string->joined;
	return true;
}

/* There are no arguments: [kthreadd]; or they are out of reach now. */
static bool bracket(struct string *string)
{
	if (string->value.busy || string->value.cut || string->len > KIN_COMM_LEN)
		return false;
	string->joined[0] = '[';
	memcpy(string->joined + 1, string->s, string->len);
	string->joined[string->len + 1] = ']';
	string->s = string->joined;
	string->len += 2;
	return true;
}

static bool text(const struct expr_node *node, const struct kin_expr_row *row,
		 struct string *string)
{
	if (node->op == EXPR_STRING) {
		string->value.cut = false;
		string->s = node->text.s;
		string->len = node->text.len;
		return true;
	}
	if (!expr_column(node, row, &string->value))
		return false;
	string->s = string->value.s;
	string->len = string->value.len;
	if (node->column->type != KIN_TYPE_COMMAND)
		return true;
	return string->value.bracket ? bracket(string) : join(string);
}

static bool equal(const char *a, size_t la, const char *b, size_t lb)
{
	return la == lb && !memcmp(a, b, la);
}

/* What came cut is longer than what it is compared with. */
enum kin_truth expr_text_equal(const struct expr_node *node, const struct kin_expr_row *row)
{
	const struct expr_node *item = node->child;
	struct string a, b;

	if (!text(item, row, &a))
		return KIN_UNKNOWN;
	for (item = item->next; item; item = item->next) {
		if (!text(item, row, &b))
			return KIN_UNKNOWN;
		if (equal(a.s, a.len, b.s, b.len))
			return KIN_TRUE;
	}
	return KIN_FALSE;
}

/* ---- lists ---- */

static char separator(const struct expr_node *node)
{
	switch (node->column->type) {
	case KIN_TYPE_ARGS:
		return '\0';
	case KIN_TYPE_LINES:
		return '\n';
	default:
		return ',';
	}
}

/* The next one from *at on; false: there is none. An empty list has no element. */
static bool element(const char **at, const char *end, char separator,
		    struct expr_text *text)
{
	const char *stop;

	if (!*at)
		return false;
	stop = memchr(*at, separator, end - *at);
	text->s = *at;
	text->len = (stop ? stop : end) - *at;
	*at = stop ? stop + 1 : NULL;
	return true;
}

/* What is not found may stand where nobody has looked. */
static enum kin_truth not_found(const struct kin_value *value)
{
	return value->cut ? KIN_UNKNOWN : KIN_FALSE;
}

enum kin_truth expr_text_match(const struct expr_node *node, const struct kin_expr_row *row)
{
	enum kin_truth result, one;
	struct expr_text part;
	struct string a;
	const char *at;

	if (!text(node->child, row, &a))
		return KIN_UNKNOWN;
	result = not_found(&a.value);
	if (node->child->kind == EXPR_TEXT) {
		one = expr_regex_match(node->regex, a.s, a.len);
		return one == KIN_FALSE ? result : one;
	}
	at = a.len ? a.s : NULL;
	while (element(&at, a.s + a.len, separator(node->child), &part)) {
		one = expr_regex_match(node->regex, part.s, part.len);
		if (one == KIN_TRUE)
			return one;
		if (one == KIN_UNKNOWN)
			result = one;
	}
	return result;
}

enum kin_truth expr_list_has(const struct expr_node *node, const struct kin_expr_row *row)
{
	const struct expr_node *wanted = node->child->next;
	struct expr_text part;
	struct kin_value list;
	const char *at;

	if (!expr_column(node->child, row, &list))
		return KIN_UNKNOWN;
	if (node->child->kind == EXPR_NUMBERS) {
		for (uint32_t i = 0; i < list.len; i++)
			if (list.list[i] == wanted->number)
				return KIN_TRUE;
		return not_found(&list);
	}
	at = list.len ? list.s : NULL;
	while (element(&at, list.s + list.len, separator(node->child), &part))
		if (equal(part.s, part.len, wanted->text.s, wanted->text.len))
			return KIN_TRUE;
	return not_found(&list);
}
