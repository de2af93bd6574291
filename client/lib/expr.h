/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expressions over columns: which rows pass, and what a rule watches.
 *
 *   rss > 2GiB && cgroup =~ "^/system.slice/"
 *   count(where state == "Z") by (parent) > 100 for 10s
 *
 * The language is told in kin-filter(7). What is not known makes an expression
 * neither true nor false: nothing passes because of it, "not" of it neither.
 *
 * Whoever evaluates rows has the columns (value, host, parent of struct
 * kin_expr_row). What takes a memory or a look at many rows is a slot: for each of
 * kin_expr_slots(), in that order, it evaluates the slot's arg with
 * kin_expr_number() and the slot's where with kin_expr_test(), of each row (of each
 * event: EVENTS), keeps what the slot's kind asks for, and answers for it when
 * kin_expr_test() of the whole asks slot(). Slots in an arg or a where have the
 * numbers of the same list. A set (COUNT, SUM, EVENTS) is of all rows, or of those
 * that are in the group that is evaluated: kin_expr_by() of the whole.
 *
 * An expression belongs to one thread at a time.
 */
#ifndef KIN_EXPR_H
#define KIN_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "column.h"

struct kin_expr;

/* Where an expression stands: what names mean there, and what may be said. */
struct kin_expr_place {
	const struct kin_column_set *columns;	/* plain names; NULL: none */
	const struct kin_column_set *host;	/* names after "host."; NULL: none */
	const struct kin_column_set *events;	/* in events(where ...); NULL: none */
	/* descendant_of(), ancestor, parent.: rows have parents. Of rows that are not
	 * tasks, descendant_of() alone, which the kernel answers: see kin_expr_push() */
	bool kinship;
	bool time;		/* rate(), delta(), max(), min(), avg(), for: there is a past */
	bool sets;		/* count(), sum(), by: all rows are at hand */
};

/* What is wrong: bytes of the text, and a sentence without a full stop, which
 * names a near match where there is one. */
struct kin_expr_error {
	uint32_t at, len;
	char message[240];
};

/*
 * kin_expr_parse - parse and check
 * @exprp: receives the expression; kin_expr_free() it
 *
 * Returns 0, -EINVAL with @error filled, or -ENOMEM.
 */
int kin_expr_parse(const struct kin_expr_place *place, const char *text,
		   struct kin_expr **exprp, struct kin_expr_error *error);
void kin_expr_free(struct kin_expr *expr); /* NULL is allowed */

/* kin_expr_print_error - the text's line, and below it ^~~~ under what is wrong.
 * What others chose is made safe. */
void kin_expr_print_error(FILE *out, const char *text,
			  const struct kin_expr_error *error);

/* ---- what it is about ---- */

/* Of what it is true or false. */
enum kin_expr_subject {
	KIN_EXPR_HOST,		/* of the host: no plain column, sets without by */
	KIN_EXPR_ROW,		/* of each row */
	KIN_EXPR_GROUP,		/* of each group of rows: sets with by */
};

enum kin_expr_by {
	KIN_BY_NONE,
	KIN_BY_COMM,
	KIN_BY_UID,
	KIN_BY_CGROUP,
	KIN_BY_PARENT,		/* the process that is the rows' parent */
	KIN_BY_SUBTREE,		/* each process with its descendants: a row counts in each */
				/* of its ancestors' groups and in its own */
	KIN_BY_EXE,		/* what it executes, by path; of events: the file */
};

enum kin_expr_subject kin_expr_subject(const struct kin_expr *expr);
enum kin_expr_by kin_expr_by(const struct kin_expr *expr);

/* What rows must have been asked for: enum kin_group, KIN_NEED_*; all its parts. */
uint32_t kin_expr_needs(const struct kin_expr *expr);

/* "for 30s" at its end, ns; 0: none */
uint64_t kin_expr_for_ns(const struct kin_expr *expr);

/*
 * A part that needs a memory: of a row's past, of all rows, of events. Whoever
 * evaluates works them out for each row or group, and answers for slot() below.
 */
enum kin_expr_slot_kind {
	/* of arg, a second, over the window (0: the last two samples); of a duration
	 * it is ns a second, which the expression itself makes CPUs */
	KIN_SLOT_RATE,
	KIN_SLOT_DELTA,		/* arg now minus arg at the window's start */
	KIN_SLOT_MAX,		/* of arg, in the window */
	KIN_SLOT_MIN,
	KIN_SLOT_AVG,
	KIN_SLOT_COUNT,		/* rows that pass where */
	KIN_SLOT_SUM,		/* of arg, of rows that pass where */
	KIN_SLOT_EVENTS,	/* events that pass where, in the window */
};

