// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "reply-commands.h"

/* Only ever appended to: inputs name them by number. */
const struct reply_command reply_commands[] = {
	{ "ps", OUTPUT_TEXT, { "ps" } },
	{ "ps-all-json", OUTPUT_JSON, { "ps", "-o", "all", "--json" } },
	{ "ps-threads", OUTPUT_TEXT, { "ps", "-T", "-o", "all" } },
	{ "ps-raw", OUTPUT_RAW, { "ps", "-o", "all", "--raw" } },
	{ "ps-sorted", OUTPUT_TEXT,
	  { "ps", "-o", "all", "-b", "-r", "-s", "-rss,comm,user,args" } },
	{ "ps-json", OUTPUT_JSON,
	  { "ps", "--json", "-s", "cgroup,-args", "--no-kernel" } },
	{ "ps-scope", OUTPUT_TEXT, { "ps", "--state", "SZ", "1", "2", "77" } },
	{ "tree", OUTPUT_TEXT, { "tree" } },
	{ "tree-all", OUTPUT_TEXT, { "tree", "-T", "-p", "-u", "-a", "-U" } },
	{ "tree-color", OUTPUT_COLOR,
	  { "tree", "--sums", "--sort", "cpu", "-T", "--color", "always", "-H",
	    "1,2" } },
	{ "tree-json", OUTPUT_JSON, { "tree", "-T", "--json", "-a", "-H", "1" } },
	{ "tree-parents", OUTPUT_TEXT, { "tree", "-s", "-A", "1", "2", "77" } },
	{ "tree-sums", OUTPUT_TEXT,
	  { "tree", "-U", "--sums", "--sort", "comm", "-a", "--fold", "-p" } },
	{ "tree-rss", OUTPUT_TEXT,
	  { "tree", "-T", "-c", "--sort", "rss", "-u", "-H", "3" } },
	{ "show", OUTPUT_TEXT, { "show", "1" } },
	{ "show-json", OUTPUT_JSON, { "show", "--json", "1", "77", "2" } },
	{ "show-bytes", OUTPUT_TEXT, { "show", "-b", "2" } },
	{ "status", OUTPUT_TEXT, { "status", "--cpus" } },
	{ "status-json", OUTPUT_JSON, { "status", "--json", "--cpus" } },
	{ "events", OUTPUT_TEXT, { "events", "-T", "--count", "40" } },
	{ "events-color", OUTPUT_COLOR,
	  { "events", "--color", "always", "--boottime", "--count", "30" } },
	{ "events-json", OUTPUT_LINES,
	  { "events", "-T", "--json", "--summary", "--count", "40" } },
	{ "fd", OUTPUT_TEXT, { "fd" } },
	{ "fd-json", OUTPUT_JSON, { "fd", "-T", "--json" } },
	{ "fd-raw", OUTPUT_RAW, { "fd", "--raw", "-o", "all", "-s", "-size,name" } },
	{ "fd-count", OUTPUT_TEXT, { "fd", "--count", "--by-type" } },
	{ "fd-count-json", OUTPUT_JSON, { "fd", "--count", "--json" } },
	{ "env", OUTPUT_TEXT, { "env", "1" } },
	{ "env-json", OUTPUT_JSON, { "env", "--json", "1" } },
};
const size_t n_reply_commands = sizeof(reply_commands) / sizeof(reply_commands[0]);

int reply_command_run(const struct reply_command *command)
{
	char *argv[REPLY_WORDS + 1] = { NULL };
	const struct cmd *cmd = cmd_find(command->words[0]);
	int argc = 0, status;

	while (argc < REPLY_WORDS && command->words[argc]) {
		argv[argc] = strdup(command->words[argc]);
		argc++;
	}
	optind = 0;	/* getopt starts over, what it remembered is gone */
	status = cmd->run(argc, argv);
	/* (it may have changed their order) */
	while (argc)
		free(argv[--argc]);
	return status;
}
