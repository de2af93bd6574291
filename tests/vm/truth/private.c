// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"
#include "proc.h"
#include "tap.h"

#define DELETED	     " (deleted)"
#define LIMIT_COLUMN 26 /* of /proc/PID/limits: names are as wide */
#define LIMIT_WIDTH  21

static uint32_t asked = KIN_GROUPS;
static bool has_stacks;

static int nothing(const struct kin_record *rec, void *arg)
{
	return 0;
}

/* All; without stacks, which take more than the rest; only what is not private. */
uint32_t private_groups(struct kin *kin)
{
	static const uint32_t less[] = { 0, KIN_GROUP_STACK, KIN_GROUPS_PRIVATE };
	struct kin_status status;
	int err = -EPERM;

	for (size_t i = 0; err == -EPERM && i < sizeof(less) / sizeof(*less); i++) {
		asked = KIN_GROUPS & ~less[i];
		err = kin_get(kin, getpid(), KIN_KIND_PROCESS, asked, nothing, NULL);
	}
	if (err || kin_status_get(kin, &status, NULL, 0))
		tap_bail("groups: %s", kin_error(kin));
	has_stacks = status.features & KIN_FEATURE_STACK && asked & KIN_GROUP_STACK;
	return asked;
}

bool private_unasked(const struct field *field)
{
	return (!strcmp(field->of, "files") && !(asked & KIN_GROUP_FILES)) ||
	       (!strcmp(field->of, "io") && !(asked & KIN_GROUP_IO)) ||
	       (!strcmp(field->of, "ns") && !(asked & KIN_GROUP_NS));
}

static long text_of(const char *dir, const char *name, char *text, size_t size)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return proc_file(path, text, size);
}

static uint64_t io_of(const char *dir, const char *key)
{
	char text[1024] = "\n";
	const char *at;

	if (text_of(dir, "io", text + 1, sizeof(text) - 1) <= 0)
		return ABSENT;
	at = strstr(text, key);
	return at ? strtoull(at + strlen(key), NULL, 10) : ABSENT;
}

static uint64_t namespace_of(const char *dir, const char *name)
{
	char path[128], link[128];
	const char *at;
	ssize_t len;

	snprintf(path, sizeof(path), "%s/ns/%s", dir, name);
	len = readlink(path, link, sizeof(link) - 1);
	link[len > 0 ? len : 0] = '\0';
	at = strchr(link, '[');
	return at ? strtoull(at + 1, NULL, 10) : ABSENT;
}

/* What the one who counts has open to count is not there when kin does. */
static uint64_t descriptors_of(const char *dir)
{
	struct dirent *entry;
	char path[128], link[64];
	uint64_t n = 0;
	ssize_t len;
	DIR *fds;

	snprintf(path, sizeof(path), "%s/fd", dir);
	fds = opendir(path);
	while (fds && (entry = readdir(fds))) {
		len = readlinkat(dirfd(fds), entry->d_name, link, sizeof(link) - 1);
		link[len > 0 ? len : 0] = '\0';
		n += *entry->d_name != '.' && strncmp(link, "/proc/", 6);
	}
	if (fds)
		closedir(fds);
	return n ?: ABSENT;
}

static uint64_t limit_in(const char *line, unsigned int column)
{
	const char *at = line + LIMIT_COLUMN + column * LIMIT_WIDTH;

	return *at == 'u' ? KIN_NONE64 : strtoull(at, NULL, 10);
}

static void read_limits(struct proc_private *private, const char *dir)
{
	char text[4096], *line = text;

	if (text_of(dir, "limits", text, sizeof(text)) <= 0)
		return;
	/* Behind the line of headings. */
	while ((line = strchr(line, '\n')) && line[1] && private->n_limits < PRIVATE_LIMITS) {
		line++;
		private->limits[private->n_limits++] =
			(struct kin_limit){ limit_in(line, 0), limit_in(line, 1) };
	}
}

static uint64_t open_limit(const char *dir, unsigned int column)
{
	struct proc_private private = { 0 };

	read_limits(&private, dir);
	if (private.n_limits != PRIVATE_LIMITS)
		return ABSENT;
	return column == 1 ? private.limits[7].soft : private.limits[7].hard;
}

