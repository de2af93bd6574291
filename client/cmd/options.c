// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <string.h>

#include "cmd.h"
#include "text.h"

#define MAX_OPTIONS 48

static const struct cmd_option help_option = { "help", CMD_KEY_HELP, NULL,
					       "this text" };

static size_t count_options(const struct cmd *cmd)
{
	size_t n = 0;

	while (n < MAX_OPTIONS - 2 && cmd->options[n].name)
		n++;
	return n;
}

static void add_option(const struct cmd_option *opt, struct option *longs,
		       char **shorts)
{
	longs->name = opt->name;
	longs->has_arg = opt->arg ? required_argument : no_argument;
	longs->flag = NULL;
	longs->val = opt->key;
	if (opt->key >= CMD_KEY_LONG)
		return;
	*(*shorts)++ = opt->key;
	if (opt->arg)
		*(*shorts)++ = ':';
}

/* The table in getopt's words; messages are ours: the leading colon. */
static void translate(const struct cmd *cmd, struct option *longs, char *shorts)
{
	size_t n = count_options(cmd);

	if (cmd->ends_options)
		*shorts++ = '+';
	*shorts++ = ':';
	for (size_t i = 0; i < n; i++)
		add_option(&cmd->options[i], longs++, &shorts);
	add_option(&help_option, longs++, &shorts);
	memset(longs, 0, sizeof(*longs));
	*shorts = '\0';
}

static const struct cmd_option *option_of(const struct cmd *cmd, int key)
{
	for (size_t i = 0; cmd->options[i].name; i++)
		if (cmd->options[i].key == key)
			return &cmd->options[i];
	return key == CMD_KEY_HELP ? &help_option : NULL;
}

/* "--colums=x" may abbreviate two options, name none, or have a value too much. */
static int bad_long(const struct cmd *cmd, const char *given)
{
	const char *names[MAX_OPTIONS], *nearest;
	size_t n = count_options(cmd), len = strcspn(given, "=");
	char name[64];

	for (size_t i = 0; i < n; i++)
		names[i] = cmd->options[i].name;
	names[n] = help_option.name;
	names[n + 1] = NULL;
	snprintf(name, sizeof(name), "%.*s", (int)len, given);
	nearest = cmd_nearest(name, names);
	if (nearest && !strcmp(nearest, name))
		cmd_usage(cmd, "option '--%s' takes no value", name);
	else if (nearest)
		cmd_usage(cmd, "unknown option '--%s'; did you mean '--%s'?",
			  name, nearest);
	else
		cmd_usage(cmd, "unknown option '--%s'", name);
	return CMD_KEY_BAD;
}

/*
 * What getopt did not like: its optopt is 0 for an unknown long option, else a
 * key, which is one of ours if only the value is wrong.
 */
static int bad_option(const struct cmd *cmd, int key, const char *given)
{
	const struct cmd_option *opt = option_of(cmd, optopt);

	if (key == ':' && opt)
		cmd_usage(cmd, "option '--%s' needs a value: %s", opt->name,
			  opt->arg);
	else if (optopt && !opt)
		cmd_usage(cmd, "unknown option '-%c'", optopt);
	else
		return bad_long(cmd, given + 2);
	return CMD_KEY_BAD;
}

int cmd_getopt(const struct cmd *cmd, int argc, char **argv)
{
	struct option longs[MAX_OPTIONS];
	char shorts[2 * MAX_OPTIONS + 3];
	int key;

	translate(cmd, longs, shorts);
	key = getopt_long(argc, argv, shorts, longs, NULL);
	if (key == ':' || key == '?')
		return bad_option(cmd, key, argv[optind - 1]);
	if (key == CMD_KEY_HELP)
		cmd_print_help(cmd, stdout);
	return key;
}

int cmd_getopt_status(int key)
{
	return key == CMD_KEY_HELP ? CMD_OK : CMD_USAGE;
}

int cmd_word(const struct cmd *cmd, const char *option, const char *arg,
	     const char *const *words, int *index)
{
	const char *nearest;
	char all[400];

	for (*index = 0; words[*index]; ++*index)
		if (!strcmp(words[*index], arg))
			return CMD_OK;
	nearest = cmd_nearest(arg, words);
	if (nearest)
		return cmd_usage(cmd,
				 "--%s: unknown word '%s'; did you mean '%s'?",
				 option, arg, nearest);
	kin_text_join(all, sizeof(all), words);
	return cmd_usage(cmd, "--%s: unknown word '%s': one of %s is expected",
			 option, arg, all);
}

int cmd_color(const struct cmd *cmd, const char *arg, int *when)
{
	static const char *const words[] = { "never", "auto", "always", NULL };
	int i, status = cmd_word(cmd, "color", arg, words, &i);

	if (!status)
		*when = i - 1;
	return status;
}

int cmd_no_operands(const struct cmd *cmd, int argc, char **argv)
{
	if (optind >= argc)
		return CMD_OK;
	return cmd_usage(cmd, "'%s' is too much: 'kin %s' takes options only",
			 argv[optind], cmd->name);
}
