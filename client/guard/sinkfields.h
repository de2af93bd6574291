/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An alert as NAME=VALUE: the environment of a command, the fields of the journal. */
#ifndef GUARD_SINKFIELDS_H
#define GUARD_SINKFIELDS_H

#include <stdio.h>

#include "alert.h"

/* sinkfields_write - KIN_...=..., each ended by NUL; what is not known is left out */
void sinkfields_write(FILE *out, const struct alert *alert, enum alert_news news);

/*
 * sinkfields_split - where each begins, of fields that were written
 * @text: ends with an empty one, or with @len
 * @used: receives how many bytes they take, that empty one with it; may be NULL
 *
 * Returns a list ended by NULL, to be freed (its strings are those in @text); NULL: no
 * memory.
 */
char **sinkfields_split(const char *text, size_t len, size_t *n, size_t *used);

/* sink_line - what an alert says in one line: "zombie-flood resolved: ..." */
void sink_line(FILE *out, const struct alert *alert, enum alert_news news);

/* sink_host - the name of this host, to be told to others; "" if it has none */
#define SINK_HOST_ROOM 65
void sink_host(char name[SINK_HOST_ROOM]);

#endif /* GUARD_SINKFIELDS_H */