uint64_t private_value(const struct field *field, const char *dir)
{
	if (!strcmp(field->of, "io"))
		return io_of(dir, field->key);
	if (!strcmp(field->of, "ns"))
		return namespace_of(dir, field->key);
	if (field->column)
		return open_limit(dir, field->column);
	return descriptors_of(dir);
}

static char *link_of(const char *dir, const char *name)
{
	char path[128], link[PATH_MAX];
	ssize_t len;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	len = readlink(path, link, sizeof(link));
	return len < 0 ? NULL : strndup(link, len);
}

/* Without the addresses, which are not shown to anybody. */
static char *stack_of(const char *dir)
{
	char text[8192], *to = text, *from = text;

	if (text_of(dir, "stack", text, sizeof(text)) <= 0)
		return strdup("");
	while (*from) {
		if (!strncmp(from, "[<0>] ", 6))
			from += 6;
		*to++ = *from++;
	}
	*to = '\0';
	return strdup(text);
}

void private_read(struct proc_private *private, const char *dir, char state)
{
	private->exe = link_of(dir, "exe");
	private->cwd = link_of(dir, "cwd");
	private->root = link_of(dir, "root");
	private->stack = state == 'D' ? stack_of(dir) : strdup("");
	read_limits(private, dir);
}

void private_drop(struct proc_private *private)
{
	free(private->exe);
	free(private->cwd);
	free(private->root);
	free(private->stack);
}

/* ---- tables of descriptors ---- */

static bool of_table(const struct field *field)
{
	return !strcmp(field->of, "files");
}

void private_settle(struct proc_task *task)
{
	const uint64_t flags = task->values[field_find("flags") - fields];
	const uint64_t size = task->values[field_find("table_size") - fields];

	if (size && size != ABSENT && !(flags & KIN_TASK_KTHREAD))
		return;
	for (size_t i = 0; i < n_fields; i++) {
		if (of_table(&fields[i]))
			task->values[i] = ABSENT;
	}
}

void private_inherit(struct proc_task *process, const struct proc_task *thread)
{
	if (process->values[field_find("table_size") - fields] != ABSENT)
		return;
	for (size_t i = 0; i < n_fields; i++) {
		if (of_table(&fields[i]))
			process->values[i] = thread->values[i];
	}
}

/* ---- comparing ---- */

static bool same_path(const struct kin_task *task, const char *path, const char *link,
		      uint32_t group)
{
	const char *suffix = task->deleted & group ? DELETED : "";
	const size_t len = path ? strlen(path) : 0;

	if (!(asked & group) || !path || !link)
		return !path && (!link || !(asked & group));
	return !strncmp(link, path, len) && !strcmp(link + len, suffix);
}

bool private_same_exe(const struct kin_task *task, const struct proc_task *proc)
{
	return same_path(task, task->exe, proc->private.exe, KIN_GROUP_EXE);
}

bool private_same_cwd(const struct kin_task *task, const struct proc_task *proc)
{
	return same_path(task, task->cwd, proc->private.cwd, KIN_GROUP_CWD);
}

bool private_same_root(const struct kin_task *task, const struct proc_task *proc)
{
	return same_path(task, task->root, proc->private.root, KIN_GROUP_ROOT);
}

bool private_same_limits(const struct kin_task *task, const struct proc_task *proc)
{
	if (!task->limits || task->n_limits != proc->private.n_limits)
		return !task->limits && !proc->private.n_limits;
	return !memcmp(task->limits, proc->private.limits,
		       task->n_limits * sizeof(*task->limits));
}

bool private_same_stack(const struct kin_task *task, const struct proc_task *proc)
{
	const char *wanted = has_stacks ? proc->private.stack : "";
	const char *stack = task->stack ?: "";
	const size_t len = strlen(stack);

	/* The last line may end, or not. */
	return !strncmp(stack, wanted, len) &&
	       (!wanted[len] || !strcmp(wanted + len, "\n"));
}

bool private_same_denied(const struct kin_task *task, const struct proc_task *proc)
{
	return !task->denied && !(task->busy & KIN_GROUPS_PRIVATE) &&
	       !(task->cut & KIN_GROUPS_PRIVATE);
}
