// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "columns.h"
#include "events.h"

/*
 * Hidden: what the completions of the shells and the man pages are made from.
 *
 *   kin complete commands         name TAB summary
 *   kin complete options COMMAND  --name TAB help; a letter's too; with = if it
 *                                 takes a value
 *   kin complete columns          id TAB meaning
 *   kin complete states           the letters
 *   kin complete events           the kinds
 *   kin complete man-columns      the column list in scdoc
 */
static int complete_commands(void)
{
	for (size_t i = 0; cmd_list[i]; i++)
		printf("%s\t%s\n", cmd_list[i]->name, cmd_list[i]->summary);
	return CMD_OK;
}

static int complete_options(const char *name)
{
	const struct cmd *cmd = cmd_find(name);

	if (!cmd)
		return CMD_USAGE;
	for (const struct cmd_option *opt = cmd->options; opt->name; opt++) {
		const char *equals = opt->arg ? "=" : "";

		printf("--%s%s\t%s\n", opt->name, equals, opt->help);
		if (opt->key < CMD_KEY_LONG)
			printf("-%c%s\t%s\n", opt->key, equals, opt->help);
	}
	puts("--help\tall about this command");
	return CMD_OK;
}

static int complete_columns(void)
{
	for (size_t i = 0; i < kin_n_columns; i++)
		printf("%s\t%s\n", kin_columns[i].id, kin_columns[i].help);
	return CMD_OK;
}

static int complete_events(void)
{
	for (size_t i = 0; event_names[i]; i++)
		puts(event_names[i]);
	return CMD_OK;
}

int cmd_complete(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "commands"))
		return complete_commands();
	if (!strcmp(what, "options") && argc > 2)
		return complete_options(argv[2]);
	if (!strcmp(what, "columns"))
		return complete_columns();
	if (!strcmp(what, "events"))
		return complete_events();
	if (!strcmp(what, "states"))
		return puts(KIN_STATE_LETTERS) < 0 ? CMD_FAILED : CMD_OK;
	if (!strcmp(what, "man-columns"))
		return columns_list_scdoc();
	return CMD_USAGE;
}
