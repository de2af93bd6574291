// SPDX-License-Identifier: GPL-2.0-or-later
/* Conditions of two values: what may stand on either side of a comparison. */
#include <math.h>
#include <string.h>

#include "exprnode.h"
#include "text.h"

static const char *kind_of(const struct expr_node *node)
{
	return expr_kind_names[node->kind];
}

static bool is_column(const struct expr_node *node)
{
	return node->op == EXPR_COLUMN || node->op == EXPR_HOST || node->op == EXPR_PARENT;
}

bool expr_state(struct expr_parse *parse, struct expr_node *string)
{
	static const char letters[] = KIN_STATE_LETTERS;
	const char *s;

	if (!expr_unescape(parse, string))
		return false;
	s = string->text.s;
	if (string->text.len != 1 || !*s || !strchr(letters, *s))
		return expr_fail_at(parse, string, "'%s' is no state: one letter of %s is",
				    EXPR_QUOTE(s, string->text.len), letters);
	string->op = EXPR_NUMBER;
	string->kind = EXPR_STATE;
	string->number = *s;
	return true;
}

/* Mistyped, it would never be true, and its contrary always. */
static bool check_word(struct expr_check *check, const struct kin_column *column,
		       const struct expr_node *string)
{
	const struct expr_text *text = &string->text;
	char all[200];

	if (!column->words)
		return true;
	for (const char *const *word = column->words; *word; word++)
		if (strlen(*word) == text->len && !memcmp(*word, text->s, text->len))
			return true;
	kin_text_join(all, sizeof(all), column->words);
	return expr_fail_at(check->parse, string, "'%s' is no word of %s: it has %s",
			    EXPR_QUOTE(text->s, text->len), column->id, all);
}

/* A string beside a column: what it can be equal to at all. */
static bool check_string(struct expr_check *check, const struct expr_node *other,
			 struct expr_node *string)
{
	if (other->kind == EXPR_STATE)
		return expr_state(check->parse, string);
	if (!expr_unescape(check->parse, string))
		return false;
	if (!is_column(other) || other->kind != EXPR_TEXT)
		return true;
	if (!strstr(other->column->id, "comm") || strcmp(other->column->id, "command") == 0)
		return check_word(check, other->column, string);
	if (string->text.len < KIN_COMM_LEN)
		return true;
	return expr_fail_at(check->parse, string,
			    "no %s is equal to it: they have %d bytes at most",
			    other->column->id, KIN_COMM_LEN - 1);
}

/* Nothing but numbers without a unit: 40 + 40, but not 2 * 40%. */
static bool is_bare(const struct expr_node *node)
{
	if (node->op >= EXPR_NEG && node->op <= EXPR_DIV)
		return is_bare(node->child) &&
		       (!node->child->next || is_bare(node->child->next));
	return node->op == EXPR_NUMBER && node->kind == EXPR_PLAIN;
}

/* 80 could be 80 % or 80 times all: who writes it has to say. */
static bool check_percent(struct expr_check *check, const struct expr_node *share,
			  const struct expr_node *number)
{
	const char *s = check->parse->whole->text + share->at;
	long double value;

	if (share->kind != EXPR_PERCENT || share->op == EXPR_NUMBER ||
	    !is_bare(number) || !expr_value(number, NULL, &value) || value == 0)
		return true;
	return expr_fail_at(check->parse, number, "%s is a percentage: write %.15Lg%%, or its hundredfold",
			    EXPR_QUOTE(s, share->len), value);
}

static bool mismatch(struct expr_check *check, const struct expr_node *a,
		     const struct expr_node *b)
{
	const char *hint = "";

	if (is_column(a) && a->column->type == KIN_TYPE_UID && b->op == EXPR_STRING)
		hint = " (names are compared with user)";
	else if (a->kind == EXPR_TEXTS || a->kind == EXPR_NUMBERS)
		hint = ": use has";
	else if (a->kind == EXPR_SIZE && b->kind == EXPR_DURATION && b->op == EXPR_NUMBER)
		hint = " (m is minutes, M is MiB)";
	return expr_fail_at(check->parse, b, "cannot compare %s with %s%s",
			    kind_of(a), kind_of(b), hint);
}

/* comm == nginx */
static bool check_bare_word(struct expr_check *check, const struct expr_node *a,
			    const struct expr_node *b)
{
	const char *text = b->text.s;

	if ((a->kind != EXPR_TEXT && a->kind != EXPR_STATE) || !expr_is_unknown(check, b))
		return true;
	return expr_fail_at(check->parse, b, "strings want quotes: \"%.*s\"",
			    (int)(b->text.len < 40 ? b->text.len : 40), text);
}

/* state == S, where S is a name of the column itself */
static bool check_same(struct expr_check *check, const struct expr_node *a,
		       const struct expr_node *b)
{
	if (a->op != EXPR_COLUMN || b->op != EXPR_COLUMN || a->column != b->column)
		return true;
	return expr_fail_at(check->parse, b, "both sides are the column %s%s",
			    a->column->id, a->kind == EXPR_STATE ? ": a state is a letter in quotes" : "");
}

