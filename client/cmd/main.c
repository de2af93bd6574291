// SPDX-License-Identifier: GPL-2.0-or-later
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "cmd.h"

static int run(int argc, char **argv)
{
	const struct cmd *cmd;

	if (argc < 2) {
		cmd_print_overview(stderr);
		return CMD_USAGE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("kin %s (protocol %d)\n", KIN_VERSION, KIN_ABI_VERSION);
		return CMD_OK;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		cmd_print_overview(stdout);
		return CMD_OK;
	}
	if (argv[1][0] == '-') {
		cmd_error("unknown option '%s'; first comes a command, see 'kin help'",
			  argv[1]);
		return CMD_USAGE;
	}
	if (!strcmp(argv[1], "complete"))
		return cmd_complete(argc - 1, argv + 1);
	cmd = cmd_find(argv[1]);
	return cmd ? cmd->run(argc - 1, argv + 1) : cmd_unknown(argv[1]);
}

int main(int argc, char **argv)
{
	/* which characters can be shown; the rest would only cost */
	setlocale(LC_CTYPE, "");
	/* die of a closed pipe as others do, even if the parent ignored it */
	cmd_inherited_sigpipe = signal(SIGPIPE, SIG_DFL);
	return cmd_output_close(run(argc, argv));
}
