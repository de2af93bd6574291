// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cmd.h"

const struct cmd *const cmd_list[] = {
	&ps_cmd,     &tree_cmd, &show_cmd, &fd_cmd, &status_cmd,
	&events_cmd, &run_cmd,	&env_cmd,  &alert_cmd, &doctor_cmd, &export_cmd,
	&help_cmd,   NULL,
};

const struct cmd *cmd_find(const char *name)
{
	for (size_t i = 0; cmd_list[i]; i++)
		if (!strcmp(cmd_list[i]->name, name))
			return cmd_list[i];
	return NULL;
}

int cmd_unknown(const char *name)
{
	const char *names[sizeof(cmd_list) / sizeof(cmd_list[0])];
	const char *nearest;
	size_t n = 0;

	for (; cmd_list[n]; n++)
		names[n] = cmd_list[n]->name;
	names[n] = NULL;
	nearest = cmd_nearest(name, names);
	if (nearest)
		cmd_error("unknown command '%s'; did you mean '%s'?", name,
			  nearest);
	else
		cmd_error("unknown command '%s'; 'kin help' lists all", name);
	return CMD_USAGE;
}
