// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file is read into drafts of its rules; a later one of the same name takes the
 * place of an earlier one. Receivers are looked up when all files are read. The
 * sources stay until then: messages show their lines.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "field.h"
#include "ruleread.h"
#include "ruleset.h"

#define MAX_RULES 1000
#define MAX_RECEIVERS 100

struct origin {
	struct source *src;
	const yaml_node_t *node;
};

struct ruleset {
	struct complaints said;
	struct source *sources;
	size_t n_sources;
	struct rulefile_seen *seen;	/* of the file that is being read */
	struct draft drafts[MAX_RULES];
	size_t n_drafts;
	struct receiver *receivers;	/* MAX_RECEIVERS */
	struct origin origins[MAX_RECEIVERS];
	size_t n_receivers;
	uint64_t interval_ns;
	char *external_url;
};

/* ---- rules ---- */

static struct draft *find_draft(struct ruleset *set, const char *name)
{
	for (size_t i = 0; i < set->n_drafts; i++)
		if (!strcmp(set->drafts[i].rule.name, name))
			return &set->drafts[i];
	return NULL;
}

/* "disabled" alone: for that there must be an earlier one. */
static void no_such_rule(struct ruleset *set, const struct draft *draft)
{
	const char *names[MAX_RULES + 1], *nearest;
	struct source *src = draft->src;
	const yaml_node_t *node = source_value(src, draft->node, "name");

	for (size_t i = 0; i < set->n_drafts; i++)
		names[i] = set->drafts[i].rule.name;
	names[set->n_drafts] = NULL;
	nearest = cmd_nearest(draft->rule.name, names);
	if (nearest)
		complain(src, node,
			 "no rule '%s' in an earlier file, to be disabled; did you mean '%s'?",
			 draft->rule.name, nearest);
	else
		complain(src, node,
			 "no rule '%s' in an earlier file, to be disabled (name that file first; 'builtin' is the built-in set)",
			 draft->rule.name);
}

static void there_already(const struct source *src, const yaml_node_t *node,
			  const char *what, const char *name, unsigned int line)
{
	complain(src, node, "%s '%s' is there already, in line %u", what, name, line);
}

/* @draft's content is taken, or freed. */
static void add_draft(struct ruleset *set, struct draft *draft)
{
	struct draft *old = draft->rule.name ? find_draft(set, draft->rule.name) :
					       NULL;
	struct draft *place = old ? old : &set->drafts[set->n_drafts];

	if (old && old->src == draft->src) {
		there_already(draft->src, source_value(draft->src, draft->node, "name"),
			      "rule", draft->rule.name, old->rule.line);
	} else if (draft->rule.name && !draft->rule.text && draft->disabled) {
		if (old)
			old->disabled = true;
		else
			no_such_rule(set, draft);
	} else if (draft->rule.name) {
		if (old)
			rule_free(&old->rule);
		set->n_drafts += !old;
		*place = *draft;
		return;
	}
	rule_free(&draft->rule);
}

static bool is_list(struct source *src, const struct field *field,
		    const yaml_node_t *node, size_t *n)
{
	if (node->type != YAML_SEQUENCE_NODE) {
		complain(src, node, "'%s' is to be a list: each starts with '- name: ...'",
			 field->key);
		return false;
	}
	*n = node->data.sequence.items.top - node->data.sequence.items.start;
	return true;
}

static void read_rules(struct source *src, const struct field *field,
		       const yaml_node_t *node, void *to)
{
	struct ruleset *set = to;
	struct draft draft;
	size_t n;

	if (!is_list(src, field, node, &n))
		return;
	if (n > MAX_RULES - set->n_drafts) {
		complain(src, node, "more than %d rules", MAX_RULES);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		rule_read(src, source_item(src, node, i), &draft);
		add_draft(set, &draft);
	}
	set->seen->rules = n;
}

/* ---- receivers ---- */

static struct receiver *find_receiver(const struct ruleset *set, const char *name)
{
	for (size_t i = 0; i < set->n_receivers; i++)
		if (!strcmp(set->receivers[i].name, name))
			return &set->receivers[i];
	return NULL;
}

static void add_receiver(struct ruleset *set, const struct origin *origin,
			 struct receiver *receiver)
{
	struct receiver *old = receiver->name ? find_receiver(set, receiver->name) :
						NULL;
	const size_t at = old ? (size_t)(old - set->receivers) : set->n_receivers;

	if (old && set->origins[at].src == origin->src) {
		there_already(origin->src, source_value(origin->src, origin->node, "name"),
			      "receiver", receiver->name, old->line);
	} else if (receiver->name) {
		if (old)
			receiver_free(old);
		set->n_receivers += !old;
		set->receivers[at] = *receiver;
		set->origins[at] = *origin;
		return;
	}
	receiver_free(receiver);
}

static void read_receivers(struct source *src, const struct field *field,
			   const yaml_node_t *node, void *to)
{
	struct origin origin = { .src = src };
	struct ruleset *set = to;
	struct receiver receiver;
	size_t n;

	if (!is_list(src, field, node, &n))
		return;
	if (n > MAX_RECEIVERS - set->n_receivers) {
		complain(src, node, "more than %d receivers", MAX_RECEIVERS);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		origin.node = source_item(src, node, i);
		receiver_read(src, origin.node, &receiver);
		add_receiver(set, &origin, &receiver);
	}
	set->seen->receivers = n;
}

/* ---- whom rules tell ---- */

