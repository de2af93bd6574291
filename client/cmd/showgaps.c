// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "showgaps.h"

/* What people and programs call what may be missing. */
static const struct {
	uint32_t group;
	const char *name, *id;
} groups[] = {
	{ KIN_GROUP_CMDLINE, "command line", "cmdline" },
	{ KIN_GROUP_CGROUP, "control group", "cgroup" },
	{ KIN_GROUP_FILES, "open descriptors", "files" },
	{ KIN_GROUP_IO, "input and output", "io" },
	{ KIN_GROUP_EXE, "exe", "exe" },
	{ KIN_GROUP_CWD, "cwd", "cwd" },
	{ KIN_GROUP_ROOT, "root", "root" },
	{ KIN_GROUP_NS, "namespaces", "ns" },
	{ KIN_GROUP_LIMITS, "limits", "limits" },
	{ KIN_GROUP_DELAY, "delays", "delay" },
	{ KIN_GROUP_WAIT, "time since it got onto a CPU", "wait" },
	{ KIN_GROUP_STACK, "kernel stack", "stack" },
};

#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))
#define PATHS (KIN_GROUP_EXE | KIN_GROUP_CWD | KIN_GROUP_ROOT)

uint32_t showgaps_refused(struct showgaps *gaps, uint32_t asked,
			  const char *why)
{
	if (asked & KIN_GROUP_STACK) {
		snprintf(gaps->why_stack, SHOW_WHY_MAX, "%s", why);
		return asked & ~KIN_GROUP_STACK;
	}
	if (asked & KIN_GROUPS_PRIVATE) {
		snprintf(gaps->why_private, SHOW_WHY_MAX, "%s", why);
		return asked & ~KIN_GROUPS_PRIVATE;
	}
	return 0;
}

static const char *why_refused(const struct showgaps *gaps, uint32_t group)
{
	return group == KIN_GROUP_STACK ? gaps->why_stack : gaps->why_private;
}

static const char *why_no_stack(const struct showgaps *gaps,
				const struct kin_task *task)
{
	if (task->base.state != 'D')
		return NULL;
	if (!(gaps->features & KIN_FEATURE_STACK))
		return "not on this kernel: modules may read it from Linux 6.12 on";
	return NULL;
}

/* Kernel threads have one, too; what has ended has none any more. */
static const char *why_no_delay(const struct showgaps *gaps,
				const struct kin_task *task)
{
	if (!(gaps->features & KIN_FEATURE_DELAY))
		return "not on this kernel: it was built without CONFIG_TASK_DELAY_ACCT";
	if (task->base.state == 'Z' || task->base.state == 'X')
		return NULL;
	return "not accounted when it started: sysctl kernel.task_delayacct=1 (or the boot parameter delayacct) is for what starts later";
}

const char *showgaps_why(const struct showgaps *gaps,
			 const struct kin_task *task, uint32_t group)
{
	if (task->groups & group)
		return NULL;
	/* what is not there for anybody is no matter of rights */
	if (group == KIN_GROUP_STACK && task->base.state != 'D')
		return NULL;
	if (!(gaps->asked & group))
		return why_refused(gaps, group);
	if (task->denied & group)
		return "denied: it needs CAP_SYS_PTRACE over the user namespace of the process";
	if (task->busy & group)
		return "busy: not to be had now without waiting for another process; try again";
	if ((task->cut & group) & PATHS)
		return "longer than a path may be, 4096 bytes";
	if (group == KIN_GROUP_STACK)
		return why_no_stack(gaps, task);
	if (group == KIN_GROUP_DELAY)
		return why_no_delay(gaps, task);
	return NULL;
}

/* The first of them that are missing for this reason. */
static bool is_first(const struct showgaps *gaps, const struct kin_task *task,
		     size_t at, const char *why)
{
	const char *other;

	for (size_t i = 0; i < at; i++) {
		other = showgaps_why(gaps, task, groups[i].group);
		if (other && !strcmp(other, why))
			return false;
	}
	return true;
}

static bool is_same(const struct showgaps *gaps, const struct kin_task *task,
		    size_t at, const char *why)
{
	const char *other = showgaps_why(gaps, task, groups[at].group);

	return other && !strcmp(other, why);
}

static void print_reason(const struct showgaps *gaps,
			 const struct kin_task *task, size_t first,
			 const char *why)
{
	printf("  %s", groups[first].name);
	for (size_t i = first + 1; i < N_GROUPS; i++)
		if (is_same(gaps, task, i, why))
			printf(", %s", groups[i].name);
	fputs(": ", stdout);
	cmd_safe(stdout, why, strlen(why));
	putchar('\n');
}

void showgaps_print(const struct showgaps *gaps, const struct kin_task *task)
{
	bool any = false;

	for (size_t i = 0; i < N_GROUPS; i++) {
		const char *why = showgaps_why(gaps, task, groups[i].group);

		if (!why || !is_first(gaps, task, i, why))
			continue;
		if (!any)
			puts("\nNot shown");
		any = true;
		print_reason(gaps, task, i, why);
	}
}

static void json_reason(const struct showgaps *gaps,
			const struct kin_task *task, size_t first,
			const char *why, struct kin_json *json)
{
	kin_json_object_line(json, NULL);
	kin_json_array_line(json, "groups");
	for (size_t i = first; i < N_GROUPS; i++)
		if (is_same(gaps, task, i, why))
			kin_json_str(json, NULL, groups[i].id);
	kin_json_array_end(json);
	kin_json_str(json, "why", why);
	kin_json_object_end(json);
}

void showgaps_json(const struct showgaps *gaps, const struct kin_task *task,
		   struct kin_json *json)
{
	kin_json_array(json, "not_shown");
	for (size_t i = 0; i < N_GROUPS; i++) {
		const char *why = showgaps_why(gaps, task, groups[i].group);

		if (why && is_first(gaps, task, i, why))
			json_reason(gaps, task, i, why, json);
	}
	kin_json_array_end(json);
}
