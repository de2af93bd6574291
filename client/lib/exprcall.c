// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions: each call but descendant_of() becomes a slot. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "exprnode.h"
#include "text.h"

enum part { NO, MAY, MUST };

static const struct function {
	const char *name;
	enum kin_expr_slot_kind kind;
	bool set;			/* of rows; else of the past */
	enum part arg, where, window;
	const char *example;
} functions[] = {
	{ "rate", KIN_SLOT_RATE, false, MUST, NO, MAY, "rate(cputime)" },
	{ "delta", KIN_SLOT_DELTA, false, MUST, NO, MUST, "delta(rss, 10m)" },
	{ "max", KIN_SLOT_MAX, false, MUST, NO, MUST, "max(rss, 1m)" },
	{ "min", KIN_SLOT_MIN, false, MUST, NO, MUST, "min(rss, 1m)" },
	{ "avg", KIN_SLOT_AVG, false, MUST, NO, MUST, "avg(threads, 1m)" },
	{ "count", KIN_SLOT_COUNT, true, NO, MAY, NO, "count(where state == \"Z\")" },
	{ "sum", KIN_SLOT_SUM, true, MUST, MAY, NO, "sum(rss where uid == 0)" },
	{ "events", KIN_SLOT_EVENTS, true, NO, MAY, MUST,
	  "events(where event == \"fork\", 1m)" },
};

#define N_FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

static const struct {
	const char *name;
	enum kin_expr_by by;
	uint32_t needs;
} groups[] = {
	{ "comm", KIN_BY_COMM, 0 },
	{ "uid", KIN_BY_UID, 0 },
	{ "cgroup", KIN_BY_CGROUP, KIN_GROUP_CGROUP },
	{ "parent", KIN_BY_PARENT, 0 },
	{ "subtree", KIN_BY_SUBTREE, 0 },
	{ "exe", KIN_BY_EXE, KIN_GROUP_EXE },
};

#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

static bool is_word(struct expr_text text, const char *word)
{
	return strlen(word) == text.len && !strncasecmp(word, text.s, text.len);
}

static const struct function *find_function(struct expr_text name)
{
	for (size_t i = 0; i < N_FUNCTIONS; i++)
		if (is_word(name, functions[i].name))
			return &functions[i];
	return NULL;
}

static bool unknown_function(struct expr_check *check, const struct expr_node *node)
{
	struct expr_quoted quoted = { 0 };
	const char *nearest = NULL;
	unsigned int best, apart;

	expr_quote(&quoted, node->text.s, node->text.len);
	best = 1 + strlen(quoted.text) / 2;
	for (size_t i = 0; i <= N_FUNCTIONS; i++) {
		const char *name = i < N_FUNCTIONS ? functions[i].name : "descendant_of";

		apart = kin_text_distance(quoted.text, name);
		if (apart < best) {
			best = apart;
			nearest = name;
		}
	}
	return expr_fail(check->parse, node->at, node->text.len,
			 "unknown function %s()%s%s%s", quoted.text,
			 nearest ? "; did you mean " : "", nearest ? nearest : "",
			 nearest ? "()?" : "");
}

/* ---- its arguments ---- */

struct arguments {
	struct expr_node *arg, *where, *window;
};

static bool bad_arguments(struct expr_check *check, const struct expr_node *node,
			  const struct function *function)
{
	return expr_fail_at(check->parse, node, "%s() is written so: %s",
			    function->name, function->example);
}

static bool take(struct expr_node **to, struct expr_node *node, enum part part)
{
	if (part == NO || *to)
		return false;
	*to = node;
	return true;
}

static bool sort_arguments(struct expr_check *check, const struct expr_node *node,
			   const struct function *function, struct arguments *args)
{
	bool good = true;

	for (struct expr_node *child = node->child; child && good; child = child->next) {
		if (child->op == EXPR_WHERE)
			good = take(&args->where, child->child, function->where);
		else if (function->arg != NO && !args->arg)
			args->arg = child;
		else
			good = take(&args->window, child, function->window);
	}
	if (!good || (function->arg == MUST && !args->arg) ||
	    (function->window == MUST && !args->window))
		return bad_arguments(check, node, function);
	if (args->window && (args->window->op != EXPR_NUMBER ||
			     args->window->kind != EXPR_DURATION ||
			     args->window->number < 1))
		return expr_fail_at(check->parse, args->window,
				    "%s() wants to know how far back, as in 10m",
				    function->name);
	return true;
}

