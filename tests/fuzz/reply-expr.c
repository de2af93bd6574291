// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: no reply, but an expression of --where or of a rule. What is refused has
 * a place in the text; what is taken is printed, read again and means the same, of rows
 * whose values follow from the names of their columns.
 *
 * Input: a byte (where it stands), then the text.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eventcolumn.h"
#include "expr.h"
#include "hostcolumn.h"

#define ROWS 6

static void must(bool good)
{
	if (!good)
		abort();
}

static const struct kin_expr_place places[] = {
	{ &kin_task_columns, &kin_host_columns, &kin_event_columns, true, true, true },
	{ .columns = &kin_task_columns, .host = &kin_host_columns, .kinship = true },
	{ .columns = &kin_event_columns, .kinship = true },
	{ .host = &kin_host_columns, .time = true, .sets = true },
};

/* ---- rows ---- */

/* One number for each column of each row. */
static uint32_t mix(const struct kin_expr_row *row, const char *id)
{
	uint32_t hash = 2166136261u + *(const unsigned char *)row->row;

	for (; *id; id++)
		hash = (hash ^ (unsigned char)*id) * 16777619u;
	return hash >> 3;
}

static void set_text(struct kin_value *value, uint32_t n)
{
	static const struct {
		const char *s;
		uint32_t len;
	} texts[] = {
		{ "", 0 }, { "a", 1 }, { "nginx", 5 }, { "a,b,kthread", 11 },
		{ "/bin/x\0-y\0", 10 }, { "\0\n,\0", 4 }, { "\xff\xc3\xa9\n\n", 5 },
	};

	value->s = texts[n % 7].s;
	value->len = texts[n % 7].len;
}

static void get_value(const struct kin_expr_row *row, const struct kin_column *col,
		      struct kin_value *value)
{
	static const uint32_t numbers[] = { 0, 5, 300 };
	const uint32_t n = mix(row, col->id);

	value->known = n % 4;
	value->bracket = value->busy = value->denied = value->deleted = false;
	value->cut = n % 7 == 3;
	if (!value->known)
		return;
	value->bracket = n % 5 == 1;
	switch (col->type) {
	case KIN_TYPE_STATE:
		value->u = KIN_STATE_LETTERS[n % KIN_STATE_COUNT];
		return;
	case KIN_TYPE_STRING:
	case KIN_TYPE_COMMAND:
	case KIN_TYPE_ARGS:
	case KIN_TYPE_WORDS:
	case KIN_TYPE_LINES:
		set_text(value, n / 5);
		return;
	case KIN_TYPE_NUMBERS:
		value->list = numbers;
		value->len = n % 4;
		return;
	default:
		value->u = n % 3 ? n % 10 : (uint64_t)n << (n % 34);
	}
}

/* Rows are bytes: each is the parent of the one before it. */
static const void *get_parent(const struct kin_expr_row *row)
{
	const unsigned char *at = row->row;

	return *at < ROWS - 1 ? at + 1 : NULL;
}

static bool get_slot(const struct kin_expr_row *row, const struct kin_expr_slot *slot,
		     size_t index, double *value)
{
	const struct kin_expr *whole = row->ctx;
	size_t n;
	const struct kin_expr_slot *slots = kin_expr_slots(whole, &n);

	must(index < n && slot == &slots[index]);
	*value = mix(row, "slot") % 7 * 3e8;
	return mix(row, "slot") % 3;
}

static const unsigned char rows[ROWS] = { 0, 1, 2, 3, 4, 5 };

static struct kin_expr_row row_of(unsigned int n, struct kin_expr *whole)
{
	return (struct kin_expr_row){ &rows[n], whole, get_value, get_value, get_parent,
				      get_slot };
}

/* ---- what was taken ---- */

static char *printed(const struct kin_expr *expr)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(out);
	kin_expr_print(expr, out);
	must(!fclose(out));
	return text;
}

static void explain(const struct kin_expr *expr)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(out);
	kin_expr_explain(expr, out);
	must(!fclose(out) && size);
	free(text);
}

