/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of an expression: a tree of nodes, all of it in one arena, so that
 * nothing is left behind wherever reading it ends. See expr.h for what it means.
 */
#ifndef KIN_EXPRNODE_H
#define KIN_EXPRNODE_H

#include <stdarg.h>

#include "expr.h"

enum {
	EXPR_MAX_TEXT = 32 * 1024,	/* bytes of an expression */
	EXPR_MAX_NODES = 4096,
	EXPR_MAX_DEPTH = 200,		/* of parentheses, and of nodes in nodes */
	EXPR_MAX_STRING = 4096,		/* bytes between quotes */
	EXPR_MAX_REGEX = 1024,
	EXPR_MAX_SLOTS = 64,
};

enum expr_op {
	EXPR_NUMBER,		/* number */
	EXPR_STRING,		/* text, once it is known what it is for */
	/* names as written: text */
	EXPR_NAME,
	EXPR_HOST_NAME,		/* host.NAME */
	EXPR_PARENT_NAME,	/* parent.NAME */
	EXPR_CALL,		/* children: arguments; by */
	EXPR_WHERE,		/* an argument: child is a condition */
	/* names looked up: column */
	EXPR_COLUMN,
	EXPR_HOST,
	EXPR_PARENT,
	/* calls looked up */
	EXPR_SLOT,		/* slot; children stay */
	EXPR_DESCENDANT,	/* child: a number; column: what to compare with it */
	/* numbers of numbers */
	EXPR_NEG,
	EXPR_ADD,
	EXPR_SUB,
	EXPR_MUL,
	EXPR_DIV,
	/* conditions of two values */
	EXPR_EQ,
	EXPR_NE,
	EXPR_LT,
	EXPR_LE,
	EXPR_GT,
	EXPR_GE,
	EXPR_MATCH,		/* regex */
	EXPR_NO_MATCH,
	EXPR_HAS,
	EXPR_IN,		/* the first child in the list of the others */
	EXPR_NOT_IN,
	/* conditions of conditions */
	EXPR_NOT,
	EXPR_AND,		/* of two or more */
	EXPR_OR,
	EXPR_ANCESTOR,
};

/* What a node is, as far as it matters for what may be done with it. */
enum expr_kind {
	EXPR_PLAIN,		/* a number without unit */
	EXPR_SIZE,		/* bytes */
	EXPR_DURATION,		/* ns */
	EXPR_TIME,		/* ns since 1970 */
	EXPR_PERCENT,		/* a fraction of 1 */
	EXPR_LAST_NUMBER = EXPR_PERCENT,
	EXPR_STATE,		/* a letter, as a number */
	EXPR_TEXT,
	EXPR_TEXTS,		/* a list */
	EXPR_NUMBERS,		/* a list */
	EXPR_TRUTH,
};

struct expr_text {
	const char *s;
	size_t len;
};

struct expr_regex;

struct expr_node {
	uint8_t op;		/* enum expr_op */
	uint8_t kind;		/* enum expr_kind */
	uint8_t by;		/* SLOT: enum kin_expr_by */
	bool quick;		/* EQ to GE: a column, and a whole number: limit */
	bool answered;		/* DESCENDANT: the kernel sends no others */
	bool per_second;	/* SLOT: ns a second, which are CPUs */
	uint16_t depth;		/* 1: no children */
	uint16_t index;		/* SLOT: in the whole's slots */
	uint32_t at, len;	/* in the whole's text */
	struct expr_node *child, *next;
	struct expr_node *last;	/* of the children */
	struct expr_text by_text;	/* CALL: s NULL: none */
	union {
		long double number;
		struct expr_text text;
		const struct kin_column *column;
		struct expr_regex *regex;
		uint64_t limit;
		const struct kin_expr_slot *slot;
	};
};

/* What all parts of an expression share. */
struct expr_whole {
	struct expr_chunk *chunks;
	struct expr_regex *regexes;
	char *text;			/* as written */
	uint32_t len;
	struct kin_expr_place place;
	struct kin_expr_slot slots[EXPR_MAX_SLOTS];
	size_t n_slots;
};