/* What most rules ask, of each row: rss > 2GiB. */
static void set_quick(struct expr_node *node)
{
	const struct expr_node *a = node->child, *b = a->next;

	if (a->op != EXPR_COLUMN || b->op != EXPR_NUMBER || b->number != floorl(b->number) ||
	    a->column->type == KIN_TYPE_INT || a->column->type == KIN_TYPE_TIME ||
	    a->column->type == KIN_TYPE_PERCENT || a->column->type == KIN_TYPE_MILLI)
		return;
	node->quick = true;
	node->limit = b->number;
}

static bool is_ordered(enum expr_op op)
{
	return op >= EXPR_LT && op <= EXPR_GE;
}

static bool check_sides(struct expr_check *check, const struct expr_node *node,
			struct expr_node *a, struct expr_node *b)
{
	if (b->op == EXPR_STRING && (a->kind == EXPR_TEXT || a->kind == EXPR_STATE) &&
	    a->op != EXPR_STRING)
		return check_string(check, a, b);
	if (a->op == EXPR_STRING && (b->kind == EXPR_TEXT || b->kind == EXPR_STATE) &&
	    b->op != EXPR_STRING)
		return check_string(check, b, a);
	if (a->op == EXPR_STRING && b->op == EXPR_STRING)
		return expr_fail_at(check->parse, node, "two strings: a column has to be compared");
	if (!expr_kinds_meet(a->kind, b->kind) || a->kind == EXPR_TEXTS ||
	    a->kind == EXPR_NUMBERS || a->kind == EXPR_TRUTH)
		return mismatch(check, a, b);
	return check_percent(check, a, b) && check_percent(check, b, a);
}

bool expr_check_compare(struct expr_check *check, struct expr_node *node)
{
	struct expr_node *a = node->child, *b = a->next;
	const struct expr_node *bad;

	node->kind = EXPR_TRUTH;
	if (!expr_check(check, a) || !check_bare_word(check, a, b) ||
	    !expr_check(check, b) || !check_same(check, a, b) ||
	    !check_sides(check, node, a, b))
		return false;
	bad = expr_is_number(a->kind) ? b : a;
	if (is_ordered(node->op) && !expr_is_number(bad->kind))
		return expr_fail_at(check->parse, node,
				    "%s has no order: only == and != compare it",
				    kind_of(bad));
	set_quick(node);
	return true;
}

bool expr_check_match(struct expr_check *check, struct expr_node *node)
{
	struct expr_node *a = node->child, *b = a->next;

	node->kind = EXPR_TRUTH;
	if (!expr_check(check, a))
		return false;
	if (b->op != EXPR_STRING)
		return expr_fail_at(check->parse, b, "a regular expression is expected, in quotes");
	if (a->op == EXPR_STRING || (a->kind != EXPR_TEXT && a->kind != EXPR_TEXTS))
		return expr_fail_at(check->parse, a,
				    "regular expressions are for columns of text; this is %s",
				    kind_of(a));
	node->regex = expr_regex_new(check->parse, b);
	return node->regex;
}

bool expr_check_has(struct expr_check *check, struct expr_node *node)
{
	struct expr_node *a = node->child, *b = a->next;

	node->kind = EXPR_TRUTH;
	if (!expr_check(check, a))
		return false;
	if (a->kind != EXPR_TEXTS && a->kind != EXPR_NUMBERS)
		return expr_fail_at(check->parse, a, "'has' is for lists; this is %s: use %s",
				    kind_of(a), a->kind == EXPR_TEXT ? "=~" : "==");
	if (a->kind == EXPR_TEXTS && b->op == EXPR_STRING)
		return expr_unescape(check->parse, b) && check_word(check, a->column, b);
	if (a->kind == EXPR_NUMBERS && b->op == EXPR_NUMBER && b->kind == EXPR_PLAIN)
		return true;
	return expr_fail_at(check->parse, b, "'has' wants %s here",
			    a->kind == EXPR_TEXTS ? "a string" : "a number");
}

static bool is_literal(const struct expr_node *node)
{
	if (node->op == EXPR_NEG)
		node = node->child;
	return node->op == EXPR_NUMBER || node->op == EXPR_STRING;
}

bool expr_check_in(struct expr_check *check, struct expr_node *node)
{
	struct expr_node *a = node->child;

	node->kind = EXPR_TRUTH;
	if (!expr_check(check, a))
		return false;
	if (is_literal(a))
		return expr_fail_at(check->parse, a, "a column goes in front of 'in', values behind it");
	for (struct expr_node *b = a->next; b; b = b->next) {
		if (!check_bare_word(check, a, b))
			return false;
		if (!is_literal(b))
			return expr_fail_at(check->parse, b, "a list holds numbers or strings alone");
		if (!expr_check(check, b) || !check_sides(check, b, a, b))
			return false;
	}
	return true;
}