static void unknown_receiver(struct ruleset *set, struct source *src,
			     const yaml_node_t *node)
{
	const char *names[MAX_RECEIVERS + 1];

	for (size_t i = 0; i < set->n_receivers; i++)
		names[i] = set->receivers[i].name;
	names[set->n_receivers] = NULL;
	field_unknown(src, node, "receiver", names);
}

/* One that a rule names. */
static void name_receiver(struct ruleset *set, struct draft *draft,
			  const yaml_node_t *node)
{
	const char *name = field_text(draft->src, "receivers", node);
	struct receiver *receiver = name ? find_receiver(set, name) : NULL;
	struct rule *rule = &draft->rule;

	if (!name)
		return;
	if (!receiver) {
		unknown_receiver(set, draft->src, node);
		return;
	}
	for (size_t i = 0; i < rule->n_receivers; i++)
		if (rule->receivers[i] == receiver) {
			complain(draft->src, node, "'%s' is named twice", name);
			return;
		}
	if (receiver->kind == RECEIVER_SIGNAL && rule->expr && !rule_has_process(rule))
		complain(draft->src, node, "'%s' sends a signal, and alerts of this rule are about no process",
			 name);
	rule->receivers[rule->n_receivers++] = receiver;
}

static void default_receivers(struct ruleset *set, struct rule *rule)
{
	for (size_t i = 0; i < set->n_receivers; i++)
		if (!set->receivers[i].only_named)
			rule->receivers[rule->n_receivers++] = &set->receivers[i];
}

static void set_receivers(struct ruleset *set, struct draft *draft)
{
	const yaml_node_t *node = source_value(draft->src, draft->node, "receivers");
	size_t n;

	draft->rule.receivers = calloc(set->n_receivers + 1,
				       sizeof(*draft->rule.receivers));
	if (!draft->rule.receivers) {
		set->said.no_memory = true;
		return;
	}
	if (!node) {
		default_receivers(set, &draft->rule);
		return;
	}
	if (node->type != YAML_SEQUENCE_NODE) {
		complain(draft->src, node, "'receivers' is to be a list of names: [one, two]");
		return;
	}
	n = node->data.sequence.items.top - node->data.sequence.items.start;
	for (size_t i = 0; i < n; i++)
		name_receiver(set, draft, source_item(draft->src, node, i));
}

/* ---- files ---- */

#define MS 1000000ull

static const struct field fields[] = {
	{ "rules", read_rules, 0, 0, 0, NULL },
	{ "receivers", read_receivers, 0, 0, 0, NULL },
	{ "interval", field_duration, offsetof(struct ruleset, interval_ns),
	  10 * MS, 3600 * 1000 * MS, NULL },
	{ "external_url", field_url, offsetof(struct ruleset, external_url), 0, 0, NULL },
	{ NULL, NULL, 0, 0, 0, NULL }
};

void ruleset_add(struct ruleset *set, const char *name, const char *text, size_t len,
		 struct rulefile_seen *seen)
{
	struct source *src = &set->sources[set->n_sources++];
	int err = source_open(src, name, text, len, &set->said);

	*seen = (struct rulefile_seen){ 0 };
	set->seen = seen;
	if (err == -ENOMEM)
		set->said.no_memory = true;
	if (!err)
		fields_read(src, source_root(src), fields, "a file of rules", set);
}

void ruleset_unreadable(struct ruleset *set, const char *name, int err)
{
	complain_of(&set->said, name, "cannot be read: %s", strerror(err));
}

/* ---- the set ---- */

struct ruleset *ruleset_new(size_t n_files, FILE *errors, bool excerpts)
{
	struct ruleset *set = calloc(1, sizeof(*set));

	if (!set)
		return NULL;
	set->said = (struct complaints){ .out = errors, .excerpts = excerpts };
	set->sources = calloc(n_files, sizeof(*set->sources));
	set->receivers = calloc(MAX_RECEIVERS, sizeof(*set->receivers));
	if (set->sources && set->receivers)
		return set;
	ruleset_free(set);
	return NULL;
}

void ruleset_free(struct ruleset *set)
{
	for (size_t i = 0; i < set->n_drafts; i++)
		rule_free(&set->drafts[i].rule);
	for (size_t i = 0; i < set->n_receivers; i++)
		receiver_free(&set->receivers[i]);
	for (size_t i = 0; i < set->n_sources; i++)
		source_close(&set->sources[i]);
	free(set->receivers);
	free(set->external_url);
	free(set->sources);
	free(set);
}

static void drop_disabled(struct ruleset *set)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->n_drafts; i++) {
		if (set->drafts[i].disabled)
			rule_free(&set->drafts[i].rule);
		else
			set->drafts[kept++] = set->drafts[i];
	}
	set->n_drafts = kept;
}

int ruleset_finish(struct ruleset *set, struct rules *rules)
{
	struct rule *list;

	/* what is wrong in one that is disabled is wrong, too */
	for (size_t i = 0; i < set->n_drafts; i++)
		set_receivers(set, &set->drafts[i]);
	drop_disabled(set);
	list = calloc(set->n_drafts + 1, sizeof(*list));
	if (!list || set->said.no_memory || set->said.n) {
		free(list);
		return list && !set->said.no_memory ? -EINVAL : -ENOMEM;
	}
	for (size_t i = 0; i < set->n_drafts; i++)
		list[i] = set->drafts[i].rule;
	*rules = (struct rules){
		.list = list,
		.n = set->n_drafts,
		.receivers = set->receivers,
		.n_receivers = set->n_receivers,
		.interval_ns = set->interval_ns,
		.external_url = set->external_url,
	};
	/* they are the rules' now */
	set->n_drafts = set->n_receivers = 0;
	set->receivers = NULL;
	set->external_url = NULL;
	return 0;
}