/* A part: the expression itself, a slot's arg, a slot's where. */
struct kin_expr {
	struct expr_node *root;
	struct expr_whole *whole;
	enum kin_expr_subject subject;
	enum kin_expr_by by;
	uint32_t needs;
	uint64_t for_ns;
};

/* While it is being read. */
struct expr_parse {
	struct expr_whole *whole;
	struct kin_expr_error *error;
	int err;			/* the first failure: -EINVAL, -ENOMEM */
	uint32_t at;			/* how far the scanner has come */
	unsigned int nodes, open;	/* made; parentheses */
	struct expr_node *root;
	struct expr_node *for_node;	/* NULL: no "for" */
	/* the scanner's few structs */
	_Alignas(16) char reserve[1024];
	size_t reserved;
};

/* A stretch of the text: what the parser calls a location. */
struct expr_span {
	uint32_t at, end;
};

/* ---- exprnode.c ---- */

/* expr_alloc - zeroed, for as long as the whole lives; NULL: no memory */
void *expr_alloc(struct expr_whole *whole, size_t size);
void expr_free_chunks(struct expr_whole *whole);

/* expr_fail - remember the first mistake; returns NULL, which ends the parser */
struct expr_node *expr_fail(struct expr_parse *parse, uint32_t at, uint32_t len,
			    const char *format, ...)
	__attribute__((format(printf, 4, 5)));
#define expr_fail_at(parse, node, ...) \
	expr_fail(parse, (node)->at, (node)->len, __VA_ARGS__)

/* Text to put into a message: safe, cut if it is long. */
struct expr_quoted {
	char text[128];
};
const char *expr_quote(struct expr_quoted *quoted, const char *s, size_t len);
#define EXPR_QUOTE(s, len) expr_quote(&(struct expr_quoted){ 0 }, s, len)

/* expr_node - a new one; NULL: the failure is remembered */
struct expr_node *expr_node(struct expr_parse *parse, enum expr_op op,
			    struct expr_span span);

/* expr_add - one more child; NULL if it gets too deep, or @child is NULL */
struct expr_node *expr_add(struct expr_parse *parse, struct expr_node *node,
			   struct expr_node *child);

/* expr_pair - a node of two; an AND of an AND is one with more children */
struct expr_node *expr_pair(struct expr_parse *parse, enum expr_op op,
			    struct expr_span span, struct expr_node *a,
			    struct expr_node *b);

/* ---- exprlex.l ---- */

/* expr_read - text to tree: root and for_node of @parse, or err */
void expr_read(struct expr_parse *parse);

/* ---- exprliteral.c ---- */

struct expr_node *expr_number(struct expr_parse *parse, struct expr_span span);

/* expr_unescape - the text of a string; false: the failure is remembered */
bool expr_unescape(struct expr_parse *parse, struct expr_node *node);

/* ---- exprkind.c ---- */

extern const char *const expr_kind_names[];
enum expr_kind expr_kind_of(enum kin_type type);
enum kin_type expr_type_of(enum expr_kind kind, long double number);

static inline bool expr_is_number(enum expr_kind kind)
{
	return kind <= EXPR_LAST_NUMBER;
}

/* expr_kinds_meet - whether two may be compared, or added */
bool expr_kinds_meet(enum expr_kind a, enum expr_kind b);

/* expr_kind_result - of + - * / on numbers; false: there is none */
bool expr_kind_result(enum expr_op op, enum expr_kind a, enum expr_kind b,
		      enum expr_kind *result);

/* ---- exprcheck.c, exprcompare.c, exprname.c, exprcall.c ---- */

/* What has been met in a part, for its subject and its limits. */
struct expr_check {
	struct expr_parse *parse;
	const struct kin_column_set *columns;	/* of plain names here */
	const struct expr_node *row;		/* the first that is of a row */
	const struct expr_node *host;
	const struct expr_node *set;
	const struct expr_node *by_set;		/* the first set, for its by */
	const struct expr_node *past;		/* of time */
	const char *within;			/* no set in here: the function's name */
	bool in_past, in_ancestor, events;
	uint32_t needs;
};

