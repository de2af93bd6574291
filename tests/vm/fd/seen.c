// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "../truth/proc.h"
#include "../truth/tap.h"
#include "kind.h"
#include "seen.h"

#define PROC_MAGIC    0x9fa0
#define OVERLAY_MAGIC 0x794c7630

static char mounts[2][1 << 18]; /* of the process, and of this one */

/* The kernel's form of a device number of 32 bits. */
static uint32_t device(unsigned int major, unsigned int minor)
{
	return (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
}

/* The device of the file system that is mounted so. stat() may tell another: there
 * are file systems that number files of several in one (overlayfs, btrfs). */
static uint64_t device_of_mount(uint64_t id)
{
	unsigned int of, parent, major, minor;

	for (size_t i = 0; i < 2; i++) {
		for (char *at = mounts[i]; at && *at; at = strchr(at, '\n')) {
			at += *at == '\n';
			if (sscanf(at, "%u %u %u:%u", &of, &parent, &major, &minor) == 4 &&
			    of == id)
				return device(major, minor);
		}
	}
	return ABSENT;
}

static uint64_t info_of(const char *text, const char *key, int base)
{
	const char *at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, base) : ABSENT;
}

static bool read_link(int dir, const char *name, struct fd_seen *seen)
{
	char link[PATH_MAX + 1];
	const ssize_t len = readlinkat(dir, name, link, sizeof(link) - 1);

	seen->values[TOLD_LONG] = len < 0 && errno == ENAMETOOLONG;
	if (len < 0)
		return seen->values[TOLD_LONG];
	link[len] = '\0';
	seen->link = strdup(link);
	return true;
}

static void take_info(struct fd_seen *seen, const char *text, const struct stat *st)
{
	const uint64_t flags = info_of(text, "flags:\t", 8);
	const uint64_t dev = device_of_mount(info_of(text, "mnt_id:\t", 10));
	const uint32_t st_dev = device(major(st->st_dev), minor(st->st_dev));

	seen->values[TOLD_POS] = info_of(text, "pos:\t", 10);
	seen->values[TOLD_OPEN_FLAGS] = flags & ~(uint64_t)O_CLOEXEC;
	seen->values[TOLD_CLOEXEC] = !!(flags & O_CLOEXEC);
	seen->values[TOLD_DEV] = dev == ABSENT ? st_dev : dev;
	/* Kernels before 5.14 have no such line. */
	seen->values[TOLD_INO] = info_of(text, "ino:\t", 10);
	if (seen->values[TOLD_INO] == ABSENT && seen->values[TOLD_DEV] == st_dev)
		seen->values[TOLD_INO] = st->st_ino;
}

/* What is computed for whoever asks stat() is no property of the inode. */
static void take_stat(struct fd_seen *seen, const struct stat *st, const struct statfs *fs)
{
	const bool device_file = S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);
	const bool computed = S_ISDIR(st->st_mode) && (fs->f_type == PROC_MAGIC ||
						       fs->f_type == OVERLAY_MAGIC);

	seen->values[TOLD_SIZE] = computed ? ABSENT : (uint64_t)st->st_size;
	seen->values[TOLD_NLINK] = computed ? ABSENT : st->st_nlink;
	seen->values[TOLD_MODE] = st->st_mode;
	seen->values[TOLD_RDEV] =
		device_file ? device(major(st->st_rdev), minor(st->st_rdev)) : 0;
	seen->values[TOLD_TYPE] = kind_of(seen->link, st->st_mode, fs->f_type);
}

static bool read_one(struct fd_seen *seen, int dir, int infos, const char *name)
{
	char text[8192] = "\n";
	struct stat st, way;
	struct statfs fs = { 0 };
	char path[64];
	int fd;

	*seen = (struct fd_seen){ .fd = strtoul(name, NULL, 10) };
	seen->values[TOLD_NUMBER] = seen->fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
	fd = openat(infos, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0 || close(fd) ||
	    !read_link(dir, name, seen) || fstatat(dir, name, &st, 0) ||
	    fstatat(dir, name, &way, AT_SYMLINK_NOFOLLOW) || statfs(path, &fs))
		return false;
	take_info(seen, text, &st);
	take_stat(seen, &st, &fs);
	seen->values[TOLD_READ] = !!(way.st_mode & S_IRUSR);
	seen->values[TOLD_WRITE] = !!(way.st_mode & S_IWUSR);
	seen->values[TOLD_DELETED] = ABSENT; /* a name may look so: path tells it */
	return true;
}

static struct fd_seen *room_for_one(struct seen *seen)
{
	if (seen->n == seen->room) {
		seen->room = seen->room ? 2 * seen->room : 64;
		seen->fds = realloc(seen->fds, seen->room * sizeof(*seen->fds));
		if (!seen->fds)
			tap_bail("out of memory");
	}
	return &seen->fds[seen->n];
}

static bool read_dir(struct seen *seen, const char *base)
{
	char path[96];
	struct dirent *entry;
	DIR *dir;
	int infos;

	snprintf(path, sizeof(path), "%s/fdinfo", base);
	infos = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof(path), "%s/fd", base);
	dir = opendir(path);
	while (dir && infos >= 0 && (entry = readdir(dir))) {
		if (isdigit((unsigned char)*entry->d_name))
			seen->n += read_one(room_for_one(seen), dirfd(dir), infos,
					    entry->d_name);
	}
	if (infos >= 0)
		close(infos);
	return dir && !closedir(dir);
}

bool seen_read(struct seen *seen, uint32_t pid, uint32_t tid)
{
	char base[64], path[96];

	*seen = (struct seen){ 0 };
	snprintf(base, sizeof(base), "/proc/%u/task/%u", pid, tid);
	snprintf(path, sizeof(path), "%s/mountinfo", base);
	if (proc_file(path, mounts[0], sizeof(mounts[0])) < 0)
		*mounts[0] = '\0';
	if (!*mounts[1])
		proc_file("/proc/self/mountinfo", mounts[1], sizeof(mounts[1]));
	return read_dir(seen, base);
}

bool seen_read_process(struct seen *seen, uint32_t pid)
{
	bool there = seen_read(seen, pid, pid);
	uint32_t *tids;
	size_t n;

	if (!there || seen->n)
		return there;
	n = proc_pids(pid, &tids);
	for (size_t i = 0; i < n && !seen->n; i++) {
		seen_drop(seen);
		there = seen_read(seen, pid, tids[i]);
	}
	free(tids);
	return there;
}

void seen_drop(struct seen *seen)
{
	for (size_t i = 0; i < seen->n; i++)
		free(seen->fds[i].link);
	free(seen->fds);
	*seen = (struct seen){ 0 };
}

const struct fd_seen *seen_fd(const struct seen *seen, uint32_t fd)
{
	for (size_t i = 0; i < seen->n; i++) {
		if (seen->fds[i].fd == fd)
			return &seen->fds[i];
	}
	return NULL;
}
