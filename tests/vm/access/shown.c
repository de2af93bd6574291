// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shown.h"

/* ---- files and links ---- */

static int read_file(const char *dir, const char *name, struct text *text)
{
	char path[128];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	do {
		len = read(fd, text->bytes + text->len, TEXT_MAX - text->len);
		if (len > 0)
			text->len += len;
	} while (len > 0);
	len = len < 0 ? -errno : 0;
	close(fd);
	return len;
}

static int read_link(const char *dir, const char *name, char *to, size_t size)
{
	char path[512];
	ssize_t len;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	len = readlink(path, to, size - 1);
	if (len < 0)
		return -errno;
	/* (What is denied below ns is empty on late 5.10.) */
	if (!len)
		return -EACCES;
	to[len] = '\0';
	return 0;
}

static int show_link(const char *dir, const char *name, struct text *text)
{
	char to[4096];
	const int err = read_link(dir, name, to, sizeof(to));

	if (!err)
		text_printf(text, "%s", to);
	return err;
}

/* It can be read; its numbers are another test's. */
static int show_nothing(const char *dir, const char *name, struct text *text)
{
	const int err = read_file(dir, name, text);

	text->len = 0;
	return err;
}

int show_stat(const char *dir, struct text *text)
{
	return show_nothing(dir, "stat", text);
}

int show_statm(const char *dir, struct text *text)
{
	return show_nothing(dir, "statm", text);
}

int show_stack(const char *dir, struct text *text)
{
	return show_nothing(dir, "stack", text);
}

int show_cmdline(const char *dir, struct text *text)
{
	return read_file(dir, "cmdline", text);
}

int show_environ(const char *dir, struct text *text)
{
	return read_file(dir, "environ", text);
}

int show_io(const char *dir, struct text *text)
{
	return read_file(dir, "io", text);
}

int show_exe(const char *dir, struct text *text)
{
	return show_link(dir, "exe", text);
}

int show_cwd(const char *dir, struct text *text)
{
	return show_link(dir, "cwd", text);
}

int show_root(const char *dir, struct text *text)
{
	return show_link(dir, "root", text);
}

/* ---- parts of files ---- */

/* What follows a word, up to the end of the line. */
static int show_after(const char *dir, const char *name, const char *word,
		      struct text *text)
{
	static struct text whole;
	const char *at;
	int err;

	whole.len = 0;
	err = read_file(dir, name, &whole);
	if (err)
		return err;
	whole.bytes[whole.len < TEXT_MAX ? whole.len : TEXT_MAX - 1] = '\0';
	at = strstr(whole.bytes, word);
	if (at)
		text_add(text, at + strlen(word),
			 strcspn(at + strlen(word), "\n"));
	return at ? 0 : -ENODATA;
}

int show_cgroup(const char *dir, struct text *text)
{
	return show_after(dir, "cgroup", "0::", text);
}

int show_limits(const char *dir, struct text *text)
{
	struct text line = { 0 };
	char soft[32], hard[32];
	int err = show_after(dir, "limits", "Max open files", &line);

	if (err)
		return err;
	line.bytes[line.len] = '\0';
	if (sscanf(line.bytes, "%31s %31s", soft, hard) != 2)
		return -ENODATA;
	text_printf(text, " %s %s", soft, hard);
	return 0;
}

int show_ns(const char *dir, struct text *text)
{
	static const char *const names[] = { "cgroup", "ipc",  "mnt",  "net",
					     "pid",    "time", "user", "uts" };
	char name[16], to[64];
	int err;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(name, sizeof(name), "ns/%s", names[i]);
		err = read_link(dir, name, to, sizeof(to));
		if (err)
			return err;
		text_printf(text, "%s%lu", i ? " " : "",
			    strtoul(strchr(to, '[') + 1, NULL, 10));
	}
	return 0;
}

int show_ptrace(const char *dir, struct text *text)
{
	char to[64];

	return read_link(dir, "ns/user", to, sizeof(to));
}

/* ---- descriptors ---- */

static int by_number(const struct dirent **a, const struct dirent **b)
{
	return atoi((*a)->d_name) - atoi((*b)->d_name);
}

static int is_number(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int list_fds(const char *dir, struct dirent ***list)
{
	char path[128];
	int n;

	snprintf(path, sizeof(path), "%s/fd", dir);
	n = scandir(path, list, is_number, by_number);
	return n < 0 ? -errno : n;
}

static void free_list(struct dirent **list, int n)
{
	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

int show_files(const char *dir, struct text *text)
{
	struct dirent **list;
	const int n = list_fds(dir, &list);

	if (n < 0)
		return n;
	text_printf(text, "%d", n);
	free_list(list, n);
	return 0;
}

int show_fds(const char *dir, struct text *text)
{
	char name[300], to[4096];
	struct dirent **list;
	const int n = list_fds(dir, &list);
	int err = n < 0 ? n : 0;

	for (int i = 0; i < n && !err; i++) {
		snprintf(name, sizeof(name), "fd/%s", list[i]->d_name);
		err = read_link(dir, name, to, sizeof(to));
		if (!err)
			text_printf(text, "%s %s\n", list[i]->d_name,
				    to[0] == '/' ? to : "");
		/* (Its own: what the directory was read by.) */
		if (err == -ENOENT)
			err = 0;
	}
	if (n >= 0)
		free_list(list, n);
	return err;
}
