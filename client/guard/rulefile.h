/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of rules, read into one set: what rules_load() is made of. */
#ifndef GUARD_RULEFILE_H
#define GUARD_RULEFILE_H

#include "cmd.h"
#include "rule.h"

/* What one file brought. */
struct rulefile_seen {
	size_t rules, receivers;
};

/*
 * rulefile_load - rules_load() for people
 * @errors: each error has its line of the file below it, and ^~~~
 * @seen: receives what each file has; an element for each
 */
int rulefile_load(struct rules *rules, const char *const *files, size_t n, FILE *errors,
		  struct rulefile_seen *seen);

/* The name that "" stands for in messages, and is given for it. */
#define RULEFILE_BUILTIN "builtin"

#define RULEFILE_MAX 64

/* rulefile_take - one more that a user names; a status, with a message
 * @files: has RULEFILE_MAX elements */
int rulefile_take(const struct cmd *cmd, const char *arg, const char **files, size_t *n);

#endif /* GUARD_RULEFILE_H */
