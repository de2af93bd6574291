// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "given.h"
#include "shown.h"
#include "thing.h"

void text_add(struct text *text, const void *bytes, size_t len)
{
	if (len > TEXT_MAX - text->len)
		len = TEXT_MAX - text->len;
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
}

void text_printf(struct text *text, const char *fmt, ...)
{
	char line[4200];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	text_add(text, line, strlen(line));
}

bool text_equal(const struct text *a, const struct text *b)
{
	return a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

#define GROUP(bit, word) \
	.name = #word, .group = KIN_GROUP_##bit, .tell = tell_##word

const struct thing things[] = {
	{ GROUP(SCHED, sched), .show = show_stat },
	{ GROUP(MEM, mem), .show = show_statm },
	{ GROUP(CMDLINE, cmdline), .show = show_cmdline },
	{ GROUP(CGROUP, cgroup), .show = show_cgroup },
	{ GROUP(LIMITS, limits), .show = show_limits },
	{ GROUP(FILES, files), .show = show_files, .private = true,
	  .owners = true },
	{ GROUP(IO, io), .show = show_io, .private = true, .owners = true },
	{ GROUP(EXE, exe), .show = show_exe, .private = true },
	{ GROUP(CWD, cwd), .show = show_cwd, .private = true },
	{ GROUP(ROOT, root), .show = show_root, .private = true },
	{ GROUP(NS, ns), .show = show_ns, .private = true },
	/* /proc shows nobody the next two; ptrace is what they take. */
	{ GROUP(DELAY, delay), .show = show_ptrace, .private = true },
	{ GROUP(WAIT, wait), .show = show_ptrace, .private = true },
	{ GROUP(STACK, stack), .show = show_stack, .private = true,
	  .owners = true },
	{ .name = "fd",
	  .ask = ask_fds,
	  .show = show_fds,
	  .private = true,
	  .owners = true },
	{ .name = "env",
	  .ask = ask_env,
	  .show = show_environ,
	  .private = true,
	  .owners = true },
};
const unsigned int n_things = sizeof(things) / sizeof(*things);

const char *const verdict_names[VERDICTS] = {
	[VERDICT_GIVEN] = "given",    [VERDICT_ABSENT] = "absent",
	[VERDICT_MARKED] = "marked",  [VERDICT_REFUSED] = "refused",
	[VERDICT_HIDDEN] = "no task", [VERDICT_FAILED] = "failed",
};

enum verdict verdict_of(const struct kin *kin, int error)
{
	const char *sentence = kin_error(kin);

	if (error == -ESRCH)
		return VERDICT_HIDDEN;
	if (error == -EPERM &&
	    (strstr(sentence, "CAP_SYS_") || strstr(sentence, "Landlock")))
		return VERDICT_REFUSED;
	return VERDICT_FAILED;
}

struct asked {
	const struct thing *thing;
	struct text *text;
	bool given, denied;
};

static int take(const struct kin_record *rec, void *arg)
{
	struct asked *asked = arg;

	asked->given = asked->thing->tell(rec, asked->text);
	asked->denied = rec->denied & asked->thing->group;
	return 0;
}

enum verdict thing_ask(const struct thing *thing, struct kin *kin, pid_t pid,
		       struct text *text)
{
	struct asked asked = { .thing = thing, .text = text };
	int err;

	text->len = 0;
	if (thing->ask)
		return thing->ask(kin, pid, text);
	err = kin_get(kin, pid, KIN_KIND_PROCESS, thing->group, take, &asked);
	if (err)
		return verdict_of(kin, err);
	if (asked.denied)
		return asked.given ? VERDICT_FAILED : VERDICT_MARKED;
	return asked.given ? VERDICT_GIVEN : VERDICT_ABSENT;
}

int thing_show(const struct thing *thing, const char *proc, pid_t pid,
	       struct text *text)
{
	char dir[64];

	snprintf(dir, sizeof(dir), "%s/%d", proc, pid);
	text->len = 0;
	return thing->show(dir, text);
}

int ptrace_show(const char *proc, pid_t pid)
{
	char dir[64];

	snprintf(dir, sizeof(dir), "%s/%d", proc, pid);
	return show_ptrace(dir, NULL);
}
