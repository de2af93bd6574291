/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The environment of a process, put together from its parts and shown. */
#ifndef KIN_CMD_ENV_H
#define KIN_CMD_ENV_H

#include "cmd.h"

enum env_form {
	ENV_TEXT,	/* a variable a line, safe to show */
	ENV_NULL,	/* the bytes as they are, NUL behind each variable */
	ENV_JSON,
};

/* Values of one name, each ended by NUL: it may be there more than once. */
struct env_found {
	char *values;
	size_t len;		/* bytes */
};

/* Zeroed but for the first four; then env_part() for each part, env_end(). */
struct env {
	enum env_form form;
	char *const *names;	/* only these; none: all */
	size_t n_names;
	struct kin_json *json;	/* of ENV_JSON: inside a list */
	char *variable;		/* the one that is coming */
	size_t len, room;	/* of it, bytes */
	uint64_t bytes;		/* that came so far */
	struct env_found *found;/* of each name */
};

/* env_part - the next bytes (a kin_env_fn; arg: the struct env). Returns 0, or a
 * status, after a message. */
int env_part(const char *part, size_t len, void *arg);

/*
 * env_end - nothing more will come
 * @whole: all of it came; else the variable that was coming is left out
 *
 * Shows what names were found, in their order. A status.
 */
int env_end(struct env *env, bool whole);

/* env_missing - a message for each name that was not found. CMD_FAILED if there
 * was one, else CMD_OK */
int env_missing(const struct env *env, uint32_t pid);

void env_free(struct env *env);

#endif /* KIN_CMD_ENV_H */
