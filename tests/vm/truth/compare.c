// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "tap.h"

const char *mutated;

/* Nothing of a former name stands behind it. */
static bool same_comm(const struct kin_task *task, const struct proc_task *proc)
{
	static const char zeroes[KIN_COMM_LEN];
	size_t len = strnlen(task->base.comm, KIN_COMM_LEN);
	char next;

	if (len == KIN_COMM_LEN || strncmp(task->base.comm, proc->comm, len) ||
	    memcmp(task->base.comm + len, zeroes, KIN_COMM_LEN - len))
		return false;
	next = proc->comm[len];
	if (!next || !(task->base.flags & KIN_TASK_KTHREAD))
		return !next;
	/* /proc adds what a worker works at, and knows longer names. */
	return next == '+' || next == '-' || len == KIN_COMM_LEN - 1;
}

static bool same_reserved(const struct kin_task *task,
			  const struct proc_task *proc)
{
	static const uint8_t zero[sizeof(task->base.reserved)];
	const uint32_t known = KIN_TASK_THREAD | KIN_TASK_KTHREAD |
			       KIN_TASK_EXITING | KIN_TASK_SUBREAPER;

	return !memcmp(task->base.reserved, zero, sizeof(zero)) &&
	       !(task->base.flags & ~known);
}

/* Who never was in user space never execed. */
static bool same_exec_id(const struct kin_task *task,
			 const struct proc_task *proc)
{
	return task->base.exec_id < (1u << 31) &&
	       (!(task->base.flags & KIN_TASK_KTHREAD) || !task->base.exec_id);
}

/* How many there are is compared by test-fd. */
static bool same_users(const struct kin_task *task, const struct proc_task *proc)
{
	return task->files.users && (task->files.users == KIN_NONE32) ==
					    (task->files.open == KIN_NONE64);
}

static bool same_cmdline(const struct kin_task *task,
			 const struct proc_task *proc)
{
	bool cut = proc->cmdline_len > KIN_CMDLINE_MAX;
	size_t len = cut ? KIN_CMDLINE_MAX : proc->cmdline_len;

	if (cut != !!(task->cut & KIN_GROUP_CMDLINE))
		return false;
	if (task->busy & KIN_GROUP_CMDLINE)
		return false;
	if (!task->cmdline)
		return !len;
	return task->cmdline_len == len && len &&
	       !memcmp(task->cmdline, proc->cmdline, len);
}

static bool same_cgroup(const struct kin_task *task,
			const struct proc_task *proc)
{
	if (!task->cgroup_path || !proc->cgroup)
		return !task->cgroup_path && !proc->cgroup;
	return !strcmp(task->cgroup_path, proc->cgroup);
}

/* The directory can be found by those only who have cgroupfs at its place. */
static bool same_cgroup_id(const struct kin_task *task,
			   const struct proc_task *proc)
{
	return proc->cgroup_id == ABSENT ?
		       !proc->cgroup || task->cgroup_id != KIN_NONE64 :
		       task->cgroup_id == proc->cgroup_id;
}

static bool same_nspids(const struct kin_task *task,
			const struct proc_task *proc)
{
	return task->n_nspids == proc->n_nspids &&
	       (!task->n_nspids ||
		!memcmp(task->nspids, proc->nspids,
			task->n_nspids * sizeof(*task->nspids)));
}

static const struct extra {
	const char *name;
	bool (*same)(const struct kin_task *task, const struct proc_task *proc);
} extras[] = {
	{ "comm", same_comm },		{ "reserved", same_reserved },
	{ "exec_id", same_exec_id },	{ "users", same_users },
	{ "cmdline", same_cmdline },
	{ "cgroup_path", same_cgroup }, { "cgroup_id", same_cgroup_id },
	{ "nspids", same_nspids },	{ "exe", private_same_exe },
	{ "cwd", private_same_cwd },	{ "root", private_same_root },
	{ "limits", private_same_limits }, { "stack", private_same_stack },
	{ "denied", private_same_denied },
};
#define N_EXTRAS (sizeof(extras) / sizeof(*extras))

