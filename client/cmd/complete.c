// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "columns.h"
#include "events.h"
#include "fdcounts.h"
#include "fdrow.h"
#include "fdsock.h"

/*
 * Hidden: what the completions of the shells and the man pages are made from.
 *
 *   kin complete commands         name TAB summary
 *   kin complete options COMMAND  --name TAB help; a letter's too; with = if it
 *                                 takes a value
 *   kin complete columns [SET]  id TAB meaning; of tasks, fd, fd-count, events, host
 *   kin complete states           the letters
 *   kin complete events           the kinds
 *   kin complete fd-types         the types of descriptors
 *   kin complete socket-states    the names of states
 *   kin complete man-columns [SET]  the column list in scdoc
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

static const struct kin_column_set *columns_of(const char *name)
{
	const struct {
		const char *name;
		const struct kin_column_set *set;
	} sets[] = {
		{ "fd", &fd_columns },
		{ "fd-count", &fdcount_columns },
		{ "events", &kin_event_columns },
		{ "host", &kin_host_columns },
	};

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (name && !strcmp(name, sets[i].name))
			return sets[i].set;
	return &kin_task_columns;
}

static int complete_columns(const struct kin_column_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		printf("%s\t%s\n", set->columns[i].id, set->columns[i].help);
	return CMD_OK;
}

static int complete_fd_types(void)
{
	for (uint32_t type = 0; type < KIN_FD_TYPE_COUNT; type++)
		puts(kin_fd_type_name(type));
	return CMD_OK;
}

/* The first is no state. */
static int complete_socket_states(void)
{
	for (size_t i = 1; fdsock_states[i]; i++)
		puts(fdsock_states[i]);
	return CMD_OK;
}

static int complete_events(void)
{
	for (size_t i = 0; kin_event_names[i]; i++)
		puts(kin_event_names[i]);
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
		return complete_columns(columns_of(argv[2]));
	if (!strcmp(what, "events"))
		return complete_events();
	if (!strcmp(what, "fd-types"))
		return complete_fd_types();
	if (!strcmp(what, "socket-states"))
		return complete_socket_states();
	if (!strcmp(what, "states"))
		return puts(KIN_STATE_LETTERS) < 0 ? CMD_FAILED : CMD_OK;
	if (!strcmp(what, "man-columns"))
		return columns_list_scdoc(columns_of(argv[2]));
	return CMD_USAGE;
}