struct kin_expr_slot {
	enum kin_expr_slot_kind kind;
	const struct kin_expr *arg;	/* a number, of a row or the host; NULL: none */
	const struct kin_expr *where;	/* a truth, of a row or an event; NULL: all pass */
	uint64_t window_ns;		/* 0: none */
	bool of_host;			/* arg has host columns alone: one past for all rows */
};

/* All slots, inner ones (in arg and where of others) first; belongs to @expr. */
const struct kin_expr_slot *kin_expr_slots(const struct kin_expr *expr, size_t *n);

/* Whose a column is that an expression looks at. */
enum kin_expr_whose {
	KIN_EXPR_OWN,		/* the row's */
	KIN_EXPR_OTHERS,	/* of rows that it descends from */
	KIN_EXPR_HOSTS,
};

/* kin_expr_columns - tell each column that it looks at, those of its slots too, but for
 * columns of events; one may come more than once. NULL: something of others that is no
 * column */
void kin_expr_columns(const struct kin_expr *expr,
		      void (*fn)(const struct kin_column *col,
				 enum kin_expr_whose whose, void *arg),
		      void *arg);

/* ---- evaluation ---- */

enum kin_truth { KIN_FALSE, KIN_TRUE, KIN_UNKNOWN };

/* One row, as whoever has the rows tells of it. All functions may be NULL where the
 * place does not allow what would call them. */
struct kin_expr_row {
	const void *row;
	void *ctx;
	void (*value)(const struct kin_expr_row *row, const struct kin_column *col,
		      struct kin_value *value);
	void (*host)(const struct kin_expr_row *row, const struct kin_column *col,
		     struct kin_value *value);
	/* the parent's row, or NULL; asked again for that one's parent */
	const void *(*parent)(const struct kin_expr_row *row);
	/* index into kin_expr_slots(); false: not known (yet) */
	bool (*slot)(const struct kin_expr_row *row, const struct kin_expr_slot *slot,
		     size_t index, double *value);
};

enum kin_truth kin_expr_test(const struct kin_expr *expr, const struct kin_expr_row *row);

/* kin_expr_number - of an expression that is a number (a slot's arg, a template's);
 * base units (bytes, ns, percent as a fraction of 1); false: not known */
bool kin_expr_number(const struct kin_expr *expr, const struct kin_expr_row *row,
		     double *value);

/*
 * kin_expr_measure - the number that is compared with a threshold, for messages: the
 * left side of the first comparison that is true of this row (the right one, where the
 * left one is a constant), preferably of < <= > >=; if none is true, of the first
 * that is known
 * @value: receives it, in base units as kin_expr_number()
 * @type: receives its type; plain numbers: KIN_TYPE_UINT, INT, MILLI, as it fits
 */
bool kin_expr_measure(const struct kin_expr *expr, const struct kin_expr_row *row,
		      double *value, enum kin_type *type);

/* kin_expr_bar - the other side of that comparison; false: it is not a number */
bool kin_expr_bar(const struct kin_expr *expr, const struct kin_expr_row *row,
		  double *value, enum kin_type *type);

/* kin_expr_value - such a number as a value of that type, for kin_value_put() */
void kin_expr_value(double number, enum kin_type type, struct kin_value *value);

/* ---- what the kernel can filter ---- */

/*
 * kin_expr_push - the part of an expression over tasks that a scope can say
 * @scope: receives pids, tgids, subtrees, uids, states: as kin_expr_push() finds
 *         them in terms that must all be true. The lists belong to @expr. What was
 *         set before stays: a kind that is there already is left alone.
 *
 * The whole expression is still to be tested: the kernel only sends less. A
 * descendant_of() that was pushed is true from now on: of rows that are not tasks, one
 * that was not (there was a subtree before) is not known. Returns true if anything was
 * set.
 */
bool kin_expr_push(struct kin_expr *expr, struct kin_scope *scope);

/* The same for the filter of a subscription: kinds of events, uids, subtrees, comms,
 * failed. */
bool kin_expr_push_events(struct kin_expr *expr, struct kin_event_filter *filter);

/* kin_expr_print - the expression as it was understood, with all parentheses; without
 * "for". It can be parsed again. */
void kin_expr_print(const struct kin_expr *expr, FILE *out);

/* kin_expr_explain - in words, to @out: the expression as it was understood (with all
 * parentheses), what the kernel filters, what is left, which groups are read */
void kin_expr_explain(const struct kin_expr *expr, FILE *out);

#endif /* KIN_EXPR_H */
