// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "derive.h"
#include "format.h"
#include "name.h"

#define DERIVE(name)                                                          \
	void kin_derive_##name(const struct kin_view *view,                   \
			       const struct kin_task *task,                   \
			       struct kin_value *value)

static void set_scratch(struct kin_value *value, size_t len)
{
	kin_value_set_text(value, value->scratch, len);
}

/* ---- base ---- */

DERIVE(state)
{
	const uint8_t letter = task->base.state;

	/* a newer kernel may have more of them, but letters they are */
	if ((letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z'))
		kin_value_set_u64(value, letter);
}

DERIVE(comm)
{
	kin_value_set_comm(value, task->base.comm);
}

/* A plain field would take -1, what threads have, for unknown. */
DERIVE(exit_signal)
{
	value->i = task->base.exit_signal;
	value->known = true;
}

/* The names of the bits set in @mask, with commas between. */
static void set_words(struct kin_value *value, uint32_t mask,
		      const char *const *names)
{
	char *at = value->scratch;

	for (; *names; names++, mask >>= 1) {
		if (!(mask & 1))
			continue;
		if (at > value->scratch)
			*at++ = ',';
		at = stpcpy(at, *names);
	}
	set_scratch(value, at - value->scratch);
}

const char *const kin_flag_names[] = { "thread", "kthread", "exiting",
				       "subreaper", NULL };

DERIVE(flags)
{
	set_words(value, task->base.flags, kin_flag_names);
}

DERIVE(tty)
{
	if (task->base.tty && task->base.tty != KIN_NONE32)
		set_scratch(value,
			    kin_format_tty(value->scratch, task->base.tty));
}

/* In a time namespace a start may lie before 0. */
DERIVE(start)
{
	const int64_t start_ns = task->base.start_boottime_ns;

	value->known = !__builtin_add_overflow(view->boot_epoch_ns, start_ns,
					       &value->i);
}

/* What started after the clock was read is as old as nothing. */
static uint64_t elapsed_ns(const struct kin_view *view,
			   const struct kin_task *task)
{
	const int64_t ns = view->now_boottime_ns - task->base.start_boottime_ns;

	return ns > 0 ? ns : 0;
}

DERIVE(etime)
{
	kin_value_set_u64(value, elapsed_ns(view, task));
}

DERIVE(nspid)
{
	if (!task->nspids)
		return;
	value->list = task->nspids;
	value->len = task->n_nspids;
	value->known = true;
}

/* ---- owners ---- */

DERIVE(user)
{
	kin_names_user_value(view->names, task->base.uid, value);
}

DERIVE(euser)
{
	kin_names_user_value(view->names, task->base.euid, value);
}

DERIVE(suser)
{
	kin_names_user_value(view->names, task->base.suid, value);
}

DERIVE(fsuser)
{
	kin_names_user_value(view->names, task->base.fsuid, value);
}

DERIVE(group)
{
	kin_names_group_value(view->names, task->base.gid, value);
}

DERIVE(egroup)
{
	kin_names_group_value(view->names, task->base.egid, value);
}

DERIVE(sgroup)
{
	kin_names_group_value(view->names, task->base.sgid, value);
}

DERIVE(fsgroup)
{
	kin_names_group_value(view->names, task->base.fsgid, value);
}

/* ---- sched ---- */

static bool cputime_ns(const struct kin_task *task, uint64_t *ns)
{
	*ns = task->sched.utime_ns + task->sched.stime_ns;
	return task->sched.utime_ns != KIN_NONE64 &&
	       task->sched.stime_ns != KIN_NONE64;
}

DERIVE(cputime)
{
	value->known = cputime_ns(task, &value->u);
}

DERIVE(pcpu)
{
	uint64_t elapsed = elapsed_ns(view, task), used;

	if (cputime_ns(task, &used))
		kin_value_set_share(value, used, elapsed);
}

DERIVE(policy)
{
	static const char *const names[] = {
		"SCHED_OTHER", "SCHED_FIFO", "SCHED_RR",       "SCHED_BATCH",
		"SCHED_ISO",   "SCHED_IDLE", "SCHED_DEADLINE", "SCHED_EXT",
	};
	uint32_t policy = task->sched.policy;

	if (policy == KIN_NONE32)
		return;
	if (policy < sizeof(names) / sizeof(names[0]))
		kin_value_set_text(value, names[policy], strlen(names[policy]));
	else
		set_scratch(value, kin_format_u64(value->scratch, policy));
}

/* ---- mem ---- */

DERIVE(rss)
{
	value->u = kin_rss_bytes(&task->mem);
	value->known = value->u != KIN_NONE64;
}

DERIVE(pmem)
{
	uint64_t rss = kin_rss_bytes(&task->mem);

	if (rss != KIN_NONE64 && view->mem_total_bytes != KIN_NONE64)
		kin_value_set_share(value, rss, view->mem_total_bytes);
}

/* ---- command line, cgroup ---- */

DERIVE(args)
{
	size_t len = task->cmdline_len;

	if (!task->cmdline || !len)
		return;
	/* the last argument's own end */
	if (task->cmdline[len - 1] == '\0')
		len--;
	kin_value_set_text(value, task->cmdline, len);
}

/* Its name, where there are no arguments: kernel threads, zombies. */
DERIVE(command)
{
	const char *line = task->cmdline;
	size_t len = task->cmdline_len;

	/* titles that programs write over their arguments end in many NULs */
	while (line && len && line[len - 1] == '\0')
		len--;
	if (line && len) {
		kin_value_set_text(value, line, len);
		return;
	}
	kin_derive_comm(view, task, value);
	value->bracket = true;
}

DERIVE(cgroup)
{
	if (task->cgroup_path)
		kin_value_set_text(value, task->cgroup_path, strlen(task->cgroup_path));
}

/* ---- what is private ---- */

DERIVE(files_pct)
{
	if (task->files.open != KIN_NONE64 &&
	    task->files.limit_soft != KIN_NONE64)
		kin_value_set_share(value, task->files.open, task->files.limit_soft);
}

static void set_path(struct kin_value *value, const char *path, bool deleted)
{
	if (!path)
		return;
	kin_value_set_text(value, path, strlen(path));
	value->deleted = deleted;
}

DERIVE(exe)
{
	set_path(value, task->exe, task->deleted & KIN_GROUP_EXE);
}

DERIVE(cwd)
{
	set_path(value, task->cwd, task->deleted & KIN_GROUP_CWD);
}

DERIVE(root)
{
	set_path(value, task->root, task->deleted & KIN_GROUP_ROOT);
}

/* The last line's own end, if it has one, is not one more line. */
DERIVE(stack)
{
	size_t len = task->stack ? strlen(task->stack) : 0;

	if (len && task->stack[len - 1] == '\n')
		len--;
	if (task->stack)
		kin_value_set_text(value, task->stack, len);
}

/* ---- gaps ---- */

/* In the order of enum kin_group. */
const char *const kin_group_names[] = {
	"sched", "mem",	 "cmdline", "cgroup", "files",	"io",	"exe",	 "cwd",
	"root",	 "ns",	 "limits",  "delay",  "wait",	"stack", NULL,
};

DERIVE(deleted)
{
	set_words(value, task->deleted, kin_group_names);
}

DERIVE(denied)
{
	set_words(value, task->denied, kin_group_names);
}

DERIVE(busy)
{
	set_words(value, task->busy, kin_group_names);
}

DERIVE(cut)
{
	set_words(value, task->cut, kin_group_names);
}