bool expr_check(struct expr_check *check, struct expr_node *node);

/* expr_check_truth - the same, and it must be a condition */
bool expr_check_truth(struct expr_check *check, struct expr_node *node);
bool expr_check_compare(struct expr_check *check, struct expr_node *node);
bool expr_check_match(struct expr_check *check, struct expr_node *node);
bool expr_check_has(struct expr_check *check, struct expr_node *node);
bool expr_check_in(struct expr_check *check, struct expr_node *node);
bool expr_check_name(struct expr_check *check, struct expr_node *node);
bool expr_check_call(struct expr_check *check, struct expr_node *node);

/* expr_is_name - a plain name that is no column: text without its quotes? */
bool expr_is_unknown(const struct expr_check *check, const struct expr_node *node);

/* expr_state - the state that a string names, as its letter */
bool expr_state(struct expr_parse *parse, struct expr_node *string);

/* ---- exprregex.c ---- */

/* expr_regex_new - of a string's node; NULL: the failure is remembered */
struct expr_regex *expr_regex_new(struct expr_parse *parse, const struct expr_node *string);
enum kin_truth expr_regex_match(const struct expr_regex *regex, const char *s,
				size_t len);
void expr_regex_free(struct expr_regex *list);

/* ---- expreval.c, exprtext.c ---- */

enum kin_truth expr_test(const struct expr_node *node, const struct kin_expr_row *row);
bool expr_value(const struct expr_node *node, const struct kin_expr_row *row,
		long double *number);

/* expr_column - the value of a row, of its parent or of the host; false: not known */
bool expr_column(const struct expr_node *node, const struct kin_expr_row *row,
		 struct kin_value *value);

/* Conditions of text: EQ and IN; MATCH; HAS. (What is their contrary is expr_test's.) */
enum kin_truth expr_text_equal(const struct expr_node *node, const struct kin_expr_row *row);
enum kin_truth expr_text_match(const struct expr_node *node, const struct kin_expr_row *row);
enum kin_truth expr_list_has(const struct expr_node *node, const struct kin_expr_row *row);

/* expr_compare - of two numbers */
bool expr_compare(enum expr_op op, long double a, long double b);

/* ---- exprprint.c ---- */

/* expr_by_name - "comm", ...; of none: "" */
const char *expr_by_name(enum kin_expr_by by);
void expr_print(const struct expr_whole *whole, const struct expr_node *node, FILE *out);

/* ---- exprpush.c, exprscope.c ---- */

/* expr_has_rows_parents - whether they can be asked: only tasks can */
bool expr_has_rows_parents(const struct kin_expr_place *place);

/* expr_check_kernel - of other rows: whether descendant_of() stands where the kernel
 * can answer it */
bool expr_check_kernel(struct expr_parse *parse);

/* expr_is_of_events - whether rows are events, by their columns */
bool expr_is_of_events(const struct kin_expr_place *place);

/* What a scope or a filter can say. */
enum expr_pushed {
	EXPR_PUSH_NONE,
	EXPR_PUSH_PID,
	EXPR_PUSH_TGID,
	EXPR_PUSH_SUBTREE,
	EXPR_PUSH_UID,
	EXPR_PUSH_CGROUP,
	EXPR_PUSH_STATE,	/* values: enum kin_state */
	EXPR_PUSH_EVENT,	/* values: enum kin_event_kind */
	EXPR_PUSH_COMM,		/* no values: texts */
	EXPR_PUSH_FAILED,
	EXPR_PUSH_COUNT
};

enum { EXPR_MAX_PUSHED = 256 };

/* A term that says it. */
struct expr_term {
	enum expr_pushed kind;
	size_t n;
	uint64_t values[EXPR_MAX_PUSHED];
	struct expr_text texts[EXPR_MAX_PUSHED];
};

/* expr_terms - call @fn for each term that must be true; in their order */
typedef void expr_term_fn(struct expr_node *node, const struct expr_term *term, void *arg);
void expr_terms(struct expr_node *root, bool events, expr_term_fn *fn, void *arg);

#endif /* KIN_EXPRNODE_H */
