// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cmd.h"

const struct cmd *const cmd_list[] = {
	&ps_cmd, &tree_cmd, &show_cmd, &status_cmd, &help_cmd, NULL,
};

const struct cmd *cmd_find(const char *name)
{
	for (size_t i = 0; cmd_list[i]; i++)
		if (!strcmp(cmd_list[i]->name, name))
			return cmd_list[i];
	return NULL;
}
