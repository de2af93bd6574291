// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel can filter: terms that a scope, or the filter of a subscription,
 * can say. Each is no narrower than the term it is made of; and that is tested again.
 */
#include <errno.h>
#include <math.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "eventcolumn.h"
#include "exprnode.h"

bool expr_is_of_events(const struct kin_expr_place *place)
{
	static const char id[] = "event";

	return place->columns && kin_column_find_in(place->columns, id, strlen(id));
}

/* ---- one term ---- */

static bool is_id(const struct expr_node *node, const char *id)
{
	return node->op == EXPR_COLUMN && !strcmp(node->column->id, id);
}

static enum expr_pushed column_kind(const struct expr_node *node, bool events)
{
	static const struct {
		const char *id;
		enum kin_type type;
		enum expr_pushed tasks, events;
	} known[] = {
		{ "pid", KIN_TYPE_UINT, EXPR_PUSH_PID, EXPR_PUSH_NONE },
		{ "tgid", KIN_TYPE_UINT, EXPR_PUSH_TGID, EXPR_PUSH_TGID },
		{ "uid", KIN_TYPE_UID, EXPR_PUSH_UID, EXPR_PUSH_UID },
		{ "user", KIN_TYPE_STRING, EXPR_PUSH_UID, EXPR_PUSH_UID },
		{ "cgroup_id", KIN_TYPE_UINT, EXPR_PUSH_CGROUP, EXPR_PUSH_CGROUP },
		{ "state", KIN_TYPE_STATE, EXPR_PUSH_STATE, EXPR_PUSH_NONE },
		{ "event", KIN_TYPE_STRING, EXPR_PUSH_NONE, EXPR_PUSH_EVENT },
		{ "comm", KIN_TYPE_STRING, EXPR_PUSH_NONE, EXPR_PUSH_COMM },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (is_id(node, known[i].id) && node->column->type == known[i].type)
			return events ? known[i].events : known[i].tasks;
	return EXPR_PUSH_NONE;
}

#define OVERFLOW_UID 65534 /* kernel.overflowuid, unless somebody has changed it */

static bool add(struct expr_term *term, uint64_t value)
{
	if (term->n == EXPR_MAX_PUSHED)
		return false;
	/* what is shown of each user that a user namespace does not know */
	if (term->kind == EXPR_PUSH_UID && value == OVERFLOW_UID)
		return false;
	term->values[term->n++] = value;
	return true;
}

/* A number that is one of the kernel's; all bits set stands for none there. A task
 * with the number 0 is no question to it, but a mistake. */
static bool add_number(struct expr_term *term, const struct expr_node *node)
{
	const bool zero = term->kind == EXPR_PUSH_UID || term->kind == EXPR_PUSH_CGROUP;
	const long double most = term->kind == EXPR_PUSH_CGROUP ? KIN_NONE64 : KIN_NONE32;

	if (node->op != EXPR_NUMBER || node->number != floorl(node->number) ||
	    node->number >= most || (node->number == 0 && !zero))
		return false;
	return add(term, node->number);
}

/*
 * Tasks show the name of their uid: the one that the name stands for is theirs. Digits
 * are no name: they may be what is shown of a uid without one.
 */
static bool add_user(struct expr_term *term, struct expr_text name)
{
	struct passwd pw, *found = NULL;
	char text[256], room[4096];

	if (!name.len || name.len >= sizeof(text) || memchr(name.s, '\0', name.len) ||
	    strspn(name.s, "0123456789") >= name.len)
		return false;
	memcpy(text, name.s, name.len);
	text[name.len] = '\0';
	if (getpwnam_r(text, &pw, room, sizeof(room), &found) || !found)
		return false;
	return add(term, pw.pw_uid);
}

static bool add_state(struct expr_term *term, const struct expr_node *node)
{
	static const char letters[] = KIN_STATE_LETTERS;

	return add(term, 1u << (strchr(letters, node->number) - letters));
}

static bool add_event(struct expr_term *term, struct expr_text name)
{
	for (unsigned int i = 0; kin_event_names[i]; i++)
		if (strlen(kin_event_names[i]) == name.len &&
		    !memcmp(kin_event_names[i], name.s, name.len))
			return add(term, 1u << i);
	return false;
}

static bool add_comm(struct expr_term *term, struct expr_text name)
{
	if (term->n == KIN_MAX_COMMS || !name.len || memchr(name.s, '\0', name.len))
		return false;
	term->texts[term->n] = name;
	return add(term, 0);
}

static bool add_value(struct expr_term *term, const struct expr_node *column,
		      const struct expr_node *node)
{
	if (term->kind == EXPR_PUSH_STATE)
		return node->kind == EXPR_STATE && node->op == EXPR_NUMBER &&
		       add_state(term, node);
	if (column->kind != EXPR_TEXT)
		return add_number(term, node);
	if (node->op != EXPR_STRING)
		return false;
	return term->kind == EXPR_PUSH_UID   ? add_user(term, node->text) :
	       term->kind == EXPR_PUSH_EVENT ? add_event(term, node->text) :
					       add_comm(term, node->text);
}

/* A value may stand in front of its column in ==. */
static bool equal_term(const struct expr_node *node, bool events, struct expr_term *term)
{
	const struct expr_node *column = node->child, *value = column->next;
	enum expr_pushed kind;

	if (node->op == EXPR_EQ && column->op != EXPR_COLUMN) {
		column = value;
		value = node->child;
	}
	kind = column_kind(column, events);
	if (!kind || (term->kind && term->kind != kind))
		return false;
	term->kind = kind;
	if (node->op == EXPR_EQ)
		return add_value(term, column, value);
	for (; value; value = value->next)
		if (!add_value(term, column, value))
			return false;
	return true;
}

/* An exit whose status is 0 does not pass it. */
static bool failed_term(const struct expr_node *node, struct expr_term *term)
{
	const struct expr_node *value = node->child->next;

	if ((term->kind && term->kind != EXPR_PUSH_FAILED) ||
	    !(is_id(node->child, "status") || is_id(node->child, "code")) ||
	    value->op != EXPR_NUMBER || expr_compare(node->op, 0, value->number))
		return false;
	term->kind = EXPR_PUSH_FAILED;
	return true;
}

/* Of "or", all must say it of the same thing. */
static bool get_term(const struct expr_node *node, bool events, struct expr_term *term)
{
	switch (node->op) {
	case EXPR_OR:
		for (node = node->child; node; node = node->next)
			if (!get_term(node, events, term))
				return false;
		return true;
	case EXPR_DESCENDANT:
		if (term->kind && term->kind != EXPR_PUSH_SUBTREE)
			return false;
		term->kind = EXPR_PUSH_SUBTREE;
		return add_number(term, node->child);
	case EXPR_EQ:
	case EXPR_IN:
		if (equal_term(node, events, term))
			return true;
		break;
	}
	return events && node->op >= EXPR_EQ && node->op <= EXPR_GE &&
	       failed_term(node, term);
}

void expr_terms(struct expr_node *root, bool events, expr_term_fn *fn, void *arg)
{
	struct expr_node *node = root->op == EXPR_AND ? root->child : root;
	struct expr_term *term = malloc(sizeof(*term));

	/* then the kernel sends more: that is all */
	if (!term)
		return;
	for (; node; node = root->op == EXPR_AND ? node->next : NULL) {
		term->kind = EXPR_PUSH_NONE;
		term->n = 0;
		if (node->op == EXPR_AND)
			expr_terms(node, events, fn, arg);
		else if (get_term(node, events, term))
			fn(node, term, arg);
	}
	free(term);
}
