// SPDX-License-Identifier: GPL-2.0-or-later
/* Wrong answers, for whoever wants to see that they are noticed. */
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

void mutate_task(struct kin_task *task, size_t aspect)
{
	const char *name = aspect_name(aspect);

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
