// SPDX-License-Identifier: GPL-2.0-or-later
/* What it is called: comm, command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"
#include "report.h"

#define LONG_BYTES 20480
#define TITLE_MAX                                                  \
	4096 /* bytes of an overwritten command line, the kernel's \
	      */

extern char **environ;

static void run_renamed(const char *arg)
{
	prctl(PR_SET_NAME, arg);
	member_say("renamed", NULL);
	member_pause();
}

unsigned int make_renamed(const char *arg)
{
	member_make(run_renamed, arg);
	return 1;
}

/* What each member that execs is called with, and writes over it after: none,
 * or a title so many bytes longer than the arguments are. */
static const struct cmdline {
	const char *role;
	const char *arguments[4];
	size_t last_bytes; /* of one more argument */
	bool retitle;
	long longer;
} cmdlines[] = {
	{ .role = "cmd-plain",
	  .arguments = { "plain", "two words", "--three=3" } },
	{ .role = "cmd-empty", .arguments = { "" } },
	{ .role = "cmd-empties", .arguments = { "", "", "" } },
	{ .role = "cmd-newlines",
	  .arguments = { "a\nb", "\n", "\033[31m", "\xff\xfe" } },
	{ .role = "cmd-long",
	  .arguments = { "long" },
	  .last_bytes = LONG_BYTES },
	{ .role = "cmd-page",
	  .arguments = { "page" },
	  .last_bytes = TITLE_MAX - 6 },
	{ "title-shorter", { "some", "arguments" }, 100, true, -50 },
	{ "title-fills", { "some", "arguments" }, 0, true, 0 },
	{ "title-longer", { "some", "arguments" }, 0, true, 20 },
	{ "title-long", { "some" }, LONG_BYTES, true, 0 },
};
#define N_CMDLINES (sizeof(cmdlines) / sizeof(*cmdlines))

static void exec_cmdline(const struct cmdline *c)
{
	char *argv[6] = { NULL }, *last, index[16], fd[16];
	int argc = 0;

	for (; argc < 4 && c->arguments[argc]; argc++)
		argv[argc] = (char *)c->arguments[argc];
	if (c->last_bytes) {
		last = calloc(1, c->last_bytes + 1);
		argv[argc] = memset(last, 'x', c->last_bytes);
	}
	/* The environment begins with what a title may run over. */
	clearenv();
	setenv("ROOM_FOR_TITLES", "0123456789", 1);
	snprintf(index, sizeof(index), "%zu", (size_t)(c - cmdlines));
	setenv("FACTORY_CMDLINE", index, 1);
	snprintf(fd, sizeof(fd), "%d", report_fd);
	setenv("FACTORY_REPORT", fd, 1);
	execve(self_path, argv, environ);
	member_die("execve");
}

static void retitle(char *start, char *end, long longer)
{
	memset(start, 'T', end - start + longer);
	if (longer < 0)
		memset(end + longer, 0, -longer);
	if (longer > 0)
		end[longer] = '\0';
}

/* As the kernel sees it: the arguments; but if their last byte is not NUL, a
 * title, up to the first NUL, be it in the environment. */
static void say_cmdline(const char *role, const char *start, const char *end)
{
	static char quoted[3 * LONG_BYTES];
	size_t len = end - start;

	if (end[-1]) {
		len = strnlen(start, TITLE_MAX);
		len += len < TITLE_MAX;
	}
	member_quote(quoted, sizeof(quoted), start, len);
	member_say(role, " execs=1 cmdline=%s", quoted);
}

/* Main function of a member after its exec; others return. */
void exec_member_main(char **argv)
{
	const char *index = getenv("FACTORY_CMDLINE"), *start = argv[0], *end;
	const struct cmdline *c;

	if (!index)
		return;
	member_bind();
	c = &cmdlines[strtoul(index, NULL, 10) % N_CMDLINES];
	report_fd = atoi(getenv("FACTORY_REPORT"));
	while (argv[1])
		argv++;
	end = argv[0] + strlen(argv[0]) + 1;
	if (c->retitle)
		retitle((char *)start, (char *)end, c->longer);
	say_cmdline(c->role, start, end);
	member_pause();
}

static void run_cmdline(const char *arg)
{
	exec_cmdline((const void *)arg);
}

unsigned int make_cmdlines(const char *arg)
{
	const struct cmdline *c;

	(void)arg;
	for (c = cmdlines; c < cmdlines + N_CMDLINES; c++)
		member_make(run_cmdline, (const void *)c);
	return N_CMDLINES;
}