static void evaluate(struct kin_expr *expr, enum kin_truth truths[ROWS])
{
	enum kin_type type;
	double number;

	for (unsigned int i = 0; i < ROWS; i++) {
		const struct kin_expr_row row = row_of(i, expr);

		truths[i] = kin_expr_test(expr, &row);
		must(truths[i] <= KIN_UNKNOWN);
		if (kin_expr_measure(expr, &row, &number, &type)) {
			struct kin_value value;

			must(type < KIN_TYPE_COUNT);
			kin_expr_value(number, type, &value);
		}
		kin_expr_bar(expr, &row, &number, &type);
	}
}

/* Inner ones come first: an outer one may ask for them. */
static void check_slots(struct kin_expr *expr)
{
	const struct kin_expr_row row = row_of(0, expr);
	size_t n;
	const struct kin_expr_slot *slots = kin_expr_slots(expr, &n);
	double number;

	for (size_t i = 0; i < n; i++) {
		if (slots[i].arg)
			kin_expr_number(slots[i].arg, &row, &number);
		if (slots[i].where)
			kin_expr_test(slots[i].where, &row);
	}
}

static void push(struct kin_expr *expr, const struct kin_expr_place *place)
{
	struct kin_event_filter filter = { 0 };

	if (place->columns == &kin_event_columns)
		kin_expr_push_events(expr, &filter);
	else
		kin_expr_push(expr, &filter.scope);
	must(filter.scope.n_pids <= KIN_MAX_VALUES && filter.n_comms <= KIN_MAX_COMMS);
	for (size_t i = 0; i < filter.n_comms; i++)
		must(strlen(filter.comms[i]) < KIN_COMM_LEN);
}

/* What is made safe may mean something else between \Q and \E, and is longer. */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static void again(const struct kin_expr_place *place, const char *text,
		  struct kin_expr *expr, const enum kin_truth truths[ROWS])
{
	char *once = printed(expr), *twice;
	enum kin_truth other[ROWS];
	struct kin_expr_error error;
	struct kin_expr *same;

	if (is_plain(text) && strlen(once) < 30000) {
		must(!kin_expr_parse(place, once, &same, &error));
		twice = printed(same);
		must(!strcmp(once, twice));
		evaluate(same, other);
		must(!memcmp(truths, other, sizeof(other)));
		must(kin_expr_needs(expr) == kin_expr_needs(same));
		kin_expr_free(same);
		free(twice);
	}
	free(once);
}

static void taken(const struct kin_expr_place *place, const char *text,
		  struct kin_expr *expr)
{
	enum kin_truth truths[ROWS];

	explain(expr);
	evaluate(expr, truths);
	check_slots(expr);
	again(place, text, expr, truths);
	push(expr, place);
	kin_expr_free(expr);
}

static void refused(const char *text, const struct kin_expr_error *error)
{
	const size_t len = strlen(text);
	char *shown = NULL;
	size_t size;
	FILE *out = open_memstream(&shown, &size);

	must(out && *error->message && memchr(error->message, '\0', sizeof(error->message)));
	must(error->len && error->at <= len);
	must(error->at + (size_t)error->len <= len + 1);
	for (const char *at = error->message; *at; at++)
		must((unsigned char)*at >= ' ' && *at != '\x7f');
	kin_expr_print_error(out, text, error);
	must(!fclose(out) && size);
	free(shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kin_expr_place *place;
	struct kin_expr_error error;
	struct kin_expr *expr;
	char *text;
	int err;

	if (!size)
		return 0;
	place = &places[data[0] % (sizeof(places) / sizeof(places[0]))];
	/* just as long as it is: what is read behind it is noticed */
	text = strndup((const char *)data + 1, size - 1);
	must(text);
	err = kin_expr_parse(place, text, &expr, &error);
	must(!err || err == -EINVAL);
	if (err)
		refused(text, &error);
	else
		taken(place, text, expr);
	free(text);
	return 0;
}
