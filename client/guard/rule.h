/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule: what to watch for, and what to say and do then; as read from a file. */
#ifndef GUARD_RULE_H
#define GUARD_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "expr.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_CRITICAL };

extern const char *const severity_names[]; /* ended by NULL */

struct label {
	char *name, *value;
};

struct rule {
	char *name;
	char *text;			/* of the expression, as written */
	struct kin_expr *expr;
	struct kin_expr *resolve;	/* NULL: resolved when expr is no longer true */
	uint64_t for_ns;		/* true for so long before it fires */
	uint64_t keep_ns;		/* to be resolved for so long before it is */
	uint64_t repeat_ns;		/* tell again while it fires; 0: never */
	enum severity severity;
	/* templates, see template.h; NULL: none */
	char *summary, *description;
	char *cause;			/* the likely one, for kin doctor */
	char **next;			/* commands to try, for kin doctor */
	size_t n_next;
	struct label *labels;
	size_t n_labels;
	struct receiver **receivers;	/* whom to tell, all of them; NULL: is not known */
	size_t n_receivers;
	uint32_t max_alerts;		/* at a time; the rest is counted, and told as one */
	unsigned int line;		/* where it stands, from 1 */
};

enum receiver_kind {
	RECEIVER_TERMINAL,
	RECEIVER_JSON,			/* lines, to a file or standard output */
	RECEIVER_JOURNAL,
	RECEIVER_COMMAND,
	RECEIVER_WEBHOOK,
	RECEIVER_ALERTMANAGER,
	RECEIVER_SIGNAL,
};

/* Where alerts go; as read from a file. Which members count, depends on the kind. */
struct receiver {
	char *name;
	enum receiver_kind kind;
	char *path;			/* JSON: the file; "-": standard output */
	char **argv;			/* COMMAND: ended by NULL */
	char *url;			/* WEBHOOK, ALERTMANAGER */
	char **headers;			/* WEBHOOK, ALERTMANAGER: "Name: value", ended by NULL */
	uint64_t timeout_ns;		/* COMMAND, WEBHOOK, ALERTMANAGER */
	uint64_t queue_bytes;		/* the same: most to keep while it is away */
	int signal;			/* SIGNAL */
	bool all;			/* gets everything, whatever rules name */
	bool only_named;		/* gets what names it, not what names nobody (SIGNAL: always) */
	unsigned int line;
};

struct rules {
	struct rule *list;
	size_t n;
	struct receiver *receivers;
	size_t n_receivers;
	uint64_t interval_ns;		/* between samples; 0: adaptive */
	char *external_url;		/* of links in messages; NULL: none */
};

/*
 * rules_load - read files, one after another, into one set
 * @files: "" stands for the set that is built in
 * @errors: what is wrong, a line each: FILE:LINE:COLUMN: ...; all that is found
 *
 * Returns 0, -EINVAL with something in @errors, -errno of open or read (also told in
 * @errors), or -ENOMEM. @rules is empty unless it returns 0.
 */
int rules_load(struct rules *rules, const char *const *files, size_t n, FILE *errors);

/* rules_load_text - the same of one text, @name stands for its file */
int rules_load_text(struct rules *rules, const char *name, const char *text, size_t len,
		    FILE *errors);
void rules_free(struct rules *rules);

/* The columns that rules see, each with all that may be said. */
extern const struct kin_expr_place rule_place;

/* The text of the built-in set (rules/default.yaml), and of that of kin doctor. */
extern const char rules_default[], rules_doctor[];

#endif /* GUARD_RULE_H */
