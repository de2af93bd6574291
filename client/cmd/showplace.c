// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "showplace.h"

/* One argument, quoted if it could be taken for several or for none. */
static void put_argument(const char *arg, size_t len)
{
	bool quote = !len || memchr(arg, ' ', len) || memchr(arg, '\'', len);

	fputs(quote ? " '" : " ", stdout);
	cmd_safe(stdout, arg, len);
	fputs(quote ? "'" : "", stdout);
}

static void print_command(const struct kin_task *task)
{
	const char *at = task->cmdline, *end, *stop;

	puts("\nCommand line");
	if (!at) {
		puts(task->busy & KIN_GROUP_CMDLINE ?
			     "  busy: its memory is in use, try again" :
			     "  none");
		return;
	}
	fputs(" ", stdout);
	for (end = at + task->cmdline_len; at < end; at = stop + 1) {
		stop = memchr(at, '\0', end - at);
		if (!stop)
			stop = end;
		put_argument(at, stop - at);
	}
	puts(task->cut & KIN_GROUP_CMDLINE ? "\n  (cut: it is longer)" : "");
}

static void print_cgroup(const struct kin_task *task)
{
	puts("\nControl group");
	fputs("  ", stdout);
	if (task->cgroup_path)
		cmd_safe(stdout, task->cgroup_path, strlen(task->cgroup_path));
	else
		fputs(task->busy & KIN_GROUP_CGROUP ? "busy" : "-", stdout);
	if (task->cgroup_id != KIN_NONE64)
		printf(" (id %llu)", (unsigned long long)task->cgroup_id);
	fputs("\n", stdout);
}

static void print_path(const char *name, const char *path, bool deleted)
{
	if (!path)
		return;
	printf("  %-4s  ", name);
	cmd_safe(stdout, path, strlen(path));
	puts(deleted ? " (deleted)" : "");
}

static void print_paths(const struct kin_task *task)
{
	if (!task->exe && !task->cwd && !task->root)
		return;
	puts("\nProgram and directories");
	print_path("exe", task->exe, task->deleted & KIN_GROUP_EXE);
	print_path("cwd", task->cwd, task->deleted & KIN_GROUP_CWD);
	print_path("root", task->root, task->deleted & KIN_GROUP_ROOT);
}

/* Innermost first, a line a frame. */
static void print_stack(const struct kin_task *task)
{
	const char *at = task->stack;
	size_t len;

	if (!at)
		return;
	puts("\nKernel stack");
	for (; *at; at += len + (at[len] == '\n')) {
		len = strcspn(at, "\n");
		fputs("  ", stdout);
		cmd_safe(stdout, at, len);
		putchar('\n');
	}
}

void showplace_print(const struct kin_task *task)
{
	print_stack(task);
	print_paths(task);
	print_cgroup(task);
	print_command(task);
}
