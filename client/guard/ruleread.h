/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules and receivers, each read from its mapping in a file. */
#ifndef GUARD_RULEREAD_H
#define GUARD_RULEREAD_H

#include "rule.h"
#include "source.h"

/* A rule, and where it comes from. */
struct draft {
	struct rule rule;	/* its receivers are set later: they may stand anywhere */
	struct source *src;
	const yaml_node_t *node;
	bool disabled;		/* without rule.text: one of an earlier file is meant */
};

/* rule_read - complains about what is wrong; the name is NULL if there is none. What
 * is in it is to be freed with rule_free() in any case. */
void rule_read(struct source *src, const yaml_node_t *node, struct draft *draft);

/* rule_check - parse the expressions, check the templates */
void rule_check(struct draft *draft);

/* rule_has_process - whether its alerts are about a process: there is a pid */
bool rule_has_process(const struct rule *rule);

void rule_free(struct rule *rule);

/* receiver_read - the same of a receiver */
void receiver_read(struct source *src, const yaml_node_t *node, struct receiver *receiver);
void receiver_free(struct receiver *receiver);

#endif /* GUARD_RULEREAD_H */
