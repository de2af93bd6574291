// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "env.h"

static const struct cmd_option options[] = {
	{ "json", 'J', NULL, "JSON: a list of names and values, in their order" },
	{ "null", '0', NULL, "the bytes as they are, NUL behind each variable" },
	{ NULL, 0, NULL, NULL }
};

static int take_tgid(const struct kin_record *rec, void *arg)
{
	*(uint32_t *)arg = rec->base->tgid;
	return 0;
}

/* Threads have numbers, too, but no environment of their own. */
static int no_process(struct kin *kin, uint32_t pid)
{
	uint32_t tgid;

	if (kin_get(kin, pid, KIN_KIND_THREAD, 0, take_tgid, &tgid))
		return cmd_no_pid(pid);
	cmd_error("no such process: %u is a thread, of process %u", pid, tgid);
	return CMD_NO_PID;
}

/* What came before is on its way out; that it is not all must not be missed. */
static int failed(struct kin *kin, int err, uint32_t pid, uint64_t bytes)
{
	switch (err) {
	case -ESRCH:
		return no_process(kin, pid);
	case -EBUSY:
		cmd_error("the environment of process %u is not whole: %llu bytes came, the rest cannot be had without waiting for another process or a disk; try again",
			  pid, (unsigned long long)bytes);
		return CMD_FAILED;
	case -ESTALE:
		cmd_error("process %u has called exec meanwhile: %llu bytes came, of the environment that it had before; try again",
			  pid, (unsigned long long)bytes);
		return CMD_FAILED;
	default:
		return cmd_failed(kin, err, "cannot read the environment");
	}
}

static int fetch(struct kin *kin, uint32_t pid, struct env *env)
{
	const int err = kin_env_get(kin, pid, env_part, env);
	const int status = env_end(env, !err);

	if (err < 0)
		return failed(kin, err, pid, env->bytes);
	return err ? err : status;
}

static int fetch_json(struct kin *kin, uint32_t pid, struct env *env)
{
	struct kin_json json;
	int status;

	env->json = &json;
	kin_json_begin(&json, stdout);
	kin_json_object(&json, NULL);
	kin_json_u64(&json, "pid", pid);
	kin_json_array(&json, "variables");
	status = fetch(kin, pid, env);
	env->json = NULL;
	kin_json_array_end(&json);
	kin_json_bool(&json, "whole", !status);
	kin_json_object_end(&json);
	kin_json_end(&json);
	return status;
}

static int show(uint32_t pid, struct env *env)
{
	struct kin *kin;
	int status = cmd_open(&kin);

	if (!status)
		status = env->form == ENV_JSON ? fetch_json(kin, pid, env) :
						 fetch(kin, pid, env);
	if (!status)
		status = env_missing(env, pid);
	kin_close(kin);
	env_free(env);
	return status;
}

static int take_names(struct env *env, int argc, char **argv)
{
	env->names = argv + optind;
	env->n_names = argc - optind;
	for (size_t i = 0; i < env->n_names; i++)
		if (!*env->names[i] || strchr(env->names[i], '='))
			return cmd_usage(&env_cmd,
					 "'%s' is not the name of a variable: it has a letter at least, and no '='",
					 env->names[i]);
	return CMD_OK;
}

int cmd_env(int argc, char **argv)
{
	struct env env = { 0 };
	bool json = false, null = false;
	uint32_t pid;
	int key, status;

	while ((key = cmd_getopt(&env_cmd, argc, argv)) != -1) {
		if (key == 'J')
			json = true;
		else if (key == '0')
			null = true;
		else
			return cmd_getopt_status(key);
	}
	if (json && null)
		return cmd_usage(&env_cmd, "--json and --null exclude each other");
	if (optind == argc)
		return cmd_usage(&env_cmd, "which process? give its pid");
	env.form = json ? ENV_JSON : null ? ENV_NULL : ENV_TEXT;
	status = cmd_pid(&env_cmd, argv[optind++], &pid);
	if (!status)
		status = take_names(&env, argc, argv);
	return status ? status : show(pid, &env);
}

const struct cmd env_cmd = {
	.name = "env",
	.run = cmd_env,
	.args = "PID [NAME...]",
	.summary = "The environment of a process",
	.about =
		"Shows the variables that the process was started with, and what it has made of\n"
		"them in that place since; variables that it sets later lie elsewhere, and no\n"
		"other process can know them. With names, only the values of these, a line each,\n"
		"in the order of the names; status 1 if one of them is not set.\n",
	.options = options,
	.more =
		"It takes CAP_SYS_PTRACE. Bytes that cannot be shown safely, line ends too, appear\n"
		"as \\xNN; empty strings are left out. With --null, all is as it is. A variable\n"
		"that is there twice is shown twice. Kernel threads and zombies have none.\n"
		"What cannot be had without waiting is not waited for: what came is shown, then\n"
		"a message says so, with status 1.\n"
		"\n"
		"Examples:\n"
		"  kin env 1234               its environment\n"
		"  kin env 1234 HOME PATH     the values of two variables\n"
		"  kin env --null 1234 | xargs -0n1   one by one, exactly\n",
};