/* Extras that are fields come with the fields, the others after them. */
static const struct extra *extra_of(size_t aspect)
{
	const char *name = aspect_name(aspect);
	size_t i;

	for (i = 0; i < N_EXTRAS; i++) {
		if (!strcmp(extras[i].name, name))
			return &extras[i];
	}
	return NULL;
}

/* Those from cmdline on. */
#define N_NO_FIELDS 10

size_t n_aspects(void)
{
	return n_fields + N_NO_FIELDS;
}

const char *aspect_name(size_t aspect)
{
	if (aspect < n_fields)
		return fields[aspect].name;
	return extras[N_EXTRAS - N_NO_FIELDS + (aspect - n_fields)].name;
}

/* "pid", or "ns.pid" where more than one struct has it. */
static bool aspect_is(size_t aspect, const char *name)
{
	if (aspect < n_fields)
		return field_find(name) == &fields[aspect];
	return !strcmp(aspect_name(aspect), name);
}

const char *aspect_full_name(size_t aspect)
{
	static char name[80];

	snprintf(name, sizeof(name), "%s%s%s", aspect < n_fields ? fields[aspect].of : "",
		 aspect < n_fields ? "." : "", aspect_name(aspect));
	return name;
}

static uint64_t value_of(const struct field *f, const struct kin_task *task)
{
	uint64_t value = field_of_task(f, task);

	/* Nobody but the factory tells who is a subreaper. */
	return f->source == FROM_FLAGS ? value & ~(uint64_t)KIN_TASK_SUBREAPER :
					 value;
}

static bool aspect_fits(size_t aspect, const struct kin_task *task,
			const struct proc_task *before,
			const struct proc_task *after)
{
	const struct field *f = &fields[aspect];
	const struct extra *extra;

	if (aspect >= n_fields || f->rule == RULE_ELSEWHERE) {
		extra = extra_of(aspect);
		if (!extra)
			tap_bail("nothing compares %s", aspect_name(aspect));
		return extra->same(task, before) || extra->same(task, after);
	}
	if (private_unasked(f))
		return value_of(f, task) == ABSENT;
	return field_fits(f, value_of(f, task), before->values[aspect],
			  after->values[aspect], before->ended || after->ended);
}

size_t compare_task(const struct kin_task *task, const struct proc_task *before,
		    const struct proc_task *after, bool bad[MAX_ASPECTS])
{
	struct kin_task changed = *task;
	size_t aspect, n = 0;

	for (aspect = 0; mutated && aspect < n_aspects(); aspect++) {
		if (aspect_is(aspect, mutated))
			mutate_task(&changed, aspect);
	}
	for (aspect = 0; aspect < n_aspects(); aspect++) {
		bad[aspect] = !aspect_fits(aspect, &changed, before, after);
		n += bad[aspect];
	}
	return n;
}

static void explain_extra(const char *name, const struct kin_task *task,
			  const struct proc_task *after)
{
	tap_note("  kin: comm '%.16s' exec_id %lu cmdline %u bytes busy %#x "
		 "cut %#x cgroup '%s' id %ld nspids %u",
		 task->base.comm, (unsigned long)task->base.exec_id,
		 task->cmdline_len, task->busy, task->cut,
		 task->cgroup_path ?: "(none)", (long)task->cgroup_id,
		 task->n_nspids);
	tap_note("  /proc: comm '%s' cmdline %zu bytes cgroup '%s' id %ld "
		 "nspids %zu",
		 after->comm, after->cmdline_len, after->cgroup ?: "(none)",
		 (long)after->cgroup_id, after->n_nspids);
}

void compare_explain(size_t aspect, const struct kin_task *task,
		     const struct proc_task *before,
		     const struct proc_task *after)
{
	const char *kind = after->thread ? "thread" : "process";

	if (aspect >= n_fields || fields[aspect].rule == RULE_ELSEWHERE) {
		tap_note("%s %u (%s): %s differs", kind, after->pid,
			 after->comm, aspect_name(aspect));
		explain_extra(aspect_name(aspect), task, after);
		return;
	}
	tap_note("%s %u (%s): %s: kin %ld, /proc %ld before, %ld after", kind,
		 after->pid, after->comm, aspect_name(aspect),
		 (long)value_of(&fields[aspect], task),
		 (long)before->values[aspect], (long)after->values[aspect]);
}
