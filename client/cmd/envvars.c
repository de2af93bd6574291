// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "env.h"

/* exec() takes 128 KiB. What a process writes there afterwards has no end: it may
 * map one page as often as it likes. */
#define VARIABLE_MAX (64u << 20)

/* Its value, or NULL: a string without '=' is no variable, but it is there. */
static const char *value_of(const char *variable, size_t len)
{
	const char *equals = memchr(variable, '=', len);

	return equals ? equals + 1 : NULL;
}

static void show_json(struct kin_json *json, const char *variable, size_t len)
{
	const char *value = value_of(variable, len);
	const size_t name = value ? (size_t)(value - variable) - 1 : len;

	kin_json_object_line(json, NULL);
	kin_json_bytes(json, "name", variable, name);
	if (value)
		kin_json_bytes(json, "value", value, variable + len - value);
	else
		kin_json_null(json, "value");
	kin_json_object_end(json);
}

static void show(const struct env *env, const char *text, size_t len)
{
	if (env->form == ENV_NULL) {
		fwrite(text, 1, len, stdout);
		putchar('\0');
	} else {
		cmd_safe(stdout, text, len);
		putchar('\n');
	}
}

static int keep(struct env_found *found, const char *value, size_t len)
{
	char *more = realloc(found->values, found->len + len + 1);

	if (!more)
		return cmd_no_memory();
	memcpy(more + found->len, value, len);
	more[found->len + len] = '\0';
	found->values = more;
	found->len += len + 1;
	return CMD_OK;
}

static int look_for(struct env *env, const char *variable, size_t len)
{
	const char *value = value_of(variable, len);
	const size_t name = value ? (size_t)(value - variable) - 1 : 0;
	int status = CMD_OK;

	if (!env->found)
		env->found = calloc(env->n_names, sizeof(*env->found));
	if (!env->found)
		return cmd_no_memory();
	for (size_t i = 0; i < env->n_names && value && !status; i++)
		if (strlen(env->names[i]) == name &&
		    !memcmp(env->names[i], variable, name))
			status = keep(&env->found[i], value,
				      variable + len - value);
	return status;
}

/* Empty strings are no variables: a program that has written its title over its
 * environment leaves thousands. */
static int take(struct env *env, const char *variable, size_t len)
{
	if (!len)
		return CMD_OK;
	if (env->n_names)
		return look_for(env, variable, len);
	if (env->form == ENV_JSON)
		show_json(env->json, variable, len);
	else
		show(env, variable, len);
	return CMD_OK;
}

static bool append(struct env *env, const char *bytes, size_t len)
{
	const size_t need = env->len + len;
	char *more;

	if (need > env->room) {
		more = realloc(env->variable, 2 * need);
		if (!more)
			return false;
		env->variable = more;
		env->room = 2 * need;
	}
	if (len)
		memcpy(env->variable + env->len, bytes, len);
	env->len = need;
	return true;
}

/* What stands before the next NUL, or as much of it as there is. */
static int take_piece(struct env *env, const char *at, size_t len, bool ends)
{
	int status;

	if (ends && !env->len)
		return take(env, at, len);
	if (len > VARIABLE_MAX - env->len) {
		cmd_error("a variable of more than %u MiB: this is not an environment; --null shows its bytes",
			  VARIABLE_MAX >> 20);
		return CMD_FAILED;
	}
	if (!append(env, at, len))
		return cmd_no_memory();
	if (!ends)
		return CMD_OK;
	status = take(env, env->variable, env->len);
	env->len = 0;
	return status;
}

int env_part(const char *part, size_t len, void *arg)
{
	const char *end = part + len, *stop;
	struct env *env = arg;
	int status = CMD_OK;

	env->bytes += len;
	if (env->form == ENV_NULL && !env->n_names) {
		fwrite(part, 1, len, stdout);
		return CMD_OK;
	}
	for (; part < end && !status; part = stop + 1) {
		stop = memchr(part, '\0', end - part);
		if (!stop)
			return take_piece(env, part, end - part, false);
		status = take_piece(env, part, stop - part, true);
	}
	return status;
}

static void show_found(const struct env *env, const char *name,
		       const struct env_found *found)
{
	const char *value = found->values, *end = value + found->len;

	for (; value < end; value += strlen(value) + 1) {
		if (env->form != ENV_JSON) {
			show(env, value, strlen(value));
			continue;
		}
		kin_json_object_line(env->json, NULL);
		kin_json_str(env->json, "name", name);
		kin_json_str(env->json, "value", value);
		kin_json_object_end(env->json);
	}
}

int env_end(struct env *env, bool whole)
{
	int status = CMD_OK;

	if (whole && env->len)
		status = take(env, env->variable, env->len);
	env->len = 0;
	for (size_t i = 0; i < env->n_names && env->found; i++)
		show_found(env, env->names[i], &env->found[i]);
	return status;
}

int env_missing(const struct env *env, uint32_t pid)
{
	int status = CMD_OK;

	for (size_t i = 0; i < env->n_names; i++) {
		if (env->found && env->found[i].len)
			continue;
		cmd_error("process %u has no variable '%s' in its environment",
			  pid, env->names[i]);
		status = CMD_FAILED;
	}
	return status;
}

void env_free(struct env *env)
{
	for (size_t i = 0; i < env->n_names && env->found; i++)
		free(env->found[i].values);
	free(env->found);
	free(env->variable);
}
