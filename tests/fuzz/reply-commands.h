/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands whose output is looked at, and what it must be. */
#ifndef REPLY_COMMANDS_H
#define REPLY_COMMANDS_H

#include <stddef.h>

enum reply_output {
	OUTPUT_TEXT,		/* safe to show */
	OUTPUT_COLOR,		/* safe but for colours, none at a line's end */
	OUTPUT_RAW,		/* on each line as many words as on the first */
	OUTPUT_JSON,		/* one valid value, or nothing */
	OUTPUT_LINES,		/* one valid value a line */
};

#define REPLY_WORDS 12

struct reply_command {
	const char *name;	/* of its recording */
	enum reply_output output;
	const char *words[REPLY_WORDS];
};

extern const struct reply_command reply_commands[];
extern const size_t n_reply_commands;

/* reply_command_run - as from a shell; returns its exit status */
int reply_command_run(const struct reply_command *command);

#endif
