// SPDX-License-Identifier: GPL-2.0-or-later
/* The contenders that read /proc, as well as that can be done. */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "contender.h"

static int fds = -1, infos = -1;
static char fds_path[64];

static int open_directory(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static void procfs_open(const struct contender *self, pid_t pid)
{
	snprintf(fds_path, sizeof(fds_path), "/proc/%d/fd", pid);
	fds = open_directory(pid, "fd");
	infos = open_directory(pid, "fdinfo");
}

static void procfs_close(const struct contender *self)
{
	close(fds);
	close(infos);
}

static void add_path(const char *name, struct seen *seen)
{
	char path[4096];
	const ssize_t n = readlinkat(fds, name, path, sizeof(path) - 1);

	if (n < 0)
		err(1, "fd/%s", name);
	path[n] = '\0';
	seen_add(seen, strtoul(name, NULL, 10), path);
}

/* What fdinfo has: position and flags; more than kin's contender asks for. */
static void read_info(const char *name)
{
	char text[512];
	const int fd = openat(infos, name, O_RDONLY | O_CLOEXEC);
	long long pos;
	unsigned int flags;
	ssize_t n;

	if (fd < 0)
		err(1, "fdinfo/%s", name);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	if (sscanf(text, "pos: %lld flags: %o", &pos, &flags) != 2)
		errx(1, "fdinfo/%s: %s", name, text);
}

static void add_path_info(const char *name, struct seen *seen)
{
	add_path(name, seen);
	read_info(name);
}

static void add_name(const char *name, struct seen *seen)
{
	seen->descriptors++;
}

/* The directory's entries that are numbers. */
static void list(const struct contender *self, struct seen *seen)
{
	void (*const *take)(const char *name, struct seen *seen) = self->detail;
	static char entries[65536] __attribute__((aligned(8)));
	const struct dirent64 *entry;
	long n, at;

	lseek(fds, 0, SEEK_SET);
	while ((n = syscall(SYS_getdents64, fds, entries, sizeof(entries))) >
	       0) {
		for (at = 0; at < n; at += entry->d_reclen) {
			entry = (const void *)(entries + at);
			if (entry->d_name[0] != '.')
				(*take)(entry->d_name, seen);
		}
	}
	if (n < 0)
		err(1, "fd");
}

static void stat_kept(const struct contender *self, struct seen *seen)
{
	struct stat st;

	if (fstat(fds, &st))
		err(1, "fd");
	seen->descriptors = st.st_size;
}

static void stat_path(const struct contender *self, struct seen *seen)
{
	struct stat st;

	if (stat(fds_path, &st))
		err(1, "%s", fds_path);
	seen->descriptors = st.st_size;
}

typedef void take_fn(const char *name, struct seen *seen);

#define PROCFS .open = procfs_open, .close = procfs_close

const struct contender procfs_readlink = {
	PROCFS,
	.goal = "path",
	.name = "readlink",
	.has_paths = true,
	.read = list,
	.detail = &(take_fn *const){ add_path },
};

const struct contender procfs_fdinfo = {
	PROCFS,
	.goal = "path",
	.name = "readlink+fdinfo",
	.has_paths = true,
	.read = list,
	.detail = &(take_fn *const){ add_path_info },
};

const struct contender procfs_listing = {
	PROCFS,
	.goal = "count",
	.name = "listing",
	.read = list,
	.detail = &(take_fn *const){ add_name },
};

/* Linux 6.2 and newer: before, it says 0. */
const struct contender procfs_stat = {
	PROCFS,
	.goal = "count",
	.name = "stat",
	.read = stat_path,
};

/* The same, the directory kept open for each process. */
const struct contender procfs_stat_cached = {
	PROCFS,
	.goal = "count",
	.name = "stat-cached",
	.read = stat_kept,
};