/* ---- what it is of ---- */

static struct kin_expr *part(struct expr_check *check, struct expr_check *inner,
			     struct expr_node *node)
{
	struct kin_expr *expr = expr_alloc(check->parse->whole, sizeof(*expr));

	check->needs |= inner->needs;
	if (!expr) {
		check->parse->err = check->parse->err ? check->parse->err : -ENOMEM;
		return NULL;
	}
	expr->root = node;
	expr->whole = check->parse->whole;
	expr->needs = inner->needs;
	expr->subject = inner->row ? KIN_EXPR_ROW : KIN_EXPR_HOST;
	return expr;
}

static bool check_arg(struct expr_check *check, const struct function *function,
		      struct expr_node *arg, struct kin_expr_slot *slot)
{
	struct expr_check inner = { .parse = check->parse, .columns = check->columns,
				    .within = function->name };

	if (!expr_check(&inner, arg))
		return false;
	if (!expr_is_number(arg->kind) ||
	    (arg->kind == EXPR_TIME && slot->kind != KIN_SLOT_DELTA))
		return expr_fail_at(check->parse, arg, "%s() is of numbers; this is %s",
				    function->name, expr_kind_names[arg->kind]);
	if (!inner.row && (function->set || !inner.host))
		return expr_fail_at(check->parse, arg, "%s() is of columns; this is always the same",
				    function->name);
	slot->of_host = !inner.row;
	if (!function->set && inner.row && !check->row)
		check->row = arg;
	if (inner.host && !check->host)
		check->host = arg;
	slot->arg = part(check, &inner, arg);
	return slot->arg;
}

static bool check_where(struct expr_check *check, const struct function *function,
			struct expr_node *where, struct kin_expr_slot *slot)
{
	const bool events = slot->kind == KIN_SLOT_EVENTS;
	struct expr_check inner = {
		.parse = check->parse,
		.columns = events ? check->parse->whole->place.events : check->columns,
		.within = function->name,
		.events = events,
	};

	if (!expr_check_truth(&inner, where))
		return false;
	slot->where = part(check, &inner, where);
	return slot->where;
}

static enum expr_kind result_kind(enum kin_expr_slot_kind kind, enum expr_kind arg)
{
	/* time a second: of one CPU */
	if (kind == KIN_SLOT_RATE && arg == EXPR_DURATION)
		return EXPR_PERCENT;
	if (kind == KIN_SLOT_DELTA && arg == EXPR_TIME)
		return EXPR_DURATION;
	return arg;
}

/* ---- where it may stand ---- */

static bool check_past(struct expr_check *check, const struct expr_node *node,
		       const struct function *function)
{
	if (!check->parse->whole->place.time)
		return expr_fail_at(check->parse, node,
				    "%s() looks back, and there is no past here: only rules of kin alert have one",
				    function->name);
	if (check->events)
		return expr_fail_at(check->parse, node,
				    "%s() looks back: an event has no past", function->name);
	if (check->in_ancestor)
		return expr_fail_at(check->parse, node,
				    "%s() cannot be asked of ancestors", function->name);
	return true;
}

static bool check_set(struct expr_check *check, const struct expr_node *node,
		      const struct function *function)
{
	const struct kin_expr_place *place = &check->parse->whole->place;

	if (!place->sets)
		return expr_fail_at(check->parse, node,
				    "%s() is of all rows, which are not at hand here: only rules of kin alert can ask so",
				    function->name);
	if (function->kind == KIN_SLOT_EVENTS && !place->events)
		return expr_fail_at(check->parse, node, "there are no events here");
	if (check->within)
		return expr_fail_at(check->parse, node, "%s() cannot stand in %s()",
				    function->name, check->within);
	if (check->in_ancestor)
		return expr_fail_at(check->parse, node,
				    "%s() cannot be asked of ancestors", function->name);
	return true;
}

