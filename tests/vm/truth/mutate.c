// SPDX-License-Identifier: GPL-2.0-or-later
/* Wrong answers, for whoever wants to see that they are noticed. */
#include <stdio.h>
#include <string.h>

#include "compare.h"

static void mutate_field(struct kin_task *task, const struct field *f)
{
	char *at = (char *)task + f->offset;
	uint64_t wide;
	uint32_t narrow;

	if (f->size == 8) {
		memcpy(&wide, at, sizeof(wide));
		/* Unknown becomes nothing, and a value the next one. */
		wide = wide == KIN_NONE64 ? 0 : wide + (f->unit ?: 1);
		memcpy(at, &wide, sizeof(wide));
	} else if (f->size == 4) {
		memcpy(&narrow, at, sizeof(narrow));
		narrow++;
		memcpy(at, &narrow, sizeof(narrow));
	} else {
		(*at)++;
	}
}

static void mutate_cmdline(struct kin_task *task)
{
	static char text[KIN_CMDLINE_MAX];

	if (!task->cmdline) {
		task->cmdline = "x";
		task->cmdline_len = 1;
		return;
	}
	memcpy(text, task->cmdline, task->cmdline_len);
	text[task->cmdline_len - 1] ^= 1;
	task->cmdline = text;
}

static void mutate_nspids(struct kin_task *task)
{
	static uint32_t pids[2];

	pids[0] = task->base.pid;
	pids[1] = 1;
	task->nspids = pids;
	task->n_nspids = task->n_nspids == 2 ? 1 : 2;
}

static const char *mutate_string(const char *from)
{
	static char text[8192];

	if (!from || !*from)
		return "x";
	snprintf(text, sizeof(text), "%s", from);
	text[strlen(text) - 1] ^= 1;
	return text;
}

static void mutate_limits(struct kin_task *task)
{
	static struct kin_limit limits[PRIVATE_LIMITS];

	memcpy(limits, task->limits, sizeof(limits));
	limits[PRIVATE_LIMITS - 1].hard--;
	task->limits = limits;
}

static bool mutate_private(struct kin_task *task, const char *name)
{
	if (!strcmp(name, "exe"))
		task->exe = mutate_string(task->exe);
	else if (!strcmp(name, "cwd"))
		task->cwd = mutate_string(task->cwd);
	else if (!strcmp(name, "root"))
		task->root = mutate_string(task->root);
	else if (!strcmp(name, "stack"))
		task->stack = mutate_string(task->stack);
	else if (!strcmp(name, "limits"))
		mutate_limits(task);
	else if (!strcmp(name, "denied"))
		task->denied = KIN_GROUP_IO;
	else if (!strcmp(name, "users"))
		task->files.users = 0;
	else
		return false;
	return true;
}

void mutate_task(struct kin_task *task, size_t aspect)
{
	const char *name = aspect_name(aspect);

	if (mutate_private(task, name))
		return;
	if (!strcmp(name, "exec_id"))
		task->base.exec_id = KIN_NONE64;
	else if (!strcmp(name, "cmdline"))
		mutate_cmdline(task);
	else if (!strcmp(name, "cgroup_path"))
		task->cgroup_path = "/no such";
	else if (!strcmp(name, "cgroup_id"))
		task->cgroup_id++;
	else if (!strcmp(name, "nspids"))
		mutate_nspids(task);
	else
		mutate_field(task, &fields[aspect]);
}
