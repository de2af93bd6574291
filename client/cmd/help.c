// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cmd.h"

static const char statuses[] =
	"Exit status:\n"
	"  0  all well\n"
	"  1  another failure, also of the output\n"
	"  2  wrong use: unknown command, option, column; a value out of range\n"
	"  3  no such pid\n"
	"  4  permission denied\n"
	"  5  the kernel module is not loaded\n"
	"  6  the loaded module speaks another protocol\n";

void cmd_print_overview(FILE *out)
{
	fputs("Usage: kin COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "Shows the tasks of the running kernel, as its module kin tells them.\n\n"
	      "Commands:\n",
	      out);
	for (size_t i = 0; cmd_list[i]; i++)
		fprintf(out, "  %-8s %s\n", cmd_list[i]->name,
			cmd_list[i]->summary);
	fputs("\nOptions:\n"
	      "  -h, --help     this text; 'kin COMMAND --help' for one command\n"
	      "  -V, --version  this program's version\n\n",
	      out);
	fputs(statuses, out);
}

static void print_option(const struct cmd_option *opt, FILE *out)
{
	char name[80];
	int len;

	if (opt->key < CMD_KEY_LONG)
		len = snprintf(name, sizeof(name), "  -%c, --%s", opt->key,
			       opt->name);
	else
		len = snprintf(name, sizeof(name), "      --%s", opt->name);
	if (opt->arg)
		len += snprintf(name + len, sizeof(name) - len, " %s",
				opt->arg);
	/* a long one has its own line */
	if (len > 28)
		fprintf(out, "%s\n%30s%s\n", name, "", opt->help);
	else
		fprintf(out, "%-30s%s\n", name, opt->help);
}

void cmd_print_help(const struct cmd *cmd, FILE *out)
{
	static const struct cmd_option help = { "help", CMD_KEY_HELP, NULL,
						"this text" };

	fprintf(out, "Usage: kin %s [OPTION...]%s%s\n\n%s.\n", cmd->name,
		*cmd->args ? " " : "", cmd->args, cmd->summary);
	if (cmd->about)
		fprintf(out, "\n%s", cmd->about);
	fputs("\nOptions:\n", out);
	for (const struct cmd_option *opt = cmd->options; opt->name; opt++)
		print_option(opt, out);
	print_option(&help, out);
	if (cmd->more)
		fprintf(out, "\n%s", cmd->more);
	fprintf(out, "\n%s", cmd->statuses ? cmd->statuses : statuses);
}

static const struct cmd_option options[] = { { NULL, 0, NULL, NULL } };

int cmd_help(int argc, char **argv)
{
	const struct cmd *cmd;

	if (argc < 2) {
		cmd_print_overview(stdout);
		return CMD_OK;
	}
	cmd = cmd_find(argv[1]);
	if (cmd || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		cmd_print_help(cmd ? cmd : &help_cmd, stdout);
		return CMD_OK;
	}
	return cmd_unknown(argv[1]);
}

const struct cmd help_cmd = {
	.name = "help",
	.run = cmd_help,
	.args = "[COMMAND]",
	.summary = "What the commands do, or all about one",
	.options = options,
};