static bool check_by(struct expr_check *check, struct expr_node *node,
		     const struct function *function)
{
	const struct expr_node *first = check->by_set ? check->by_set : node;
	size_t i = 0;

	if (node->by_text.s) {
		while (i < N_GROUPS && !is_word(node->by_text, groups[i].name))
			i++;
		if (i == N_GROUPS)
			return expr_fail(check->parse, node->by_text.s - check->parse->whole->text,
					 node->by_text.len,
					 "'by' takes comm, uid, cgroup, parent, subtree or exe");
		node->by = groups[i].by;
		/* an event tells the file by itself */
		if (node->by != KIN_BY_EXE || function->kind != KIN_SLOT_EVENTS)
			check->needs |= groups[i].needs;
	}
	check->by_set = first;
	if (node->by == first->by)
		return true;
	return expr_fail_at(check->parse, node, "all of count(), sum() and events() want the same 'by'");
}

static bool check_function(struct expr_check *check, struct expr_node *node,
			   const struct function *function)
{
	if (!function->set && node->by_text.s)
		return expr_fail(check->parse, node->by_text.s - check->parse->whole->text,
				 node->by_text.len,
				 "%s() has no 'by': count(), sum() and events() have",
				 function->name);
	return function->set ? check_set(check, node, function) :
			       check_past(check, node, function);
}

/* ---- the call ---- */

/* Inner slots are in the list when the outer one is added. */
static bool add_slot(struct expr_check *check, struct expr_node *node,
		     const struct kin_expr_slot *slot)
{
	struct expr_whole *whole = check->parse->whole;

	if (whole->n_slots == EXPR_MAX_SLOTS)
		return expr_fail_at(check->parse, node, "more than %d functions",
				    EXPR_MAX_SLOTS);
	node->op = EXPR_SLOT;
	node->index = whole->n_slots;
	node->slot = &whole->slots[whole->n_slots++];
	whole->slots[node->index] = *slot;
	return true;
}

static bool check_slot(struct expr_check *check, struct expr_node *node,
		       const struct function *function)
{
	struct kin_expr_slot slot = { .kind = function->kind };
	enum expr_kind arg = EXPR_PLAIN; /* a number of rows, if there is none */
	struct arguments args = { 0 };

	if (!check_function(check, node, function) ||
	    !sort_arguments(check, node, function, &args) ||
	    (args.arg && !check_arg(check, function, args.arg, &slot)) ||
	    (args.where && !check_where(check, function, args.where, &slot)) ||
	    (function->set && !check_by(check, node, function)))
		return false;
	if (function->set && !check->set)
		check->set = node;
	slot.window_ns = args.window ? args.window->number : 0;
	if (args.arg)
		arg = args.arg->kind;
	node->kind = result_kind(slot.kind, arg);
	node->per_second = slot.kind == KIN_SLOT_RATE && node->kind != arg;
	return add_slot(check, node, &slot);
}

static bool check_descendant(struct expr_check *check, struct expr_node *node)
{
	const struct expr_node *pid = node->child;
	const char *id = "tgid";

	if (!check->parse->whole->place.kinship || check->events)
		return expr_fail_at(check->parse, node,
				    "descendant_of() cannot be asked here: rows have no parents");
	if (!pid || pid->next || pid->op != EXPR_NUMBER || pid->kind != EXPR_PLAIN ||
	    pid->number != floorl(pid->number) || pid->number < 1 ||
	    pid->number >= KIN_NONE32)
		return expr_fail_at(check->parse, node, "descendant_of() wants the pid of a process");
	if (!kin_column_find_in(check->columns, id, strlen(id)))
		id = "pid";
	node->column = kin_column_find_in(check->columns, id, strlen(id));
	if (!node->column)
		return expr_fail_at(check->parse, node, "rows have no pids here");
	node->op = EXPR_DESCENDANT;
	node->kind = EXPR_TRUTH;
	if (!check->row)
		check->row = node;
	return true;
}

bool expr_check_call(struct expr_check *check, struct expr_node *node)
{
	const struct function *function = find_function(node->text);

	if (is_word(node->text, "descendant_of")) {
		if (!node->by_text.s)
			return check_descendant(check, node);
		return expr_fail_at(check->parse, node, "descendant_of() has no 'by'");
	}
	return function ? check_slot(check, node, function) : unknown_function(check, node);
}
