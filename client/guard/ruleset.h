/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules and receivers of several files, as they are put together into one set. */
#ifndef GUARD_RULESET_H
#define GUARD_RULESET_H

#include "rule.h"
#include "rulefile.h"

struct ruleset;

/* ruleset_new - an empty one, for so many files; NULL: no memory. ruleset_free() it.
 * @errors, @excerpts: see struct complaints */
struct ruleset *ruleset_new(size_t n_files, FILE *errors, bool excerpts);
void ruleset_free(struct ruleset *set);

/* ruleset_add - one file: @name and @text are the caller's, to be kept until
 * ruleset_free(). What is wrong is told in @errors, here and by ruleset_finish(). */
void ruleset_add(struct ruleset *set, const char *name, const char *text, size_t len,
		 struct rulefile_seen *seen);

/* ruleset_unreadable - instead: a message that says why (errno) */
void ruleset_unreadable(struct ruleset *set, const char *name, int err);

/* ruleset_finish - all that was added, as one set; 0, -EINVAL if something is wrong,
 * -ENOMEM */
int ruleset_finish(struct ruleset *set, struct rules *rules);

#endif /* GUARD_RULESET_H */
